"""A text browser fills in the form, as somebody does who hears or types the web."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import threading
from pathlib import Path

from bs4 import BeautifulSoup
from flask import Flask

ANSWERS = [("any-warnings", "none"), ("bothers", "knee"), ("training", "none")]
DOWN, ENTER = "Down Arrow", "^J"


def stops(page: str) -> list[tuple[str, str]]:
    """The places that lynx moves to in the page, one for each link, box and button."""
    found = BeautifulSoup(page, "html.parser").select("a[href], input, button[type=submit]")
    return [(str(one.get("name", one.name)), str(one.get("value", ""))) for one in found]


def typed(site: Flask, saved: Path) -> list[str]:
    """The keys that fill in the form, send it, save the page that comes and leave."""
    places = stops(site.test_client().get("/").text)
    keys: list[str] = []
    here = 0
    for wanted in [*ANSWERS, ("button", "")]:
        there = places.index(wanted, here)
        keys += [DOWN] * (there - here) + [ENTER]
        here = there
    return [*keys, "p", ENTER, "^U", *str(saved), ENTER, "q", "y"]


def test_lynx_fills_in_the_form_and_reads_the_results(
    site: Flask, address: str, tmp_path: Path
) -> None:
    lynx = shutil.which("lynx")
    assert lynx, "lynx is missing: `make tools` installs it"
    saved, script = tmp_path / "saved.txt", tmp_path / "keys.txt"
    script.write_text("".join(f"key {key}\n" for key in typed(site, saved)))
    screen, keyboard = pty.openpty()
    reader = threading.Thread(target=drain, args=(screen,), daemon=True)
    reader.start()
    subprocess.run(  # noqa: S603
        [lynx, f"-cmd_script={script}", f"{address}/"],
        stdin=keyboard,
        stdout=keyboard,
        stderr=keyboard,
        env=os.environ | {"TERM": "vt100", "LINES": "40", "COLUMNS": "100"},
        timeout=60,
        check=True,
    )
    page = " ".join(saved.read_text().split())
    assert "For your answers the article names your glutes" in page
    assert page.index("1 Glutes") < page.index("Knee Glutes that do not work when they should lead")


def drain(screen: int) -> None:
    """Read what lynx draws, so that it never waits for the screen."""
    while True:
        try:
            if not os.read(screen, 65536):
                return
        except OSError:
            return
