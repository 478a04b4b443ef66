"""Runners behind the shipped nginx while addresses attack: run this module for these figures alone.

Each attacking address holds 60 connections and asks again as soon as it is answered.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path

from tests.support.attackers import ATTACKS, attack
from tests.support.nginx_stack import NginxStack
from tests.support.visitors import Crowd, journey

RUNNERS, SECONDS = 3, 20
HEAD = ["attacked", "by addresses", "they are told", "right for runners", "median", "p95"]


def _attack(told: multiprocessing.SimpleQueue[Counter[str]], *arguments: object) -> None:
    told.put(asyncio.run(attack(*arguments)))  # type: ignore[arg-type]


def run_through(crowd: Crowd, times: list[float], until: float) -> None:
    """Fill in the form again and again, each time from another address."""
    while time.monotonic() < until:
        with closing(crowd.newcomer()) as call:
            for visit in crowd.visits:
                began = time.perf_counter()
                crowd.visit(visit, call)
                times.append(time.perf_counter() - began)
        time.sleep(0.1)


def measured(stack: NginxStack) -> Iterator[tuple[list[str], bool]]:
    """Give a line for each attack, and whether all were served, 95 in 100 within 0.5 s."""
    visits, spawn = journey(stack)[:3], multiprocessing.get_context("spawn")
    for part, (name, addresses) in enumerate(product(ATTACKS, (1, 10))):
        told: multiprocessing.SimpleQueue[Counter[str]] = spawn.SimpleQueue()
        crowd, times, until = Crowd(stack, visits, 3), list[float](), time.monotonic() + SECONDS
        arguments = (told, stack.https, ATTACKS[name], part, addresses, SECONDS)
        attacker = spawn.Process(target=_attack, args=arguments)
        runner = {"target": run_through, "args": (crowd, times, until)}
        threads = [threading.Thread(**runner) for _ in range(RUNNERS)]  # type: ignore[arg-type]
        attacker.start()
        time.sleep(2)  # until it attacks
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        statuses = ", ".join(f"{n:,} x {status}" for status, n in sorted(told.get().items()))
        attacker.join()
        p95, right, every = sorted(times)[int(len(times) * 0.95)], crowd.counts["right"], len(times)
        figures = [f"{right:,} of {every:,}", f"{statistics.median(times):.3f} s", f"{p95:.3f} s"]
        yield [name, str(addresses), statuses, *figures], right == every and p95 < 0.5


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, closing(NginxStack(Path(folder))) as site:
        for line, good in measured(site):
            print(*line, "" if good else "FALLS SHORT", sep="\t", flush=True)
