"""Write the file that a translator fills in; what somebody filled in before is kept."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from questionnaire.authoring.firmness import listed, words_of
from questionnaire.authoring.translation_checks import required_firmness
from questionnaire.rulebook.content import LANGUAGE, Claim
from questionnaire.rulebook.loader import RulebookError, read_document
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.translation import (
    UNTRANSLATED,
    Entry,
    SourceText,
    Translation,
    fingerprint_of,
    is_outdated,
    parse_translation,
    source_texts,
    translation_path,
)
from questionnaire.rulebook.yaml_reader import Position, YamlDocument, YamlPath, parse_yaml

WIDTH = 100

PLAIN_KEYS = frozenset({"title", "subtitle", "name", "says", "text", "place", "role"})
"""The keys whose words tell a translator what they are for."""

ORIGINAL, BEFORE, CHANGED, HINT, LEFT_OVER = OURS = ("#. ", "#- ", "#! ", "#, ", "#~ ")
"""What starts the comments that we write, mostly as in gettext; all others are the translator's."""

HEAD = """\
# {name} in the language "{language}".
#
# After "#." stands each text in the original. Write your translation in place of the ~ below it:
#   - Keep the two spaces before each line. A text may go on in the next line, without an empty one.
#   - Write it as it is to be read: it needs no quotation marks around it, whatever is in it.
#   - After "#," stands what else to keep in mind.
#   - What stays at ~ is shown in the original language.
#
# Leave the line with the colon as it is: it names the text, and its six digits tell the original.
# A line that starts with "# " above it is a note of your own, and is kept.
#
# See whether all is well: python -m questionnaire check {file}
# After a change of the original: python -m questionnaire translate {name} {language}"""

NEW_ORIGINAL = (
    'The original was changed from "#-" to "#.", and is shown until you have looked at this. '
    "Correct your text, then take out the six digits before the colon."
)
NO_ORIGINAL = "No longer in the original, and not shown:"


class Update(NamedTuple):
    """A translation file: its text before and now, and what to tell of it."""

    path: Path
    before: str
    text: str
    summary: str


class Block(NamedTuple):
    """The lines of an entry in the file: the comments above it, and its key with its text."""

    comments: Sequence[str] = ()
    lines: Sequence[str] = ()

    @property
    def notes(self) -> list[str]:
        """Return the comments that the translator wrote."""
        return [line for line in self.comments if line.strip() and not f"{line} ".startswith(OURS)]

    def original(self, fingerprint: str | None) -> str | None:
        """Return the words with this fingerprint, if they stand in the comments."""
        for mark in (ORIGINAL, BEFORE):
            words = " ".join(x.removeprefix(mark) for x in self.comments if x.startswith(mark))
            if words and fingerprint_of(words) == fingerprint:
                return words
        return None


def update_translation(rulebook: Rulebook, original: Path, language: str) -> Update:
    """Return a translation file with an entry for each text; raise ValueError if it cannot be."""
    if not re.fullmatch(LANGUAGE, language):
        raise ValueError(f'"{language}" is no tag of a language: write one such as de or pt-BR')
    if language == rulebook.language:
        raise ValueError(f'"{language}" is the language of the original: see its `language`')
    path = translation_path(original, language)
    document = read_document(path) if path.exists() else YamlDocument()
    old = parse_translation(document, language)
    if document.errors:
        raise RulebookError(path, document.errors)
    entries = dict(_matched(source_texts(rulebook), old))
    head = HEAD.format(name=original.name, file=path.name, language=language)
    text = _file_text(rulebook, head, old, entries, _Blocks(document.lines, document.keys))
    if _said(parse_translation(parse_yaml(text.encode()), language).entries) != _said(entries):
        remedy = "write each text in full, in a line of its own after its id"
        raise ValueError(f"{path} cannot be brought up to date: {remedy}")
    before = "\n".join(document.lines).removesuffix("\n")
    return Update(path, before, text, _summary(rulebook, old, entries))


def _said(entries: Mapping[str, Entry]) -> dict[str, str]:
    return {name: entry.text for name, entry in entries.items() if entry.text}


def _summary(rulebook: Rulebook, old: Translation, entries: Mapping[str, Entry]) -> str:
    sources, said = source_texts(rulebook), _said(entries)
    changed = [one for one in sources if one.id in said and is_outdated(entries[one.id], one)]
    gone = len(_left_over(old, entries))
    return (
        f"has {len(said)} of {len(sources)} texts"
        + f"; the original of {len(changed)} has changed" * bool(changed)
        + f"; {gone} no longer in the original now stand at its end" * bool(gone)
    )


def _matched(sources: Sequence[SourceText], old: Translation) -> Iterator[tuple[str, Entry]]:
    """Yield the entry of each text: under its id, or of the same words that had another id."""
    exact = {s.id for s in sources if s.id in old.entries and not is_outdated(old.entries[s.id], s)}
    moved = {
        (entry.fingerprint, _key_of(name)): name
        for name, entry in old.entries.items()
        if entry.text and name not in exact
    }
    found = {
        source.id: moved.pop((source.fingerprint, _key_of(source.id)), None)
        for source in sources
        if source.id not in exact
    }
    taken = {*exact, *found.values()}
    for source in sources:
        name = source.id
        if moved_from := found.get(name):
            yield name, old.entries[moved_from]
        elif name in exact or (name in old.entries and name not in taken):
            yield name, old.entries[name]


def _key_of(name: str) -> str:
    """Return the last key in the id of a text, without its place in a list."""
    return re.sub(r"\.\d+$", "", name).rpartition(".")[2]


def _left_over(old: Translation, entries: Mapping[str, Entry]) -> list[Entry]:
    """Return the translations of what is no longer in the original."""
    used = {entry.key for entry in entries.values()}
    return [entry for entry in old.entries.values() if entry.text and entry.key not in used]


class _Blocks:
    """The lines of a translation file: the comments at its top, its entries, and its end."""

    def __init__(self, lines: Sequence[str], keys: Mapping[YamlPath, Position]) -> None:
        self.by_key: dict[str, Block] = {}
        places = sorted((line - 1, str(key)) for (key, *_), (line, _) in keys.items())
        start = places[0][0] if places else len(lines)
        head_ends = lines.index("") if "" in lines[:start] else 0
        self.head, comments = lines[:head_ends], lines[head_ends:start]
        for (first, key), (stop, _) in pairwise([*places, (len(lines), "")]):
            ends = stop
            while ends > first + 1 and (not lines[ends - 1].strip() or lines[ends - 1][0] == "#"):
                ends -= 1
            self.by_key[key] = Block(comments, lines[first:ends])
            comments = lines[ends:stop]
        self.end = Block(comments).notes
        above = [*comments, *(line for one in self.by_key.values() for line in one.comments)]
        self.left_over = [line for line in above if line.startswith(LEFT_OVER)]


def _file_text(
    rulebook: Rulebook,
    head: str,
    old: Translation,
    entries: Mapping[str, Entry],
    blocks: _Blocks,
) -> str:
    """Return the text of a translation file."""
    claims = {f"claims.{claim.id}.says": claim for claim in rulebook.claims}
    parts = ["\n".join(blocks.head) or head]
    for source in source_texts(rulebook):
        entry = entries.get(source.id, Entry("", None, None))
        block = blocks.by_key.get(entry.key, Block())
        claim = claims.get(source.id)
        firm = _firmness_hints(claim, rulebook.language, old.language) if claim else ()
        above = [*_originals(source, entry, block), *firm, *_hints(source), *block.notes]
        parts.append("\n".join([*above, *_entry_lines(source, entry, block)]))
    gone = [blocks.by_key[entry.key] for entry in _left_over(old, entries)]
    tail = [*blocks.left_over, *_commented(gone, first=not blocks.left_over)]
    parts += filter(None, ["\n".join(blocks.end), "\n".join(tail)])
    return "\n\n".join(parts) + "\n"


def _originals(source: SourceText, entry: Entry, block: Block) -> Iterator[str]:
    """Yield the original in comments, and before it what it was, if it has changed."""
    if entry.text and is_outdated(entry, source):
        yield from _comment(CHANGED, NEW_ORIGINAL)
        yield from _comment(BEFORE, block.original(entry.fingerprint) or "")
    yield from _comment(ORIGINAL, source.text)


def _firmness_hints(claim: Claim, original: str, language: str) -> Iterator[str]:
    """Yield the words of which a claim needs one, to be as firm as the original."""
    words = words_of(language)
    for firmness in sorted(required_firmness(claim, original)) if words else ():
        yield from _comment(HINT, f'It says "{firmness}": use one of {listed(words[firmness])}.')


def _hints(source: SourceText) -> Iterator[str]:
    """Yield what a text is for, if its key is not plain, and how long it may be, if it is long."""
    if _key_of(source.id) not in PLAIN_KEYS:
        yield from _comment(HINT, source.field.description)
    limit = source.field.max_length
    if limit and len(source.text) > limit * 0.7:
        yield f"{HINT}At most {limit} characters."


def _entry_lines(source: SourceText, entry: Entry, block: Block) -> list[str]:
    """Return the lines of an entry as they were, its key as it is now."""
    if not entry.text:
        return [f"{source.id} {source.fingerprint}: >", f"  {UNTRANSLATED}"]
    key = entry.key if is_outdated(entry, source) else f"{source.id} {source.fingerprint}"
    first, *rest = block.lines
    return [first.replace(entry.key, key, 1), *rest]


def _comment(mark: str, text: str) -> list[str]:
    room = WIDTH - len(mark)
    lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
    return [mark + line for line in lines]


def _commented(blocks: Sequence[Block], *, first: bool) -> Iterator[str]:
    """Yield the lines of entries as comments."""
    if blocks and first:
        yield LEFT_OVER + NO_ORIGINAL
    for block in blocks:
        yield from (LEFT_OVER + line for line in (*block.notes, *block.lines))
