"""A search finds what is kept, wherever and in whatever form it is kept."""

from __future__ import annotations

import contextvars
import gc
import gzip
import io
import json
import logging
import re
import threading
from collections import deque
from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial
from types import MappingProxyType, SimpleNamespace
from urllib.parse import quote
from weakref import WeakKeyDictionary

import pytest
from markupsafe import escape

from questionnaire.engine.assessment import Answers
from tests.support.reachable import Search


def cached(text: str) -> object:
    keep = lru_cache(str)
    keep(text)
    return keep


def paused(text: str) -> object:
    steps = (text for _ in range(2))
    next(steps)
    return steps


def failed(text: str) -> object:
    try:
        return int(text)
    except ValueError as error:
        return SimpleNamespace(last=error.with_traceback(None), trace=error.__traceback__)


def in_the_context(text: str) -> object:
    context = contextvars.Context()
    context.run(contextvars.ContextVar[str]("last").set, text)
    return context


def in_this_thread(text: str) -> object:
    local = threading.local()
    local.last = text
    return local


class Slots:
    __slots__ = ("last",)

    def __init__(self, text: str) -> None:
        self.last = text


PLACES: dict[str, Callable[[str], object]] = {
    "value": lambda text: [{"last": (text,)}],
    "key": lambda text: {text: 1},
    "set in a key": lambda text: {frozenset([text]): 1},
    "attribute": lambda text: SimpleNamespace(last=text),
    "slot": Slots,
    "class": lambda text: type("Kept", (), {"last": text}),
    "closure": lambda text: lambda: text,
    "code": lambda text: compile(f"'{text}'", "", "exec"),
    "name in code": lambda text: compile(text, "", "exec"),
    "default argument": lambda text: lambda last=text: last,
    "partial": lambda text: partial(print, text),
    "method": lambda text: [text].append,
    "queue": lambda text: deque([text]),
    "view": lambda text: MappingProxyType({1: text}),
    "weak key": lambda text: WeakKeyDictionary({Slots: text}),
    "cache": cached,
    "generator": paused,
    "error": failed,
    "context": in_the_context,
    "thread": in_this_thread,
    "log record": lambda text: logging.makeLogRecord({"args": (text,)}),
    "text file": io.StringIO,
    "file": lambda text: io.BytesIO(text.encode()),
    "memory": lambda text: memoryview(text.encode()),
    "pattern": re.compile,
}


@pytest.mark.parametrize("place", PLACES)
def test_a_text_is_found_wherever_it_is_kept(place: str) -> None:
    search = Search()
    kept = PLACES[place](search.word())
    assert next(search.find(kept), "")


FORMS: dict[str, Callable[[str], object]] = {
    "sentence": lambda text: f"He is {text}.",
    "capitals": str.upper,
    "bytes": str.encode,
    "bytearray": lambda text: bytearray(text, "utf-8"),
    "address": quote,
    "page": lambda text: str(escape(text)),
    "ASCII page": lambda text: escape(text).encode("ascii", "xmlcharrefreplace"),
    "JSON": json.dumps,
    "Python": ascii,
    "gzip": lambda text: gzip.compress(text.encode()),
    "a part of gzip": lambda text: gzip.compress(text.encode())[:-4],
}


@pytest.mark.parametrize("form", FORMS)
def test_a_text_is_found_in_every_form(form: str) -> None:
    search = Search()
    assert next(search.find([FORMS[form](f"Ünal & “{search.word()}” <b>")]), "")


def test_a_text_of_another_search_is_not_found() -> None:
    search, other = Search(), Search()
    assert not list(search.find([form(other.word()) for form in FORMS.values()], b"\x1f\x8b?"))


def test_what_searches_look_for_is_not_found() -> None:
    search, other = Search(), Search()
    search.texts.add(other.stem)
    for one in (search, other):
        one.numbers.add(1 << 70)
    assert list(search.find(search, other, other.texts, other.numbers)) == []
    copied = search.find([*other.texts, *other.numbers])
    assert set(copied) == {f"list > str {other.stem!r}", "list > int"}


def test_answers_are_found_as_a_number_and_only_if_they_are_new() -> None:
    before = Answers(1 << 70 | 1, date(2026, 11, 22))
    search = Search(Answers)
    search.numbers.add(1 << 70 | 1)
    assert list(search.find([before])) == []
    assert list(search.find([before.ticked])) == ["list > int"]
    assert next(search.find([Answers(1, before.day)])) == "list > Answers"


def test_what_only_a_running_thread_holds_is_found() -> None:
    search, kept, done = Search(), threading.Event(), threading.Event()

    def keep() -> None:
        last = [search.word()]
        kept.set()
        done.wait()
        assert last

    thread = threading.Thread(target=keep, daemon=True)
    thread.start()
    kept.wait()
    found = next(search.find(*gc.get_objects()), "nothing")
    done.set()
    thread.join()
    assert found.startswith("list > str")
