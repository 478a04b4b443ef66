"""What the site is measured beside: `python -m bench.subjects constant` serves one, as ours is.

`constant` is the limit: one page of bytes in one piece, with our headers and our log. `bare` is
Flask and nothing else.
"""

from __future__ import annotations

import gzip
import sys
from random import Random

from flask import Flask, Response

PAGE = gzip.compress(Random(1).randbytes(8800).hex().encode(), mtime=0)  # noqa: S311
"""10 KB that no compressing makes smaller."""

HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-cache",
    "ETag": '"constant"',
    "Vary": "Accept-Encoding, Accept-Language",
    "Content-Encoding": "gzip",
}
"""Those of the form."""


def constant() -> Flask:
    """Return the application whose page is the limit."""
    from questionnaire.serving import http, log  # here: the bare application loads none of it

    site = Flask(__name__, static_folder=None)
    site.config |= {"FRAME_ANCESTORS": "'none'", "PROXIES": 0, "PUBLIC_URL": ""}
    log.init_app(site)
    http.init_app(site)

    @site.get("/")
    def page() -> Response:
        return Response(PAGE, headers=HEADERS)

    log.configure("text", "INFO")
    return site


def bare() -> Flask:
    """Return the least application that answers."""
    site = Flask(__name__, static_folder=None)

    @site.get("/")
    def page() -> str:
        return "Hello"

    return site


SUBJECTS = {"constant": constant, "bare": bare}


def main() -> None:
    """Serve the application."""
    from questionnaire.serving.server import serve

    serve(app)


if __name__ == "__main__":
    app = SUBJECTS[sys.argv[1]]()
    app.config |= {"HOST": "127.0.0.1", "PROXIES": 0, "PUBLIC_URL": ""}
    app.config.from_prefixed_env()
    main()
