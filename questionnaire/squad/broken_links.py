"""Links and codes that a mail program broke over two lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from questionnaire.squad.pasted_text import Line
from questionnaire.squad.result_links import LinkFinder

_FIRST_WORD = re.compile(r"\s*[0-9A-Za-z/][^\s<>()\[\]\"']*")
_FIRST_GROUPS = re.compile(r"[0-9A-Za-z][0-9A-Za-z .\-\u2010-\u2015]{0,80}")
_MAX_BROKEN = 300
_MAX_GROUPS = 80
_MAY_BREAK = ("/", "-", ":", ".", "\u2010", "\u2011", "\u2013")


def join_broken_links(lines: Sequence[Line], finder: LinkFinder) -> list[Line]:
    """Return the lines, those over which a link or code is broken as one."""
    joined: list[Line] = []
    for line in lines:
        if joined and _is_broken(joined[-1].text, line.text, finder):
            text = _without_soft_break(joined[-1].text) + line.text.lstrip()
            joined[-1] = replace(joined[-1], text=text)
        else:
            joined.append(line)
    return joined


def _without_soft_break(text: str) -> str:
    return text.rstrip().removesuffix("=")


def _is_broken(above: str, line: str, finder: LinkFinder) -> bool:
    """Return True if the end of one line and the start of the next make a code that passes."""
    end = _without_soft_break(above[-_MAX_BROKEN:])
    if not (end[-1:].isalnum() or end.endswith(_MAY_BREAK)):
        return False
    if not finder.may_hold_code(end[-_MAX_GROUPS:] + line.lstrip()[:_MAX_BROKEN]):
        return False
    last_word = end.split()[-1]
    pairs = [(last_word, _FIRST_WORD.match(line)), (end[-_MAX_GROUPS:], _FIRST_GROUPS.match(line))]
    return any(start and finder.joins(tail, start[0].strip()) for tail, start in pairs)
