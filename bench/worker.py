"""One served process: what it answers, and the CPU and the memory that it takes for it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path

from tests.support.server_process import ROOT, TIMEOUT, free_port

HEADERS = {
    "Accept-Encoding": "gzip, deflate, br",
    "Accept": "text/html,application/xhtml+xml",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)",
}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NOWHERE = Path(os.devnull)
CONNECTIONS = 8
"""How many connections wrk keeps busy."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request, and the status with which it must be answered."""

    path: str = "/"
    method: str = "GET"
    status: int = 200
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    headers: HTTPMessage
    body: bytes

    @property
    def weight(self) -> int:
        """Return the bytes on the wire, with a status line of 17."""
        fields = sum(len(name) + len(value) + 4 for name, value in self.headers.items())
        return 17 + fields + 2 + len(self.body)


class Worker:
    """A server of its own process."""

    def __init__(self, *command: str, core: int | None = None, log: Path = NOWHERE) -> None:
        """Start it, on this core alone if one is given, and wait for its first page."""
        self.port = free_port()
        settings = {name: value for name, value in os.environ.items() if name[:6] != "FLASK_"}
        began = time.perf_counter()
        with log.open("wb") as written:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, *command],
                cwd=ROOT,
                env=settings | {"FLASK_PORT": str(self.port)},
                stdout=subprocess.DEVNULL,
                stderr=written,
                preexec_fn=_only_on(core),
            )
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        self._wait()
        self.first_byte = (time.perf_counter() - began) * 1000

    def _wait(self) -> None:
        while True:
            try:
                self.ask(Ask())
                return
            except ConnectionError:
                self.connection.close()
                assert self.process.poll() is None, f"{self.process.args!r} ended"
                time.sleep(0.001)

    def ask(self, ask: Ask) -> Answer:
        """Return the answer to a request, which must have the right status."""
        sent = HEADERS | (FORM if ask.body else {}) | dict(ask.headers)
        self.connection.request(ask.method, ask.path, ask.body, sent)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == ask.status, f"{ask.method} {ask.path}: {answer.status}"
        return Answer(answer.headers, body)

    def spent(self, ask: Ask, times: int) -> float:
        """Return the µs of CPU that one of so many requests takes."""
        before = self._cpu()
        for _ in range(times):
            self.ask(ask)
        return (self._cpu() - before) / times / 1000

    def _cpu(self) -> int:
        """Return the nanoseconds of CPU that all of its threads have taken."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        spent = sum(int(thread.read_text("ascii").split()[0]) for thread in threads)
        assert spent, "the kernel counts no CPU: one with CONFIG_SCHED_INFO does"
        return spent

    def memory(self) -> float:
        """Return the MiB that it holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def close(self) -> None:
        """Stop it, and wait for its end."""
        self.connection.close()
        self.process.terminate()
        self.process.wait(TIMEOUT)


def rate(port: int, path: str, seconds: int, core: int) -> float:
    """Return the pages a second that wrk gets while it is busy on this core."""
    wrk = shutil.which("wrk")
    assert wrk
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-H", "Accept-Encoding: br, gzip"]
    told = subprocess.run(  # noqa: S603
        [wrk, *options, f"http://127.0.0.1:{port}{path}"],
        check=True,
        capture_output=True,
        text=True,
        preexec_fn=_only_on(core),
    ).stdout
    assert "Non-2xx" not in told
    assert "Socket errors" not in told
    return float(re.findall(r"Requests/sec: +([\d.]+)", told)[0])


def _only_on(core: int | None) -> Callable[[], None] | None:
    return None if core is None else partial(os.sched_setaffinity, 0, {core})
