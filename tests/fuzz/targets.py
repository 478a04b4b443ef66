"""The targets: what is tried with the bytes of each, what it starts from, and its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from questionnaire.rulebook.messages import MODELS, yaml_keys
from tests.fuzz import inputs
from tests.fuzz.checks import Checks
from tests.fuzz.inputs import CANARY, FORM, HEADERS, ROOT, World
from tests.support.mistakes import MISTAKES

if TYPE_CHECKING:
    from atheris import FuzzedDataProvider as Provider

WORDS = (
    *("&", "=", "%00", "%ff", "%F0%9F%8F%83", "+", "--x", "--x--", "\r\n\r\n", "\ufeff", "\u202e"),
    *("Content-Disposition: form-data; name=", "; filename=", "filename*=utf-8''", "x-www-form"),
    *("chunked", "gzip", "br;q=0", "identity;q=0, *;q=0", "https", "127.0.0.1", "[::1]", ":80"),
    *("[a:b]", "[1::2::3]", "xn--a", "a..b", ":99999", "\u0300", "\u0316"),
    *("bytes=0-1", 'W/"', "*", "../", "..%2f", "%2e", "//", "\\", "/r/", "/change", "/with/", "?"),
    *("- ", ": ", "{", "}", "[", "]", "'", '"', "|", ">", "#", "&a ", "*a", "!!str", "? ", "---"),
    *("true", "null", "~", "https://", "=1+1", "[1/2/26, 10:00:00] ", " - Ann: ", CANARY),
)
"""What means something to a parser."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to try: its part of all inputs, in hundredths, what is done, and what it needs."""

    share: int
    run: Callable[[Provider, Checks], object]
    seeds: Sequence[bytes]
    longest: int = 2000


def _files() -> list[bytes]:
    """Return the starter, and the rulebooks with a mistake each that the tests have."""
    starter = ROOT / "questionnaire" / "authoring" / "starter.yaml"
    return [starter.read_bytes(), *(mistake.file for mistake in MISTAKES.values())]


TARGETS = {
    "form": Target(
        15,
        lambda given, site: site.form(inputs.form(given, site.world)),
        [
            b"any-warnings=none&bothers=knee&training=none\x00\x02",
            b'--x\r\nContent-Disposition: form-data; name="time"\r\n\r\nsome\r\n--x--\x01\x02',
            b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\n\x01\x02',
            b"warnings=\xff&\xff=none\x05\x02",
            bytes(range(40)) + b"\x00",
            bytes(range(40)) + b"\x01",
        ],
    ),
    "code": Target(
        30,
        lambda given, site: site.code(*inputs.coded(given, site.world)),
        [
            b"G00420004VN0A6JBM\x00",
            b" https://run.example/r/g0042-0004V-N0A6J-BM?from=City+Runners. \x00",
            bytes(14) + b"\x01",
            b"\x00\x00\x00\x80" * 3 + b"\x01",
            b"abcdefgh" + bytes(12) + b"\x02",
        ],
        400,
    ),
    "squad": Target(
        10,
        lambda given, site: site.request(inputs.squad(given, site.world)),
        [
            b"[22/11/2026, 18:02:11] Ann: \x05\nBo - \x06?from=City\n\x03 Cy\n\x00\x00\x00",
            b"11/22/26, 6:02 PM - =Ann: (\x07),<\x08>|\x01\tDi-Anne-\x02\r\n* \x04\x00\x01\x01",
            b"Ann /r/ABC; /r/ nothing here\x00\x02\x02",
            b"Name;Link\r\nJ\xc3\xb6rg;\x05\r\n\x00\x00\x04\x02\x00\x00",
            b"[22.11.26, 18:30:05] Ann: \x05\n\x00\x01\x00\x02\x00\x00",
            b"Ann \x05\nBo\x05\x00\x01\x02\x02\x02\x02\x01\x01",
        ],
    ),
    "query": Target(
        12,
        lambda given, site: site.request(inputs.query(given, site.world)),
        [
            b"from=City+Runners&training=distance\x00\x00\x00",
            b"from=l%C3%A4ufer%20%E2%80%8D&time=some&time=plenty\x00\x00\x01",
            b"from=www.run.example&bothers=knee&x=1;y=2\x00\x00\x02",
            bytes(range(60)) + b"\x01\x00",
            bytes(range(60)) + b"\x01\x00\x01",
        ],
    ),
    "header": Target(
        12,
        lambda given, site: site.header(inputs.header(given, site.world)),
        [
            bytes(f"{value}\x00\x00{chr(n)}\x00", "latin-1")
            for n, value in enumerate(
                ("run.example:8000", FORM, "12", "chunked", "gzip, br;q=0.5", "text/html")
            )
        ]
        + [bytes(f"{HEADERS[n]}\x00\x00{chr(n)}\x00", "latin-1") for n in range(6, len(HEADERS))],
    ),
    "path": Target(
        13,
        lambda given, site: site.request(inputs.path(given, site.world)),
        [
            b"coach\x00\x00",
            b"G00420004VN0A6JBM/with/x\x01\x00",
            b"..%2frules.yaml\x02\x00",
            b"\x03\x01",
        ],
    ),
    "rulebook": Target(
        8,
        lambda given, site: site.rulebook(inputs.rulebook(given)),
        [text + b"\x01" for text in _files()] + [bytes([n, n, 1, n, n, 0]) for n in range(20)],
        6000,
    ),
}


def dictionary(world: World) -> str:
    """Return the words that libFuzzer puts into inputs, in its own notation."""
    keys = {key for part in MODELS.values() for key in yaml_keys(part)}
    words = {*WORDS, *world.names, *world.values, *world.codes, *keys} - {""}
    return "".join(f'"{_escaped(word)}"\n' for word in sorted(words) if len(word.encode()) < 64)


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02X}" for byte in word.encode())
