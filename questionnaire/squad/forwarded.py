"""Whose the results in a message are: its sender's, or another person's that was sent on.

The words that say so tell too loosely whose it is: such a result gets a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from questionnaire.engine.assessment import Answers
from questionnaire.squad.runner_names import LABELS, STOCK, is_phone, person_in, plain

_MAX_TEXT = 200
"""How much of the words on each side of a link is looked at."""

_LABEL = rf"(?:{'|'.join(sorted(LABELS))})\b"
_NAME = r"@?(?P<name>[^\W\d_][\w-]*)"
_NAMES = r"@?(?P<name>[^\W\d_][\w.-]*(?:\s[^\W\d_][\w.-]*){0,2})(?=(?:['’]s?)?\s*(?:[^\w\s@'’]|$))"
_SENT_ON = (
    r"(?:sen[dt]s?|gave|gives|asks?|asked|forwarded|told|wants|wanted|could(?: not|n['’]t)|cannot"
    r"|can['’]t|has (?:sent|asked|no|done|filled)"
    r"|(?:did|fills?|filled) (?:it|this|that|hers|his|out|in)"
    r"|hat|schickte?|konnte|kann|m['’]a|a envoyé|mi ha|stuurde|heeft"
    r"|me (?:ha )?(?:mand|envi|pas|pid)\w+|skickade)\b"
)
_NO_GREETING = r"(?<!(?i:greetings) )(?<!(?i:hello) )(?<!(?i:hi) )"
"""No “Greetings from Berlin”, which is where the sender is."""

_NAMED = [
    re.compile(pattern)
    for pattern in (
        r"(?<!\S)@(?P<name>[^\W\d_][\w-]*)",
        rf"(?<!\b[Aa]t\s){_NAME}['’]s\b",
        rf"{_NAME}\s(?i:{_SENT_ON})",
        rf"{_NAME}\s(?i:got|gets|did|has)(?:\s(?i:this|that|it|the same))?[\s:,–-]*$",
        rf"{_NAME}\s(?i:and|und|et|y)\s(?:I|me|ich|moi|yo)\b",
        rf"[.!?]\s+{_NAMES}\s?:\s*$",
        rf"\b(?i:add|ask|meet)\s{_NAMES}",
        r"\b(?i:de parte de|de la part de|on behalf of|im namen von)\s@?(?P<name>[^\W\d_]\w*)",
        rf"{_NO_GREETING}\b(?i:for|from|by|of|via|für|von|pour|para|per|voor|van|från|de|da|di)\s{_NAMES}",
        rf"(?:&|\+|\b(?i:and|und|y|e|et|en|og|och))\s{_NAMES}",
        r"\b(?i:this is|that is|that['’]s|here is|here['’]s|das ist|hier ist|c['’]est|voici"
        rf"|dit is)\s{_NAMES}",
    )
]
"""How the words beside a link name another person."""

_BELOW = re.compile(
    r"\W*(?i:this is |that is |that['’]s |it['’]s |das ist |c['’]est )?"
    rf"(?:(?i:for|from|by|für|von|pour|de|para)\s{_NAME}|{_NAME.replace('name', 'owner')}['’]s)"
    rf"(?i:\s{_LABEL})?\W*"
)
"""A line that says no more than whose the link above it is."""

_THEIRS = re.compile(
    rf"\b(?:his|her|their|seine?|ihre?|son|su|suo|zijn|haar)\s{_LABEL}|\b(?:his|hers|theirs)\W*$"
    r"|\b(?:not mine|nicht meins|pas le mien|no es (?:el )?m[íi]o|non è il mio)\W*$"
    r"|\b(?:she|he|they|sie|er|elle|ella|él|lei|lui)\s(?:asked|sent|gave|hat|haben|m['’]a|mi|me)\b"
    r"|\b(?:my|our|meine?[rsnm]?|unsere?[rsnm]?|mon|ma|mi|mia|mio|meu|minha|mijn)\s(?:\w+\s)?"
    r"(?:wife|husband|partner|girlfriend|boyfriend|friend|mate|son|daughter|kid|child|mum|mom|dad"
    r"|mother|father|brother|sister|frau|mann|freund(?:in)?|sohn|tochter|kind|mutter|vater|bruder"
    r"|schwester|femme|mari|amie?|fils|fille|mère|père|frère|sœur|mujer|marido|amig[oa]|hij[oa]"
    r"|madre|padre|herman[oa]|moglie|marito|figli[oa]|vrouw|man|zoon|dochter|vriend(?:in)?)"
    r"(?:['’]?s)?\b",
    re.IGNORECASE,
)
_SHE_OR_HE = re.compile(r"\b(?:she|he)\s+[^\W\d_]", re.IGNORECASE)
_OWN = re.compile(
    r"\b(?:mine|meins|le mien|el mío|il mio|o meu)\b"
    rf"|\b(?:my|meine?|mon|mi|mijn)\s(?:\w+\s)?{_LABEL}",
    re.IGNORECASE,
)
_NOBODY = STOCK | {
    *("coach", "trainer", "trainerin", "captain", "all", "channel", "club"),
    *("what", "who", "where", "how", "let", "he", "she", "they", "we"),
    *("happy", "running", "luck", "finally", "already", "also", "nobody", "everybody"),
}
"""Words that stand where a name does: whom a message may be written to, and what it is about."""
_CLOSINGS = {"best", "love"}
"""Words above a signature that are surnames too."""


@dataclass(slots=True)
class Message:
    """The message that is being read, or text of nobody."""

    sender: str | None = None
    line_above: str = ""
    words: bool = False
    """True if words stand between the link that took the name and here."""

    _taken_by: Answers | None = None
    """The answers that stand under the sender's name already."""

    _taken: bool = False

    def take_sender(self, answers: Answers | None) -> str | None:
        """Return the sender, unless another link has the name and words stand before this one."""
        again = self._taken and self._taken_by == answers
        if self._taken and not again and self.words:
            return None
        self._taken, self._taken_by, self.words = True, answers, False
        return self.sender

    def is_anothers(self, before: str, after: str) -> bool:
        """Return True if the words beside a link, or above it, say that it is not the sender's."""
        texts = [before[-_MAX_TEXT:], after[:_MAX_TEXT], self.line_above[:_MAX_TEXT]]
        if any(self._is_about_another(text) for text in texts if text):
            return True
        return any(self.is_another_alone(text) for text in texts[1:] if text)

    def is_another_alone(self, text: str) -> bool:
        """Return True if a text is the name of another person, and nothing else."""
        if self.sender is None or is_phone(self.sender):
            return False
        name = person_in(text, cased=True)
        return name is not None and self.is_another(name)

    def gives_to_another(self, text: str) -> bool:
        """Return True if the line below a link says no more than that it is another's."""
        return bool(_BELOW.fullmatch(text[:_MAX_TEXT])) and self._is_about_another(text)

    def is_another(self, name: str) -> bool:
        """Return True if a name is not the sender's, in whole or in part."""
        return not _plain_words(name) <= _plain_words(self.sender or "") | _CLOSINGS

    def _is_about_another(self, text: str) -> bool:
        if _THEIRS.search(text):
            return True
        if _OWN.search(text):
            return False
        names = [match["name"] for one in _NAMED for match in one.finditer(text)]
        return bool(_SHE_OR_HE.search(text)) or any(
            name[0].isupper() and not _plain_words(name) & _NOBODY and self.is_another(name)
            for name in names
        )


def _plain_words(name: str) -> set[str]:
    return {plain(word) for word in name.split()}
