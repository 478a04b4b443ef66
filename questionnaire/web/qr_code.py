"""The QR code of an address, as SVG and as PNG."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from questionnaire.web.wording import gettext

if TYPE_CHECKING:
    from segno import QRCode

LONG_ADDRESS = 300
"""From how many characters on a code has the lowest error correction."""

MASK = 0
"""The pattern over the modules: readers take any of the eight."""

PIXELS_A_MODULE = 20
"""How large a PNG is: a code has at least 21 modules, and stays sharp on a sheet of paper."""

_PIXELS = ("1" * PIXELS_A_MODULE, "0" * PIXELS_A_MODULE)
"""A row of the pixels of a light and of a dark module."""

_SVG = "http://www.w3.org/2000/svg"


def qr_svg(address: str) -> Markup:
    """Return the QR code of an address as SVG, dark on white also in the dark.

    It is drawn anew each time: a cache would hold the addresses of results.
    """
    drawing = _qr_code(address).svg_inline(
        dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    label = escape(gettext("QR code"))
    named = drawing.replace("<svg ", f'<svg xmlns="{_SVG}" role="img" aria-label="{label}" ', 1)
    return Markup(named)  # noqa: S704 - segno's own drawing


def qr_png(address: str) -> bytes:
    """Return the QR code of an address as PNG, large enough to print.

    segno writes one too, and takes 30 ms longer for a long address.
    """
    code = _qr_code(address)
    width, height = code.symbol_size(PIXELS_A_MODULE)
    rows = b"".join(_png_row(row) * PIXELS_A_MODULE for row in code.matrix_iter())
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)  # one bit a pixel, black or white
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(*chunk) for chunk in chunks)


def _png_row(modules: Iterable[int]) -> bytes:
    """Return a row of pixels, unfiltered."""
    bits = "".join(_PIXELS[module] for module in modules)
    length = -(-len(bits) // 8)
    return b"\0" + int(bits.ljust(8 * length, "0"), 2).to_bytes(length, "big")


def _png_chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def _qr_code(address: str) -> QRCode:
    import segno  # here: most requests never need it, and each start would take it along

    # A damaged code can still be read, unless the address is so long that its modules are tiny.
    error = "m" if len(address) <= LONG_ADDRESS else "l"
    # The mask is fixed because segno takes most of its time to draw and compare all eight.
    return segno.make(address, error=error, micro=False, mask=MASK)
