"""The QR code of an address."""

from __future__ import annotations

from markupsafe import Markup

_SVG = "http://www.w3.org/2000/svg"


def qr_svg(address: str) -> Markup:
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
