"""The examples are other articles in other files, and the same code serves them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import create_app
from questionnaire.rulebook.content import BODY_MAP_REGIONS, ClaimKind
from questionnaire.rulebook.loader import load_rulebook
from questionnaire.rulebook.model import Rulebook
from tests.conftest import ROOT
from tests.support.runner_client import RunnerClient

EXAMPLE = ROOT / "docs" / "examples" / "cycling.yaml"
DESK = EXAMPLE.with_name("desk-work.yaml")
EXAMPLES = [EXAMPLE, DESK]


@pytest.fixture(scope="module")
def cycling() -> Rulebook:
    return load_rulebook(EXAMPLE)


def test_the_whole_way_with_the_same_code() -> None:
    runner = RunnerClient(create_app({"RULES": str(EXAMPLE)}).test_client())
    form = runner.get("/")
    assert "bothered you on the bike" in form.text
    answers: dict[str, str | list[str]] = {"warnings": "none", "training": "none"}
    answers["bothers"] = ["neck", "knee"]
    page = runner.send(answers | {"handlebar": "low"})
    assert page.findings == [
        (
            "Neck and shoulders",
            "1 1 of the article’s 3 statements about them · Joint with: Glutes, Quads",
        ),
        (
            "Glutes",
            "1 1 of the article’s 2 statements about them · Joint with: Neck and shoulders, Quads",
        ),
        (
            "Quads",
            "1 1 of the article’s 2 statements about them · Joint with: Neck and shoulders, Glutes",
        ),
    ]
    assert page.all(".map .label") == ["1 Quads", "1 Glutes"]
    assert runner.get(f"/r/{page.code}/change").checked() >= {("bothers", "neck")}
    assert runner.send(answers | {"warnings": "head"}).heading.startswith("Call")
    assert runner.send({}).status == 422
    assert len(runner.get("/rules").soup.select(".rules > ol > li")) > 10
    for page in (form, runner.get("/rules")):
        assert "runner" not in page.text
    other = RunnerClient(create_app().test_client()).answer(bothers="knee")
    assert "belongs to another questionnaire" in runner.get(f"/r/{other.code}").text


def test_it_has_a_muscle_group_that_the_body_map_does_not_draw(cycling: Rulebook) -> None:
    regions = {group.id: group.region for group in cycling.muscle_groups}
    assert regions.pop("neck-and-shoulders") is None
    assert set(regions.values()) < BODY_MAP_REGIONS


def test_a_result_has_a_map_only_if_it_shows_something(cyclist: RunnerClient) -> None:
    answers = {"warnings": "none", "training": "none"}
    for bothers, maps in (("neck", 0), ("lower-back", 1), ("elsewhere", 1)):
        page = cyclist.send({**answers, "bothers": bothers})
        assert len(page.soup.select("figure.map")) == maps
        assert len(page.soup.select(".map-shapes")) == maps


def test_desk_work_too_and_no_map_of_a_body() -> None:
    worker = RunnerClient(create_app({"RULES": str(DESK)}).test_client())
    answers: dict[str, str | list[str]] = {"any-warnings": "none", "desk": ["low", "far"]}
    page = worker.send({**answers, "bothers": ["neck", "shoulder"], "effect": "reduced"})
    assert page.heading == "For your answers the article names your screen"
    assert page.all(".others") == ["It also names your keyboard (and mouse) and breaks."]
    assert page.all(".steps li") == [
        "Put your screen at the height of your eyes: linked by the article to your neck,"
        " your low screen, your shoulder and your screen far away.",
        "Tell whoever looks after the desks what you would like to change.",
    ]
    assert not page.soup.select(".map, .map-shapes, .spot-map")
    assert worker.send({"any-warnings": "some"}).heading.startswith("Get advice")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_it_is_marked_as_an_example(example: Path) -> None:
    article = example.with_name(f"{example.stem}-article.md").read_text("utf-8")
    book = load_rulebook(example)
    assert "This is an example." in article
    assert "not medical advice" in article
    assert "example" in book.title
    assert "not medical advice" in book.subtitle


@pytest.mark.parametrize("firmness", ["often", "can", "possibly"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_wording_of_a_link_stands_in_its_sentence(example: Path, firmness: str) -> None:
    links = [claim for claim in load_rulebook(example).claims if claim.kind is ClaimKind.LINK]
    says = [claim.says for claim in links if claim.firmness == firmness]
    assert says
    assert all(firmness in sentence.split() for sentence in says)
