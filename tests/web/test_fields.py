"""No page speaks of a field, such as running, in words that its rulebook does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import abort

from app import create_app
from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import FIRST_DAY, encode
from questionnaire.engine.evaluate import assess
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.yaml_reader import parse_yaml
from tests.conftest import ROOT
from tests.support.runner_client import Page, RunnerClient, read
from tests.web.test_words import BOOKS, ERRORS, PATHS, single_answers

OPERATING = r"(?!\s(?:a\scopy|by|the\ssite|this))"
"""What follows a word that is about a site and not about legs."""
FIELD = re.compile(
    rf"""(?ix) \b (?: runs?{OPERATING} | running | runners? | jog\w* | strides? | races?
    | squads? | clubs? | teams? | coach\w* | athlet\w* | sport\w* | train\w* | sessions?
    | (?<!treat\sor\sease\san\s)injur\w* | changing
    | muscle\w* | muscular | physio\w* | bones? | bik\w* | rid\w+ ) \b"""
)
EXAMPLES = [book for book in BOOKS if book != "rules.yaml"]


def read_out(page: Page) -> str:
    """All words of a page, with those in its head and its attributes, but for addresses."""
    silent = {"href", "action", "src", "class", "id", "for", "name", "value", "aria-describedby"}
    spoken = [
        str(value)
        for tag in page.soup.find_all(True)
        for name, value in tag.attrs.items()
        if name not in silent and not name.startswith("data-copy")
    ]
    return " ".join([page.soup.get_text(" "), *spoken])


def walk(runner: RunnerClient, book: Rulebook) -> Iterator[tuple[str, str]]:
    """The words of every page that a rulebook makes, with its name."""
    for name, path in PATHS.items():
        yield name, read_out(runner.get(path.replace("City+Runners", "Anna")))
    for group in book.muscle_groups:
        yield f"group {group.id}", read_out(runner.get(f"/muscles/{group.id}"))
    yield "nothing sent", read_out(runner.send({}))
    for code in ERRORS:
        yield f"error {code}", read_out(runner.get(f"/failing/{code}"))
    for name, page in single_answers(runner, book):
        yield name, read_out(page)
    yield from of_many(runner, book)


def of_many(runner: RunnerClient, book: Rulebook) -> Iterator[tuple[str, str]]:
    """The words of a result that names all, of comparisons and of the sheet of many."""
    bits = [choice.bit for question in book.questions for choice in question.choices]
    stopping = next(bit for bit in bits if assess(book, Answers(bit, FIRST_DAY)).stops)
    free = sum(bit for bit in bits if not assess(book, Answers(bit, FIRST_DAY)).stops)
    exclusive = sum(question.exclusive_bit for question in book.questions)
    picked = sum(q.bits for q in book.questions if q.pick == "one")
    most = encode(book, Answers(free & ~exclusive & ~picked, FIRST_DAY + timedelta(days=28)))
    least, stop = (encode(book, Answers(ticked, FIRST_DAY)) for ticked in (0, stopping))
    yield "most", read_out(runner.get(f"/r/{most}"))
    for earlier in (least, stop):
        yield f"since {earlier}", read_out(runner.get(f"/r/{most}/with/{earlier}"))
    text = f"Anna {most}\nBert {stop}\n{least}\nCleo {most[:-1]}"
    for view in ("table", "sheets"):
        sent = {"text": text, "view": view, "roll": "Dora"}
        yield f"{view} of many", read_out(read(runner.client.post("/squad", data=sent)))
    saved = runner.client.post("/squad", data={"text": text, "view": "csv"})
    yield "file", f"{saved.text} {saved.headers['Content-Disposition']}"


def strings(data: Any) -> Iterator[str]:
    """The values in a rulebook; its keys are the same for all."""
    if isinstance(data, str):
        yield data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from strings(part)


def fields(text: str) -> set[str]:
    return {found.lower() for found in FIELD.findall(text)}


@pytest.mark.parametrize("rules", EXAMPLES)
def test_no_page_names_a_field_that_the_rulebook_does_not(rules: str) -> None:
    site = create_app({"RULES": str(ROOT / rules)})
    site.add_url_rule("/failing/<int:code>", view_func=lambda code: abort(code))
    book: Rulebook = site.extensions["rulebook"]
    held = fields(" ".join(strings(parse_yaml((ROOT / rules).read_bytes()).data)))
    walked = list(walk(RunnerClient(site.test_client()), book))
    found = {name: fields(text) - held for name, text in walked}
    assert {name: words for name, words in found.items() if words} == {}
    assert len(walked) > len(PATHS) + len(ERRORS) + len(book.muscle_groups)


def test_those_words_are_found_and_those_of_a_site_are_not() -> None:
    assert fields("Do not run. Your runners’ muscles, for a Club") == {
        *("run", "runners", "muscles", "club")
    }
    assert fields("Who runs this? It is run by Anna. If you run a copy, whoever runs the site") == (
        set()
    )
