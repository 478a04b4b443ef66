"""The settings: environment variables that start with FLASK_, checked before anything is served."""

from __future__ import annotations

import difflib
import ipaddress
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from flask import Flask
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from questionnaire.text import is_visible

PREFIX = "FLASK_"
ALIASES = {"LOG": "LOG_LEVEL", "PROXY": "PROXIES", "RULEBOOK": "RULES", "URL": "PUBLIC_URL"}
"""Other names that people try for a setting and that are spelt too differently to be found."""

_LIMITS = "the limits follow from the rulebook, and docs/guides/settings.md says how"
RETIRED = {
    "MAX_CONTENT_LENGTH": _LIMITS,
    "MAX_FORM_MEMORY_SIZE": _LIMITS,
    "MAX_FORM_PARTS": _LIMITS,
    "WORKERS": "one process serves, and docs/guides/deploy.md says how to run more behind nginx",
}
"""Settings of earlier versions, each with what replaced it: the start warns and ignores them."""

NO_NAMES = {
    *("no", "none", "null", "na", "nobody", "false", "true", "yes", "todo", "tbd", "pending"),
    *("notyet", "unknown", "empty"),
}
"""What people write where a name should stand: as a reviewer it would claim a review."""

SIMILARITY_CUTOFF = 0.7
"""How similar an unknown name must be to a setting to be a misspelling of it: 1 is equal."""

_LABEL = r"\w(?:[\w-]{0,61}\w)?"
_ADDRESS = re.compile(
    rf"https?://(\[(?P<number>[0-9a-fA-F:.]+)\]|{_LABEL}(\.{_LABEL})*\.?)(:(?P<port>\d{{1,5}}))?/?"
)
UNSPECIFIED = re.compile(r"//(0\.0\.0\.0|\[::\])(?=[:/]|$)")
"""The start of an address that some systems take for this machine, and no phone can open."""
_PATH = re.compile("(/(?!\\.+(/|$))[A-Za-z0-9._~-]+)*")
_ORIGIN = re.compile(
    r"https://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?|http://(localhost|127\.0\.0\.1)(:\d{1,5})?"
)
_HOST_NAME = re.compile(r"\.?[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*")


_TAG = re.compile("[a-z]{2,3}(-[A-Z]{2})?")
_REVIEWER = re.compile(rf"(?P<name>[^()]+) \((?P<language>{_TAG.pattern})\)")


class SettingsError(Exception):
    """Settings that cannot be used: one sentence a line, with the culprit and the remedy."""


def _require(valid: object) -> None:
    if not valid:
        raise ValueError  # the remedy stands beside the setting


def _one_line(text: str) -> str:
    _require(text.strip() and text.isprintable())
    return text


def _digits(text: str) -> int:
    _require(re.fullmatch("[0-9]{1,9}", text))
    return int(text)


def is_address(text: str) -> bool:
    """Return True if the text is the address of a site, without a path."""
    address = _ADDRESS.fullmatch(text)
    if not address or UNSPECIFIED.search(text):
        return False
    try:
        ipaddress.IPv6Address(address["number"] or "::")
    except ValueError:
        return False
    return 0 < int(address["port"] or 80) < 1 << 16


def public_address(text: str) -> tuple[str, str]:
    """Return the address of a site and the path below which its pages are, without slashes."""
    start = re.match("https?://[^/]*", text)
    site = start[0] if start else ""
    return site, text[len(site) :].removesuffix("/")


def _address(text: str) -> str:
    site, path = public_address(text)
    _require(not text or (is_address(site) and _PATH.fullmatch(path)))
    return text


def _plain_text(text: str) -> str:
    _require(is_visible(text))
    return text.strip()


def _name(text: str) -> str:
    """Return the name of a person, or "" if there is none: words such as "none" are no name."""
    name = _plain_text(text)
    letters = re.sub(r"[\W\d_]+", "", name).lower()
    _require(not name or (len(letters) > 1 and letters not in NO_NAMES))
    return name


def _names(text: str) -> str:
    for name in reviewers_of(text, "").values() if text else ():
        _require(_name(name) and len(name) <= 100)
    return _plain_text(text)


def reviewers_of(text: str, language: str) -> dict[str, str]:
    """Return who reviewed each language: a name without one in brackets is that of `language`."""
    if not text:
        return {}
    found = [_REVIEWER.fullmatch(part.strip()) for part in re.split(r"(?<=\)),", text)]
    named = {one["language"]: one["name"] for one in found if one}
    return named if named and all(found) else {language: text}


def _tags(text: str) -> list[str]:
    """Return the tags of languages in a list with commas or in JSON."""
    tags = json.loads(text) if text.startswith("[") else text.split(",") if text else []
    stripped = [str(tag).strip() for tag in tags]
    _require(all(map(_TAG.fullmatch, stripped)) and len({*stripped}) == len(stripped))
    return stripped


def _name_and_contact(text: str) -> str:
    """Return the text without a full stop at its end, because the pages put one behind it."""
    _require("http:" not in text.lower())
    return _plain_text(text).removesuffix(".")


def _phone_number(text: str) -> str:
    several = re.match("[0-9]{1,3} ", text)  # such as 112 999, which a phone would dial as one
    digits = re.fullmatch("[0-9]( ?[0-9])+", text) and text.strip("0 ")
    _require(not text or (len(text) <= 15 and digits and not several))
    return text


def _host_names(text: str) -> list[str] | None:
    """Return the names in a list with commas or in JSON; Flask takes None for any host."""
    if not text:
        return None
    names = json.loads(text) if text.startswith("[") else text.split(",")
    stripped = [str(name).strip().lower() for name in names]
    _require(stripped and all(map(_HOST_NAME.fullmatch, stripped)))
    return stripped


def _frame_ancestors(text: str) -> str:
    """Return the sources as a content security policy spells them."""
    words = [word.strip("'") if "/" not in word else word.rstrip("/") for word in text.split()]
    if words == ["none"]:
        return "'none'"
    _require(words and all(word == "self" or _ORIGIN.fullmatch(word) for word in words))
    return " ".join("'self'" if word == "self" else word for word in words)


Line = Annotated[str, AfterValidator(_one_line)]
Number = Annotated[int, BeforeValidator(_digits)]
Address = Annotated[str, AfterValidator(_address)]
Names = Annotated[str, AfterValidator(_names)]
Tags = Annotated[list[str], BeforeValidator(_tags)]
NameAndContact = Annotated[str, AfterValidator(_name_and_contact)]
PhoneNumber = Annotated[str, AfterValidator(_phone_number)]
HostNames = Annotated[list[str] | None, BeforeValidator(_host_names)]
FrameAncestors = Annotated[str, AfterValidator(_frame_ancestors)]


def _setting(default: str, meaning: str, remedy: str, **limits: Any) -> Any:
    """Return a field; its default is a text that is read as if it stood in the environment."""
    return Field(default, description=meaning, json_schema_extra={"remedy": remedy}, **limits)


def _number(default: str, least: int, most: int, meaning: str = "") -> Any:
    return _setting(default, meaning, f"a number from {least} to {most}", ge=least, le=most)


class Settings(BaseModel):
    """What a host may set, with the meanings and defaults that docs/guides/settings.md lists."""

    model_config = ConfigDict(validate_default=True)

    HOST: Line = _setting(
        "127.0.0.1",
        "Where `python app.py` serves: a number or name of this machine, or 0.0.0.0 for all.",
        "a name or number of this machine",
    )
    PORT: Number = _number("8000", 1, 65_535, "The port on which `python app.py` serves.")
    RULES: Line = _setting(
        str(Path(__file__).parent.parent.parent / "rules.yaml"),
        "The rulebook. It is read once, at the start.",
        "the path of a rulebook",
    )
    PUBLIC_URL: Address = _setting(
        "",
        "The address in links and QR codes, perhaps with a path; if empty, that of each request.",
        "an address such as https://run.example.org or https://club.example/selfcheck",
    )
    OPERATOR: NameAndContact = _setting(
        "",
        "Who runs the site, and how to reach them: shown on /about and at the foot of every page.",
        "a name and a contact in one line of at most 200 characters, web addresses with https",
        max_length=200,
    )
    REVIEWED_BY: Names = _setting(
        "",
        "The clinician who reviewed the warning signs; if empty, /about says that none has. Of"
        " more languages: Dr Able (en), Dr Baker (de).",
        "the name of a person in one line of at most 100 characters, or several, each with a"
        " language in brackets: Dr Able (en), Dr Baker (de)",
        max_length=500,
    )
    LANGUAGES: Tags = _setting(
        "",
        "The languages of the site, with commas between, the usual one first; if empty, all.",
        "tags of languages such as en, de, with commas between them",
    )
    EMERGENCY: PhoneNumber = _setting(
        "",
        "The emergency number where the runners are; if empty, those of several places are shown.",
        "one number, such as 112, of at most 15 digits and spaces",
    )
    TRUSTED_HOSTS: HostNames = _setting(
        "",
        "The host names that the site responds to, with commas between; if empty, any.",
        "names such as run.example.org, with commas between them",
    )
    PROXIES: Number = _number(
        "0",
        0,
        10,
        "How many proxies of your own are in front: X-Forwarded-Proto is trusted from so many.",
    )
    FRAME_ANCESTORS: FrameAncestors = _setting(
        "none",
        "Who may show the site inside a page: none, self, or addresses with spaces between.",
        "none, self or addresses such as https://club.example, with spaces between them",
    )
    LOG_FORMAT: Literal["text", "json"] = _setting(
        "text", "The format of each line: text or json.", "text or json"
    )
    LOG_LEVEL: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = _setting(
        "INFO",
        "The lowest level that is logged: INFO has every request, WARNING only problems.",
        "DEBUG, INFO, WARNING or ERROR",
    )


SETTINGS = {name: field for name, field in Settings.model_fields.items() if field.description}
"""Our own settings, by name and in the order of the documentation."""


def load_settings(config: Mapping[str, object], environ: Mapping[str, str]) -> Settings:
    """Return every setting: as a program configured it, or from the environment, or its default.

    Raises SettingsError with every wrong value and with every name that is like one of ours and
    neither that nor Flask's own.
    """
    texts = {name[len(PREFIX) :]: text for name, text in environ.items() if name.startswith(PREFIX)}
    texts |= {name: _as_text(value) for name, value in config.items()}
    problems = [problem for name in texts if (problem := _suggest_name(name))]
    try:
        settings = Settings.model_validate(texts)
    except ValidationError as error:
        wrong = dict.fromkeys(str(detail["loc"][0]) for detail in error.errors())
        problems += [f"{PREFIX}{name} is {texts[name]!r}: give {_remedy(name)}" for name in wrong]
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, list) else str(value)


def _remedy(name: str) -> str:
    extra: Any = Settings.model_fields[name].json_schema_extra
    return str(extra["remedy"])


def _suggest_name(name: str) -> str | None:
    """Return what is wrong with the name of a setting, with the name that was probably meant."""
    if name in {*Settings.model_fields, *Flask.default_config, *RETIRED}:
        return None
    if "__" in name:  # Flask would look for a setting that holds others, and fail
        return f"{PREFIX}{name} is not a setting: unset it"
    similar = difflib.get_close_matches(name.upper(), SETTINGS, n=1, cutoff=SIMILARITY_CUTOFF)
    meant = ALIASES.get(name) or next(iter(similar), None)
    return meant and f"{PREFIX}{name} is not a setting: rename it to {PREFIX}{meant}, or unset it"


def retired_settings(environ: Mapping[str, str]) -> list[str]:
    """Return a warning for every retired setting in the environment."""
    return [
        f"{PREFIX}{name} is no longer a setting and is ignored: {replacement}"
        for name, replacement in RETIRED.items()
        if f"{PREFIX}{name}" in environ
    ]


def require_loopback(host: str) -> None:
    """Raise SettingsError if others than this computer can reach a host, for debug mode."""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback:
        raise SettingsError(
            f"FLASK_DEBUG is set and others may reach {host!r}: "
            "unset it, or serve on 127.0.0.1, for it shows them too much"
        )
