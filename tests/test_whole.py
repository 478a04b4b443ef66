"""Every answer leaves in one piece."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder

from questionnaire.serving.whole import whole


@pytest.mark.parametrize("path", ["/", "/r/ABC", "/muscles", "/nowhere", "/static/style.css"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_every_answer_is_a_list_of_one(site: Flask, method: str, path: str) -> None:
    environ = EnvironBuilder(path, method=method).get_environ()
    pieces = site.wsgi_app(environ, lambda *_: lambda _: None)
    assert isinstance(pieces, list)
    assert len(pieces) == 1
    assert not (method == "HEAD" and pieces[0])


def test_what_the_application_opened_is_closed() -> None:
    closed = []

    class Pieces(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    app = whole(lambda _environ, _start: Pieces([b"a", b"b"]))
    assert app({}, lambda *_: lambda _: None) == [b"ab"]
    assert closed
