"""Run a module as the program, and report what it writes, starts, looks up and connects to.

`python -m tests.support.audited REPORT MODULE` appends a line of JSON to REPORT for each event in
which Python tells (PEP 578) that one of these may happen. Threads and forked processes report too.
What a library does without Python is not seen.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from types import FrameType

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

FAMILIES = {
    *("os", "shutil", "tempfile", "pathlib", "mmap", "ctypes", "sqlite3", "dbm", "syslog"),
    *("socket", "http", "urllib", "ftplib", "smtplib", "imaplib", "poplib", "nntplib", "telnetlib"),
    *("subprocess", "pty", "webbrowser", "_winapi", "winreg"),
}
"""The first words of the events that are reported, but for those in HARMLESS."""

HARMLESS = {
    *("os.listdir", "os.scandir", "os.walk", "os.fwalk"),  # read folders
    *("os.getxattr", "os.listxattr"),  # read attributes of files
    *("os.putenv", "os.unsetenv", "os.chdir"),  # change the process itself
    "os.kill",  # tells a worker to stop
    "socket.__new__",  # is a socket that is neither bound nor connected
    "socket.gethostname",  # reads the machine's own name
}


def is_harmless(event: str, arguments: tuple[object, ...]) -> bool:
    """Return True if an event cannot write, start, look up or connect to anything."""
    if event == "open":
        flags = arguments[2]
        return isinstance(flags, int) and not flags & WRITING
    return event in HARMLESS or event.partition(".")[0] not in FAMILIES


def callers(frame: FrameType | None) -> list[str]:
    """Return the last calls that led to an event, the nearest first."""
    places: list[str] = []
    while frame and len(places) < 5:
        places.append(f"{frame.f_code.co_filename}:{frame.f_lineno}")
        frame = frame.f_back
    return places


def report_to(path: str) -> None:
    """Report from now on; the file of the report itself is opened before."""
    report = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if not is_harmless(event, arguments):
            told = [repr(one)[:200] for one in arguments]
            line = {"event": event, "arguments": told, "at": callers(sys._getframe().f_back)}
            os.write(report, f"{json.dumps(line)}\n".encode())

    sys.addaudithook(hook)


if __name__ == "__main__":
    _, to, module = sys.argv
    report_to(to)
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
