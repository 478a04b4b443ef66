"""The styles, the script and the icons, each under a name that changes with its content."""

from __future__ import annotations

import mimetypes
import zlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, url_for

FOLDER = Path(__file__).parent.parent / "static"
A_YEAR = 31_536_000

assets = Blueprint("assets", __name__)


@cache
def _named() -> dict[str, str]:
    """Return the file of each address: its name with the checksum of its content."""
    named = {}
    for path in FOLDER.iterdir():
        checksum = zlib.crc32(path.read_bytes())
        named[f"{path.stem}.{checksum:08x}{path.suffix}"] = path.name
    return named


def asset(name: str) -> str:
    """Return the address of a static file; raise StopIteration if there is none of that name."""
    return url_for("assets.serve", name=next(n for n, file in _named().items() if file == name))


@assets.get("/static/<name>")
def serve(name: str) -> Response:
    """Send a static file, to be kept for a year: another content has another name."""
    if name not in _named():
        abort(404)
    path = FOLDER / _named()[name]
    response = Response(path.read_bytes(), mimetype=mimetypes.guess_type(path.name)[0])
    response.cache_control.max_age = A_YEAR
    response.cache_control.public = True
    response.cache_control.immutable = True
    return response
