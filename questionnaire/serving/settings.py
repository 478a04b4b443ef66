"""The settings: variables that start with FLASK_, all of them checked before anything is served."""

from __future__ import annotations

import contextlib
import difflib
import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

PREFIX = "FLASK_"
LIKE = 0.7
"""How like one of ours a name is that was meant to be it: 1 is the same."""

ALIASES = {"LOG": "LOG_LEVEL", "PROXY": "PROXIES", "RULEBOOK": "RULES", "URL": "PUBLIC_URL"}
"""What else is likely to be written for ours, and is not like it."""

_LABEL = r"\w(?:[\w-]{0,61}\w)?"
_ADDRESS = re.compile(
    rf"https?://(\[(?P<number>[0-9a-fA-F:.]+)\]|{_LABEL}(\.{_LABEL})*\.?)(:(?P<port>\d{{1,5}}))?/?"
)
_ORIGIN = re.compile(
    r"https://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?|http://(localhost|127\.0\.0\.1)(:\d{1,5})?"
)
_HOST_NAME = re.compile(r"\.?[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*")


class SettingsError(Exception):
    """Settings that cannot be used: one sentence a line, with the culprit and the remedy."""


@dataclass(frozen=True)
class Setting:
    """A setting; `read` makes a value of its text, or raises ValueError with what to give."""

    name: str
    default: str
    meaning: str
    read: Callable[[str], object]


def _text(remedy: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not text.strip() or not text.isprintable():
            raise ValueError(remedy)
        return text

    return read


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ValueError(f"give a number from {least} to {most}")
        return int(text)

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"give {', '.join(words[:-1])} or {words[-1]}")
        return text

    return read


def _address(text: str) -> str:
    if text and not is_address(text):
        raise ValueError("give an address without a path, such as https://run.example.org")
    return text


def is_address(text: str) -> bool:
    """Say whether this is the address of a site: without a path, for it works below none."""
    found = _ADDRESS.fullmatch(text)
    if not found:
        return False
    try:
        ipaddress.IPv6Address(found["number"] or "::")
    except ValueError:
        return False
    return 0 < int(found["port"] or 80) < 1 << 16


def _ancestors(text: str) -> str:
    words = [word.strip("'") if "/" not in word else word.rstrip("/") for word in text.split()]
    if words == ["none"]:
        return "'none'"
    if not words or not all(word == "self" or _ORIGIN.fullmatch(word) for word in words):
        raise ValueError(
            "give none, self or addresses such as https://club.example, with spaces between them"
        )
    return " ".join("'self'" if word == "self" else word for word in words)


def _hosts(text: str) -> list[str] | None:
    """Return the names in a list with commas or in JSON; Flask takes None for any host."""
    if not text:
        return None
    with contextlib.suppress(json.JSONDecodeError):
        names = json.loads(text) if text.startswith("[") else text.split(",")
        stripped = [str(name).strip().lower() for name in names]
        if stripped and all(map(_HOST_NAME.fullmatch, stripped)):
            return stripped
    raise ValueError("give names such as run.example.org, with commas between them")


SETTINGS = (
    Setting(
        "HOST",
        "127.0.0.1",
        "Where `python app.py` serves: a number or name of this machine, or 0.0.0.0 for all.",
        _text("give a name or number of this machine"),
    ),
    Setting("PORT", "8000", "The port on which `python app.py` serves.", _number(1, 65_535)),
    Setting("WORKERS", "1", "How many processes serve: one for each core.", _number(1, 256)),
    Setting(
        "RULES",
        str(Path(__file__).parent.parent.parent / "rules.yaml"),
        "The rulebook. It is read once, at the start.",
        _text("give the path of a rulebook"),
    ),
    Setting(
        "PUBLIC_URL",
        "",
        "The address in links, QR codes and posters; if empty, the one that was asked for.",
        _address,
    ),
    Setting(
        "TRUSTED_HOSTS",
        "",
        "The names by which the site may be asked for, with commas between; if empty, any.",
        _hosts,
    ),
    Setting(
        "PROXIES",
        "0",
        "How many proxies of yours stand in front: so many X-Forwarded-Proto are believed.",
        _number(0, 10),
    ),
    Setting(
        "FRAME_ANCESTORS",
        "none",
        "Who may show the site inside a page: none, self, or addresses with spaces between.",
        _ancestors,
    ),
    Setting("LOG_FORMAT", "text", "How a line is written: text or json.", _one_of("text", "json")),
    Setting(
        "LOG_LEVEL",
        "INFO",
        "The least that is logged: from INFO on every request, from WARNING on only trouble.",
        _one_of("DEBUG", "INFO", "WARNING", "ERROR"),
    ),
)


LIMITS = ("MAX_CONTENT_LENGTH", "MAX_FORM_PARTS", "MAX_FORM_MEMORY_SIZE")
"""Flask's own that must be numbers, or it fails at every form that is sent."""


def checked(given: Mapping[str, object], environ: Mapping[str, str]) -> dict[str, object]:
    """Return the value of every setting: as given, or from the environment, or its default.

    Raises SettingsError with every wrong value, a limit of Flask's among them, and with every name
    that is like one of ours and neither that nor Flask's own.
    """
    texts = {name[len(PREFIX) :]: text for name, text in environ.items() if name.startswith(PREFIX)}
    texts |= {name: _as_text(value) for name, value in given.items()}
    values: dict[str, object] = {}
    problems = [problem for name in texts if (problem := _misspelt(name))]
    limits = [Setting(name, "", "", _number(1, 999_999_999)) for name in LIMITS if name in texts]
    for setting in (*SETTINGS, *limits):
        text = texts.get(setting.name, setting.default)
        try:
            values[setting.name] = setting.read(text)
        except ValueError as remedy:
            problems.append(f"{PREFIX}{setting.name} is {text!r}: {remedy}")
    if problems:
        raise SettingsError("\n".join(problems))
    return values


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, list) else str(value)


def refuse_strangers(host: str) -> None:
    """Raise SettingsError if others than this computer can reach a host: not in debug mode."""
    try:
        here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = host == "localhost"
    if not here:
        raise SettingsError(
            f"FLASK_DEBUG is set and others may reach {host!r}: "
            "unset it, or serve on 127.0.0.1, for it shows them too much"
        )


def _misspelt(name: str) -> str | None:
    ours = [setting.name for setting in SETTINGS]
    if name in ours or name in Flask.default_config:
        return None
    if "__" in name:  # Flask would look for a setting that holds others, and fail
        return f"{PREFIX}{name} is not a setting: unset it"
    near = difflib.get_close_matches(name.upper(), ours, n=1, cutoff=LIKE)
    meant = ALIASES.get(name) or next(iter(near), None)
    if meant is None:
        return None
    return f"{PREFIX}{name} is not a setting: rename it to {PREFIX}{meant}, or unset it"
