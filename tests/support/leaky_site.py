"""The application with a route that writes, starts, looks up or connects to something."""

from __future__ import annotations

import mmap
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from app import app, main

NULL = Path(os.devnull)
NOWHERE = Path("/no folder/of/this name")
NOBODY = ("127.0.0.1", 9)
"""An address at which nothing listens."""


def spool() -> None:
    """Keep a body in memory until it is too large for that, as some servers do."""
    with tempfile.SpooledTemporaryFile(max_size=1000) as file:
        file.write(b"a" * 1001)


def in_a_thread() -> None:
    thread = threading.Thread(target=NULL.write_text, args=("a",))
    thread.start()
    thread.join()


def fork() -> None:
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)


def with_socket(kind: socket.SocketKind, use: Callable[[socket.socket], object]) -> None:
    with closing(socket.socket(type=kind)) as one:
        use(one)


LEAKS: dict[str, Callable[[], object]] = {
    "open/write": lambda: NULL.write_text("a"),
    "open/append": lambda: NULL.open("a").close(),
    "open/update": lambda: NULL.open("r+b", 0).close(),
    "open/by-number": lambda: os.close(os.open(NULL, os.O_WRONLY)),
    "open/in-a-thread": in_a_thread,
    "open/spool": spool,
    "tempfile.mkstemp": lambda: tempfile.NamedTemporaryFile().close(),
    "tempfile.mkdtemp": lambda: tempfile.TemporaryDirectory().cleanup(),
    "os.mkdir": lambda: NOWHERE.mkdir(),
    "os.rename": lambda: NOWHERE.rename(NULL),
    "os.symlink": lambda: NOWHERE.symlink_to(NULL),
    "shutil.copyfile": lambda: shutil.copyfile(NOWHERE, NULL),
    "mmap.__new__": lambda: mmap.mmap(-1, 1).close(),
    "sqlite3.connect": lambda: sqlite3.connect(":memory:").close(),
    "socket.connect": lambda: with_socket(socket.SOCK_STREAM, lambda one: one.connect(NOBODY)),
    "socket.sendto": lambda: with_socket(socket.SOCK_DGRAM, lambda one: one.sendto(b"a", NOBODY)),
    "socket.bind": lambda: with_socket(socket.SOCK_STREAM, lambda one: one.bind(("127.0.0.1", 0))),
    "socket.getaddrinfo": lambda: socket.getaddrinfo(*NOBODY),
    "subprocess.Popen": lambda: subprocess.run([sys.executable, "-V"], check=True),
    "os.system": lambda: os.system("true"),  # noqa: S605, S607 - the shell is meant
    "os.fork": fork,
}
"""What to do, by the name of the event that Python tells of it."""


def leak(how: str) -> str:
    with suppress(OSError):  # it was tried, even if it failed
        LEAKS[how]()
    return ""


if __name__ == "__main__":
    app.add_url_rule("/leaks/<path:how>", view_func=leak)
    main()
