"""The application as a process of its own, as a host runs it."""

from __future__ import annotations

import http.client
import os
import random
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
TIMEOUT = 60.0
"""How many seconds a test waits before it calls a process stuck."""
HALF_A_POST = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\nany-warnings=none"


def start(
    settings: Mapping[str, str],
    *,
    command: Sequence[str] = ("app.py",),
    stdout: int | IO[str] = subprocess.PIPE,
    stderr: int | IO[str] = subprocess.STDOUT,
) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - the tests' own commands
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=stdout,
        stderr=stderr,
        text=True,
    )


def _ports() -> Iterator[int]:
    """All ports of this process, in any order: no other of pytest's workers has one of them.

    They are below those that the kernel lends to callers, which are thousands in some tests: one
    of them would get the port between its choice and the start of the server.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    ports = range(10_000 + worker, 32_000, workers)
    yield from random.sample(ports, len(ports))


PORTS = _ports()


def free_port() -> int:
    """A port on which nothing listens, and which nobody is given but the caller."""
    for port in PORTS:
        with socket.socket() as trial, suppress(OSError):
            trial.bind(("127.0.0.1", port))
            return port
    raise AssertionError("every port is taken")


@dataclass
class Server:
    """A process that serves the application on this computer."""

    process: subprocess.Popen[str]
    port: int

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes = b"",
        *,
        sender: str = "127.0.0.1",
        **headers: str,
    ) -> tuple[int, str]:
        """Return the status and the text of the answer; raise OSError if there is none."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=TIMEOUT, source_address=(sender, 0)
        )
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()

    def _last_words(self) -> str:
        out = self.process.stdout
        return out.read() if out else "what it wrote is in the file it was given"

    def wait_until_it_answers(self) -> None:
        until = time.monotonic() + TIMEOUT
        while True:
            try:
                assert self.ask("/healthz") == (200, "ok")
                return
            except OSError:
                ended = self.process.poll()
                assert ended is None, f"the server ended ({ended}): {self._last_words()}"
                assert time.monotonic() < until, "the server does not answer"
                time.sleep(0.05)


@contextmanager
def running(
    settings: Mapping[str, str],
    *,
    command: Sequence[str] = ("app.py",),
    stdout: int | IO[str] = subprocess.PIPE,
    stderr: int | IO[str] = subprocess.STDOUT,
) -> Iterator[Server]:
    """Serve the application until the block ends, on a free port."""
    port = free_port()
    ports = {"FLASK_PORT": str(port), "FLASK_RUN_PORT": str(port)}
    process = start({**settings, **ports}, command=command, stdout=stdout, stderr=stderr)
    server = Server(process, port)
    try:
        server.wait_until_it_answers()
        yield server
    finally:
        process.terminate()
        process.communicate(timeout=TIMEOUT)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), TIMEOUT)


@contextmanager
def half_open(port: int, number: int) -> Iterator[list[socket.socket]]:
    """Hold so many connections, each with half a POST."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with ExitStack() as calls:
        held = [calls.enter_context(connect(port)) for _ in range(number)]
        for call in held:
            call.sendall(HALF_A_POST.encode())
        yield held
