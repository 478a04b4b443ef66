"""A rulebook that is picked up as soon as it is saved, while its author works on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock

from flask import Flask, render_template, request

from questionnaire.rulebook.loader import RulebookError, describe, load
from questionnaire.rulebook.yaml_reader import Problem
from questionnaire.web.assets import holds
from questionnaire.web.pages import use

Check = Callable[[Path], list[Problem]]


def follow(app: Flask, path: Path, check: Check) -> None:
    """Read the rulebook again before a request if the file changed; show its problems if any.

    The check comes from outside, so that the pages import none of the tools for authors.
    """
    seen: list[int] = []
    problems: list[str] = []
    reading = Lock()

    @app.before_request
    def pick_up() -> tuple[str, int] | None:
        if request.endpoint == "assets.serve" and holds((request.view_args or {})["name"]):
            return None  # the page of problems has a stylesheet too
        with reading:
            saved = _saved(path)
            if seen != [saved]:
                problems[:] = _use(app, path, check)
                seen[:] = [saved]
            found = list(problems)
        return (render_template("broken_rules.html", problems=found), 500) if found else None


def _saved(path: Path) -> int:
    """Return when the file was saved last, or -1 if there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return -1


def _use(app: Flask, path: Path, check: Check) -> list[str]:
    """Use the rulebook in the file, and return what keeps it from being used."""
    errors = [problem for problem in check(path) if problem.severity == "error"]
    if not errors:
        try:
            use(app, load(path))
        except RulebookError as saved_again:
            errors = saved_again.problems
    return [describe(path, problem) for problem in errors]
