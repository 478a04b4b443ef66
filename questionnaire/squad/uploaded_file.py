"""The text of an uploaded file: an exported chat, the .zip that holds one, or a table.

What counts is the content of a file, never its name: so a path in a name can do nothing.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath

from questionnaire.squad.squad import SquadError
from questionnaire.text import Message

MAX_FILE = 1_000_000
"""How long a file may be, in bytes, as it is sent and as it is unpacked."""

MAX_ENTRIES = 50
"""How many files a .zip may hold."""

CHAT = "_chat.txt"
"""What WhatsApp calls the chat in the .zip of an iPhone."""

_ZIP_STARTS = (b"PK\3\4", b"PK\5\6")
_ENTRY_START = b"PK\1\2"
_OTHER_FORMATS = (b"%PDF-", rb"{\rtf")
"""How files begin that are no text although they hold nothing else than its characters."""

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The others can take far more memory than they hold, and no program exports a chat with them."""

_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError),
    *(EOFError, OSError, ValueError, OverflowError),
)
"""What zipfile raises at a file that is wrong somewhere."""

_CONTROLS = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
_NOT_TEXT = Message(
    "This file is not a text. Choose an exported chat (.txt or .zip) or a table saved as .csv."
)


BELOW_THE_FILE = "* * * What was pasted, below what the file held: * * *"
"""The line between both in the box, over which no name belongs to a result."""


class FileError(SquadError):
    """A file has no text that can be read; the message says why, for the reader of the page."""


class FileTooLargeError(FileError):
    """A file is longer than the site reads."""


def read_file(content: bytes) -> str:
    """Return the text of a file; raise FileError if it has none, or is too large."""
    if len(content) > MAX_FILE:
        raise FileTooLargeError(_too_large(len(content)))
    text = _text_in_zip(content) if content.startswith(_ZIP_STARTS) else _decode(content)
    if not text.strip():
        raise FileError(Message("This file is empty. Export the chat again, or paste its text."))
    return text


def join_texts(file_text: str, pasted: str) -> str:
    """Return what a file held, and under it what was pasted, as one text for the box."""
    if not pasted.strip():
        return file_text
    end = "" if file_text.endswith("\n") else "\n"
    return f"{file_text}{end}{BELOW_THE_FILE}\n{pasted}"


def split_texts(text: str) -> list[str]:
    """Return the texts that `join_texts` joined; their lines are numbered as in the box."""
    *above, last = re.split(rf"^{re.escape(BELOW_THE_FILE)}\r?\n", text, flags=re.MULTILINE)
    return [*(f"{part}\n" for part in above), last]


def _too_large(length: int) -> Message:
    size = f"{length / 1_000_000:.1f}"
    if length > 1_050_000:
        return Message(
            "This file is too large: %(size)s MB. Choose one of at most 1 MB: export the chat"
            " without media.",
            size=size,
        )
    return Message(
        "This file is too large: %(size)s bytes. Choose one of at most 1 MB: export the chat"
        " without media.",
        size=length,
    )


def _decode(content: bytes) -> str:
    """Return bytes as text; raise FileError if they are none."""
    text = _decoded(content)
    rubbish = len(_CONTROLS.findall(text))
    if "\0" in text or rubbish > len(text) / 100 or content.startswith(_OTHER_FORMATS):
        raise FileError(_NOT_TEXT)
    return text


def _decoded(content: bytes) -> str:
    """Return bytes decoded as UTF-16, UTF-8 or else cp1252, which every German Excel writes."""
    encoding = _utf_16(content) or "utf-8-sig"
    text = content.decode(encoding, errors="replace")
    wrong = text.count("\N{REPLACEMENT CHARACTER}")
    # A file that is cut, or has a few wrong bytes, still has more letters that are right.
    right = sum(1 for _ in re.finditer(r"[^\0-\x7f\ufffd]", text))
    if encoding != "utf-8-sig" or wrong <= right:
        return text
    return content.decode("cp1252", errors="replace")


def _utf_16(content: bytes) -> str | None:
    """Return the name of the encoding if it is UTF-16, with a byte order mark or without."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # In most of its characters the same one of the two bytes is 0.
    for encoding, zeros in (("utf-16-le", content[1::2]), ("utf-16-be", content[::2])):
        if zeros.count(0) > len(zeros) / 2:
            return encoding
    return None


def _text_in_zip(content: bytes) -> str:
    """Return the one text in a .zip, unpacked in memory; raise FileError if it has none."""
    # zipfile makes an object of every entry, so they are counted before.
    if content.count(_ENTRY_START) > MAX_ENTRIES:
        raise FileError(
            Message(
                "This .zip holds more than %(most)s files. Export the chat without media.",
                most=MAX_ENTRIES,
            )
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = _unpack(archive, _chat_entry(archive))
    except FileError:
        raise
    except _DAMAGED:
        message = Message("This .zip is damaged or cut off. Export the chat again.")
        raise FileError(message) from None
    return _decode(unpacked)


def _chat_entry(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return the entry that is the chat, or the only text; raise FileError if there is none."""
    entries = [(PurePosixPath(one.filename), one) for one in archive.infolist()]
    texts = [
        (path, one)
        for path, one in entries
        if path.suffix.lower() in (".txt", ".csv")
        and not path.name.startswith("._")  # what a Mac adds to each file
    ]
    chats = [pair for pair in texts if pair[0].name == CHAT] or texts
    if len(chats) == 1:
        return chats[0][1]
    if chats:
        raise FileError(
            Message("This .zip holds more than one text. Unpack it and choose one of them.")
        )
    raise FileError(_why_no_chat([path for path, _ in entries]))


def _why_no_chat(paths: list[PurePosixPath]) -> str:
    if any(path.name == "[Content_Types].xml" or path.suffix == ".xml" for path in paths):
        return Message(
            "This is a workbook or a document. Save it as .csv, or copy its cells and paste them."
        )
    if any(path.suffix.lower() == ".zip" for path in paths):
        return Message("This .zip holds another .zip. Unpack it and choose the one within.")
    return Message(
        "There is no exported chat (.txt) in this .zip. Export the chat again, without media."
    )


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return the bytes of an entry; raise FileError if it is locked or too large."""
    if entry.flag_bits & 1:
        raise FileError(
            Message("This .zip is locked with a password. Unpack it and choose the .txt.")
        )
    if entry.compress_type not in _METHODS:
        raise FileError(
            Message("This .zip is packed in a rare way. Unpack it and choose the .txt.")
        )
    with archive.open(entry) as file:
        unpacked = file.read(MAX_FILE + 1)  # whatever length the .zip says that it has
    if len(unpacked) > MAX_FILE:
        raise FileTooLargeError(
            Message(
                "The chat in this .zip is too large. Choose one of at most 1 MB: export the chat"
                " without media."
            )
        )
    return unpacked
