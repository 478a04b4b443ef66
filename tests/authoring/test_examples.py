"""The example for cyclists is another article in another file, and the same code serves it."""

from __future__ import annotations

import pytest

from app import create_app
from questionnaire.rulebook.content import BODY_MAP_REGIONS, ClaimKind
from questionnaire.rulebook.loader import load_rulebook
from questionnaire.rulebook.model import Rulebook
from tests.conftest import ROOT
from tests.support.runner_client import RunnerClient

EXAMPLE = ROOT / "docs" / "examples" / "cycling.yaml"
ARTICLE = EXAMPLE.with_name("cycling-article.md")


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


def test_it_is_marked_as_an_example(cycling: Rulebook) -> None:
    assert "not medical advice" in ARTICLE.read_text("utf-8")
    assert "example" in cycling.title
    assert "not medical advice" in cycling.subtitle


@pytest.mark.parametrize("firmness", ["often", "can", "possibly"])
def test_the_wording_of_a_link_stands_in_its_sentence(cycling: Rulebook, firmness: str) -> None:
    links = [claim for claim in cycling.claims if claim.kind is ClaimKind.LINK]
    says = [claim.says for claim in links if claim.firmness == firmness]
    assert says
    assert all(firmness in sentence.split() for sentence in says)
