"""Pieces of pages that the rulebook alone decides: rendered once, and put together for each page.

The template of a piece shows nothing of a request. Where something of one goes, it has a hole,
such as `{{ hole.choices }}`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any

from flask import Flask, current_app, request
from markupsafe import escape

from questionnaire.model import Rulebook

_MARK = f"~{secrets.token_hex(8)}~"
"""Goes around the name of a hole; it looks the same in an address, and no text holds it."""
_NONE: Mapping[str, str] = MappingProxyType({})


class Html(str):
    """Text that is HTML already. It is Markup, but for methods that take their time."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the text, for a template that would escape it."""
        return self


class _Holes:
    def __getitem__(self, name: str) -> Html:
        return Html(f"{_MARK}{name}{_MARK}")


class Pieces:
    """The pieces of one rulebook, for pages below one root."""

    def __init__(self, app: Flask) -> None:
        """Have none yet; in debug none is ever kept, because an author also edits templates."""
        self._made = partial(_render, app) if app.debug else lru_cache(1024)(partial(_render, app))

    def fill(self, template: str, holes: Mapping[str, str] = _NONE, **about: Any) -> Html:
        """Return a piece with its holes filled; one that is given nothing stays empty.

        It is a template, or a macro in one: `_sheet.html:reason`.
        What the piece is about must be of the rulebook, or one of few: it is kept with the piece.
        """
        made = self._made(template, **about)
        if len(made) == 1:
            return Html(made[0])
        safe = {n: t if type(t) is Html else _safe(t) for n, t in holes.items() if t}
        filled = made.copy()
        filled[1::2] = [safe.get(name, "") for name in made[1::2]]
        return joined(filled)


def joined(made: Iterable[str]) -> Html:
    """Return pieces one after another."""
    return Html("".join(made))


def _safe(text: str) -> str:
    return _ascii(escape(text))


def _ascii(html: str) -> str:
    """Return the HTML in ASCII, which Python joins and encodes several times as fast."""
    return html if html.isascii() else html.encode("ascii", "xmlcharrefreplace").decode()


def pieces() -> Pieces:
    """Return the pieces for this request."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return _pieces(app, app.extensions["rulebook"], request.root_path)


@lru_cache(maxsize=16)
def _pieces(app: Flask, _book: Rulebook, _root: str) -> Pieces:
    return Pieces(app)


def _render(app: Flask, template: str, **about: Any) -> list[str]:
    """Return the text of a piece, and the names of its holes in every second place."""
    file, _, macro = template.partition(":")
    source = app.jinja_env.get_template(file)
    if macro:
        made: str = getattr(source.make_module({"hole": _Holes()}), macro)(**about)
    else:
        made = source.render(hole=_Holes(), **about)
    return _ascii(str(made)).split(_MARK)
