"""The styles, the script and the icons, each under a name that changes with its content."""

from __future__ import annotations

import mimetypes
import zlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.utils import get_content_type

from questionnaire.web.compressed import PLAIN, TEXTS, coding
from questionnaire.web.constant import Constant

FOLDER = Path(__file__).parent.parent.parent / "static"
A_YEAR = "public, max-age=31536000, immutable"

assets = Blueprint("assets", __name__)

_FILES = {path: path.read_bytes() for path in FOLDER.iterdir()}
"""Read at the start: those of another version may take their place while this serves."""

_NAMES = {
    path.name: f"{path.stem}.{zlib.crc32(content):08x}{path.suffix}"
    for path, content in _FILES.items()
}
"""The name under which each file is sent: its own with the checksum of its content."""

_CONTENTS = dict(zip(_NAMES.values(), _FILES.values(), strict=True))


def asset(name: str) -> str:
    """Return the address of a static file; raise KeyError if there is none of that name."""
    return url_for("assets.serve", name=_NAMES[name])


def holds(name: str) -> bool:
    """Say whether a static file is sent under this name."""
    return name in _CONTENTS


@assets.get("/static/<name>")
def serve(name: str) -> Response:
    """Send a static file, to be kept for a year: another content has another name."""
    if not holds(name):
        abort(404)
    return _file(name, coding(request.environ)).response(request.environ)


@cache
def _file(name: str, coding: str) -> Constant:
    kind = mimetypes.guess_type(name)[0] or ""
    coding = coding if kind.startswith(TEXTS) else PLAIN
    return Constant(_CONTENTS[name], coding, get_content_type(kind, "utf-8"), A_YEAR)
