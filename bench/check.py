"""How long `check` takes: `python -m bench.check`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import yaml

from questionnaire.authoring.commands import check_rulebook
from questionnaire.rulebook.loader import load
from tests.support.random_rulebooks import Data, cite_only, correct_book

SHIPPED = Path(__file__).parent.parent / "rules.yaml"


def best(run: Callable[[], object], times: int = 5) -> float:
    """Return the shortest of some runs, in seconds."""

    def once() -> float:
        start = time.perf_counter()
        run()
        return time.perf_counter() - start

    return min(once() for _ in range(times))


def main() -> None:
    """Print the figures."""
    command = [sys.executable, "-m", "questionnaire", "check", str(SHIPPED)]
    print(f"shipped rulebook, load at start       {best(lambda: load(SHIPPED)):.3f} s")
    print(f"shipped rulebook, check               {best(lambda: check_rulebook(SHIPPED)):.3f} s")
    run = best(lambda: subprocess.run(command, check=True, capture_output=True))  # noqa: S603
    print(f"shipped rulebook, the whole command   {run:.3f} s")
    for questions, rules, links in ((200, 1000, None), (200, 1000, 20), (200, 200, 1)):
        data = correct_book(Random(1), questions, rules)  # noqa: S311
        if links:
            cite_only(data, links)
        _time(data, links)


def _time(data: Data, links: int | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / "large.yaml"
        large.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
        took = best(lambda: check_rulebook(large), 2)
        size = f"{len(data['questions'])} questions, {len(data['rules'])} rules"
        size += f" on {links} links" if links else ""
        print(f"{size + ', check':<37} {took:.3f} s ({len(check_rulebook(large))} problems)")


if __name__ == "__main__":
    main()
