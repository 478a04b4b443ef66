"""What compose.yaml sets up: the shipped Caddyfile in front of one instance."""

from __future__ import annotations

import os
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path

from tests.support.nginx_stack import DEPLOY, NAME, Instance, listens, replaced, tool
from tests.support.server_process import TIMEOUT, free_port


class CaddyStack:
    """The shipped Caddyfile on free ports, with a certificate that it makes itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.instance = Instance(folder, {"FLASK_PUBLIC_URL": f"https://{NAME}"})
        self.http, self.https = free_port(), free_port()
        here = f"http_port {self.http}\nhttps_port {self.https}\nlocal_certs\nskip_install_trust"
        text = replaced(
            (DEPLOY / "Caddyfile").read_text("utf-8"), {"admin off": f"admin off\n{here}"}
        )
        config = folder / "Caddyfile"
        config.write_text(text, "utf-8")
        settings = {
            "SITE": NAME,
            "UPSTREAM": f"127.0.0.1:{self.instance.port}",
            "PAGES": str(DEPLOY),
            "XDG_DATA_HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
        }
        command = [tool("caddy"), "run", "--adapter", "caddyfile", "--config", str(config)]
        with (folder / "caddy.log").open("wb") as log:
            self.caddy = subprocess.Popen(  # noqa: S603
                command, stdout=log, stderr=log, env=os.environ | settings
            )
        self.instance.wait()
        self._wait()

    def _wait(self) -> None:
        until, root = time.monotonic() + TIMEOUT, self.folder / "caddy/pki/authorities/local"
        issued = self.folder / f"caddy/certificates/local/{NAME}/{NAME}.json"
        while not (listens(self.https) and issued.exists()):
            log = (self.folder / "caddy.log").read_text("utf-8")
            assert self.caddy.poll() is None, log
            assert time.monotonic() < until, log
            time.sleep(0.05)
        self.trust = ssl.create_default_context(cafile=str(root / "root.crt"))

    def visitor(self) -> HTTPSConnection:
        """Return a connection of its own."""
        return HTTPSConnection(NAME, self.https, timeout=30, context=self.trust)

    def close(self) -> None:
        """Stop everything."""
        self.caddy.terminate()
        self.caddy.wait()
        self.instance.kill()


@contextmanager
def running_caddy(folder: Path) -> Iterator[CaddyStack]:
    stack = CaddyStack(folder)
    try:
        yield stack
    finally:
        stack.close()
