"""Nothing that anybody sends is kept: not by the process that serves, and not outside of it."""

from __future__ import annotations

import contextvars
import gc
import json
import re
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask, Response, request

from app import create_app
from questionnaire.engine.assessment import Answers, Assessment
from questionnaire.engine.evaluate import assess
from questionnaire.rulebook.model import Rulebook
from tests.support.every_request import Visit
from tests.support.largest_requests import (
    URLENCODED,
    Sent,
    every_page,
    largest_forms,
    largest_squads,
    too_large_squads,
)
from tests.support.leaky_site import LEAKS
from tests.support.reachable import Search
from tests.support.server_process import TIMEOUT, Server, running

Assess = Callable[[Rulebook, Answers], Assessment]


def in_use(site: Flask) -> Iterator[object]:
    """Yield what serves: all modules with their caches, a site, and the context of this thread."""
    yield from list(sys.modules.values())
    yield site
    yield contextvars.copy_context()


def test_nothing_of_any_request_is_kept(book: Rulebook) -> None:
    search, site = Search(Answers, Assessment), create_app()
    visit = Visit(site, book, search)
    visit.everything()
    assert visit.endpoints >= {rule.endpoint for rule in site.url_map.iter_rules()}
    gc.collect()
    assert list(islice(search.find(*in_use(site)), 10)) == []
    assert list(islice(search.find(*gc.get_objects()), 10)) == []


def into_a_list(assess: Assess) -> Assess:
    kept: list[Answers] = []

    def planted(book: Rulebook, answers: Answers) -> Assessment:
        kept.append(answers)
        return assess(book, answers)

    return planted


def into_a_dict(assess: Assess) -> Assess:
    kept: dict[str, dict[str, Answers]] = {}

    def planted(book: Rulebook, answers: Answers) -> Assessment:
        kept[book.id] = {"last": answers}
        return assess(book, answers)

    return planted


@pytest.mark.parametrize(
    ("keep", "path"),
    [
        (into_a_list, "function planted > tuple > cell > list > Answers"),
        (into_a_dict, "function planted > tuple > cell > dict > dict > Answers"),
        (lru_cache, "_lru_cache_wrapper assess > tuple > Answers"),
    ],
)
def test_answers_that_are_kept_where_they_are_assessed_are_found(
    book: Rulebook, monkeypatch: pytest.MonkeyPatch, keep: Callable[[Assess], Assess], path: str
) -> None:
    planted = keep(assess)
    for name, module in list(sys.modules.items()):
        if name.startswith("questionnaire.") and vars(module).get("assess") is assess:
            monkeypatch.setattr(module, "assess", planted)
    search, site = Search(Answers), create_app()
    visit = Visit(site, book, search)
    visit.result(visit.answers())
    found = next(search.find(*in_use(site)), "nothing")
    assert re.fullmatch(rf"module questionnaire\.\S+ > dict > {re.escape(path)}", found)


@pytest.mark.parametrize(
    "kept",
    [
        lambda _: request.full_path,
        lambda _: request.form.to_dict(),
        lambda _: request.user_agent,
        lambda _: request.cookies,
        lambda response: response.headers,
        lambda response: response.get_data(),
    ],
    ids=["address", "form", "browser", "cookies", "headers", "page"],
)
def test_what_a_site_keeps_of_a_request_is_found(
    book: Rulebook, kept: Callable[[Response], object]
) -> None:
    search, site = Search(), create_app()
    everything: list[object] = []

    def keep(response: Response) -> Response:
        everything.append(kept(response))
        return response

    site.after_request(keep)
    visit = Visit(site, book, search)
    visit.result(visit.answers())
    found = next(search.find(*in_use(site)), "nothing")
    everything.clear()  # a site lives on in caches, where the next search would come across it
    owner = type(site).__name__
    assert re.match(rf"{owner} > dict > .* > function keep > tuple > cell > list > ", found)


class Event(NamedTuple):
    """What Python told of, in the words of `tests.support.audited`."""

    event: str
    arguments: list[str]
    at: list[str]


def is_needed(told: Event, server: Server) -> bool:
    """Return True for what the server needs to start and to listen."""
    own = ["127.0.0.1", str(server.port)]
    match told.event:
        case "socket.bind":  # where it was told to listen
            return told.arguments[1] == repr((own[0], server.port))
        case "socket.getaddrinfo":  # of a number, for which nobody is asked
            asked = [one.strip("'") for one in told.arguments[:2]]
            return asked in (own, ["0.0.0.0", "8080"])  # noqa: S104 - waitress's default
        case "socket.getnameinfo":  # waitress writes its own address so, as a number again
            return told.arguments == [repr((own[0], server.port))]
    return False


@dataclass
class Audited:
    """A server, and the report of what it did."""

    server: Server
    report: Path

    def leaks(self) -> list[Event]:
        """Return what was reported and is not needed."""
        lines = self.report.read_text("utf-8").splitlines()
        told = [Event(**json.loads(line)) for line in lines]
        assert any(one.event == "socket.bind" for one in told), "nothing is reported"
        return [one for one in told if not is_needed(one, self.server)]


@contextmanager
def audited(report: Path, module: str) -> Iterator[Audited]:
    """Serve the application of a module; -B because Python itself writes what it has compiled."""
    command = ("-B", "-m", "tests.support.audited", str(report), module)
    with running({}, command=command) as server:
        yield Audited(server, report)


def status_of(server: Server, sent: Sent, **headers: str) -> int:
    """Return the status of the response; a server that hangs up on what is too large refused it."""
    headers |= {"Content-Type": sent.content_type, "Accept-Encoding": sent.coding}
    try:
        return server.ask(sent.path, "POST", sent.body, **headers)[0]
    except OSError:
        return 413


def read_slowly(server: Server, sent: Sent) -> bytes:
    """Return a response that is read so late that the server has to hold most of it."""
    head = (
        f"POST {sent.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Content-Type: {sent.content_type}\r\nContent-Length: {len(sent.body)}\r\n\r\n"
    )
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.settimeout(TIMEOUT)
        slow.connect(("127.0.0.1", server.port))
        slow.sendall(head.encode() + sent.body)
        time.sleep(0.5)
        return b"".join(iter(partial(slow.recv, 1 << 20), b""))


def test_the_server_writes_no_file_and_connects_to_nobody(tmp_path: Path, book: Rulebook) -> None:
    with audited(tmp_path / "report", "app") as serving:
        server, squads = serving.server, list(largest_squads(book))
        for path in every_page(book):
            assert server.ask(path)[0] == (404 if path == "/nowhere" else 200)
        for sent in (*largest_forms(book), *too_large_squads(), *squads):
            assert status_of(server, sent) == sent.status, (sent.path, len(sent.body))
        head, _, page = read_slowly(server, squads[-1]).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")
        assert len(page) > 2_000_000, "servers keep what is smaller in memory anyway"
        for path in ("/", "/squad"):
            chunks = Sent(0, path, b"%x\r\n%s\r\n0\r\n\r\n" % (900_000, b"a" * 900_000), URLENCODED)
            assert status_of(server, chunks, **{"Transfer-Encoding": "chunked"}) in (413, 422)
    assert serving.leaks() == []


@pytest.fixture(scope="module")
def leaky(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Audited]:
    with audited(tmp_path_factory.mktemp("leaky") / "report", "tests.support.leaky_site") as site:
        yield site


@pytest.mark.parametrize("how", LEAKS)
def test_what_the_server_writes_or_connects_to_is_reported(leaky: Audited, how: str) -> None:
    before = len(leaky.leaks())
    assert leaky.server.ask(f"/leaks/{how}") == (200, "")
    assert how.partition("/")[0] in [told.event for told in leaky.leaks()[before:]]
