"""What the fuzzer tries: bytes become requests and rulebooks, most of them nearly right ones.

libFuzzer changes bytes. A provider hands them out from both ends: choices are taken from the last
bytes, text from the first. So a seed is its text, then one byte for each choice, the first one
last.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

import yaml

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import ALPHABET, FIRST_DAY, encode, group_digits
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.yaml_reader import parse_yaml
from tests.fuzz.mistakes import MISTAKES, with_mistake
from tests.support.zip_files import CHAT, zip_of

if TYPE_CHECKING:
    from atheris import FuzzedDataProvider as Provider

T = TypeVar("T")
ROOT = Path(__file__).parent.parent.parent
STARTER: Any = parse_yaml((ROOT / "questionnaire" / "authoring" / "starter.yaml").read_bytes()).data
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
TYPES = (FORM, PARTS, "multipart/form-data", "application/json", "text/plain; charset=no", "")
CANARY = "<zq"
"""A tag that no page holds unless it shows what was typed as markup."""

METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "get")
HEADERS = (
    *("Host", "Content-Type", "Content-Length", "Transfer-Encoding", "Accept-Encoding", "Accept"),
    *("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port"),
    *("X-Forwarded-Prefix", "X-Real-IP", "Forwarded", "X-Request-ID", "If-None-Match"),
    *("If-Modified-Since", "If-Match", "If-Range", "Range", "Cookie", "Authorization", "Referer"),
    *("Origin", "Accept-Language", "User-Agent", "X-HTTP-Method-Override", "Expect", "Upgrade"),
)
ODD = (
    *("", "\0", "%", "&", "\N{RUNNER}", "\N{RIGHT-TO-LEFT OVERRIDE}", CANARY, "e\u0301", "\ufeff"),
    "\u0300" * 500 + "\u0316" * 500,
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as a server hands it to the application: text has one character a byte."""

    method: str = "GET"
    path: str = "/"
    query: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    endless: bool = False

    def environ(self) -> dict[str, Any]:
        """Return the WSGI environment."""
        made: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query,
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.input_terminated": self.endless,
        }
        if self.endless:
            del made["CONTENT_LENGTH"]
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            made[key if key.startswith("CONTENT_") else f"HTTP_{key}"] = value
        setup_testing_defaults(made)
        return made


@dataclass(frozen=True, slots=True)
class World:
    """What inputs are made of: the rulebook, and codes of some answers to it."""

    book: Rulebook
    codes: tuple[str, ...]

    @classmethod
    def of(cls, book: Rulebook) -> World:
        """Return the words of a rulebook, and the codes of one runner for each first choice."""
        ticks = [sum(q.choices[-1].bit for q in book.questions if q.required)]
        ticks += [choice.bit for choice in book.questions[0].choices]
        ticks += [book.drop_unasked(sum(question.choices[0].bit for question in book.questions))]
        return cls(book, tuple(encode(book, Answers(bits, FIRST_DAY)) for bits in ticks))

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of fields and parameters."""
        ours = ("from", "code", "earlier", "text", "order", "view")
        return tuple(question.id for question in self.book.questions) + ours

    @property
    def values(self) -> tuple[str, ...]:
        """Return the values of fields, and some odd ones."""
        ids = {choice.id for question in self.book.questions for choice in question.choices}
        return (*sorted(ids), *ODD)


def pick(given: Provider, values: Sequence[T]) -> T:
    """Return one of these, by the last byte."""
    place: int = given.ConsumeIntInRange(0, len(values) - 1)
    return values[place]


def _latin(text: str) -> str:
    return text.encode(errors="replace").decode("latin-1")


def _rest(given: Provider) -> bytes:
    rest: bytes = given.ConsumeBytes(given.remaining_bytes())
    return rest


def _pairs(given: Provider, world: World) -> list[tuple[str, str]]:
    """Return fields with names and values of the rulebook, or of nothing."""
    return [
        (
            pick(given, (*world.names, *ODD, given.ConsumeUnicodeNoSurrogates(4))),
            pick(given, (*world.values, given.ConsumeUnicodeNoSurrogates(8))),
        )
        for _ in range(given.ConsumeIntInRange(0, 12))
    ]


def _filled(given: Provider, world: World) -> list[tuple[str, str]]:
    """Return a form that is filled in, but for what chance forgets, repeats and adds."""
    sent = []
    for question in world.book.questions:
        many = pick(given, (1, 1, 1, 1, 1, 0, 2, 3))
        sent += [(question.id, pick(given, question.choices).id) for _ in range(many)]
    return sent + _pairs(given, world) * (pick(given, (0, 0, 0, 1)))


def _parts(pairs: Sequence[tuple[str, str]], given: Provider) -> bytes:
    """Return fields as the parts of a multipart body, some of them as files."""
    body = b""
    for name, value in pairs:
        more = pick(given, ("", "", '; filename="a"', "; filename*=x''a", "\r\nA: b"))
        head = f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
        body += head.encode() + value.encode() + b"\r\n"
    return body + pick(given, (b"--x--", b"--x--\r\n", b"--x", b""))


def form(given: Provider, world: World) -> Request:
    """Return a form sent in one of its encodings, or something that claims to be one."""
    kind = given.ConsumeIntInRange(0, 2)
    if kind == 0:
        return Request(
            "POST",
            body=urlencode(_filled(given, world)).encode(),
            headers={"Content-Type": FORM},
            endless=pick(given, (*[False] * 20, True)),
        )
    if kind == 1:
        body = _parts(_filled(given, world), given)
        return Request("POST", body=body, headers={"Content-Type": PARTS})
    sort = pick(given, TYPES)
    return Request("POST", body=_rest(given), headers={"Content-Type": sort})


def code(given: Provider, world: World) -> str:
    """Return a code: any text, a number with the right check, or one of ours with mistakes."""
    kind = given.ConsumeIntInRange(0, 2)
    if kind == 0:
        return _rest(given).decode(errors="replace")
    if kind == 1:
        return checked(int.from_bytes(given.ConsumeBytes(14)))
    ours = pick(given, world.codes)
    for _ in range(given.ConsumeIntInRange(0, 3)):
        place = given.ConsumeIntInRange(0, len(ours))
        cut = given.ConsumeIntInRange(0, 2)
        ours = ours[:place] + given.ConsumeUnicodeNoSurrogates(2) + ours[place + cut :]
    return ours.lower() if given.ConsumeBool() else ours


def checked(rest: int) -> str:
    """Return the code of a number, with its check, as the head of codes.py describes it."""
    value, spelt = rest << 15 | rest % 32_749, ""
    while value:
        value, digit = divmod(value, 32)
        spelt = ALPHABET[digit] + spelt
    return spelt


def coded(given: Provider, world: World) -> tuple[Request, str]:
    """Return one of the requests that take a code, and the code."""
    typed = code(given, world)
    sound = pick(given, world.codes)
    spelt = _latin(typed)
    ways = (
        Request(path=f"/r/{spelt}"),
        Request(path=f"/r/{spelt}/change"),
        Request(path=f"/r/{spelt}/qr.svg"),
        Request(path=f"/r/{spelt}/with"),
        Request(path=f"/r/{spelt}/with/{sound}"),
        Request(path=f"/r/{sound}/with/{spelt}"),
        Request("POST", "/r", body=_sent(code=typed), headers={"Content-Type": FORM}),
        Request(
            "POST", f"/r/{sound}/with", body=_sent(earlier=typed), headers={"Content-Type": FORM}
        ),
    )
    return pick(given, ways), typed


def _sent(**fields: str) -> bytes:
    return urlencode(fields, errors="replace").encode()


def squad(given: Provider, world: World) -> Request:
    """Return a text pasted by a coach, in which the bytes 1 to 8 stand for codes and links."""
    order = pick(given, ("pasted", "name", "group", "", CANARY))
    view = pick(given, ("table", "csv", "sheets", "", CANARY))
    packed = _packing(given) if given.ConsumeIntInRange(0, 2) == 2 else None
    links = [f"https://run.example/r/{one}" for one in world.codes]
    chosen = [*world.codes[:2], *map(group_digits, world.codes[:2]), *links]
    text = _rest(given).decode(errors="replace").translate(dict(enumerate(chosen[:8], 1)))
    if packed:
        fields = [("text", text[:20]), ("order", order), ("view", view)]
        body = _file_part(packed(text)) + _parts(fields, given)
        return Request("POST", "/squad", body=body, headers={"Content-Type": PARTS})
    text *= pick(given, (*[1] * 15, 60))
    body = urlencode({"text": text, "order": order, "view": view}).encode()
    return Request("POST", "/squad", body=body, headers={"Content-Type": FORM})


def _packing(given: Provider) -> Callable[[str], bytes]:
    """Return what makes a file of a text: in some encoding, in a .zip or not, with mistakes."""
    encoding = pick(given, ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"))
    name = pick(given, (None, CHAT, "a.txt", "../a.csv", "a.xml"))
    mistakes = [
        (given.ConsumeIntInRange(0, 65_535), given.ConsumeIntInRange(0, 255))
        for _ in range(pick(given, (0, 0, 1, 3)))
    ]

    def file(text: str) -> bytes:
        content = text.encode(encoding, errors="replace")
        changed = bytearray(zip_of((name, content)) if name else content)
        for place, byte in mistakes:
            at = place % (len(changed) + 1)
            changed[at : at + 1] = bytes([byte])
        return bytes(changed)

    return file


def _file_part(content: bytes) -> bytes:
    head = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n'
    return head.encode() + content + b"\r\n"


def query(given: Provider, world: World) -> Request:
    """Return a page with parameters, in pairs or as they come."""
    pages = ("/", "/coach", "/poster", f"/r/{world.codes[0]}", "/rules", "/squad", "/r", "/nowhere")
    page = pick(given, pages)
    if given.ConsumeBool():
        return Request(path=page, query=urlencode(_pairs(given, world)))
    if given.ConsumeBool():
        body = urlencode(_pairs(given, world)).encode()
        return Request("POST", "/coach", body=body, headers={"Content-Type": FORM})
    return Request(path=page, query=_rest(given).decode("latin-1"))


def header(given: Provider, world: World) -> Request:
    """Return a request with one to four strange headers."""
    names = [pick(given, HEADERS) for _ in range(given.ConsumeIntInRange(1, 4))]
    start = Request()
    if given.ConsumeBool():
        body = urlencode({q.id: q.choices[0].id for q in world.book.questions}).encode()
        start = Request("POST", body=body)
    elif given.ConsumeBool():
        start = pick(given, (Request(path=f"/r/{world.codes[0]}"), Request(path="/poster")))
    # A server lets no header through that holds a line break or a zero byte.
    values = _rest(given).replace(b"\r", b"").replace(b"\0", b"").decode("latin-1").split("\n")
    sent = {"Content-Type": FORM} | dict(zip(names, values, strict=False))
    return Request(start.method, start.path, body=start.body, headers=sent)


def path(given: Provider, _world: World) -> Request:
    """Return any path, asked for by any method."""
    method = pick(given, METHODS)
    start = pick(given, ("/", "/r/", "/static/", "/muscles/", "//", "/r//"))
    return Request(method, start + _rest(given).decode("latin-1"))


def rulebook(given: Provider) -> bytes:
    """Return the text of a rulebook, or a right one with mistakes in its data."""
    if given.ConsumeIntInRange(0, 3):
        return _rest(given)
    data = STARTER
    random = Random(given.ConsumeIntInRange(0, 65_535))  # noqa: S311 - mistakes, no secrets
    for _ in range(given.ConsumeIntInRange(1, 3)):
        data = with_mistake(data, pick(given, tuple(MISTAKES)), random)
    return yaml.dump(data, Dumper=yaml.CSafeDumper, sort_keys=False).encode()
