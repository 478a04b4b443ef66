"""`translate` writes the file that a translator fills in, and loses nothing of what is in it."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from questionnaire.authoring.commands import STARTER, rules
from questionnaire.authoring.translate import WIDTH
from questionnaire.rulebook.loader import load_rulebook
from questionnaire.rulebook.translation import read_translation, source_texts
from tests.conftest import ROOT

LINK = "Who is suddenly on their feet for longer has trouble with the calves."
TEXTS = len(source_texts(load_rulebook(STARTER)))
SAYS = "claims.calves-sudden-load.says"


def translate(book: Path, language: str = "de") -> Result:
    command = ["translate", str(book), language]
    return CliRunner().invoke(rules, command)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(STARTER.read_text("utf-8"), "utf-8")
    return path


@pytest.fixture
def german(book: Path) -> Path:
    """A translation beside the rulebook, in which nothing is translated yet."""
    assert translate(book).exit_code == 0
    return book.with_suffix(".de.yaml")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def fill(path: Path, name: str, lines: str) -> None:
    """Put a text in place of the ~ below an id."""
    text, count = re.subn(
        rf"^({name} \w+:) >\n  ~$", rf"\1{lines}", path.read_text("utf-8"), count=1, flags=re.M
    )
    assert count == 1
    path.write_text(text, "utf-8")


def entry(path: Path, name: str) -> list[str]:
    """Return the lines of the file about a text."""
    [found] = [part for part in path.read_text("utf-8").split("\n\n") if f"\n{name}" in part]
    return found.strip().split("\n")


def test_the_file_has_each_text_below_its_original(book: Path, german: Path) -> None:
    rulebook = load_rulebook(book)
    assert list(read_translation(german).entries) == [one.id for one in source_texts(rulebook)]
    assert entry(german, SAYS) == [
        f"#. {LINK}",
        '#, It says "often": use one of oft, oftmals, häufig…, viele, vielen, vieler.',
        f"{SAYS} 468f40: >",
        "  ~",
    ]
    assert "#, The answer as the results page repeats it" in german.read_text("utf-8")


def test_the_texts_of_the_shipped_rulebook_are_whole_in_short_lines(tmp_path: Path) -> None:
    book = tmp_path / "rules.yaml"
    book.symlink_to(ROOT / "rules.yaml")
    done = translate(book, "fr")
    text = book.with_suffix(".fr.yaml").read_text("utf-8")
    originals = [re.findall("^#[.] (.+)$", part, re.M) for part in text.split("\n\n")[1:]]
    texts = [source.text for source in source_texts(load_rulebook(book))]
    assert [" ".join(lines) for lines in originals] == texts
    assert max(map(len, text.splitlines())) <= WIDTH
    assert "#, At most 400 characters." in text
    assert f"rules.fr.yaml has 0 of {len(texts)} texts" in done.stdout


def test_what_is_there_is_kept_to_the_letter(book: Path, german: Path) -> None:
    fill(german, "title", " 'Titel: eins'  # von mir")
    fill(german, "subtitle", ' "Zeile\n  zwei"')
    fill(german, SAYS, " >-\n  Zwei\n  Zeilen: # oft")
    edit(german, f"#. {LINK}", f"#. {LINK}\n# Frage an die Trainerin\n#ohne Leerzeichen")
    edit(german, "#\n# See whether", "#\n# Von Ada.\n# See whether")
    before = german.read_text("utf-8") + "\n# Ende\n"
    german.write_text(before, "utf-8")
    assert f"has 3 of {TEXTS} texts. Next" in translate(book).stdout
    after = german.read_text("utf-8")
    assert sorted(after.splitlines()) == sorted(before.splitlines())
    assert entry(german, SAYS)[2:] == [
        *("# Frage an die Trainerin", "#ohne Leerzeichen"),
        *(f"{SAYS} 468f40: >-", "  Zwei", "  Zeilen: # oft"),
    ]
    translate(book)
    assert german.read_text("utf-8") == after


def test_a_changed_original_is_put_beside_what_it_was(book: Path, german: Path) -> None:
    fill(german, SAYS, " Oft.")
    for times in ("all day", "day and night"):
        book.write_text(STARTER.read_text("utf-8").replace("for longer", times), "utf-8")
        for _ in range(2):
            assert f"1 of {TEXTS} texts; the original of 1 has changed." in translate(book).stdout
        assert entry(german, SAYS)[2:4] == [f"#- {LINK}", f"#. {LINK.replace('for longer', times)}"]
        assert entry(german, SAYS)[0].startswith("#! The original was changed")
        assert entry(german, SAYS)[-1] == f"{SAYS} 468f40: Oft."
    edit(german, f"{SAYS} 468f40", SAYS)
    assert f"has 1 of {TEXTS} texts. Next" in translate(book).stdout
    assert [line[:2] for line in entry(german, SAYS)] == ["#.", "#,", "cl"]
    assert entry(german, SAYS)[-1] != f"{SAYS} 468f40: Oft."
    assert re.fullmatch(rf"{SAYS} \w{{6}}: Oft\.", entry(german, SAYS)[-1])


def test_a_text_under_a_new_id_keeps_its_translation(book: Path, german: Path) -> None:
    fill(german, SAYS, " Oft.")
    fill(german, "muscle_groups.calves.advises.1", " Langsam.")
    edit(book, "calves-sudden-load", "sudden")
    edit(book, "advises: [", "advises: [Rest them., ")
    assert f"has 2 of {TEXTS + 1} texts. Next" in translate(book).stdout
    entries = read_translation(german).entries
    assert (entries["claims.sudden.says"].text, SAYS in entries) == ("Oft.", False)
    assert entries["muscle_groups.calves.advises.1"].text is None
    assert entries["muscle_groups.calves.advises.2"].text == "Langsam."
    assert "#~" not in german.read_text("utf-8")


def test_what_is_no_longer_in_the_original_goes_to_the_end(book: Path, german: Path) -> None:
    fill(german, "questions.bothers.choices.nothing.said", " >\n  Nichts stört dich")
    fill(german, "advice.not-covered.text", " Anderswo.")
    edit(book, ", said: Nothing bothers you", "")
    left_over = (
        "\n\n#~ No longer in the original, and not shown:\n"
        "#~ questions.bothers.choices.nothing.said a39391: >\n#~   Nichts stört dich\n"
    )
    assert "1 no longer in the original now stand at its end" in translate(book).stdout
    assert german.read_text("utf-8").endswith(left_over)
    assert "no longer" not in translate(book).stdout
    assert german.read_text("utf-8").endswith(left_over)
    for old, new in ((": not-c", ": c"), ("not-covered]", "covered]"), ("other places", "it")):
        edit(book, old, new)
    edit(german, "advice.not", "# Notiz\nadvice.not")
    translate(book)
    second = "#~ # Notiz\n#~ advice.not-covered.text b73527: Anderswo.\n"
    assert german.read_text("utf-8").endswith(left_over + second)


def test_nothing_is_lost_whatever_changes(book: Path) -> None:
    original = STARTER.read_text("utf-8")
    words = ["calves-sudden", "for longer", "Chest pain", "Nothing bothers", "other places", "calf"]
    words += ["Stop what", "chest-pain", "warnings", "Calves", "bothers"]
    ways = [" Ü{}", ' "Ü{}: x"', " >\n  Ü{}\n  # y", " |\n  Ü{}\n", "\n  Ü{}\n  z\n\n# note {}"]
    for seed in range(8):
        dice = Random(seed)  # noqa: S311 - a seed, so that a failure can be repeated
        book.write_text(original, "utf-8")
        german = book.with_suffix(".de.yaml")
        german.unlink(missing_ok=True)
        translate(book)
        said = []
        for n, source in enumerate(source_texts(load_rulebook(book))):
            if dice.random() < 0.7:
                fill(german, source.id, dice.choice(ways).format(f"{n}.", n))
                said.append(f"Ü{n}.")
        for word in dice.sample(words, 3):
            edit(book, word, f"{word}x")
        assert translate(book).exit_code == 0
        once = german.read_text("utf-8")
        assert [one for one in said if once.count(one) != 1] == []
        assert translate(book).exit_code == 0
        assert german.read_text("utf-8") == once


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("Deutsch", '"Deutsch" is no tag of a language: write one such as de or pt-BR'),
        ("../de", '"../de" is no tag of a language'),
        ("en", '"en" is the language of the original'),
    ],
)
def test_a_language_that_cannot_be_is_refused(book: Path, language: str, message: str) -> None:
    result = translate(book, language)
    assert (result.exit_code, message in result.stderr) == (1, True)
    assert sorted(book.parent.iterdir()) == [book]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: „a: b“\n", "rules.de.yaml:1:8: error: this is not YAML"),
        ("notices.emergency.text: &a Titel\ntitle: *a\n", "cannot be brought up to"),
    ],
)
def test_a_file_that_cannot_be_read_is_left_as_it_is(book: Path, text: str, message: str) -> None:
    german = book.with_suffix(".de.yaml")
    german.write_text(text, "utf-8")
    result = translate(book)
    assert (result.exit_code, message in result.stderr) == (1, True), result.output
    assert german.read_text("utf-8") == text


def test_a_file_of_another_system_is_read(book: Path, german: Path) -> None:
    fill(german, "title", " >\n  Über uns")
    text = german.read_text("utf-8")
    german.write_bytes(("\ufeff" + text.replace("\n", "\r\n")).encode())
    translate(book)
    assert read_translation(german).entries["title"].text == "Über uns"
    assert len(german.read_text("utf-8").splitlines()) == len(text.splitlines())


def test_a_broken_rulebook_is_not_translated(book: Path) -> None:
    book.write_text("id: 5\n", "utf-8")
    result = translate(book)
    assert (result.exit_code, "rules.yaml:1:5: error" in result.stderr) == (2, True)


def test_a_folder_that_is_not_there_is_told(book: Path) -> None:
    result = translate(book.with_name("none.yaml"))
    assert (result.exit_code, "cannot be read" in result.stderr) == (2, True)


def test_words_with_hyphens_stay_whole(book: Path, german: Path) -> None:
    words = "step-by-step " * 10
    edit(book, "subtitle: This shows", f"subtitle: {words}\n# This shows")
    translate(book)
    lines = entry(german, "subtitle")[:2]
    assert " ".join(line.removeprefix("#. ") for line in lines) == words.strip()


def test_the_guide_shows_what_is_written(book: Path) -> None:
    guide = (ROOT / "docs" / "guides" / "rulebook.md").read_text("utf-8")
    [shown] = re.findall("^```text\n(#[.] .+?\n)```$", guide, re.M | re.DOTALL)
    translate(book, "fr")
    assert f"\n\n{shown}\n" in book.with_suffix(".fr.yaml").read_text("utf-8")
