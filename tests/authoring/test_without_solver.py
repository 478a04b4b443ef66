"""Without python-sat, which Windows on ARM does not have, a check says what to do."""

from __future__ import annotations

import pytest

from questionnaire.authoring import sat
from questionnaire.rulebook.model import Rulebook


def test_a_check_says_what_is_missing(book: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sat, "Minisat22", None)
    with pytest.raises(SystemExit, match="check the rulebook with Python for x86-64"):
        sat.FormSolver(book)
