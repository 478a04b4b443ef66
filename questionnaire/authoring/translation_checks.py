"""What is wrong with the translations beside a rulebook, or missing from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from questionnaire.authoring.firmness import firmness_in, listed, words_of
from questionnaire.authoring.silenced_warnings import silence
from questionnaire.rulebook.content import Claim, Firmness
from questionnaire.rulebook.loader import read_document, read_rulebook
from questionnaire.rulebook.messages import report_error
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.suggestions import did_you_mean
from questionnaire.rulebook.translation import (
    Entry,
    SourceText,
    Translation,
    form_errors,
    is_outdated,
    language_of,
    parse_translation,
    source_texts,
)
from questionnaire.rulebook.yaml_reader import Problem, YamlDocument

FROM_FIRM_TO_WEAK = (Firmness.STATED, Firmness.OFTEN, Firmness.CAN, Firmness.POSSIBLY)
_PLACEHOLDER = re.compile(r"\{\w*\}")
_MARKS = "\"'“”„‟«»‹›‘’‚"

Findings = Iterator[tuple[str, str]]
"""Severities and messages about one text."""


class Languages(NamedTuple):
    """The language of the original, and that of a translation."""

    original: str
    translation: str


def check_translations(path: Path, files: Sequence[Path]) -> dict[Path, list[Problem]]:
    """Return the problems of these translations of a rulebook, if that can be used itself."""
    _, rulebook = read_rulebook(path) if files else (None, None)
    return {file: check_translation(rulebook, file) for file in files} if rulebook else {}


def check_translation(rulebook: Rulebook, path: Path) -> list[Problem]:
    """Return every problem of the translation in a file, sorted."""
    document = read_document(path)
    translation = parse_translation(document, language_of(path))
    if translation.language == rulebook.language:
        document.report(
            (), f'"{rulebook.language}" is the language of the original: see its `language`'
        )
    elif not document.errors:
        _report(document, rulebook, translation)
    return sorted(silence(set(document.problems), document.lines))


def _report(document: YamlDocument, rulebook: Rulebook, translation: Translation) -> None:
    """Report what is wrong with a translation that is right in form."""
    sources = {source.id: source for source in source_texts(rulebook)}
    claims = {f"claims.{claim.id}.says": claim for claim in rulebook.claims}
    languages = Languages(rulebook.language, translation.language)
    if any(claim.firmness for claim in rulebook.claims) and not words_of(languages.translation):
        message = f'nobody listed the words of firmness of "{languages.translation}" yet'
        document.report((), f"{message}: add them to firmness.yaml", "warning")
    _report_missing(document, sources, translation)
    for name, entry in translation.entries.items():
        if name not in sources:
            document.add(document.keys[(entry.key,)], did_you_mean("text", name, sources))
        elif entry.text is not None:
            for error in form_errors(sources[name].field.type, entry.text):
                report_error(document, error | {"loc": (entry.key,)})
            for severity, message in (
                *_text_findings(sources[name], entry, entry.text),
                *(_firmness(claims[name], entry.text, languages) if name in claims else ()),
            ):
                document.report((entry.key,), message, severity)


def _report_missing(
    document: YamlDocument, sources: dict[str, SourceText], translation: Translation
) -> None:
    """Report in one warning what is not translated: a new file would have hundreds."""
    entries = translation.entries
    missing = [name for name in sources if name not in entries or entries[name].text is None]
    if missing:
        in_file = [entries[name].key for name in missing if name in entries]
        first = f'the first is "{missing[0]}"' if not in_file else "the first in the file is this"
        message = f"{len(missing)} of {len(sources)} texts are not translated yet: {first}"
        remedy = (
            "" if len(in_file) == len(missing) else "; `translate` adds those that are not here"
        )
        document.report((*in_file[:1],), message + remedy, "warning")


def _text_findings(source: SourceText, entry: Entry, text: str) -> Findings:
    """Yield what is wrong with a text beside its original."""
    if is_outdated(entry, source):
        message = "the original has changed since, and is shown instead"
        yield "warning", f"{message}: `translate` puts both above this text"
    elif entry.fingerprint is None:
        yield "warning", "nothing says which original this translates: `translate` notes it"
    before, after = (sorted(_PLACEHOLDER.findall(one)) for one in (source.text, text))
    if before != after:
        wanted, found = (", ".join(one) or "no placeholder" for one in (before, after))
        yield "error", f"the original has {wanted}, and this has {found}"
    if _is_quoted(text) and not _is_quoted(source.text):
        yield "warning", "the quotation marks around this text are shown: take them out"


def _is_quoted(text: str) -> bool:
    return text[0] in _MARKS and text[-1] in _MARKS


def required_firmness(claim: Claim, original: str) -> set[Firmness]:
    """Return the firmness that the words of a claim must express in every language."""
    return {*filter(None, [claim.firmness]), *firmness_in(claim.says, original)} - {Firmness.STATED}


def _firmness(claim: Claim, text: str, languages: Languages) -> Findings:
    """Yield the firmness that a translated claim lost; an error if the claim counts in a result."""
    words = words_of(languages.translation)
    if not words:
        return
    required = required_firmness(claim, languages.original)
    said = firmness_in(text, languages.translation)
    severity = "error" if claim.firmness else "warning"
    for firmness in FROM_FIRM_TO_WEAK:
        if firmness in required - said:
            message = f'the original says "{firmness}", and this does not'
            yield severity, f"{message}: use one of {listed(words[firmness])}"
    if claim.firmness and words_of(languages.original):
        weaker = FROM_FIRM_TO_WEAK[FROM_FIRM_TO_WEAK.index(claim.firmness) + 1 :]
        for firmness in (one for one in weaker if one in said - required):
            yield severity, f'this says "{firmness}", and the original does not'
