"""How a bare `python app.py` serves runners while one address attacks it: run this module alone."""

from __future__ import annotations

import multiprocessing
import random
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from itertools import chain
from statistics import median, quantiles
from urllib.parse import quote, urlencode

from tests.support.largest_requests import MULTIPART, URLENCODED, multipart
from tests.support.runner_client import NO_COMPLAINTS
from tests.support.server_process import running

CONNECTIONS, RUNNERS, PATIENCE = 60, 20, 10.0
"""How many of the attacker's and of the runners' there are, and how many seconds these wait."""
HEAD = ["attack", "served right", "median", "p95", "worst"]

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ -/r\n"
RUBBISH = "".join(random.Random(1).choices(LETTERS, k=199_000))  # noqa: S311
NAME = quote("\N{RUNNER}" * 60)
ATTACKS = {
    "none": ("", "", b"", ""),
    "form": ("POST", "/", b"%ff&" * 16_384, URLENCODED),
    "squad": ("POST", "/squad", multipart({"text": RUBBISH}), MULTIPART),
    "squad, a little": ("POST", "/squad", multipart({"text": RUBBISH[:60_000]}), MULTIPART),
    "squad, escaped": ("POST", "/squad", b"text=" + b"%41" * 331_000, URLENCODED),
    "poster": ("GET", f"/poster?from={NAME}", b"", ""),
    "png": ("GET", f"/coach/qr.png?from={NAME[:340]}", b"", ""),
}


def attack(port: int, name: str) -> None:
    """Hold the connections of one attacker, each of which asks without a pause."""
    for _ in range(CONNECTIONS if name != "none" else 0):
        threading.Thread(target=send, args=(port, *ATTACKS[name])).start()


def send(port: int, method: str, path: str, body: bytes, content_type: str) -> None:
    """Ask for ever over one connection, and over a new one if it ends."""
    while True:
        connection = HTTPConnection("127.0.0.1", port)
        with suppress(OSError, HTTPException), closing(connection) as call:
            while True:
                call.request(method, path, body or None, {"Content-Type": content_type})
                call.getresponse().read()


@contextmanager
def under(port: int, name: str) -> Iterator[None]:
    """Attack the server from another process for as long as the block lasts."""
    attacker = multiprocessing.Process(target=attack, args=(port, name), daemon=True)
    attacker.start()
    time.sleep(3)
    yield
    attacker.kill()


def runner(port: int) -> Iterator[float]:
    """Give the seconds of the form, of sending it and of the result, if the response is right."""
    result, sent = "", urlencode(NO_COMPLAINTS)
    for method, path, body in (("GET", "/", ""), ("POST", "/", sent), ("GET", "", "")):
        connection, began = HTTPConnection("127.0.0.1", port, timeout=PATIENCE), time.perf_counter()
        with suppress(OSError), closing(connection) as call:
            call.request(method, path or result, body or None, {"Content-Type": URLENCODED})
            response = call.getresponse()
            page, result = response.read(), response.getheader("Location", "")
            if response.status == (303 if body else 200) and (result or b"</html>" in page):
                yield time.perf_counter() - began


def measured(names: list[str]) -> Iterator[list[str]]:
    """Give a line for each attack."""
    for name in names or ATTACKS:
        with running({"FLASK_LOG_LEVEL": "ERROR"}) as server, under(server.port, name):
            times = [took for _ in range(RUNNERS) for took in runner(server.port)] or [PATIENCE] * 2
        shown = (median(times), quantiles(times, n=20)[-1], max(times))
        yield [name, f"{len(times)} of {3 * RUNNERS}", *(f"{took * 1000:.0f} ms" for took in shown)]


if __name__ == "__main__":
    for line in chain([HEAD], measured(sys.argv[1:])):
        print(*line, sep="\t", flush=True)
