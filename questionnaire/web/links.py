"""Addresses that leave the screen: on paper, in a QR code, in a message to a club.

A coach's link is the form's own address with parameters that people can read, such as
`/?from=City+Runners&training=distance`: the club's name, and answers ticked beforehand.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import Any

from flask import abort, current_app, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.urls import uri_to_iri

from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Question
from questionnaire.serving.settings import UNSPECIFIED, is_address, public_address
from questionnaire.web.club_name import club_name_or_empty

CLUB_PARAMETER = "from"
"""The parameter with the name of the club or coach; no question can be called so."""

LANG_PARAMETER = "lang"
"""The parameter that chooses the language of a page; no question can be called so."""

NOTHING_KEPT: dict[str, Any] = {CLUB_PARAMETER: None, LANG_PARAMETER: None}
"""What `url_for` is told for an address that leaves the site: its reader has another language."""

MAX_URL = 300
"""How long the address of a site may be; a name has at most 253 characters."""

_HOST = re.compile(r"https?://(?:\[([^\]]+)\]|([^:/?#]+))")


def public_url(path: str) -> str:
    """Return the whole address of a path, at the site of FLASK_PUBLIC_URL or of the request."""
    return (public_address(current_app.config["PUBLIC_URL"])[0] or _request_root()) + path


def _request_root() -> str:
    """Return the address by which the site was asked for, unless that cannot be one."""
    root = UNSPECIFIED.sub("//127.0.0.1", f"{request.scheme}://{request.host}")
    if len(root) > MAX_URL or not _is_address(root):
        abort(400)
    return root


_is_address = lru_cache(maxsize=64)(is_address)


def display_url(address: str) -> str:
    """Return an address as people write it, in the letters of their language."""
    try:
        return uri_to_iri(address)
    except UnicodeError:  # a host that only looks like one in such letters
        return address


def bare_address() -> str:
    """Return the address of the form as people type it: without https:// and the last slash."""
    address = display_url(public_url(url_for("form.show", **NOTHING_KEPT)))
    return address.partition("://")[2].removesuffix("/")


def is_loopback(address: str) -> bool:
    """Return True if an address leads to this computer alone, where no phone can follow."""
    host = _HOST.match(address)
    return _is_loopback_host(host[1] or host[2]) if host else False


@lru_cache(maxsize=64)
def _is_loopback_host(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def preset(rulebook: Rulebook, sent: MultiDict[str, str]) -> int:
    """Return the bits of the answers ticked beforehand, without those that nobody can give."""
    return sum(
        bits for question, bits in preset_choices(rulebook, sent) if not question.contradicts(bits)
    )


def preset_choices(rulebook: Rulebook, sent: MultiDict[str, str]) -> list[tuple[Question, int]]:
    """Return the questions that may be pre-set, each with the bits of its choices sent."""
    return [
        (question, sum(c.bit for c in question.choices if c.id in sent.getlist(question.id)))
        for question in rulebook.presets
    ]


def kept_parameters(rulebook: Rulebook, sent: MultiDict[str, str]) -> dict[str, list[str]]:
    """Return what of a query may be shown again: the name of a club, and the answers pre-set."""
    club = club_name_or_empty(sent.get(CLUB_PARAMETER, ""))
    return parameters(rulebook, club, preset(rulebook, sent))


def parameters(rulebook: Rulebook, club: str, ticked: int) -> dict[str, list[str]]:
    """Return the parameters of a coach's link: the club's name, and the answers pre-set."""
    values = {CLUB_PARAMETER: [club] if club else []} | {
        question.id: [choice.id for choice in question.choices_in(ticked)]
        for question in rulebook.presets
    }
    return {name: value for name, value in values.items() if value}
