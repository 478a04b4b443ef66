"""The largest requests that the site takes, and larger ones that it refuses."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from string import ascii_lowercase
from typing import NamedTuple
from urllib.parse import urlencode

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import encode
from questionnaire.rulebook.model import Rulebook
from questionnaire.web.request_limits import MAX_PART_HEAD, form_limits
from tests.support.every_request import EARLIER, chosen
from tests.support.runner_client import NO_COMPLAINTS
from tests.support.zip_files import CHAT, zip_of

TEXT = 200_000
"""How many bytes the text of a squad may have."""
SQUAD = 1_000_000
"""How many bytes the text of a squad may have as it is sent, and a file as it is unpacked."""
RESULTS = 300
"""How many results a squad may have."""

PAGES = ("/", "/r", "/rules", "/research", "/about", "/coach", "/muscles", "/squad", "/nowhere")
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=limit"
Fields = dict[str, str | FileStorage]


class Sent(NamedTuple):
    """A request, and the status of the response to it."""

    status: int
    path: str
    body: bytes
    content_type: str
    coding: str = "identity"


def largest_forms(book: Rulebook) -> Iterator[Sent]:
    """Yield the largest form in both encodings, with a file too, and larger ones."""
    fields, form = form_limits(book)
    parts = form + MAX_PART_HEAD * fields
    for more, status in ((0, 303), (1, 413), (1_000_000, 413)):
        plain = urlencode(NO_COMPLAINTS | {"from": ""}).encode()
        yield Sent(status, "/", plain.ljust(form + more, b"a"), URLENCODED)
        # One byte less, because Werkzeug reads on after the last part to see that nothing follows.
        rest = parts - 1 + 2 * more - len(multipart({**NO_COMPLAINTS, "from": "a"}))
        yield Sent(status, "/", multipart({**NO_COMPLAINTS, "from": "a" + "a" * rest}), MULTIPART)
    for size, status in ((parts - 1000, 422), (10 * parts, 413)):
        file = FileStorage(io.BytesIO(b"a" * size), "a.txt")
        yield Sent(status, "/", multipart({**NO_COMPLAINTS, "bothers": file}), MULTIPART)


def largest_squads(book: Rulebook) -> Iterator[Sent]:
    """Yield the largest squad for every page of it, in both encodings; the sheets are the last."""
    text = largest_squad(book)
    escaped = "".join(f"%{byte:02x}" for byte in text.encode())
    for view in ("table", "csv", "sheets"):
        yield Sent(200, "/squad", multipart({"view": view, "text": text}), MULTIPART, "gzip")
        chat = text.ljust(SQUAD).encode()
        for file in (upload(chat), upload(zip_of((CHAT, chat)))):
            sent = {"view": view, "text": "&" * TEXT, "file": file}
            yield Sent(200, "/squad", multipart(sent), MULTIPART)
        yield Sent(200, "/squad", f"view={view}&text={escaped}".encode(), URLENCODED)


def too_large_squads() -> Iterator[Sent]:
    """Yield texts and files that are too large to be read as a squad."""
    for size in (TEXT + 1, 2 * SQUAD, 5 * SQUAD):
        yield Sent(413, "/squad", multipart({"text": "a" * size}), MULTIPART)
        yield Sent(413, "/squad", b"text=" + b"a" * size, URLENCODED)
    for size, status in ((SQUAD, 422), (SQUAD + 1, 413), (5 * SQUAD, 413)):
        yield Sent(status, "/squad", multipart({"file": upload(b"a" * size)}), MULTIPART)
    for size, status in ((SQUAD - 1000, 422), (5 * SQUAD, 413)):
        yield Sent(status, "/squad", multipart({"text": upload(b"a" * size)}), MULTIPART)
    bomb = zip_of((CHAT, b"a" * 60 * SQUAD))
    yield Sent(413, "/squad", multipart({"file": upload(bomb)}), MULTIPART)


def every_page(book: Rulebook) -> list[str]:
    """Return the addresses of all kinds of pages, of a result and of what belongs to it."""
    code = encode(book, Answers(most_answers(book), EARLIER))
    result = [f"/r/{code}{rest}" for rest in ("", "/change", "/qr.svg", f"/with/{code}")]
    club = [f"/{page}?from=Club" for page in ("", "coach", "poster")]
    return [*result, *club, *PAGES]


def most_answers(book: Rulebook) -> int:
    """Return as many answers as can be given together without a warning sign."""
    return sum(one.bit for question in book.questions for one in chosen(book, question, sign=False))


def largest_squad(book: Rulebook) -> str:
    """Return the longest text, with as many results, each with as much in it as there can be."""
    days = (EARLIER + timedelta(n) for n in range(RESULTS))
    codes = (encode(book, Answers(most_answers(book), day)) for day in days)
    names = ("A" * 58 + "".join(pair) for pair in product(ascii_lowercase, repeat=2))
    results = "\n".join(
        f"{name} http://127.0.0.1/r/{code}" for name, code in zip(names, codes, strict=False)
    )
    return f"{results}\n".ljust(TEXT, "&")  # which takes the most room on a page


def upload(content: bytes) -> FileStorage:
    """Return a file as a form sends it."""
    return FileStorage(io.BytesIO(content), "a.txt")


def multipart(fields: Fields) -> bytes:
    """Return fields and files as the body of a form."""
    return encode_multipart(fields, boundary="limit")[1]
