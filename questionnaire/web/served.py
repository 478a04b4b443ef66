"""What the site serves at the moment, and what it takes."""

from __future__ import annotations

from flask import abort, current_app, request

from questionnaire.rulebook.model import Rulebook


def rulebook() -> Rulebook:
    """Return the rulebook that the pages show."""
    book: Rulebook = current_app.extensions["rulebook"]
    return book


def refuse_endless() -> None:
    """End with 411 if the body has an unknown length: it would be cut, and an answer with it."""
    if request.content_length is None and request.environ.get("wsgi.input_terminated"):
        abort(411)
