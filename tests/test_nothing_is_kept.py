"""Nothing that anybody sends is kept by the process that serves."""

from __future__ import annotations

import contextvars
import gc
import re
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice

import pytest
from flask import Flask, Response, request

from app import create_app
from questionnaire.engine.assessment import Answers, Assessment
from questionnaire.engine.evaluate import assess
from questionnaire.rulebook.model import Rulebook
from tests.support.every_request import Visit
from tests.support.reachable import Search

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
