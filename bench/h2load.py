"""Requests of one kind to the instances behind nginx, sent and timed by h2load."""

from __future__ import annotations

import random
import subprocess
from typing import NamedTuple

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import FIRST_DAY, encode
from questionnaire.rulebook.loader import load_rulebook
from tests.support.example_answers import TYPICAL
from tests.support.nginx_stack import NAME, ROOT, NginxStack, tool
from tests.support.random_runners import ticks
from tests.support.visitors import FORM, body


class Answer(NamedTuple):
    """One line of h2load's log."""

    sent: int
    """Microseconds of the clock."""
    status: int
    took: int
    """Microseconds."""


class Load:
    """Requests of one kind, by h2load."""

    def __init__(self, stack: NginxStack, kind: str, *options: str) -> None:
        """Start with these options of h2load; each kind once at a time."""
        self.log = stack.folder / f"h2load-{kind}.log"
        self.log.unlink(missing_ok=True)
        urls = [f"https://{NAME}:{stack.https}{path}" for path in paths(kind)]
        listed, sent = stack.folder / f"{kind}.urls", stack.folder / "post.body"
        listed.write_text("\n".join(urls), "utf-8")
        sent.write_text(body(TYPICAL), "utf-8")
        command = [tool("h2load"), "--log-file", str(self.log), "-i", str(listed)]
        command += ["-H", "accept-encoding: br", *options]
        if kind == "post":
            command += ["-d", str(sent), "-H", f"content-type: {FORM['Content-Type']}"]
        with (stack.folder / "h2load.out").open("ab") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=out)  # noqa: S603

    def answers(self) -> list[Answer]:
        """Wait for the end; return the answers by the time of their requests."""
        self.process.wait()
        lines = self.log.read_text("utf-8").splitlines()
        return sorted(Answer(*map(int, line.split("\t")[:3])) for line in lines)


def paths(kind: str) -> list[str]:
    """Return what is asked for: for results those of 200 runners."""
    if kind != "result":
        return ["/"]
    book, dice = load_rulebook(ROOT / "rules.yaml"), random.Random(1)  # noqa: S311 - a bench
    return [f"/r/{encode(book, Answers(ticks(book, dice), FIRST_DAY))}" for _ in range(200)]
