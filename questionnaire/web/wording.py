"""Sentences, lists and days in the language of the request."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Literal

import flask_babel
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from questionnaire.text import Message

BRITISH = Locale("en", "GB")
"""How the templates write days and lists."""


def _locale() -> Locale:
    """Return the locale of the request, or that of the templates where there is none."""
    found: Locale | None = flask_babel.get_locale()
    return found or BRITISH


def gettext(pattern: str, **values: str | int) -> str:
    """Return a sentence in the language of the request."""
    return str(flask_babel.gettext(pattern, **values))


def ngettext(one: str, many: str, number: int) -> str:
    """Return a sentence in the language of the request, with the form for this number."""
    return str(flask_babel.ngettext(one, many, number))


def said(text: str) -> str:
    """Return a text in the language of the request, if it is a Message; others as they are."""
    if not isinstance(text, Message):
        return text
    values = {
        name: format_decimal(one, locale=_locale()) if isinstance(one, int) else said(one)
        for name, one in text.values.items()
    }
    return gettext(text.pattern, **values)


def filled(pattern: str, **values: str) -> Markup:
    """Return a translated sentence with values in it: what of them is untranslated stays marked."""
    return Markup(pattern) % values  # noqa: S704 - patterns are ours, and values are escaped


def and_list(words: Iterable[str], style: Literal["standard", "or"] = "standard") -> Markup:
    """Return words as a sentence lists them: “a, b and c”, or “a, b or c” in the style "or"."""
    safe = [str(escape(word)) for word in words]
    listed = format_list(safe, style, _locale())
    return Markup(listed)  # noqa: S704 - escaped above


def day(day: date) -> str:
    """Return a day as the pages write it."""
    return _written_day(day, _locale())


@lru_cache(maxsize=512)
def _written_day(day: date, locale: Locale) -> str:
    return format_date(day, "long", locale)
