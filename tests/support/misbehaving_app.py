"""The application with routes that go wrong, and that say loudly what was sent to them."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

from flask import request

from app import app, main


def everything() -> str:
    return f"{request.method} {request.full_path} {request.headers} {request.get_data()!r}"


@app.route("/odd/fails/<what>", methods=["GET", "POST"])
def fails(what: str) -> str:
    try:
        raise KeyError(what)
    except KeyError as error:
        raise RuntimeError(everything()) from error


@app.route("/odd/speaks/<what>", methods=["GET", "POST"])
def speaks(what: str) -> str:
    warnings.warn(everything(), stacklevel=1)
    for name in ("", "werkzeug", "hyper", "waitress", "waitress.queue", "app", app.name):
        logger = logging.getLogger(name)
        logger.critical(what)
        logger.error("%s", everything())
        logger.debug(everything())
    return ""


@app.get("/odd/breaks-off/<what>")
def breaks_off(what: str) -> Iterator[str]:
    told = everything()
    yield what
    raise RuntimeError(told)


@app.get("/odd/waits")
def waits() -> str:
    """Say that the request came, and wait for leave to answer it."""
    Path(os.environ["ODD_CAME"]).write_text("came")
    with Path(os.environ["ODD_LEAVE"]).open() as leave:
        leave.readline()
    return "answered"


@app.get("/odd/long")
def long() -> str:
    """Return a page that does not fit into what the kernel holds for a connection."""
    return "x" * int(os.environ["ODD_LENGTH"])


if __name__ == "__main__":
    main()
