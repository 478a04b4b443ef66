"""Pieces of pages that are about the rulebook: rendered once for each thing that they are about.

What is of one request, such as a code or what was ticked, is filled into a piece that is kept
without it. So a template may show that, and may not decide by it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from types import MappingProxyType

from flask import Flask, current_app, g, request
from markupsafe import Markup, escape

from questionnaire.rulebook.model import Question, Rulebook

Filled = Mapping[str, str | Sequence[Markup]]
"""What is filled into a piece, by name: text, which is escaped unless it is Markup, or pieces."""

MOST = 8192
"""How many pieces are kept: the shipped rulebook has some hundreds, one of 200 questions 3,000."""

_NOTHING: Filled = MappingProxyType({})
_MARK = f"~{secrets.token_hex(8)}~"
"""Stands around a name of what is filled in: the same in an address, and in no text."""

_markup: Callable[[str], Markup] = partial(str.__new__, Markup)
"""Says that a text is HTML. Markup itself first looks whether it is not, at every piece."""


class Pieces:
    """The pieces of one rulebook, for pages below one root."""

    def __init__(self, app: Flask) -> None:
        """Have none yet; in debug none is ever kept, because an author also edits templates."""
        self.env = app.jinja_env
        keep = (lambda made: made) if app.debug else lru_cache(MOST)
        self._piece, self._page = keep(self._render_piece), keep(self._render_page)
        self.plain = keep(self._plain)  # a page has dozens, and this is called without a detour
        self.choices = keep(self._choices)

    def piece(self, name: str, *about: object, **filled: str | Sequence[Markup]) -> Markup:
        """Return a macro, such as `_card.html:card`: its first arguments are what it is about.

        They must be of the rulebook, or one of few values, for the piece is kept for them. The
        others are filled in. Where there are no others, `plain` returns the same sooner.
        """
        return self._piece(name, *about).filled(filled)

    def page(self, name: str, filled: Filled = _NOTHING, **about: object) -> Markup:
        """Return a whole template, kept and filled like a piece."""
        made = self._page(name, *filled, **about)
        g.start = made.parts[0]
        return made.filled(filled)

    def _render_piece(self, name: str, *about: object) -> Piece:
        template, _, macro = name.partition(":")
        # Not `.module`, which would hold on to the rulebook that was there at first.
        render = getattr(self.env.get_template(template).make_module(), macro)
        return Piece(render(*about, *map(_place, render.arguments[len(about) :])))

    def _plain(self, name: str, *about: object) -> Markup:
        return self._render_piece(name, *about).filled(_NOTHING)

    def _choices(self, name: str, question: Question) -> list[tuple[int, Markup, Markup]]:
        """Return each choice of a question: its bit, and its piece unticked and ticked."""
        return [
            (one.bit, self.plain(name, question, one, False), self.plain(name, question, one, True))
            for one in question.choices
        ]

    def _render_page(self, name: str, *filled: str, **about: object) -> Piece:
        shown = about | {one: _place(one) for one in filled}
        return Piece(self.env.get_template(name).render(shown))


class Piece:
    """What a template has rendered, with places to fill.

    Outside ASCII it has numbers for letters: Python joins and encodes that several times as fast.
    """

    def __init__(self, rendered: str) -> None:
        """Take it apart at its places."""
        plain = rendered.encode("ascii", "xmlcharrefreplace").decode("ascii")
        self.parts = list(map(_markup, plain.split(_MARK)))
        self.names = self.parts[1::2]

    def filled(self, filled: Filled) -> Markup:
        """Return it with its places filled."""
        if not self.names:
            return self.parts[0]
        parts: list[str] = [*self.parts]
        parts[1::2] = [
            text
            if type(text := filled[name]) is Markup
            else "".join(text)
            if type(text) is list
            else _html(text)
            for name in self.names
        ]
        return _markup("".join(parts))


def pieces() -> Pieces:
    """Return the pieces for this request."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return _pieces(app, app.extensions["rulebook"], request.root_path)


@lru_cache(maxsize=16)
def _pieces(app: Flask, _book: Rulebook, _root: str) -> Pieces:
    return Pieces(app)


def _place(name: str) -> Markup:
    return _markup(f"{_MARK}{name}{_MARK}")


def _html(text: str | Sequence[Markup]) -> str:
    if not isinstance(text, str):
        return "".join(text)
    return text if not text or text.isalnum() else escape(text)  # a number, a code, mostly nothing
