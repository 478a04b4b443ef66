"""One target under atheris, which ends its process: `python -m tests.fuzz.child` by __main__.py."""

from __future__ import annotations

import atexit
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["questionnaire", "werkzeug.formparser", "werkzeug.sansio"]
):
    from tests.fuzz.checks import Checks, Lines
    from tests.fuzz.inputs import pick
    from tests.fuzz.targets import TARGETS

LONGEST = 4.0
"""How many seconds of processor time one input may take: 1 s, and atheris makes Python 4 times
as slow."""
WARM = 0.2
"""The part of a run after which memory should have stopped to grow."""
MIB = 1 << 20


def resident() -> int:
    """Return how many bytes of memory this process holds."""
    pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


class Tally:
    """How many inputs were tried, how long the slowest took, and how memory grew since warm."""

    def __init__(self, folder: Path, inputs: int, seconds: float) -> None:
        """Begin to count; the process ends after so many inputs, or seconds unless that is 0."""
        Lines.listen()
        self.checks = Checks(folder)
        self.report = folder / "report.json"
        self.inputs, self.seconds = inputs, seconds
        self.start = time.monotonic()
        self.tried = self.at_warm = 0
        self.slowest = 0.0
        atexit.register(self.write)  # which libFuzzer does only if something was found

    def run(self, one: Callable[[Checks], object]) -> None:
        """Try one input; raise AssertionError if it takes too long."""
        start = time.process_time()
        self.tried += 1
        one(self.checks)
        took = time.process_time() - start
        self.slowest = max(self.slowest, took)
        assert took < LONGEST, f"{took:.1f} s of processor time"
        if not self.at_warm and self.done() > WARM:
            self.at_warm = resident()
        if self.done() >= 1:
            self.write()
            os._exit(0)

    def done(self) -> float:
        """Return which part of the inputs, or of the time, is past."""
        spent = (time.monotonic() - self.start) / self.seconds if self.seconds else 0
        return max(self.tried / self.inputs, spent)

    def write(self) -> None:
        """Write what was counted as JSON."""
        grown = (resident() - self.at_warm) / MIB if self.at_warm else 0
        counted = {
            "inputs": self.tried,
            "statuses": self.checks.statuses,
            "slowest": self.slowest,
            "grown": grown,
            "spent": time.process_time(),
        }
        self.report.write_text(json.dumps(counted), "utf-8")


def main(name: str, folder: str, inputs: str, seconds: str, *options: str) -> None:
    """Try inputs of a target, or of any if the name is "all"."""
    names = sorted(TARGETS) if name == "all" else [name]
    tally = Tally(Path(folder), int(inputs), float(seconds))

    def one(data: bytes) -> None:
        given = atheris.FuzzedDataProvider(data)
        target = pick(given, names) if len(names) > 1 else name
        tally.run(lambda checks: TARGETS[target].run(given, checks))

    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
