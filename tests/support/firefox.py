"""Debian's Firefox without windows, driven through WebDriver BiDi.

Playwright 1.65 speaks BiDi too, but to every new page it sends a command that an ESR lacks.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.support.server_process import TIMEOUT

PHONE = (360, 740)
"""The width and height of a small phone's window."""

LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)\s")
LOADED = "browsingContext.load"
LOGGED = "log.entryAdded"
WHEN_LOADED = """document.readyState === "complete"
  || new Promise(loaded => addEventListener("load", loaded))"""

ONLY_THIS_MACHINE = """
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
"""
"""Preferences that lead Firefox's own requests, for updates and studies, to where nobody is."""


class Firefox:
    """One tab of a browser."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.numbers = itertools.count(1)
        self.loaded: list[str] = []
        self.logged: list[str] = []
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=[LOADED, LOGGED])
        self.tab: str = self.send("browsingContext.create", type="tab")["context"]

    def send(self, method: str, **params: Any) -> Any:
        """Send a command and return its result."""
        number = next(self.numbers)
        self.connection.send(json.dumps({"id": number, "method": method, "params": params}))
        while (message := self._receive()).get("id") != number:
            pass
        assert message["type"] == "success", f"{method}: {message['message']}"
        return message["result"]

    def in_tab(self, method: str, **params: Any) -> Any:
        return self.send(f"browsingContext.{method}", context=self.tab, **params)

    def open(self, url: str) -> None:
        self.in_tab("navigate", url=url, wait="complete")

    def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height}
        self.in_tab("setViewport", viewport=size, devicePixelRatio=1)

    def evaluate(self, expression: str) -> Any:
        """Return what an expression, or the promise that it is, comes to on the page."""
        as_json = f"Promise.resolve({expression}).then(value => JSON.stringify(value ?? null))"
        return json.loads(self._run(as_json)["value"])

    def click(self, selector: str) -> None:
        """Press the mouse on an element, and fail if another one covers it."""
        quoted = json.dumps(selector)
        element = self._run(
            f"(e => (e.scrollIntoView({{block: 'center', behavior: 'instant'}}), e))"
            f"(document.querySelector({quoted}))"
        )
        origin = {"type": "element", "element": {"sharedId": element["sharedId"]}}
        press: list[dict[str, Any]] = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        mouse = {"type": "pointer", "id": "mouse", "actions": press}
        self.send("input.performActions", context=self.tab, actions=[mouse])

    def follow(self, selector: str) -> None:
        """Click what leads to another page, and wait for that page."""
        self.loaded.clear()
        self.click(selector)
        while not self.loaded:
            self._receive()

    def back(self) -> None:
        self.in_tab("traverseHistory", delta=-1)
        self.evaluate(WHEN_LOADED)

    def pdf(self, width: float, height: float) -> bytes:
        """Return the page as printed on paper of this size in centimetres."""
        printed = self.in_tab("print", page={"width": width, "height": height})
        return base64.b64decode(printed["data"])

    def _run(self, expression: str) -> dict[str, Any]:
        outcome = self.send(
            "script.evaluate",
            expression=expression,
            target={"context": self.tab},
            awaitPromise=True,
        )
        assert outcome["type"] == "success", outcome.get("exceptionDetails", {}).get("text")
        value: dict[str, Any] = outcome["result"]
        return value

    def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.connection.recv(TIMEOUT))
        if message.get("method") == LOADED:
            self.loaded.append(message["params"]["url"])
        elif message.get("method") == LOGGED:
            self.logged.append(f"{message['params']['level']}: {message['params']['text']}")
        return message


@contextmanager
def firefox() -> Iterator[Firefox]:
    """Start Firefox with a profile of its own, and end it."""
    path = shutil.which("firefox-esr")
    assert path, "firefox-esr is missing: `make firefox` installs it"
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        profile, log = Path(folder), Path(folder) / "stderr"
        (profile / "user.js").write_text(ONLY_THIS_MACHINE, "utf-8")
        options = ["--headless", "--no-remote", "--profile", folder, "--remote-debugging-port=0"]
        with log.open("w") as stderr:
            process = subprocess.Popen([path, *options], stderr=stderr)  # noqa: S603 - Debian's
        try:
            with connect(_address(process, log), max_size=None, proxy=None) as connection:
                yield Firefox(connection)
        finally:
            process.terminate()
            process.wait(TIMEOUT)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Return where a Firefox that starts says it listens."""
    deadline = time.monotonic() + TIMEOUT
    while not (found := LISTENING.search(log.read_text())):
        alive = process.poll() is None and time.monotonic() < deadline
        assert alive, f"Firefox does not start: {log.read_text()}"
        time.sleep(0.05)
    return f"{found[1]}/session"
