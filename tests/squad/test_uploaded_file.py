"""The text of a file is read whatever program wrote it, and what is no text is refused."""

from __future__ import annotations

import tracemalloc
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.rulebook.model import Rulebook
from questionnaire.squad.squad import SquadError, parse_squad
from questionnaire.squad.uploaded_file import (
    MAX_ENTRIES,
    MAX_FILE,
    FileError,
    FileTooLargeError,
    read_file,
)
from tests.conftest import ROOT
from tests.support.zip_files import CHAT, locked, zip_of

LINK = "https://run.example.org/r/800290420004VN0A9BSV"
OTHER = "https://run.example.org/r/C4HG20004VN0A9GDE"
TEXT = f"[22.11.26, 18:30:05] Jörg Weiß: {LINK}\r\n[22.11.26, 18:31:00] Zoë Öz: {OTHER}\r\n"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")
PNG = (ROOT / "docs" / "pictures" / "results.png").read_bytes()
NOT_TEXT = "This file is not a text."


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_gives_the_text(encoding: str) -> None:
    assert read_file(TEXT.encode(encoding)) == TEXT
    assert read_file(zip_of((CHAT, TEXT.encode(encoding)))) == TEXT


def test_a_byte_order_mark_of_big_endian_utf_16_is_read() -> None:
    assert read_file(b"\xfe\xff" + TEXT.encode("utf-16-be")) == TEXT


def test_utf_8_that_is_cut_or_has_a_wrong_byte_stays_utf_8() -> None:
    assert read_file(TEXT.encode() + "ü".encode()[:1]) == f"{TEXT}�"
    assert read_file(b"\xff" + TEXT.encode()) == f"�{TEXT}"


@pytest.mark.parametrize(
    "entries",
    [
        [(CHAT, TEXT)],
        [("00001-PHOTO.jpg", PNG[:20_000]), (CHAT, TEXT), ("notes.txt", "no chat")],
        [("WhatsApp Chat/_chat.txt", TEXT), ("__MACOSX/._chat.txt", "\0")],
        [("WhatsApp Chat with City Runners.txt", TEXT)],
        [("../../etc/SQUAD.CSV", TEXT)],
        [*((f"{n}.opus", b"x") for n in range(MAX_ENTRIES - 1)), (CHAT, TEXT)],
    ],
)
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_chat_is_found_in_a_zip(entries: list[tuple[str, str | bytes]], method: int) -> None:
    assert read_file(zip_of(*entries, method=method)) == TEXT


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "This file is empty."),
        (b"\xef\xbb\xbf\r\n", "This file is empty."),
        (PNG, NOT_TEXT),
        (b"%PDF-1.7\n" + TEXT.encode(), NOT_TEXT),
        (bytes(range(1, 256)) * 9, NOT_TEXT),
        (b"Anna\0Berg", NOT_TEXT),
        (b"Anna\0" + b"Berg " * 99, NOT_TEXT),
        (zip_of((CHAT, PNG)), NOT_TEXT),
        (zip_of((CHAT, zip_of((CHAT, TEXT)))), NOT_TEXT),
        (zip_of((CHAT, "")), "This file is empty."),
        (zip_of(), "There is no exported chat"),
        (zip_of(("a.jpg", PNG)), "There is no exported chat"),
        (zip_of(("chat.zip", zip_of((CHAT, TEXT)))), "This .zip holds another .zip."),
        (zip_of(("xl/workbook.xml", "<a/>")), "This is a workbook or a document."),
        (zip_of(("a.txt", TEXT), ("b.txt", TEXT)), "This .zip holds more than one text."),
        (zip_of(("a/_chat.txt", TEXT), ("b/_chat.txt", "")), "This .zip holds more than one text."),
        (zip_of(*((f"{n}.txt", "") for n in range(1000))), "This .zip holds more than 50 files."),
        (locked(zip_of((CHAT, TEXT))), "This .zip is locked with a password."),
        (zip_of((CHAT, TEXT), method=zipfile.ZIP_LZMA), "This .zip is packed in a rare way."),
        (zip_of((CHAT, TEXT), method=zipfile.ZIP_BZIP2), "This .zip is packed in a rare way."),
        (zip_of((CHAT, TEXT))[:-30], "This .zip is damaged or cut off."),
        (b"PK\3\4" + TEXT.encode(), "This .zip is damaged or cut off."),
        (zip_of((CHAT, TEXT), method=0).replace(b"J", b"K"), "This .zip is damaged or cut off."),
    ],
    ids=lambda one: repr(one[:24]),
)
def test_what_is_no_text_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(FileError) as refused:
        read_file(content)
    assert str(refused.value).startswith(reason)
    assert not isinstance(refused.value, FileTooLargeError)


def test_a_file_may_have_one_megabyte() -> None:
    assert len(read_file(b"a" * MAX_FILE)) == MAX_FILE
    assert len(read_file(zip_of((CHAT, b"a" * MAX_FILE)))) == MAX_FILE
    for content in (b"a" * (MAX_FILE + 1), zip_of((CHAT, b"a" * (MAX_FILE + 1)))):
        with pytest.raises(FileTooLargeError, match="too large"):
            read_file(content)


def test_a_hundred_megabytes_in_a_zip_are_never_unpacked() -> None:
    bomb = zip_of((CHAT, bytes(100_000_000)))
    assert len(bomb) < 100_000
    tracemalloc.start()
    try:
        with pytest.raises(FileTooLargeError):
            read_file(bomb)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("changed", [b"\0", b"\1", b"\x7f", b"\xff"])
def test_a_zip_with_any_byte_wrong_is_read_or_refused(changed: bytes) -> None:
    right = zip_of(("a.jpg", "x"), (CHAT, TEXT))
    for place in range(4, len(right)):
        with suppress(FileError):
            assert read_file(right[:place] + changed + right[place + 1 :]) == TEXT


def test_a_zip_cut_anywhere_is_refused() -> None:
    right = zip_of((CHAT, TEXT))
    for place in range(4, len(right)):
        with pytest.raises(FileError):
            read_file(right[:place])


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\3\4", b"PK\5\6", b"\xff\xfe"]))
def test_any_bytes_are_text_or_refused(content: bytes, start: bytes) -> None:
    try:
        text = read_file(start + content)
    except FileError:
        return
    assert text.strip()
    assert "\0" not in text


def labels(book: Rulebook, *texts: str) -> list[str]:
    return [one.label for one in parse_squad(book, *texts).runners]


def test_a_name_in_one_text_is_for_no_result_in_the_next(book: Rulebook) -> None:
    chat = f"[22.11.26, 18:30:05] Anna Berg: hello\n[22.11.26, 18:31:00] Ben: {LINK}\nCleo"
    assert labels(book, chat, OTHER) == ["Ben", "Runner 1 (line 4)"]
    assert labels(book, "Name,Code\n", f"{LINK},Anna") == ["Anna"]
    assert labels(book, LINK + "\n", OTHER) == ["Runner 1 (line 1)", "Runner 2 (line 2)"]
    assert labels(book, "", "\r\n" + OTHER) == ["Runner 1 (line 2)"]


def test_the_texts_count_together(book: Rulebook) -> None:
    many = f"Anna {LINK}\n" * 3000
    assert len(parse_squad(book, many).runners) == 1
    with pytest.raises(SquadError, match="more than 5,000 links"):
        parse_squad(book, many, many)
    squad = parse_squad(book, f"Anna {LINK}\nhello", f"Anna {LINK}\nhello")
    assert (len(squad.runners), squad.repeated, squad.chatter) == (1, 1, 2)
