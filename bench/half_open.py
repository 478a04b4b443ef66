"""How fast `python app.py` answers while connections with half a POST are held: run this module."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median
from urllib.parse import urlencode

from tests.support.runner_client import NO_COMPLAINTS
from tests.support.server_process import Server, half_open, running

HELD = (0, 100, 500, 900, 1_500, 2_500)
"""The last is past the limit, and visitors wait until the slow connections time out."""
VISITORS = 10
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
HEAD = ["half-open posts", "of ten visitors got an answer", "median", "worst"]


def measured() -> Iterator[list[str]]:
    """Give a line for each number of half-open posts; the server is asked again at the end."""
    for number in HELD:
        with running({}) as server:
            with half_open(server.port, number):
                times = [visit(server) for _ in range(VISITORS)]
            server.wait_until_it_answers()
        shown = (f"{seconds:.2f} s" for seconds in (median(times), max(times)))
        yield [f"{number:,}", str(len(times)), *shown]


def visit(server: Server) -> float:
    """Return how many seconds the form and a post of it take a visitor."""
    began = time.perf_counter()
    assert server.ask("/")[0] == 200
    assert server.ask("/", "POST", urlencode(NO_COMPLAINTS).encode(), **FORM)[0] == 303
    return time.perf_counter() - began


if __name__ == "__main__":
    for line in (HEAD, *measured()):
        print(*line, sep="\t", flush=True)
