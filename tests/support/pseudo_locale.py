"""A made-up translation: every letter has an accent, and every text is 40 % longer.

What of a page has plain letters is untranslated. It takes the tag of a real language, so that
Babel knows its direction and its months: "el" is written from the left, "ar" from the right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from flask import Flask

from app import create_app
from questionnaire.rulebook.loader import load_rulebook
from questionnaire.rulebook.translation import source_texts
from questionnaire.web import languages
from tests.support.runner_client import RunnerClient

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "áƀçđéƒĝĥíĵķļɱñóþɋŕšŧúṽŵẋýžÁɃÇĐÉƑĜĤÍĴĶĻṀÑÓÞɊŔŠŦÚṼŴẊÝŽ"
LETTERS = str.maketrans(PLAIN, ACCENTED)
FIXED = re.compile(r"(%\(\w+\)[sd]|\{\w+\}|<[^>]+>)")
"""What a translator leaves as it is: placeholders and tags."""

LEFT_TO_RIGHT, RIGHT_TO_LEFT = "el", "ar"


def pseudo(text: str, most: int | None = None) -> str:
    """Return a text as its translation: accented, in brackets, and longer where it may be."""
    parts = FIXED.split(text)
    said = "".join(one if n % 2 else one.translate(LETTERS) for n, one in enumerate(parts))
    room = (most or 10_000) - len(said) - 2
    if room < 0:
        return said
    more = min(room, round(len(text) * 0.4))
    return f"[{said}{' éẋŧŕá' * (more // 6)}]"


def write_translation(rules: Path, folder: Path, language: str) -> None:
    """Write a whole translation of the site and of a rulebook."""
    path = folder / language / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    catalogue = Catalog(locale=language)
    with (languages.FOLDER / "de" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        for message in read_po(file):
            if message.id:
                one = message.id if isinstance(message.id, str) else message.id[1]
                said = pseudo(one)
                forms = said if isinstance(message.id, str) else (said,) * catalogue.num_plurals
                catalogue.add(message.id, forms, context=message.context)
    with path.open("wb") as written:
        write_po(written, catalogue)
    lines = [
        f"{one.id} {one.fingerprint}: |-\n  {pseudo(one.text, one.field.max_length)}"
        for one in source_texts(load_rulebook(rules))
    ]
    text = "\n".join(lines) + "\n"
    rules.with_name(f"{rules.stem}.{language}.yaml").write_text(text, "utf-8")


@contextmanager
def catalogues_in(folder: Path) -> Iterator[None]:
    """Let sites that are made meanwhile read their catalogues from here."""
    with patch.object(languages, "FOLDER", folder):
        yield


def pseudo_site(folder: Path, rules: str, *tags: str, **config: object) -> Flask:
    """Return a site in English and in these made-up languages."""
    book = folder / "rules.yaml"
    book.write_text(rules, "utf-8")
    for tag in tags:
        write_translation(book, folder / "locale", tag)
    with catalogues_in(folder / "locale"):
        return create_app({"RULES": str(book), **config})


def reader_of(site: Flask, accepted: str) -> RunnerClient:
    """Return somebody whose browser asks for a language."""
    client = site.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = accepted
    return RunnerClient(client)
