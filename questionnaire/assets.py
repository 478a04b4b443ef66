"""The styles, the script and the icons, each under a name that changes with its content."""

from __future__ import annotations

import mimetypes
import zlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.utils import get_content_type

from questionnaire.compressed import PLAIN, TEXTS, coding
from questionnaire.constant import Constant

FOLDER = Path(__file__).parent.parent / "static"
A_YEAR = "public, max-age=31536000, immutable"

assets = Blueprint("assets", __name__)


@cache
def _named() -> dict[str, Path]:
    """Return the file of each address: its name with the checksum of its content."""
    return {
        f"{path.stem}.{zlib.crc32(path.read_bytes()):08x}{path.suffix}": path
        for path in FOLDER.iterdir()
    }


@cache
def _names() -> dict[str, str]:
    return {path.name: name for name, path in _named().items()}


def asset(name: str) -> str:
    """Return the address of a static file; raise KeyError if there is none of that name."""
    return url_for("assets.serve", name=_names()[name])


@assets.get("/static/<name>")
def serve(name: str) -> Response:
    """Send a static file, to be kept for a year: another content has another name."""
    if name not in _named():
        abort(404)
    return _file(name, coding(request.environ)).response(request.environ)


@cache
def _file(name: str, coding: str) -> Constant:
    path = _named()[name]
    kind = mimetypes.guess_type(path.name)[0] or ""
    coding = coding if kind.startswith(TEXTS) else PLAIN
    return Constant(path.read_bytes(), coding, get_content_type(kind, "utf-8"), A_YEAR)
