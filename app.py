"""The application: configuration and wiring. `python app.py` serves it; `app:app` is for WSGI."""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from string import punctuation
from typing import Any
from urllib.parse import quote_from_bytes

from flask import Flask, Request, request
from flask_compress import Compress
from granian.constants import Interfaces
from granian.server import Server

from questionnaire.commands import rules
from questionnaire.live import follow
from questionnaire.pages import register, use
from questionnaire.rulebook import RulebookError, load

HERE = Path(__file__).parent
DEFAULTS = {
    "HOST": "127.0.0.1",
    "PORT": 8000,
    "RULES": str(HERE / "rules.yaml"),
    "PUBLIC_URL": "",
    "FRAME_ANCESTORS": "'none'",
    "MAX_CONTENT_LENGTH": 64 * 1024,
    "MAX_FORM_PARTS": 500,
    "COMPRESS_ALGORITHM": ["br", "gzip"],
    "COMPRESS_MIMETYPES": ["text/html", "text/css", "text/javascript", "image/svg+xml"],
}
"""The settings; each can be set in the environment as FLASK_ and its name."""


class Asked(Request):
    """A request whose query may hold any bytes: those beyond ASCII count as if written %xx."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Keep Werkzeug from failing at a query that is no UTF-8; some servers let it through."""
        super().__init__(*args, **kwargs)
        if not self.query_string.isascii():
            self.query_string = quote_from_bytes(self.query_string, punctuation).encode()


class Site(Flask):
    """A Flask application whose log names the route and never the address, which holds answers."""

    request_class = Asked

    def log_exception(self, exc_info: Any) -> None:
        """Log an unexpected error with its route."""
        logging.getLogger(self.name).error(
            "error in %s %s", request.method, request.url_rule, exc_info=exc_info
        )


def create_app(settings: Mapping[str, object] | None = None) -> Flask:
    """Return the application for the settings given, those in the environment and the defaults.

    Raises RulebookError if the rulebook cannot be used.
    """
    site = Site(__name__, static_folder=None)
    site.config.from_mapping(DEFAULTS)
    site.config.from_prefixed_env()
    site.config.from_mapping(settings or {})
    Compress(site)
    site.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    site.cli.add_command(rules)
    register(site)
    path = Path(str(site.config["RULES"]))
    if site.debug:
        follow(site, path)
    elif not _for_authors():
        use(site, load(path))
    return site


def _for_authors() -> bool:
    """Say whether this is `flask rules ...`, which works also when the rulebook does not."""
    return bool(os.environ.get("FLASK_RUN_FROM_CLI")) and rules.name in sys.argv


try:
    app = create_app()
except RulebookError as problems:
    sys.exit(str(problems))


def main() -> None:
    """Serve the application until it is stopped."""
    host, port = _free_address()
    shown = f"[{host}]" if ":" in host else host
    print(f"Open http://{shown}:{port} in a browser. Ctrl+C stops it.", flush=True)
    Server(
        "app:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        blocking_threads=2,
        working_dir=HERE,
        workers_kill_timeout=2,  # or a worker that got the Ctrl+C too is waited for for ever
    ).serve()


def _free_address() -> tuple[str, int]:
    """Return the host's number and the port to serve on, or leave with what is wrong with them."""
    host, port = str(app.config["HOST"]), app.config["PORT"]
    if not isinstance(port, int) or not 0 < port < 65_536:
        sys.exit(f"FLASK_PORT is {port!r}: give a number from 1 to 65535")
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name != "nt")
            trial.bind(address)
    except socket.gaierror:
        sys.exit(f"FLASK_HOST is {host!r}: give a name or number of this machine")
    except OSError as error:
        sys.exit(f"{host}:{port} cannot be used ({error.strerror}): set FLASK_PORT or FLASK_HOST")
    return str(address[0]), port


if __name__ == "__main__":
    main()
