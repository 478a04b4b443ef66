"""Run the fuzzer on every target in turn, and print a table: see docs/reports/fuzzing.md."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from questionnaire.rulebook.loader import load_rulebook
from tests.fuzz.inputs import ROOT, World
from tests.fuzz.targets import TARGETS, dictionary

FINDS = ROOT / ".fuzz"
MOST_GROWTH = 20
"""By how many MiB a process may grow once it is warm: libFuzzer keeps the inputs that did more."""
LIMITS = ("-timeout=600", "-rss_limit_mb=0", "-len_control=0")
"""A hang for ever is libFuzzer's to find; the child looks at time and memory more closely."""
HEAD = """\
| target | inputs | finds | answers | slowest input | memory | processor |
|---|--:|--:|---|--:|--:|--:|"""


def fuzz(name: str, inputs: int, seconds: float, seed: int, again: str | None) -> bool:
    """Run one target, print its row and what was found, and return whether all was well."""
    FINDS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        _start(name, Path(folder))
        longest = max(target.longest for one, target in TARGETS.items() if name in (one, "all"))
        ours = ["-m", "tests.fuzz.child", name, folder, str(inputs), str(seconds)]
        theirs = [f"-artifact_prefix={FINDS}/{name}-", f"-seed={seed}", f"-max_len={longest}"]
        tried = [f"-dict={folder}/words", again or f"{folder}/seeds"]
        done = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, *ours, *LIMITS, *theirs, *tried],
            cwd=ROOT,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        report = Path(folder) / "report.json"
        counted = json.loads(report.read_text("utf-8")) if report.exists() else {}
    well = not done.returncode and counted.get("grown", 0) < MOST_GROWTH
    if counted:
        print(_row(name, counted, not done.returncode), flush=True)
    if not well:
        print(done.stdout[-4000:], done.stderr[-1000:], flush=True)
    return well


def _start(name: str, folder: Path) -> None:
    """Write the words that a target knows, and the inputs that it starts from."""
    words = dictionary(World.of(load_rulebook(ROOT / "rules.yaml")))
    (folder / "words").write_text(words, "ascii")
    (folder / "seeds").mkdir()
    chosen = sorted(TARGETS) if name == "all" else [name]
    for n, one in enumerate(chosen):
        last, seeds = b"", TARGETS[one].seeds
        if name == "all":
            last, seeds = bytes([n]), seeds[:: len(seeds) // 10 or 1]
        for m, seed in enumerate(seeds):
            (folder / "seeds" / f"{one}-{m}").write_bytes(seed + last)


def _row(name: str, counted: dict[str, Any], well: bool) -> str:
    statuses = sorted(counted["statuses"].items(), key=lambda pair: -pair[1])
    answers = ", ".join(f"{many:,} × {status}" for status, many in statuses)
    figures = f"{counted['slowest'] * 1000:.0f} ms | {counted['grown']:+.1f} MiB"
    tried = f"| {name} | {counted['inputs']:,} | {0 if well else 1} | {answers}"
    return f"{tried} | {figures} | {counted['spent']:,.0f} s |"


def main() -> None:
    """Run what the command line says; exit with 1 if something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", nargs="*", metavar="TARGET", help=f"{', '.join(TARGETS)}, or all")
    parser.add_argument("--inputs", type=int, default=1_000_000, help="how many, in all")
    parser.add_argument("--seconds", type=int, default=0, help="stop after so long, in all")
    parser.add_argument("--seed", type=int, default=0, help="of chance; 0 is another each time")
    parser.add_argument("--again", metavar="FILE", help="try one find of the target, from .fuzz/")
    asked = parser.parse_args()
    shares = {
        name: TARGETS[name].share if name in TARGETS else 100 for name in asked.target or TARGETS
    }
    whole = sum(shares.values())
    print(HEAD)
    well = [
        fuzz(
            name,
            -(-asked.inputs * share // whole),
            asked.seconds * share / whole,
            asked.seed,
            asked.again,
        )
        for name, share in shares.items()
    ]
    sys.exit(not all(well))


if __name__ == "__main__":
    main()
