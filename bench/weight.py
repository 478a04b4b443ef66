"""What a page links to, and what a first visit weighs."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

from bench.worker import Ask, Worker

FALLBACK = "/favicon.ico"
"""What browsers ask for if a page names no icon."""


class Link(NamedTuple):
    """An address in a page, and what it is there for."""

    tag: str
    rel: str
    address: str

    @property
    def loaded(self) -> bool:
        """Say whether a browser loads it with the page."""
        return self.tag in ("script", "img") or self.rel in ("stylesheet", "icon")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Link] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if address := named.get("href") or named.get("src"):
            self.found.append(Link(tag, named.get("rel") or "", address))


def links(page: str) -> list[Link]:
    """Return the links of a page, in its order."""
    parser = _Links()
    parser.feed(page)
    return parser.found


class Visit(NamedTuple):
    """The bytes on the wire, heads and all, and the number of requests."""

    weight: int
    requests: int


def first_visit(worker: Worker, path: str, coding: str) -> Visit:
    """Return what a browser that has nothing loads for a page."""
    accepting = {"Accept-Encoding": coding}
    plain = worker.ask(Ask(path, headers={"Accept-Encoding": "identity"})).body.decode()
    loaded = [link for link in links(plain) if link.loaded]
    asks = [Ask(link, headers=accepting) for link in {path, *(link.address for link in loaded)}]
    if not any(link.rel == "icon" for link in loaded):
        asks.append(Ask(FALLBACK, status=404, headers=accepting))
    return Visit(sum(worker.ask(ask).weight for ask in asks), len(asks))
