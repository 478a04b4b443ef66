"""The server of `python app.py`: granian, with as many workers as the settings say."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial

from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

TO_FINISH = 10
"""How many seconds a request that is under way has when the server is told to stop."""
LOG = {"formatters": {}, "handlers": {}, "loggers": {"_granian": {"propagate": True}}}
"""Granian's log, left to ours."""


def serve(site: Flask) -> None:
    """Serve the application until it is told to stop, or leave with what keeps it from that."""
    host, port = _free_address(site.config["HOST"], site.config["PORT"])
    worker: Callable[[], Flask] = _from_main
    if sys.platform == "linux":  # so that a worker is there at once and alike, and needs no file
        multiprocessing.set_start_method("fork")
        worker = partial(_ready, site)
    with contextlib.suppress(OSError):  # whoever does not listen may still be served
        print(f"Open http://{_spelt(host)}:{port} in a browser. Ctrl+C stops it.", flush=True)
    Server(
        "app:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=site.config["WORKERS"],
        blocking_threads=2,
        respawn_failed_workers=True,
        workers_kill_timeout=TO_FINISH,
        log_level=LogLevels.warning,
        log_dictconfig=LOG,
    ).serve(target_loader=worker, wrap_loader=False)


def _from_main() -> Flask:
    """Return the program's `app`, which a worker that is not forked has loaded again."""
    return _ready(vars(sys.modules["__main__"])["app"])


def _ready(site: Flask) -> Flask:
    """Return the application to a new worker, made ready to serve it."""
    if hasattr(signal, "pthread_sigmask"):
        # Ctrl+C is for the parent, which stops its workers: one that is told twice may hang.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    gc.collect()
    gc.freeze()  # what is loaded stays: to walk it all again would hold up a request for 20 ms
    return site


def _free_address(host: str, port: int) -> tuple[str, int]:
    """Return the host's number and the port to serve on, or leave with what is wrong with them."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name != "nt")
            trial.bind(address)
    except (socket.gaierror, UnicodeError):
        sys.exit(f"FLASK_HOST is {host!r}: give a name or number of this machine")
    except OSError as error:
        where = f"{_spelt(host)}:{port}"
        sys.exit(f"{where} cannot be used ({error.strerror}): set FLASK_PORT or FLASK_HOST")
    return str(address[0]), port


def _spelt(host: str) -> str:
    return f"[{host}]" if ":" in host else host
