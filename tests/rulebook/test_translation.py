"""A translated rulebook has other words and the same ids, keys, rules and results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from questionnaire.engine.assessment import Answers, Assessment
from questionnaire.engine.codes import FIRST_DAY, decode, encode
from questionnaire.engine.evaluate import assess
from questionnaire.rulebook.loader import RulebookError, load_rulebook
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.translation import (
    Entry,
    SourceText,
    Translation,
    Untranslated,
    fingerprint_of,
    read_translation,
    source_texts,
    translated,
    untranslated_ids,
)
from questionnaire.rulebook.yaml_reader import YamlPath, parse_yaml
from tests.conftest import ROOT
from tests.rulebook.test_quotation_marks import is_free
from tests.support.random_runners import ticks

NAMES = {"article", "examples", "by"}
"""The keys of what is the same in every language."""


def put(source: SourceText, text: str, fingerprint: str | None = None) -> Translation:
    """Return a translation of one text, made of the original as it is unless told otherwise."""
    entry = Entry(source.id, text, fingerprint or source.fingerprint)
    return Translation("de", {source.id: entry})


def with_umlauts(book: Rulebook) -> Rulebook:
    entries = {s.id: Entry(s.id, f"Ä{s.text}"[:140], s.fingerprint) for s in source_texts(book)}
    return translated(book, Translation("de", entries))


def free_texts(data: Any, path: YamlPath = ()) -> Iterator[str]:
    if isinstance(data, str):
        yield from [data] * (is_free(path) and not NAMES & set(path))
    else:
        items = data.items() if isinstance(data, dict) else enumerate(data or ())
        for step, part in items:
            if isinstance(part, (str, dict, list)):
                yield from free_texts(part, (*path, step))


@pytest.mark.parametrize("name", ["rules.yaml", "docs/examples/cycling.yaml"])
def test_every_text_that_an_author_writes_is_translated(name: str) -> None:
    path = ROOT / name
    found = source_texts(load_rulebook(path))
    assert Counter(source.text for source in found) == Counter(
        free_texts(parse_yaml(path.read_bytes()).data)
    )
    assert len({source.id for source in found}) == len(found)


def test_an_id_names_a_text_by_the_ids_of_its_parts(book: Rulebook) -> None:
    texts = {source.id: source.text for source in source_texts(book)}
    groups = {group.id: group for group in book.muscle_groups}
    assert texts["title"] == book.title
    assert texts["questions.bothers.choices.knee.text"] == "Knee"
    assert texts["muscle_groups.quads.omits.2"] == groups["quads"].omits[1]
    assert texts["questions.any-warnings.list.1"] == book.question("any-warnings").list_[0]
    assert texts[f"retired.{book.retired[0].key}.text"] == book.retired[0].text


def ids(assessment: Assessment) -> list[object]:
    return [
        [notice.notice.id for notice in (*assessment.stops, *assessment.cautions)],
        [shown.advice.id for shown in assessment.advice],
        [(finding.group.id, finding.rank) for finding in assessment.findings],
        [[match.claim.id for match in finding.matches] for finding in assessment.findings],
        [[match.claim.firmness for match in finding.matches] for finding in assessment.findings],
    ]


def test_the_same_answers_have_the_same_code_and_the_same_result(
    book: Rulebook,
) -> None:
    german, dice = with_umlauts(book), Random(19)  # noqa: S311 - made-up runners, no secret
    for _ in range(200):
        answers = Answers(ticks(book, dice), FIRST_DAY)
        code = encode(german, answers)
        assert code == encode(book, answers)
        assert decode(german, code) == answers
        assert ids(assess(german, answers)) == ids(assess(book, answers))


def test_no_word_of_the_original_is_left(book: Rulebook) -> None:
    for retired in book.retired:
        assert retired.choice.text == retired.text  # kept by the original from now on
    book.question("bothers")
    german = with_umlauts(book)
    assert {source.text[0] for source in source_texts(german)} == {"Ä"}
    assert german.question("bothers").text[0] == german.retired[0].choice.text[0] == "Ä"
    assert (german.language, book.language) == ("de", "en")
    assert german.article is book.article
    assert german.rules is book.rules


def test_what_is_not_translated_says_its_language(book: Rulebook) -> None:
    title, subtitle, *others = source_texts(book)
    german = translated(book, put(title, "Fünf Muskelgruppen"))
    assert german.title == "Fünf Muskelgruppen"
    assert not isinstance(german.title, Untranslated)
    assert german.subtitle == book.subtitle
    assert isinstance(german.subtitle, Untranslated)
    assert german.subtitle.lang == "en"
    assert untranslated_ids(german) == [source.id for source in (subtitle, *others)]


@pytest.mark.parametrize("text", ["x" * 141, "<b>", "two\u2028lines"])
def test_a_text_that_does_not_fit_is_not_shown(book: Rulebook, text: str) -> None:
    assert translated(book, put(source_texts(book)[0], text)).title == book.title


def test_a_text_whose_original_has_changed_is_not_shown(book: Rulebook) -> None:
    title = source_texts(book)[0]
    assert translated(book, put(title, "Alt", fingerprint_of("Before"))).title == book.title
    assert translated(book, put(title, "Neu", title.fingerprint)).title == "Neu"


def test_line_breaks_change_no_fingerprint_and_words_do() -> None:
    assert fingerprint_of("one two\n  three ") == fingerprint_of("one two three")
    assert fingerprint_of("one two") != fingerprint_of("one twos")


def test_a_text_may_be_written_in_every_way_of_yaml(tmp_path: Path) -> None:
    path = tmp_path / "rules.pt-BR.yaml"
    path.write_text(
        "# by hand\n"
        'title: "Um: dois"\n'
        "claims.a.says 3fa2b1: >\n  Três: “quatro”\n  # cinco\n\n"
        "claims.b.says: ~\nclaims.c.says: >\n  ~\nclaims.d.says:\n"
        "claims.e.says: |\n  Quoi\u202f?\n  Oui\n",
        "utf-8",
    )
    translation = read_translation(path)
    assert translation.language == "pt-BR"
    assert {name: entry.text for name, entry in translation.entries.items()} == {
        "title": "Um: dois",
        "claims.a.says": "Três: “quatro” # cinco",
        **dict.fromkeys(["claims.b.says", "claims.c.says", "claims.d.says"]),
        "claims.e.says": "Quoi\u202f? Oui",
    }
    assert translation.entries["claims.a.says"].fingerprint == "3fa2b1"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- a\n", "1:1: error: a translation has an id, a colon and a text in each entry"),
        ("id: a\nclaims: []\nrules: []\n", "1:1: error: this is a whole rulebook, and no trans"),
        ("title: 5\n", "1:8: error: expected text, not 5: put it in quotes"),
        ("title: [a, b]\n", "1:8: error: expected text, not a list"),
        ("title: a\ntitle 3fa2b1: b\n", '2:1: error: the text "title" stands here twice: first i'),
        ("title: a\ntitle: b\n", '2:1: error: the key "title" stands here twice: first in line 1'),
        ("title 3fa2: a\n", '1:1: error: "title 3fa2" is no id with the six digits after it'),
        ("{title: a}\n", "1:2: error: an id starts a line of its own"),
        ("title: >\nTitel\n", "2:1: error: write two spaces before each line of a text"),
        ("title: „a: b“\n", "1:8: error: this is not YAML: „ is no quotation mark: write "),
        ("title:\n\tTitel\n", "2:1: error: write two spaces before each line of a text"),
    ],
)
def test_a_mistake_of_form_is_told_by_its_place(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "rules.de.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(RulebookError) as error:
        read_translation(path)
    assert str(error.value).startswith(f"{path}:{problem}")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="cannot be read: No such file"):
        read_translation(tmp_path / "rules.de.yaml")


def test_an_empty_file_translates_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rules.de.yaml"
    path.write_text("# nothing yet\n", "utf-8")
    assert read_translation(path) == Translation("de", {})
