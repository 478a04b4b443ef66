"""A site to visit, the browser to visit it with, and the results that it shows."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.serving import make_server

from app import create_app
from tests.support.runner_client import NO_COMPLAINTS

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def chromium() -> str:
    """The path of Debian's Chromium without windows, which opens a page four times as fast."""
    path = shutil.which("chromium-headless-shell")
    assert path, "chromium-headless-shell is missing: `make tools` installs it"
    return path


@contextmanager
def served(site: Flask) -> Iterator[str]:
    """Serve a site on a free port of this machine, and give its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, site, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


def result_path(**answers: str) -> str:
    """The path of the results of these answers; what is not given is nothing, none and no."""
    opened = {"any-warnings": "some"} if answers.get("warnings") else {}
    filled = {name: value.split() for name, value in (NO_COMPLAINTS | opened | answers).items()}
    response = create_app().test_client().post("/", data=filled)
    assert response.status_code == 303, response.text
    return urlsplit(response.location).path
