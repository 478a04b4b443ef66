"""The bytes of .zip files, as programs write them and as no program should."""

from __future__ import annotations

import io
import zipfile

CHAT = "_chat.txt"
"""What WhatsApp calls the chat in the .zip of an iPhone."""


def zip_of(*entries: tuple[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a .zip with these names and contents."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name), content, method)  # of 1980, not of now
    return file.getvalue()


def locked(content: bytes) -> bytes:
    """Return a .zip of one entry marked as encrypted, in both of its heads."""
    changed = bytearray(content)
    changed[6] |= 1
    changed[content.index(b"PK\1\2") + 8] |= 1
    return bytes(changed)
