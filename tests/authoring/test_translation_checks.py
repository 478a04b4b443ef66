"""`check` tells what is wrong with the translations beside a rulebook, by line and column."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from questionnaire.authoring.commands import STARTER, rules
from questionnaire.authoring.firmness import firmness_in, words_of
from questionnaire.rulebook.content import Firmness
from questionnaire.rulebook.loader import load_rulebook
from questionnaire.rulebook.translation import fingerprint_of, source_texts

SOURCES = {source.id: source for source in source_texts(load_rulebook(STARTER))}
OFTEN = "Wer plötzlich öfter läuft, hat häufig Ärger mit den Waden."
GERMAN = {name: f"Ü {source.text}"[:60] for name, source in SOURCES.items()}
GERMAN |= {"claims.calves-sudden-load.says": OFTEN}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(rules, [str(one) for one in arguments])


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The starter, which says “often” in one claim and in the other nothing."""
    path = tmp_path / "rules.yaml"
    path.write_text(STARTER.read_text("utf-8"), "utf-8")
    return path


def written(texts: dict[str, str]) -> str:
    """Return a translation file with these texts, a line for each."""
    lines = (f"{name} {SOURCES[name].fingerprint}: {json.dumps(t)}" for name, t in texts.items())
    return "\n".join([*lines, ""])


def check(book: Path, text: str, language: str = "de", *options: str) -> Result:
    """Return the report on a translation that stands beside the rulebook."""
    path = book.with_suffix(f".{language}.yaml")
    path.write_text(text, "utf-8")
    result = run("check", *options, book)
    assert f"{book}:" not in result.stdout  # nothing is wrong with the original itself
    return result


def problems(result: Result) -> list[str]:
    lines = result.stdout.splitlines()
    return [line.partition(".yaml:")[2] for line in lines if not line.startswith(" ")]


def test_a_right_translation_has_no_problem(book: Path) -> None:
    result = check(book, written(GERMAN), "de", "--strict")
    assert (result.stdout, result.exit_code) == ("", 0)
    assert "rules.de.yaml: no problem found" in result.stderr


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("title", "x" * 141, "error: this text is too long: 141 characters, and 140 fit"),
        ("title", "a <b>", "error: expected plain text, without < and > and in one paragraph: he"),
        ("title", "{wer}", "error: the original has no placeholder, and this has {wer}"),
        ("title", "„Über uns“", "warning: the quotation marks around this text are shown: take t"),
        (
            "claims.calves-sudden-load.says",
            "Wer plötzlich öfter läuft, hat Ärger mit den Waden.",
            'error: the original says "often", and this does not: use one of oft, oftmals, häufig…',
        ),
        (
            "claims.calves-sudden-load.says",
            "Wer öfter läuft, hat oft vielleicht Ärger.",
            'error: this says "possibly", and the original does not',
        ),
    ],
)
def test_a_wrong_text_is_told_by_its_place(book: Path, name: str, text: str, problem: str) -> None:
    result = check(book, written(GERMAN | {name: text}))
    line, column = list(GERMAN).index(name) + 1, len(f"{name} 123456: ") + 1
    assert [one[: len(f"{line}:{column}: {problem}")] for one in problems(result)] == [
        f"{line}:{column}: {problem}"
    ]
    assert result.exit_code == ("error" in problem)
    assert "  ^" in result.stdout


def test_untranslated_texts_are_counted_at_the_first_of_them(book: Path) -> None:
    title, subtitle, *_ = GERMAN
    left = {name: text for name, text in GERMAN.items() if name != "notices.emergency.text"}
    result = check(book, written(left | {subtitle: "~"}))
    assert problems(result) == [
        f"2:18: warning: 2 of {len(GERMAN)} texts are not translated yet: the first in the file is"
        " this; `translate` adds those that are not here"
    ]
    assert result.exit_code == 0
    assert run("check", "--strict", book).exit_code == 1
    [missing] = problems(check(book, written({title: "Titel"})))
    assert missing.startswith(f"1:1: warning: {len(GERMAN) - 1} of {len(GERMAN)} texts are not t")
    assert f'the first is "{subtitle}"' in missing


def test_a_text_of_another_original_is_told(book: Path) -> None:
    text = written(GERMAN)
    changed = text.replace(f"title {SOURCES['title'].fingerprint}", f"title {fingerprint_of('x')}")
    [problem] = problems(check(book, changed))
    assert problem.startswith("1:15: warning: the original has changed since, and is shown instea")
    unknown = text.replace(f"title {SOURCES['title'].fingerprint}", "title")
    [problem] = problems(check(book, unknown))
    assert problem.startswith("1:8: warning: nothing says which original this translates")


def test_an_unknown_id_is_an_error_with_the_nearest_one(book: Path) -> None:
    result = check(book, written(GERMAN) + "claims.calf-sudden-load.says: Oft.\n")
    assert problems(result) == [
        f'{len(GERMAN) + 1}:1: error: there is no text "claims.calf-sudden-load.says";'
        ' did you mean "claims.calves-sudden-load.says"?'
    ]
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("language", "text", "problem"),
    [
        ("en", "title: Title\n", '1:1: error: "en" is the language of the original'),
        ("it", written(GERMAN), '1:1: warning: nobody listed the words of firmness of "it" yet'),
        ("de", "title: „a: b“\n", "1:8: error: this is not YAML: „ is no quotation mark: write "),
        ("de", STARTER.read_text("utf-8"), "1:1: error: this is a whole rulebook, and no transla"),
    ],
)
def test_a_wrong_file_is_told(book: Path, language: str, text: str, problem: str) -> None:
    [found] = problems(check(book, text, language))
    assert found.startswith(problem)


def test_a_fact_that_loses_its_firmness_is_a_warning(book: Path) -> None:
    fact = "The calves work hard at every step."
    text = book.read_text("utf-8").replace(fact, "The calves can hurt.")
    book.write_text(text, "utf-8")
    name = "claims.calves-work-hard.says"
    lines = written({name: "Die Waden schmerzen."})
    lines = lines.replace(fingerprint_of(fact), fingerprint_of("The calves can hurt."))
    path = book.with_suffix(".de.yaml")
    path.write_text(lines, "utf-8")
    assert [one for one in problems(run("check", path)) if "says" in one] == [
        '1:38: warning: the original says "can", and this does not: use one of kann, können'
    ]


def test_a_warning_can_be_silenced_in_a_translation(book: Path) -> None:
    text = written(GERMAN | {"title": "„Waden“"})
    result = check(book, f"# silenced: a title of a song\n{text}", "de", "--strict")
    assert (result.stdout, result.exit_code) == ("", 0)


def test_a_translation_can_be_checked_alone(book: Path) -> None:
    check(book, "nothing: x\n", "fr")
    check(book, "title: ~\n")
    alone = run("check", book.with_suffix(".fr.yaml"))
    assert 'there is no text "nothing"' in alone.stdout
    assert "rules.de.yaml" not in alone.stdout + alone.stderr
    book.write_text("id: 5\n", "utf-8")
    broken = run("check", book.with_suffix(".fr.yaml"))
    assert f"{book}:1:5: error" in broken.stdout
    assert broken.exit_code == 1


def test_the_report_for_tools_has_a_part_for_each_language(book: Path) -> None:
    check(book, written(GERMAN))
    report = json.loads(check(book, "title: Titre\n", "fr", "--json").stdout)
    assert [Path(one["file"]).name for one in report["translations"]] == [
        "rules.de.yaml",
        "rules.fr.yaml",
    ]
    assert [len(one["problems"]) for one in report["translations"]] == [0, 2]
    assert report["problems"] == []


def test_a_rulebook_named_like_a_language_is_no_translation_of_itself(tmp_path: Path) -> None:
    book = tmp_path / "run.yaml"
    book.write_text(STARTER.read_text("utf-8"), "utf-8")
    assert run("check", "--strict", book).stdout == ""


def test_other_files_beside_a_rulebook_are_no_translations(book: Path) -> None:
    for name in ("rules-old.yaml", "rules.de.yml", "rules.Deutsch.yaml", "other.de.yaml"):
        book.with_name(name).write_text("nothing: x\n", "utf-8")
    assert run("check", "--strict", book).stdout == ""


@pytest.mark.parametrize(
    ("language", "text", "firmness"),
    [
        ("de", "Das kann häufiges Ziehen sein.", {"can", "often"}),
        ("de", "Ein unbekannter Schmerz, öfter als sonst", set()),
        ("de-AT", "Möglicherweise schmerzt es.", {"possibly"}),
        ("fr", "Peut-être, souvent.", {"possibly", "often"}),
        ("fr", "Cela peut gêner.", {"can"}),
        ("es", "Tal vez; pueden doler a menudo.", {"possibly", "can", "often"}),
        ("en", "It cannot be, in many runners.", {"often"}),
        ("en", "A scan of canoes.", set()),
        ("it", "spesso", set()),
    ],
)
def test_firmness_is_told_by_whole_words(language: str, text: str, firmness: set[str]) -> None:
    assert firmness_in(text, language) == firmness


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_each_language_has_words_for_each_firmness(language: str) -> None:
    assert set(words_of(language)) == set(Firmness) - {Firmness.STATED}
    words = [word for listed in words_of(language).values() for word in listed]
    assert len(words) == len(set(words))
