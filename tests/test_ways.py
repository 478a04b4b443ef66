"""The index: only rules that the ticks touch are tried, in a rulebook of any size."""

from __future__ import annotations

from random import Random

import pytest

from bench import peers
from bench.nested import QUESTIONS, nested_book, one_each
from questionnaire.engine import assess, fired
from questionnaire.model import Answers
from questionnaire.ways import Way, keys
from tests.test_engine import DAY


def test_only_rules_that_the_ticks_touch_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    book = nested_book(chapters=3)
    tried: list[Way] = []
    witness = Way.witness

    def noted(way: Way, ticked: int) -> int | None:
        tried.append(way)
        return witness(way, ticked)

    monkeypatch.setattr(Way, "witness", noted)
    answers = one_each(book, 1, Random(1))  # noqa: S311
    assert assess(book, Answers(answers, DAY)).findings
    chapter = sum(question.bits for question in book.questions[QUESTIONS : 2 * QUESTIONS])
    masks = [mask for way in tried for mask in (*way.needs, way.denied)]
    assert len(tried) > 5
    assert all(mask & chapter == mask for mask in masks)


def test_keys_are_the_places_of_the_bits() -> None:
    assert list(keys(0)) == []
    assert list(keys(1 << 0 | 1 << 1 | 1 << 7 | 1 << 4095)) == [0, 1, 7, 4095]


def test_the_nested_book_says_nothing_to_nothing() -> None:
    assert fired(nested_book(), Answers(0, DAY)) == []


def test_a_peer_that_is_not_installed_is_said_to_be_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(peers, "PEERS", {"some-engine": "no_such_module"})
    with pytest.raises(peers.MissingError, match="missing: some-engine: pip install -r bench/"):
        peers.peers(nested_book())
