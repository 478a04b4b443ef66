"""Who reviewed the safety texts of each language, and what is shown until somebody has."""

from __future__ import annotations

from flask import current_app, g

from questionnaire.rulebook.content import Notice
from questionnaire.rulebook.translation import Untranslated
from questionnaire.serving.settings import reviewers_of


def original_language() -> str:
    """Return the language that the rulebook is written in."""
    language: str = g.original.language
    return language


def reviewers() -> dict[str, str]:
    """Return the clinician who reviewed the warning signs, by language."""
    return reviewers_of(current_app.config["REVIEWED_BY"], original_language())


def unreviewed_original(notice: Notice) -> Notice | None:
    """Return a notice as it was written, to stand under a translation that nobody reviewed."""
    if g.rulebook.language == original_language() or g.rulebook.language in reviewers():
        return None
    original = next(one for one in g.original.notices if one.id == notice.id)
    words = (notice.action, notice.text)
    return None if all(isinstance(one, Untranslated) for one in words) else original
