"""Every response body leaves as a single chunk."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder

from questionnaire.serving.http import buffer_response


@pytest.mark.parametrize("path", ["/", "/r/ABC", "/muscles", "/nowhere", "/static/style.css"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_every_response_body_is_one_chunk(site: Flask, method: str, path: str) -> None:
    environ = EnvironBuilder(path, method=method).get_environ()
    chunks = site.wsgi_app(environ, lambda *_: lambda _: None)
    assert isinstance(chunks, list)
    assert len(chunks) == 1
    assert not (method == "HEAD" and chunks[0])


def test_what_the_application_opened_is_closed() -> None:
    closed = []

    class Chunks(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    app = buffer_response(lambda _environ, _start: Chunks([b"a", b"b"]))
    assert app({}, lambda *_: lambda _: None) == [b"ab"]
    assert closed
