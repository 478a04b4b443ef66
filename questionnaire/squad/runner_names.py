"""What is a runner's name in a pasted text, and what is only a word around a link."""

from __future__ import annotations

import re
import unicodedata
from itertools import permutations

MAX_NAME = 60
_MAX_TEXT = 300
"""How much of the text beside a link is looked at."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LABELS = _words(
    "result results code codes link links url name ergebnis ergebnisse resultat resultate résultat "
    "résultats resultado resultados risultato risultati resultaat uitslag enlace lien "
    "questionnaire fragebogen"
)
"""Words that name a field or a link: they are cut off at either end of a name."""

STOCK = LABELS | _words(
    # my, this, here, in the languages of clubs
    "my mine me i i'm i've you your yours this that that's these is are it it's its here here's "
    "there his her their our a on to with for from at see find did have has was not mein meine "
    "meins meiner meinen dein deine ihr ihre hier das dies dieses ist anbei voici voilà ici mon "
    "mes votre aquí aqui ecco meu minha hierbij mijn "
    # greetings, thanks, done
    "hi hello hey hiya hallo hoi moin servus grüezi bonjour bonsoir salut hola olá ciao hej dear "
    "liebe lieber morning afternoon evening night good guten abend tag sorry thanks thank thx "
    "cheers danke merci gracias obrigado obrigada grazie bedankt tack please bitte great "
    "super perfect done finished completed ready fertig erledigt gemacht fini terminé hecho listo "
    "feito fatto klaar ok okay yes yep no nope ja nein oui sí everyone "
    "regards gruß grüße gruss lg vg mfg xx "
    # days
    "today tomorrow yesterday now just heute gestern morgen hoy ayer monday tuesday wednesday "
    "thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag "
    "lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes "
    "sábado domingo "
    # buttons and marks of chat and mail programs, heads of lists and forms
    "like liked reply replied replies edited forwarded photo image video media omitted deleted "
    "message seen sent delivered read translate share shared comment comments unread new click "
    "open tap press subject betreff date datum gesendet cc bcc re fwd aw wg tel phone email "
    "e-mail mail form survey training track session start feeling anonymous squad group team list "
    "roll sheet notes note runners athletes members participants names juniors seniors masters "
    "women men girls boys frauen männer damen herren jugend fine well better worse tired sore "
    "question questions update"
)
"""Words that no name holds."""

_PARTICLES = _words(
    "van der den de von vom zu zur zum und la le du da das dos do di del della ter ten te bin ibn "
    "al el y e & + af av"
)
_LINKING = _words("for of from by von de für pour para per")
_NO_PARTICLE = _LINKING - _PARTICLES
_MAY_BE_SMALL = _PARTICLES | LABELS | _LINKING
_FIELD = re.compile(r"(?:name|runner|athlete|läufer|läuferin)\s?[:=]\s?", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<=\w)['’]s$")
_PLACEHOLDER = re.compile(r"[^\W\d]\w*(?: \w+){0,3} \d+ \([^\W\d]+ \d+(?:, .*)?\)?")
"""What the squad sheet calls a runner without a name, in the words of any language."""
_OF_THE_SHEET = re.compile(r"Line:? \d+|Stop|Caution")
"""What else the squad sheet writes that looks like a name: a line, a kind of notice."""

_LEFT = re.compile(
    r"""(?: [\s,;:，；：、。\-–—−•*·▪◦‣|>~_`/\\→⇒➔➜➡\ufe0f…!?.]+ | [-=]+>
        | \(?\d{1,3}[.)\]:](?=\s) | \#\d+(?=\s) | \d{1,3}(?=\s+[-–—.)]) | \d\ufe0f?\u20e3 )""",
    re.VERBOSE,
)
_RIGHT = " \t,;:，；：、。-–—−•*·|<>~_`/\\→⇒➔➜➡…=@#([{“„‘‚«‹^"
_PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">", "“": "”", "„": "“", "«": "»", "‘": "’", "‹": "›"}
_QUOTES = "\"'"
_NUMBERS = re.compile(r"[\d\W_]*")
_PART_OF_ADDRESS = re.compile(r"^\w*://|\bwww\.|\w\.\w+/|\?\w+=?$|https?-3A")
_ADDRESS = re.compile(r"(?<!\S)https?://\S+")
_JOINERS = "\u200c\u200d"
_NO_PERSON = re.compile(r"[!?:;/@=\\{}|<>]|\w\.\w|\d{3}")
_MAX_WORDS = 6
_PHONE = re.compile(r"\+\d[\d\s()./-]{5,24}")
_ALIKE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
"""Letters that no decomposition leads to the letter with which they are sorted."""


def clean(text: str) -> str:
    """Return a text without the bullets, arrows, markup, quotes and brackets around it."""
    text = text.strip()[-_MAX_TEXT:]
    if not text.isprintable():
        text = "".join(
            one if one.isprintable() or one in _JOINERS else " " * one.isspace() for one in text
        )
    text = " ".join(text.split())
    # Most names have letters only, of which nothing is cut: that takes half of the time.
    while not text.replace(" ", "").isalpha() and (cut := _cut_once(text)) != text:
        text = cut
    return text[:MAX_NAME].strip(f" {_JOINERS}")


def _cut_once(text: str) -> str:
    if (left := _LEFT.match(text)) and not text.startswith((".", "!", "?")):
        text = text[left.end() :]
    text = text.lstrip().rstrip(_RIGHT)
    if _wrapped(text):
        return text[1:-1].strip()
    return _without_lone_quote(text)


def _wrapped(text: str) -> bool:
    """Return True if one pair of quotes or brackets stands around all of a text."""
    if len(text) < 2:
        return False
    first, last, inside = text[0], text[-1], text[1:-1]
    if first in _QUOTES:
        return last == first and (first not in inside or '""' in inside)
    return _PAIRS.get(first) == last and first not in inside and last not in inside


def _without_lone_quote(text: str) -> str:
    """Return a text without a quote or bracket at an end that nothing in it answers to."""
    for mark in _QUOTES:
        if text.count(mark) % 2:
            text = text[:-1].strip() if text.endswith(mark) else text.removeprefix(mark).strip()
    for opening, closing in _PAIRS.items():
        if text.endswith(closing) and opening not in text and closing != "’":
            return text[:-1].strip()
        if text.startswith(opening) and closing not in text:
            return text[1:].strip()
    return text


def plain(word: str) -> str:
    """Return a word without capitals and the marks around it, as the stock words are written."""
    return word.strip("@.,;:!?()[]\"'“”‘’*_–-").casefold().replace("’", "'")


def name_in(text: str) -> str | None:
    """Return the name that stands beside a link, as it is written, or None if none does."""
    if not text or text.isspace():
        return None
    name, words = _without_labels(_FIELD.sub("", clean(_ADDRESS.sub(" ", text[-_MAX_TEXT:]))))
    number = _NUMBERS.fullmatch(name) and not is_phone(name)
    if not words or number or is_placeholder(name) or _OF_THE_SHEET.fullmatch(name):
        return None
    if any(plain(word) in STOCK for word in words) or _is_sentence(words):
        return None
    if plain(words[0]) in _NO_PARTICLE:
        return None
    if _PART_OF_ADDRESS.search(name):
        return None
    return name


def is_placeholder(text: str) -> bool:
    """Return True for what the squad sheet writes in place of a name."""
    return bool(_PLACEHOLDER.fullmatch(text))


def _without_labels(name: str) -> tuple[str, list[str]]:
    """Return a name without the labels at its ends, and its words."""
    words = name.split()
    start, end = 0, len(words)
    while end > start and plain(words[end - 1]) in LABELS:
        end -= 1
    while start < end and plain(words[start]) in LABELS:
        start += 1
    if start and start < end and words[start].casefold() in _LINKING:
        start += 1
    cut = (start, end) != (0, len(words))
    kept = clean(" ".join(words[start:end]).lstrip("=:;,.–- ")) if cut else name
    kept = _POSSESSIVE.sub("", kept)
    return kept, kept.split()


def _is_sentence(words: list[str]) -> bool:
    """Return True for a run of words most of which have small letters."""
    small = [w for w in words if w[0].islower() and w.casefold() not in _PARTICLES]
    return len(words) > 3 and len(small) * 2 > len(words)


def person_in(text: str, *, cased: bool = False) -> str | None:
    """Return the name that a text is, and nothing else: every word capitalised.

    Letters of a script without capitals count as capitals unless `cased`.
    """
    words = text[:_MAX_TEXT].split()
    if any(word[0].islower() and plain(word) not in _MAY_BE_SMALL for word in words):
        return None
    name = name_in(text)
    if name is None or _NO_PERSON.search(name) or re.search(r"[!?]", text):
        return None
    words = [word for word in name.split() if any(map(str.isalnum, word)) or word in _PARTICLES]
    capitals = [word for word in words if _is_capital(word, cased)]
    small = [word for word in words if word not in capitals]
    if not capitals or len(words) > _MAX_WORDS or not set(small) <= _PARTICLES:
        return None
    return name


def _is_capital(word: str, cased: bool) -> bool:
    first = next((one for one in word if one.isalpha()), "")
    return bool(first) and not first.islower() and (first.isupper() or not cased)


def sender_in(text: str) -> str | None:
    """Return the sender that a chat program names in a text: a name, or a phone number."""
    name = clean(text)
    number = _NUMBERS.fullmatch(name) and not is_phone(name)
    return None if not name or number else name


def is_phone(text: str) -> bool:
    """Return True for a phone number with its country code."""
    return bool(_PHONE.fullmatch(text))


def name_key(name: str) -> str:
    """Return what two spellings of one name share: capitals and composition make no difference."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFC", name).casefold())


def sort_key(name: str) -> tuple[str, str]:
    """Return the key that sorts names as a reader expects: Å with A, É with E."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_ALIKE))
    return "".join(one for one in letters if not unicodedata.combining(one)), name


def abbreviates(short: str, name: str) -> bool:
    """Return True if one name differs from another only by initials in place of its words."""
    words, others = name_key(short).split(), name_key(name).split()
    if len(words) != len(others) or words == others:
        return False
    pairs = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    return len(pairs) < len(words) and all(_is_initial(word, other) for word, other in pairs)


def name_words(name: str) -> frozenset[str]:
    """Return the words of a name without accents, and without the marks around them."""
    return frozenset(word for part in sort_key(name)[0].split() if (word := plain(part)))


def may_be_one(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return True if all words of one name are in the other, whole or as initials."""
    if not any(len(word) > 1 for word in one & other):
        return False
    return any(
        all(_has_word(long, word) for word in short) for short, long in permutations((one, other))
    )


def _has_word(words: frozenset[str], word: str) -> bool:
    return word in words or (len(word) == 1 and any(one.startswith(word) for one in words))


def _is_initial(short: str, word: str) -> bool:
    short = short.removesuffix(".")
    return len(short) == 1 and len(word.removesuffix(".")) > 1 and word.startswith(short)
