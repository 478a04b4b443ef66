"""The preview of authors: under debug, a saved rulebook is shown at once, with what is wrong in it.

A rulebook whose logic has errors is served as it is. One that cannot be built leaves the last good
one in place, and at the start there is only a page that says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from flask import Flask, g, render_template, request

from questionnaire.rulebook.loader import RulebookError, format_problem, load_rulebook
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.translation import Translation, read_translation, translation_paths
from questionnaire.rulebook.yaml_reader import Problem
from questionnaire.web import caching

Check = Callable[[Path], list[Problem]]
Quote = Callable[[Path, Sequence[Problem]], list[tuple[Problem, str]]]
SEVERITIES = ("error", "warning")
SetRulebook = Callable[[Flask, Rulebook, Iterable[Translation]], None]


@dataclass(frozen=True)
class Preview:
    """What is wrong in the file, for the templates: each problem with the line that it quotes."""

    summary: str = ""
    problems: Sequence[tuple[str, str]] = ()
    is_outdated: bool = False
    """Whether the pages show an earlier state of the file, as that of now cannot be built."""


class Reloader:
    """Reads the rulebook again before a request if the file changed.

    The check and the quoting come from outside, so that the pages import none of the tools for
    authors.
    """

    def __init__(self, app: Flask, path: Path, check: Check, quote: Quote) -> None:
        """Watch the file from the next request on."""
        self.app, self.check, self.quote = app, check, quote
        self.path = path
        self.preview = Preview()
        self.read_at: int | None = None
        self.reading = Lock()

    def before_request(self, set_rulebook: SetRulebook) -> tuple[str, int] | None:
        """Show the file as it is now; without any rulebook return a page of its problems."""
        if request.endpoint == "assets.send" and caching.is_asset(request.path.split("/")[-1]):
            return None  # the page of problems has a stylesheet too
        with self.reading:
            saved_at = _modified_at(self.path)
            if saved_at != self.read_at:
                self.preview, self.read_at = self.read(set_rulebook), saved_at
            g.preview = self.preview
        if "rulebook" in self.app.extensions:
            return None
        return render_template("errors/rulebook.html"), 500

    def read(self, set_rulebook: SetRulebook) -> Preview:
        """Use the rulebook in the file if it can be built, and return what is wrong in it."""
        found, is_outdated = self.check(self.path), False
        try:
            rulebook = load_rulebook(self.path)
            translations = map(read_translation, translation_paths(self.path))
            set_rulebook(self.app, rulebook, translations)
        except RulebookError as error:
            found, is_outdated = error.problems, True
        errors, warnings = ([one for one in found if one.severity == s] for s in SEVERITIES)
        quoted = self.quote(self.path, errors + warnings)
        problems = [(format_problem(self.path, problem), lines) for problem, lines in quoted]
        counts = zip(SEVERITIES, (errors, warnings), strict=True)
        parts = [f"{len(those)} {name}{'s' * (len(those) > 1)}" for name, those in counts if those]
        return Preview(f"{' and '.join(parts)} in {self.path.name}", problems, is_outdated)


def _modified_at(path: Path) -> int:
    """Return when the file was saved last, or -1 if there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return -1
