"""A rulebook in another language: the file beside it that holds its texts by id."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from questionnaire.rulebook.content import LANGUAGE, PLAIN, Article, RulebookModel
from questionnaire.rulebook.example import Example
from questionnaire.rulebook.loader import RulebookError, read_document
from questionnaire.rulebook.messages import report_error
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.research import Study
from questionnaire.rulebook.yaml_reader import YamlDocument

NOT_TRANSLATED = (Article, Example, Study)
"""The parts whose texts are names: they stay as they are in every language."""

UNTRANSLATED = "~"
"""What stands for a text that nobody has translated yet."""

_KEY = re.compile(r"(?P<id>\S+)(?: +(?P<fingerprint>[0-9a-f]{6}))?")


class TextField(NamedTuple):
    """A field that holds texts: their type, and what the schema says of it."""

    type: Any
    description: str

    @property
    def max_length(self) -> int | None:
        """Return how many characters fit, None if any number does."""
        return next(
            (x.max_length for x in self.type.__metadata__ if hasattr(x, "max_length")), None
        )


class SourceText(NamedTuple):
    """A text of the original: its id, its words, and the field that holds it."""

    id: str
    text: str
    field: TextField

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint of its words."""
        return fingerprint_of(self.text)


class Entry(NamedTuple):
    """A text of a translation: its key in the file, and the fingerprint of what it translates."""

    key: str
    text: str | None
    fingerprint: str | None


class Untranslated(str):
    """A text that stands in the original language for want of a translation."""

    __slots__ = ("lang",)
    lang: str

    def __new__(cls, text: str, lang: str) -> Untranslated:
        """Return a text with the tag of its language."""
        untranslated = super().__new__(cls, text)
        untranslated.lang = lang
        return untranslated

    def __html__(self) -> str:
        """Return it as a page shows it: a template need not think of it."""
        return f'<span lang="{self.lang}" dir="auto">{escape(self)}</span>'

    def format(self, *args: object, **values: object) -> Untranslated:
        """Return it with its placeholders filled in."""
        return Untranslated(super().format(*args, **values), self.lang)


@dataclass(frozen=True)
class Translation:
    """The texts of one language, by id."""

    language: str
    entries: Mapping[str, Entry]

    def text_of(self, source: SourceText) -> str | None:
        """Return the translation of a text, or None: also if the text has changed since."""
        entry = self.entries.get(source.id)
        if entry is None or entry.text is None or is_outdated(entry, source):
            return None
        return None if form_errors(source.field.type, entry.text) else entry.text


def fingerprint_of(text: str) -> str:
    """Return six digits that tell whether a text has changed, but for its line breaks."""
    return sha256(joined(text).encode()).hexdigest()[:6]


def joined(text: str) -> str:
    """Return a text in one line; the spaces that keep words together stay as they are."""
    return re.sub(r"[ \n]+", " ", text).strip()


def is_outdated(entry: Entry, source: SourceText) -> bool:
    """Return True if an entry translates other words than the original has now."""
    return entry.fingerprint not in (None, source.fingerprint)


def source_texts(rulebook: Rulebook) -> list[SourceText]:
    """Return every text that is translated, in the order of the file."""
    found: list[SourceText] = []

    def note(source: SourceText) -> str:
        found.append(source)
        return source.text

    _with_texts(rulebook, (), None, note)
    return found


def translated(rulebook: Rulebook, translation: Translation) -> Rulebook:
    """Return a rulebook in another language: what has no translation is Untranslated."""

    def translate(source: SourceText) -> str:
        text = translation.text_of(source)
        return Untranslated(source.text, rulebook.language) if text is None else text

    whole: Rulebook = _with_texts(rulebook, (), None, translate)
    return whole.model_copy(update={"language": translation.language})


def untranslated_ids(rulebook: Rulebook) -> list[str]:
    """Return the ids of the texts that a translated rulebook has in the original language."""
    return [one.id for one in source_texts(rulebook) if isinstance(one.text, Untranslated)]


def _with_texts(
    part: Any,
    steps: tuple[str, ...],
    field: TextField | None,
    change: Callable[[SourceText], str],
) -> Any:
    """Return a part with each text in it changed; what has none is the same object."""
    match part:
        case str() if field:
            return change(SourceText(".".join(steps), part, field))
        case RulebookModel() if not isinstance(part, NOT_TRANSLATED):
            fields = type(part).model_fields
            written = [name for name in fields if name in part.model_fields_set]  # no defaults
            old = {fields[name].alias or name: getattr(part, name) for name in written}
            of_key = _text_fields(type(part))
        case dict():
            old, of_key = part, {}
        case tuple():
            old, of_key = {_name(one, n): one for n, one in enumerate(part, 1)}, {}
        case _:
            return part
    new = {
        key: _with_texts(one, (*steps, key), of_key.get(key, field), change)
        for key, one in old.items()
    }
    return part if all(new[key] is one for key, one in old.items()) else _like(part, new)


def _like(part: Any, values: dict[str, Any]) -> Any:
    """Return a part anew with these values: a copy would keep what it reckoned from the old."""
    if isinstance(part, RulebookModel):
        return type(part).model_construct(part.model_fields_set, **values)
    return values if isinstance(part, dict) else tuple(values.values())


def _name(part: Any, place: int) -> str:
    """Return what names a part in a list: its id, its permanent key, or else its place."""
    return str(getattr(part, "id", getattr(part, "key", place)))


@cache
def _text_fields(model: type[RulebookModel]) -> dict[str, TextField | None]:
    """Return what holds the texts in each key of a kind of part, None if there are none."""
    hints = get_type_hints(model, include_extras=True)
    found: dict[str, TextField | None] = {}
    for name, field in model.model_fields.items():
        kind = _text_type(hints[name])
        found[field.alias or name] = kind and TextField(kind, field.description or "")
    return found


def _text_type(hint: Any) -> Any:
    """Return the type of the texts in a type: plain text, which only people read."""
    if get_origin(hint) is Annotated and any(
        getattr(constraint, "pattern", None) == PLAIN for constraint in hint.__metadata__
    ):
        return hint
    return next((kind for part in get_args(hint) if (kind := _text_type(part))), None)


_adapter = cache(TypeAdapter)


def form_errors(kind: Any, text: object) -> list[Any]:
    """Return pydantic's errors about a text in a field of this type."""
    try:
        _adapter(kind).validate_python(text)
    except ValidationError as error:
        return list(error.errors(include_url=False))
    return []


def translation_path(path: Path, language: str) -> Path:
    """Return the path of the translation of a rulebook into a language."""
    return path.with_name(f"{path.stem}.{language}{path.suffix}")


def original_path(path: Path) -> Path | None:
    """Return the rulebook beside which a file stands as its translation, or None."""
    stem, _, language = path.stem.rpartition(".")
    if not stem or not re.fullmatch(LANGUAGE, language):
        return None
    original = path.with_name(f"{stem}{path.suffix}")
    return original if original.is_file() else None


def translation_paths(path: Path) -> list[Path]:
    """Return the translations that stand beside a rulebook."""
    beside = path.parent.iterdir() if path.parent.is_dir() else ()
    return sorted(other for other in beside if original_path(other) == path)


def language_of(path: Path) -> str:
    """Return the language that the name of a translation says: `de` of rules.de.yaml."""
    return path.stem.rpartition(".")[2]


def read_translation(path: Path) -> Translation:
    """Return the translation in a file; raise RulebookError if it is wrong in form."""
    document = read_document(path)
    translation = parse_translation(document, language_of(path))
    if document.errors:
        raise RulebookError(path, document.errors)
    return translation


def parse_translation(document: YamlDocument, language: str) -> Translation:
    """Return the translation in a document, and report what is wrong in its form."""
    entries: dict[str, Entry] = {}
    _explain_indentation(document)
    data = document.data if document.data is not None else {}
    if not isinstance(data, dict):
        document.report((), "a translation has an id, a colon and a text in each entry")
        data = {}
    elif {"claims", "rules"} <= data.keys():
        remedy = "`python -m questionnaire translate` writes one, under another name than this"
        document.report((), f"this is a whole rulebook, and no translation: {remedy}")
        data = {}
    for key, value in data.items():
        _report_form(document, entries, key, value)
        entry = _entry(key, value)
        entries.setdefault(_id_of(key), entry)
    return Translation(language, entries)


def _explain_indentation(document: YamlDocument) -> None:
    """Say of a text at the start of a line what it lacks, as it is no key to YAML."""
    for problem in document.errors:
        line = document.lines[problem.line - 1] if document.lines else ""
        if problem.column == 1 and line and ":" not in line:
            document.problems.remove(problem)
            document.add(problem.position, "write two spaces before each line of a text")


def _id_of(key: str) -> str:
    return key.split(" ")[0]


def _entry(key: str, value: object) -> Entry:
    found = _KEY.fullmatch(key)
    text = joined(value) if isinstance(value, str) else ""
    return Entry(key, None if text in ("", UNTRANSLATED) else text, found and found["fingerprint"])


def _report_form(
    document: YamlDocument, entries: Mapping[str, Entry], key: str, value: object
) -> None:
    """Report a key that is none or stands twice, and a value that is no text."""
    position = document.keys[(key,)]
    if not _KEY.fullmatch(key):
        document.add(position, f'"{key}" is no id with the six digits after it')
    elif before := entries.get(_id_of(key)):
        line, _ = document.keys[(before.key,)]
        document.add(position, f'the text "{_id_of(key)}" stands here twice: first in line {line}')
    elif position[1] != 1:
        document.add(position, "an id starts a line of its own")
    if value is not None and not isinstance(value, str):
        for error in form_errors(str, value):
            report_error(document, error | {"loc": (key,)})
