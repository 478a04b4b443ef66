"""Load on the site as docs/guides/deploy.md sets it up: `make load`, or `python -m bench.load`.

The figures go into docs/reports/load.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench import half_open as bare
from bench.attack import HEAD as ATTACK_HEAD
from bench.attack import measured as attacked
from bench.h2load import Load
from tests.support.nginx_stack import ROOT, Instance, NginxStack, tool
from tests.support.visitors import (
    HALF_A_HEAD,
    HALF_A_POST,
    Crowd,
    Visit,
    half_open,
    journey,
)

REPORT = ROOT / "docs" / "reports" / "load.md"
SHARES = {"form": 0.80, "post": 0.15, "result": 0.05}
RIGHT = {"form": 200, "post": 303, "result": 200}
CALM = 0.7
"""The part of the peak rate at which the long run goes."""
P99, GROWTH, RECOVERY = 25.0, 2.0, 2.0
"""What is wanted: milliseconds, MiB for each worker, seconds."""
UNLIMITED = {
    "rate=30r/s": "rate=1000000r/s",
    "limit_conn connections 100;": "limit_conn connections 60000;",
    "keepalive_timeout 30s;": "keepalive_timeout 30s; keepalive_requests 100000000;",
}
"""For a load from one address over few connections, which h2load does not open again."""

STEADY = (
    "80 % form, 15 % posts, 5 % results of 200 runners, through TLS, HTTP/2 and nginx to two "
    "instances. h2load sends a request when it is due, whether or not those "
    "before it were answered, so a slow moment counts for all that fall into it. The limits by "
    "address are lifted, for all come from one. Wanted: no errors, p99 under 25 ms, and less than "
    "2 MiB growth."
)
PEAK = "The peak: {} requests a second, worked out from that of each kind on its own."
TOO_MUCH = (
    "With nginx.conf as shipped. Runners from addresses of their own fill in the form meanwhile. "
    "Every answer is compared with the right one; refused is a clean 429 or 503. Wanted: nothing "
    "wrong, nothing lost, and a runner gets through within 2 s after the end."
)
ATTACKED = (
    "Three runners at a time. Each attacking address holds 60 connections. Wanted: all right, and "
    "p95 under 0.5 s. `python -m bench.attack` measures this alone."
)
ALONE = (
    "Half-open posts to a bare `python app.py`, and how long ten visitors, one after the other, "
    "wait for the form and a post of it meanwhile. It takes 2,000 connections; past that visitors "
    "wait until the slow ones are let go, after 20 s. Wanted: 900 held, and under 0.5 s. "
    "`python -m bench.half_open` measures this alone."
)
KILLED = (
    "Ten runners at a time; what ended is started again, as systemd does. Wanted: nothing lost."
)


def peak(stack: NginxStack, seconds: int) -> float:
    """Return the highest rate of the mixed traffic, from that of each kind on its own."""
    each = 0.0
    for kind, share in SHARES.items():
        answers = Load(stack, kind, "-c16", "-m1", f"-D{seconds}").answers()
        assert {one.status for one in answers} == {RIGHT[kind]}, f"{kind} was not answered rightly"
        each += share * seconds / len(answers)
    return 1 / each


def steady(stack: NginxStack, rate: float, seconds: int) -> dict[str, str]:
    """Return the figures of mixed traffic at a constant rate, with an exclamation where short."""
    clients = 8
    asked = {
        kind: int(rate * share * seconds / clients) * clients for kind, share in SHARES.items()
    }
    loads = [
        Load(stack, kind, f"-c{clients}", "-m100", f"-n{n}", f"--rps={n / seconds / clients:.4f}")
        for kind, n in asked.items()
    ]
    sizes = list(watch(stack, lambda: all(one.process.poll() is not None for one in loads)))
    answers = {kind: one.answers() for kind, one in zip(SHARES, loads, strict=True)}
    every = sorted(one.took / 1000 for of_kind in answers.values() for one in of_kind)
    right = sum(one.status == RIGHT[kind] for kind, found in answers.items() for one in found)
    errors = sum(asked.values()) - right
    sent = [one.sent for of_kind in answers.values() for one in of_kind]
    held = (len(sent) - 1) / (max(sent) - min(sent)) * 1e6
    first = sizes[min(60, len(sizes) // 2)]
    growth = max(late - early for late, early in zip(sizes[-1], first, strict=True))
    p99 = every[int(len(every) * 0.99)]
    return {
        "requests": f"{sum(asked.values()):,}",
        "rate asked for, held": f"{sum(asked.values()) / seconds:.0f}/s, {held:.0f}/s",
        "errors": verdict(f"{errors}", errors == 0),
        "p50": f"{statistics.median(every):.1f} ms",
        "p99": verdict(f"{p99:.1f} ms", p99 < P99),
        "longest": f"{every[-1]:.0f} ms",
        "memory of an instance": f"{max(sizes[-1]):.1f} MiB",
        "its growth after the first minute": verdict(f"{growth:.2f} MiB", growth < GROWTH),
    }


def watch(stack: NginxStack, done: Callable[[], bool]) -> Iterator[list[float]]:
    """Give the memory of each instance in MiB, once a second."""
    pids = [instance.process.pid for instance in stack.instances]
    while True:
        status = [Path(f"/proc/{pid}/status").read_text("utf-8") for pid in pids]
        yield [int(one.split("VmRSS:")[1].split()[0]) / 1024 for one in status]
        if done():
            break
        time.sleep(1)


def overload(stack: NginxStack, visits: list[Visit], seconds: int) -> Iterator[list[str]]:
    """Give a line for each attack: what became of runners meanwhile, and how soon it was over."""
    many, told = Crowd(stack, visits, 2), Counter[int]()
    attacks: dict[str, AbstractContextManager[object]] = {
        "40 connections to 2 instances": many.coming(40),
        "1,000 half-open posts": half_open(stack, 1000, HALF_A_POST),
        "1,000 requests that never end (slowloris)": half_open(stack, 1000, HALF_A_HEAD),
        "10,000 rapid reloads from one address": reloading(stack, told),
    }
    for name, attack in attacks.items():
        crowd = Crowd(stack, visits)
        with crowd.coming(4):
            with attack:
                time.sleep(seconds)
            ended = time.monotonic()
            normal(stack, visits)
            took = time.monotonic() - ended
        counts, many.counts = crowd.counts + many.counts, Counter()
        name += "".join(f", {number:,} told {status}" for status, number in sorted(told.items()))
        yield [name, *outcomes(counts), verdict(f"{took:.2f} s", took < RECOVERY)]


@contextmanager
def reloading(stack: NginxStack, told: Counter[int]) -> Iterator[None]:
    """Reload the form 10,000 times from one address, as fast as it goes."""
    load = Load(stack, "form", "--h1", "-c50", "-n10000")
    yield
    told.update(one.status for one in load.answers())


def normal(stack: NginxStack, visits: list[Visit]) -> None:
    """Wait until a runner gets through."""
    while True:
        crowd = Crowd(stack, visits)
        with closing(stack.visitor("127.0.0.9")) as call:
            for visit in visits:
                crowd.visit(visit, call)
        if crowd.counts["right"] == len(visits):
            return


def faults(stack: NginxStack, visits: list[Visit], times: int) -> Iterator[list[str]]:
    """Give a line for each way to end an instance under load: what became of the requests."""
    ways: dict[str, Callable[[Instance], None]] = {
        "SIGKILL": Instance.kill,
        "SIGTERM": Instance.stop,
    }
    for name, end in ways.items():
        crowd = Crowd(stack, visits)
        with crowd.coming(10):
            for turn in range(times):
                instance = stack.instances[turn % 2]
                crowd.wait_for_more(50)
                end(instance)
                crowd.wait_for_more(50)
                instance.start()
                instance.wait()
        yield [f"{name}, {times} times", *outcomes(crowd.counts)]


def outcomes(counts: Counter[str]) -> list[str]:
    bad = [verdict(str(counts[kind]), not counts[kind]) for kind in ("wrong", "lost")]
    return [f"{counts['right']:,}", f"{counts['refused']:,}", *bad]


def verdict(figure: str, good: bool) -> str:
    """Return a figure, marked if it falls short."""
    return figure if good else f"**{figure}, falls short**"


def table(*lines: list[str]) -> str:
    """Return a table in Markdown; the first line is its head."""
    rows = [lines[0], ["---", *["--:" for _ in lines[0][1:]]], *lines[1:]]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def machine() -> str:
    """Say when and on what this ran, without its name."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    command = [tool("nginx"), "-v"]
    nginx = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    versions = f"Python {platform.python_version()}, nginx {nginx.stderr.strip().split('/')[-1]}"
    return (
        f"{datetime.now(UTC):%-d %B %Y}; {os.cpu_count()} cores and {memory:.0f} GiB for all of "
        f"it, h2load too; {versions}"
    )


def measured(minutes: float) -> Iterator[str]:
    """Give the parts of the report."""
    yield f"# Under load\n\nWritten by `python -m bench.load --minutes {minutes:g}`: {machine()}."
    seconds = max(2, min(20, round(minutes * 4)))
    with running_stack(UNLIMITED) as free:
        most = peak(free, seconds)
        yield f"## A steady load\n\n{STEADY}\n\n{PEAK.format(round(most))}"
        figures = steady(free, most * CALM, round(minutes * 60))
        yield table(
            [f"{minutes:g} minutes at {CALM:.0%} of the peak", ""], *map(list, figures.items())
        )
    with running_stack({}) as shipped:
        visits = journey(shipped)
        lines = list(overload(shipped, visits, seconds))
        head = ["while", "right", "refused", "wrong", "lost"]
        yield f"## Too much\n\n{TOO_MUCH}\n\n{table([*head, 'normal again after'], *lines)}"
        lines = [[*line, "yes" if good else "**no**"] for line, good in attacked(shipped)]
        yield f"## Attacked\n\n{ATTACKED}\n\n{table([*ATTACK_HEAD, 'as wanted'], *lines)}"
        lines = list(faults(shipped, visits, seconds))
        yield f"## Ended under load\n\n{KILLED}\n\n{table(['an instance by', *head[1:]], *lines)}"
    lines = list(bare.measured())
    yield f"## Without nginx\n\n{ALONE}\n\n{table(bare.HEAD, *lines)}"


@contextmanager
def running_stack(changes: dict[str, str]) -> Iterator[NginxStack]:
    folder = Path(tempfile.mkdtemp())
    try:
        with closing(NginxStack(folder, changes)) as made:
            yield made
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """Measure; print and write the report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=10, help="how long the steady load lasts")
    minutes = parser.parse_args().minutes
    if not shutil.which("h2load"):
        sys.exit("h2load is missing: `apt install nghttp2-client` brings it")
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    parts = []
    for part in measured(minutes):
        print(part, end="\n\n", flush=True)
        parts.append(part)
    REPORT.write_text("\n\n".join(parts) + "\n", "utf-8")


if __name__ == "__main__":
    main()
