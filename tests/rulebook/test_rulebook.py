"""The shipped rulebook holds the whole article, and a broken one says what is wrong and where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from questionnaire.rulebook.content import BODY_MAP_REGIONS, BODY_MAP_SPOTS, ClaimKind
from questionnaire.rulebook.loader import RulebookError, load_rulebook
from questionnaire.rulebook.model import Rulebook
from tests.conftest import ROOT

ARTICLE = Path(__file__).parent.parent / "data" / "claims.txt"
WORDINGS = {"S": "stated", "O": "often", "C": "can", "P": "possibly"}
LINKS = [
    "G4",
    "G5",
    "G6",
    "G7",
    "G8",
    "G9",
    "Q2",
    "Q6",
    "Q7",
    "Q8",
    "Q9",
    "C3",
    "H3",
    "H4",
    "H5",
    "K3",
]


def statements() -> list[tuple[str, str, str]]:
    lines = ARTICLE.read_text().splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return [(ref, group, wording) for ref, group, wording in rows]


def test_no_statement_of_the_article_is_lost(book: Rulebook) -> None:
    assert len(book.claims) == 41
    assert {c.ref: c.about for c in book.claims} == {ref: about for ref, about, _ in statements()}


def test_links_are_put_as_firmly_as_in_the_article(book: Rulebook) -> None:
    wordings = {ref: wording for ref, _, wording in statements()}
    links = {claim.ref: claim.firmness for claim in book.claims if claim.kind is ClaimKind.LINK}
    assert links == {ref: WORDINGS[wordings[ref]] for ref in LINKS}


def test_the_regions_of_the_model_are_those_of_the_drawing() -> None:
    drawing = (ROOT / "templates" / "_body_map.html").read_text("utf-8")
    shapes = re.findall(r'<g id="map-([a-z]+)">', drawing)
    labels = re.findall(r'^  "([a-z]+)": \("M', drawing, re.MULTILINE)
    assert sorted(shapes) == sorted(labels) == sorted(BODY_MAP_REGIONS)


def test_the_spots_of_the_model_are_those_of_the_drawing_and_the_stylesheet() -> None:
    drawing = (ROOT / "templates" / "_body_map.html").read_text("utf-8")
    style = (ROOT / "static" / "style.css").read_text("utf-8")
    drawn = re.findall(r'^  "([a-z-]+)": \[\(', drawing, re.MULTILINE)
    marked = re.findall(r'\[data-spot="([a-z-]+)"\]:checked\) \.spot-\1\b', style)
    assert sorted(drawn) == sorted(marked) == sorted(BODY_MAP_SPOTS)


HEDGES = {"can", "often", "possibly", "could", "likely", "may", "might", "perhaps", "usually"}


def test_every_sentence_is_as_firm_as_the_article(book: Rulebook) -> None:
    """No hedge is lost from a statement, and none is added."""
    says = {claim.ref: set(re.findall(r"\w+", claim.says.lower())) for claim in book.claims}
    for ref, _, wording in statements():
        if wording in WORDINGS:
            assert says[ref] & HEDGES == {WORDINGS[wording]} - {"stated"}, ref


def test_required_questions_and_follow_ups(book: Rulebook) -> None:
    names = [question.id for question in book.questions]
    assert names == [
        "any-warnings",
        "warnings",
        "bothers",
        "effect",
        "duration",
        "training",
        "health",
        "noticed",
        "strengthens",
        "time",
    ]
    required = {question.id for question in book.questions if question.required}
    assert required == {"any-warnings", "bothers", "training"}
    assert {q.id for q in book.follow_ups(book.question("bothers"))} == {"effect", "duration"}


BROKEN = {
    "missing file": (
        None,
        [r":1:1: error: the file cannot be read: No such file.*: correct FLASK_RULES or"],
    ),
    "empty": ("", [r":1:1: error: the file is empty"]),
    "not YAML": ("title: [", [r":\d+:\d+: error: this is not YAML"]),
    "no mapping": ("- a\n", [r":1:1: error: expected keys and values"]),
    "tab": ("a:\n\tb: 1\n", [r":2:1: error: a tab cannot indent YAML: use spaces"]),
    "bytes": (b"title: caf\xe9\n", [r":1:11: error: this is not UTF-8"]),
    "loop": ("a: &a [*a]\n", [r":1:8: error: this alias stands inside its own anchor|:1:4: error"]),
    "unfinished last line": ("- {s: []}\n- [ref", [r":2:7: error: this is not YAML: a comma or a"]),
    "unfinished key": ("  - {s: []}\n  - {i", [r":2:7: error: this is not YAML: a comma or a"]),
    "old line ends": ("\rkind", [r":1:1: error: expected keys and values"]),
    "line separators": ("a: b\x85c:\u2028\td: 1", [r":3:1: error: a tab cannot indent YAML"]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rulebook_says_what_is_wrong_and_where(tmp_path: Path, name: str) -> None:
    broken, expected = BROKEN[name]
    path = tmp_path / "rules.yaml"
    if broken is not None:
        path.write_bytes(broken if isinstance(broken, bytes) else broken.encode())
    with pytest.raises(RulebookError) as caught:
        load_rulebook(path)
    message = str(caught.value)
    for line in message.splitlines():
        assert re.match(rf"{path}:\d+:\d+: error: .+", line)
    for pattern in expected:
        assert re.search(pattern, message), message


def test_all_problems_are_reported_at_once_in_order(tmp_path: Path, site_rules: str) -> None:
    broken = site_rules
    for before, after in (
        ("about: quads", "about: quad"),
        ("    pick: one\n", "    pick: two\n"),
        ("{bothers: knee}", "{bothers: kneee}"),
        ("shows: pain", "shows: pains"),
        ("title: If you have time for one", "titel: If you have time for one"),
    ):
        assert before in broken
        broken = broken.replace(before, after, 1)
    path = tmp_path / "rules.yaml"
    path.write_text(broken, "utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(path)
    lines = [problem.line for problem in caught.value.problems]
    assert len(lines) == 5
    assert lines == sorted(lines)
    for problem in caught.value.problems:
        assert broken.splitlines()[problem.line - 1] != site_rules.splitlines()[
            problem.line - 1
        ] or ("pick" in problem.message)


def test_the_book_says_which_answers_mean_that_a_muscle_group_hurts(book: Rulebook) -> None:
    """Every place of the body map that lies on a muscle group, and no other."""
    hurts = {
        name: [choice.spot for question in book.questions for choice in question.choices_in(bits)]
        for name, bits in book.hurting_bits.items()
    }
    assert hurts == {
        "glutes": [],
        "quads": ["front-thighs"],
        "core": [],
        "hamstrings": ["hamstrings"],
        "calves": ["calf", "achilles"],
    }
