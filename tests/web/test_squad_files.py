"""A file or a paste that cannot be read gets a clear message, and what was pasted stays."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from questionnaire.squad.squad import MAX_TEXT
from questionnaire.squad.uploaded_file import MAX_FILE
from questionnaire.web.squad import MAX_BODY
from tests.conftest import ROOT
from tests.support.largest_requests import MULTIPART, multipart
from tests.support.runner_client import Page, RunnerClient, read
from tests.support.squad_cases import CASES, Case
from tests.support.zip_files import CHAT, locked, zip_of

LINK = "https://run.example.org/r/800290420004VN0A9BSV"
OTHER = "https://run.example.org/r/C4HG20004VN0A9GDE"
TEXT = f"[22.11.26, 18:30:05] Jörg Weiß: {LINK}\r\n"
PASTED = "Zoë, who has pasted nothing"
PNG = (ROOT / "docs" / "pictures" / "results.png").read_bytes()


def post(client: FlaskClient, **fields: str | FileStorage) -> TestResponse:
    return client.post("/squad", data=multipart(fields), content_type=MULTIPART)


def send(
    runner: RunnerClient, content: bytes, name: str = "chat.txt", text: str = "", view: str = ""
) -> Page:
    return read(post(runner.client, text=text, view=view, file=FileStorage(BytesIO(content), name)))


def names(page: Page) -> list[str]:
    return page.all("tbody th a")


def box(page: Page) -> str:
    [box] = page.soup.select("textarea#text")
    return box.get_text().removeprefix("\n")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (TEXT.encode(), "_chat.txt"),
        (TEXT.encode("utf-16"), "chat.txt"),
        (f"sep=;\r\nName;Link\r\nJörg Weiß;{LINK}\r\n".encode("cp1252"), "squad.csv"),
        (f"Name,Link\r\nJörg Weiß,{LINK}\r\n".encode("utf-8-sig"), "squad.csv"),
        (zip_of((CHAT, TEXT), ("1.jpg", PNG[:999])), "WhatsApp Chat - Club.zip"),
        (zip_of((CHAT, TEXT)), "a zip called.csv"),
        (TEXT.encode(), "../../../etc/passwd"),
        (TEXT.encode(), "C:\\chat\0<b>.txt"),
    ],
    ids=lambda one: repr(one[:20]),
)
def test_the_results_in_a_file_are_shown(runner: RunnerClient, content: bytes, name: str) -> None:
    page = send(runner, content, name)
    assert page.status == 200
    assert names(page) == ["Jörg Weiß"]
    assert box(page).count(LINK) == 1


def test_what_a_file_held_goes_on_in_the_box_above_what_was_pasted(runner: RunnerClient) -> None:
    page = send(runner, TEXT.encode(), text=OTHER)
    again = read(post(runner.client, text="\r\n".join(box(page).splitlines()), order="name"))
    for one in (page, again):
        assert names(one) == ["Jörg Weiß", "Runner 1 (line 3)"]
        assert "choose it again: we did not keep it" not in one.text
    assert box(again).splitlines() == box(page).splitlines()
    sheets = send(runner, TEXT.encode(), text=f"Zoë {OTHER}", view="sheets")
    assert sheets.all(".sheet h2 bdi") == ["Jörg Weiß", "Zoë"]


def test_a_file_that_is_too_long_for_the_box_is_asked_for_again(runner: RunnerClient) -> None:
    chatter = "see you\n" * 15_000  # as sent from a browser, 135 KB: with what follows, 205 KB
    for pasted, kept in ((f"Zoë {OTHER}", True), (f"Zoë {OTHER}\n{'a' * 70_000}", False)):
        page = send(runner, (TEXT + chatter).encode(), text=pasted)
        assert names(page) == ["Jörg Weiß", "Zoë"]
        assert (LINK in box(page)) is kept
        assert bool(page.soup.select("form [name=file-is-missing]")) is not kept
    without = {"text": box(page), "order": "name", "file-is-missing": "1"}
    refused = read(post(runner.client, **without))
    assert (refused.status, names(refused), box(refused)) == (422, [], box(page))
    assert "was made from a file too" in refused.all("#problems li")[0]
    assert not refused.soup.select("[name=file-is-missing]")
    file = FileStorage(BytesIO(TEXT.encode()), "chat.txt")
    assert names(read(post(runner.client, **without, file=file))) == ["Jörg Weiß", "Zoë"]


def test_who_chooses_no_file_is_not_told_to_choose_it_again(runner: RunnerClient) -> None:
    page = send(runner, b"", "", f"Zoë {OTHER}")
    assert names(page) == ["Zoë"]
    for one in (page, runner.get("/squad")):
        assert "choose it again" not in one.text
        assert one.soup.select_one("input[type=file][name=file]")
        assert one.soup.select_one("form.paste[enctype='multipart/form-data']")


@pytest.mark.parametrize(
    ("content", "name", "status", "reason"),
    [
        (PNG, "chat.txt", 422, "This file is not a text."),
        (
            zip_of(("1.jpg", PNG)),
            "squad.csv",
            422,
            "There is no exported chat (.txt) in this .zip.",
        ),
        (zip_of((CHAT, TEXT))[:-40], "chat.zip", 422, "This .zip is damaged or cut off."),
        (locked(zip_of((CHAT, TEXT))), "chat.zip", 422, "This .zip is locked with a password."),
        (
            zip_of((CHAT, bytes(100_000_000))),
            "chat.zip",
            413,
            "The chat in this .zip is too large.",
        ),
        (
            zip_of(*((f"{n}", "") for n in range(1000))),
            "a.zip",
            422,
            "This .zip holds more than 50",
        ),
        (b"", "chat.txt", 422, "This file is empty."),
        (b"", "../../etc/passwd", 422, "This file is empty."),
        (b"a" * (MAX_FILE + 1), "chat.txt", 413, "This file is too large: 1,000,001 bytes."),
        (b"a" * 1_060_000, "chat.txt", 413, "This file is too large: 1.1 MB."),
    ],
    ids=lambda one: repr(one[:20]) if isinstance(one, bytes) else None,
)
@pytest.mark.parametrize("view", ["table", "sheets", "csv"])
def test_a_file_that_cannot_be_read_is_said_and_the_paste_stays(
    runner: RunnerClient, content: bytes, name: str, status: int, reason: str, view: str
) -> None:
    page = send(runner, content, name, PASTED, view)
    assert page.status == status
    assert reason in " ".join(one.get_text() for one in page.soup.select("#problems li"))
    assert page.soup.select_one("#problems a[href='#file']")
    assert box(page) == PASTED
    assert "choose it again" in page.text


def test_a_problem_of_the_text_leads_to_the_text(runner: RunnerClient) -> None:
    for content in (b"no result", f"{LINK}\n".encode() * 10_000):
        page = send(runner, content, text=PASTED)
        assert page.status == 422
        assert page.soup.select_one("#problems a[href='#text']")
        assert box(page) == PASTED
        assert "choose it again" in page.text


def test_what_is_too_long_to_be_read_is_said(runner: RunnerClient) -> None:
    fits = send(runner, b"a" * MAX_FILE, text="x" * 999_000)
    assert (fits.status, len(box(fits))) == (413, 999_000)
    for content, text in ((b"a" * MAX_BODY, "x"), (b"a", "x" * 1_000_001)):
        page = send(runner, content, text=text)
        assert page.status == 413
        assert "more than 1 MB" in page.all("#problems li")[0]
        assert "choose it again" in page.text


def test_a_file_sent_to_the_empty_form_changes_nothing_for_the_next(runner: RunnerClient) -> None:
    sent = multipart({"file": FileStorage(BytesIO(TEXT.encode()), "a.txt")})
    runner.client.get("/squad", data=sent, content_type=MULTIPART)
    assert "choose it again" not in runner.get("/squad").text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_paste_cut_anywhere_gets_a_sheet_or_a_message(client: FlaskClient, case: Case) -> None:
    """At few places: tests/squad/test_cases.py cuts at every tenth byte and makes no page of it."""
    whole = case.text.encode()
    for place in range(0, len(whole), 80):
        for part in (whole[:place], whole[place:]):
            text = part.decode(errors="ignore")
            response = client.post("/squad", data={"text": text})
            assert response.status_code in (200, 422)
            assert ('id="problems"' in response.text) == (response.status_code == 422)
            shown = re.search(r"<textarea id=\"text\"[^>]*>\n([\s\S]*?)</textarea>", response.text)
            assert shown is not None
            assert shown[1] == escape(text)


HOSTILE: dict[str, Callable[[int], str]] = {
    "one line": lambda size: "a" * size,
    "links": lambda size: f"{LINK}\n" * (size // len(f"{LINK}\n")),
    "names": lambda size: "Anna Berg\n" * (size // 10),
    "senders": lambda size: "22/11/2026, 18:30 - Anna Berg: see you at the track\n" * (size // 52),
    "tags": lambda size: "<a href='/r/A'>" * (size // 15),
    "open tags": lambda size: "<" * size,
    "quotations": lambda size: "> " * (size // 2),
    "encoded words": lambda size: "=?utf-8?Q?=C3=A9?= " * (size // 19),
    "cells": lambda size: 'a,"b\n' * (size // 5),
    "gaps": lambda size: f"a{' ' * 120}1:11 x\n" * (size // 128),
    "codes": lambda size: "ABCDEF7GH " * (size // 10),
    "redirects": lambda size: "https://x.example/?u=https://" * (size // 29),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(("size", "seconds"), [(MAX_TEXT, 3), (300_000, 3), (MAX_FILE, 6)])
def test_no_paste_and_no_file_takes_long(
    runner: RunnerClient, make: Callable[[int], str], size: int, seconds: int
) -> None:
    """The bounds are about ten times what was measured, so that no busy machine fails them."""
    text = make(size)
    start = time.process_time()
    if size > MAX_TEXT:
        response = post(runner.client, file=FileStorage(BytesIO(text.encode()), "a.txt"))
    else:
        response = post(runner.client, text=text)
    assert time.process_time() - start < seconds
    assert response.status_code == 422
    assert 'id="problems"' in response.text
