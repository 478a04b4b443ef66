"""Search what a process still holds for what somebody sent to it."""

from __future__ import annotations

import gc
import io
import itertools
import random
import threading
import zlib
from collections.abc import Iterator
from functools import lru_cache
from string import ascii_lowercase
from types import CodeType, FunctionType, ModuleType
from typing import Any

NAMED = (ModuleType, FunctionType, type, type(lru_cache(str)))
"""What has a name of its own to show in a path; of anything else the type is shown."""

GZIP = b"\x1f\x8b"


class Search:
    """A search for texts, numbers and objects, which finds neither itself nor another search.

    Texts are found within others and in any case. Of the types given, only objects made after the
    search are found: other tests may keep some of theirs.
    """

    __slots__ = ("before", "numbers", "stem", "texts", "types", "words")

    def __init__(self, *types: type) -> None:
        self.stem = "".join(random.choices(ascii_lowercase, k=16))  # noqa: S311
        self.words = itertools.count(100)
        self.texts = {self.stem}
        self.numbers: set[int] = set()
        self.types = types
        self.before = [one for one in gc.get_objects() if type(one) in types]

    def word(self) -> str:
        """Return a new word to search for; every coding of a text leaves it as it is."""
        return f"{self.stem}{next(self.words)}"

    def find(self, *roots: object) -> Iterator[str]:
        """Yield the path to everything found from these roots, the nearest first."""
        parents: dict[int, object] = dict.fromkeys(map(id, held_by_searches(self.before)))
        texts = [text.casefold() for text in self.texts]
        for held in reached(roots, parents):
            text = text_of(held)
            if (
                type(held) in self.types
                or (type(held) is int and held in self.numbers)
                or (text and any(one in text for one in texts))
            ):
                yield path_to(held, parents)


def held_by_searches(before: list[object]) -> Iterator[object]:
    """Yield what no search may find: all searches with what they look for, and what was before."""
    yield from before
    for one in gc.get_objects():
        if type(one) is Search:
            yield from (one, one.texts, one.numbers, one.before)


def reached(roots: tuple[object, ...], parents: dict[int, object]) -> Iterator[object]:
    """Yield all objects that can be reached, the nearest first, and note what led to each."""
    level = [root for root in roots if id(root) not in parents]
    parents.update((id(root), None) for root in level)
    while level:
        yield from level
        further: list[object] = []
        for held in level:
            for one in referents(held):
                if id(one) not in parents:
                    parents[id(one)] = held
                    further.append(one)
        level = further


def referents(held: Any) -> list[object]:
    """Return what an object holds, with what the collector may leave out as it makes no cycles."""
    found = gc.get_referents(held)
    kind = type(held)
    if issubclass(kind, dict):
        found += dict.keys(held)
    elif issubclass(kind, threading.local):
        found.append(vars(held))  # which is what it holds for this thread
    elif issubclass(kind, CodeType):
        found += (held.co_consts, held.co_names)
    return found


def text_of(held: Any) -> str:
    """Return the text in an object, in small letters, or "" if it has none."""
    # The types, because a proxy passes `isinstance` for the object behind it, or fails.
    if issubclass(type(held), io.BytesIO | io.StringIO):
        held = "" if held.closed else held.getvalue()
    if issubclass(type(held), bytes | bytearray):
        held = unpacked(bytes(held)).decode("latin-1")
    return str.casefold(held) if issubclass(type(held), str) else ""


def unpacked(content: bytes) -> bytes:
    """Return what was compressed by gzip, and anything else as it is."""
    if not content.startswith(GZIP):
        return content
    try:
        return zlib.decompressobj(wbits=31).decompress(content)
    except zlib.error:
        return content


def path_to(held: object, parents: dict[int, object]) -> str:
    """Return the path to an object, such as "module app > dict > list > str"."""
    path = [held]
    while (parent := parents[id(path[-1])]) is not None:
        path.append(parent)
    return " > ".join(map(shown, reversed(path)))


def shown(held: Any) -> str:
    """Return the type of an object, with its name or the start of its text."""
    kind = type(held)
    if issubclass(kind, NAMED):
        return f"{kind.__name__} {held.__name__}"
    return f"{kind.__name__} {held[:80]!r}" if issubclass(kind, str | bytes) else kind.__name__
