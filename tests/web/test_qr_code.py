"""QR codes can be read, and cost little however long their address is."""

from __future__ import annotations

import io
from urllib.parse import quote

import pytest
import zxingcpp
from PIL import Image

from questionnaire.web.qr_code import qr_png, qr_svg

SHORT = "https://run.example.org/"
LONG = f"{SHORT}?from={quote(chr(0x1F3C3) * 60)}&training=distance"


@pytest.mark.parametrize("address", [SHORT, LONG])
def test_the_picture_can_be_read(address: str) -> None:
    picture = Image.open(io.BytesIO(qr_png(address)))
    assert picture.mode == "1"
    [found] = zxingcpp.read_barcodes(picture.convert("L"))
    assert found.text == address
    modules = 33 if address == SHORT else 101  # with the quiet zone
    assert picture.size == (20 * modules, 20 * modules)


def test_masks_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparing all eight takes most of the time of a code."""
    monkeypatch.setattr("segno.encoder.evaluate_mask", lambda *_: pytest.fail("compared"))
    assert "<svg" in qr_svg(SHORT)
