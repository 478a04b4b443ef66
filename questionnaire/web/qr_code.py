"""The QR code of an address, as SVG and as PNG."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from segno import QRCode

PIXELS_A_MODULE = 20
"""How large a PNG is: a code has at least 21 modules, and stays sharp on a sheet of paper."""

_SVG = "http://www.w3.org/2000/svg"


def qr_svg(address: str) -> Markup:
    """Return the QR code of an address as SVG, dark on white also in the dark.

    It is drawn anew each time: a cache would hold the addresses of results.
    """
    drawing = _qr_code(address).svg_inline(
        dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    named = drawing.replace("<svg ", f'<svg xmlns="{_SVG}" role="img" aria-label="QR code" ', 1)
    return Markup(named)  # noqa: S704 - segno's own drawing


def qr_png(address: str) -> bytes:
    """Return the QR code of an address as PNG, large enough to print."""
    picture = io.BytesIO()
    _qr_code(address).save(picture, kind="png", scale=PIXELS_A_MODULE)
    return picture.getvalue()


def _qr_code(address: str) -> QRCode:
    import segno  # here: most requests never need it, and each start would take it along

    return segno.make(address, error="m", micro=False)
