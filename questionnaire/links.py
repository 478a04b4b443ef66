"""Addresses that leave the screen: on paper, in a QR code, in a message to a club."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from urllib.parse import urlsplit

from flask import current_app, request
from markupsafe import Markup

_SVG = "http://www.w3.org/2000/svg"


def public(path: str) -> str:
    """Return the whole address of a path, under FLASK_PUBLIC_URL or the host of the request."""
    root = current_app.config["PUBLIC_URL"] or f"{request.scheme}://{request.host}"
    return root.rstrip("/") + path


def only_here(address: str) -> bool:
    """Say whether an address leads to this computer alone, where no phone can follow."""
    return _is_here(urlsplit(address).hostname or "")


@lru_cache(maxsize=64)
def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def qr(address: str) -> Markup:
    """Return the QR code of an address as SVG, dark on white also in the dark.

    It is drawn anew each time: a cache would hold the addresses of results.
    """
    import segno  # here: most requests never need it, and each start would take it along

    code = segno.make(address, error="m", micro=False)
    drawing = code.svg_inline(
        dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    named = drawing.replace("<svg ", f'<svg xmlns="{_SVG}" role="img" aria-label="QR code" ', 1)
    return Markup(named)  # noqa: S704 - segno's own drawing
