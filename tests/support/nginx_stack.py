"""What docs/guides/deploy.md sets up: the shipped nginx in front of two instances."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path

from tests.support.server_process import TIMEOUT, free_port

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
NAME = "localhost"
"""The public name of the site."""


def tool(name: str) -> str:
    """The path of a program of Debian's."""
    path = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    assert path, f"{name} is missing: `make tools` installs it"
    return path


def listens(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


class Instance:
    """One `python app.py`, as selfassessment@.service starts it."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.port = free_port()
        self.log = folder / f"instance-{self.port}.log"
        self.settings = dict(settings)
        self.start()

    def start(self) -> None:
        environment = os.environ | environment_file() | self.settings
        environment["FLASK_PORT"] = str(self.port)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + TIMEOUT
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text("utf-8")
            assert time.monotonic() < until, "the instance does not start"
            time.sleep(0.02)

    def answers(self) -> bool:
        call = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            call.request("GET", "/healthz")
            return call.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            call.close()

    def stop(self) -> None:
        """Tell it to stop, as `systemctl stop` does."""
        self.process.terminate()
        self.process.wait(TIMEOUT)

    def kill(self) -> None:
        """End it at once and without a word, as systemd and a lack of memory do."""
        self.process.kill()
        self.process.wait()


def environment_file() -> dict[str, str]:
    """The settings of deploy/environment, for this name."""
    lines = (DEPLOY / "environment").read_text("utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value.replace("run.example.org", NAME) for name, value in pairs}


class NginxStack:
    """The shipped nginx.conf on free ports, and the instances behind it."""

    def __init__(
        self,
        folder: Path,
        changes: Mapping[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.instances = [Instance(folder, settings or {}) for _ in range(2)]
        self.http, self.https = free_port(), free_port()
        certificate(folder)
        text = replaced((DEPLOY / "nginx.conf").read_text("utf-8"), self._places())
        config = folder / "nginx.conf"
        config.write_text(replaced(text, changes or {}), "utf-8")
        (folder / "logs").mkdir()
        command = [tool("nginx"), "-c", str(config), "-g", "daemon off;"]
        with (folder / "nginx.out").open("wb") as out:
            self.nginx = subprocess.Popen(command, stdout=out, stderr=out)  # noqa: S603
        for instance in self.instances:
            instance.wait()
        self._wait()

    def _places(self) -> dict[str, str]:
        """What of the shipped file belongs to a machine, and what it is on this one."""
        first, second = (str(instance.port) for instance in self.instances)
        return {
            "user www-data;": "user root;" if os.geteuid() == 0 else "",
            "pid /run/nginx.pid;": f"pid {self.folder}/nginx.pid;",
            "/var/log/nginx/": f"{self.folder}/logs/",
            "/run/selfassessment-": f"{self.folder}/temporary-",
            "listen [::]:80 default_server;": "",
            "listen [::]:443 ssl http2 default_server;": "",
            "listen [::]:443 ssl http2;": "",
            "listen 80 ": f"listen 127.0.0.1:{self.http} ",
            "listen 443 ": f"listen 127.0.0.1:{self.https} ",
            "127.0.0.1:8001": f"127.0.0.1:{first}",
            "127.0.0.1:8002": f"127.0.0.1:{second}",
            "/etc/letsencrypt/live/run.example.org/": f"{self.folder}/",
            "run.example.org": NAME,
            "/opt/selfassessment": str(ROOT),
        }

    def _wait(self) -> None:
        until = time.monotonic() + TIMEOUT
        while not listens(self.https):
            out = (self.folder / "nginx.out").read_text("utf-8")
            assert self.nginx.poll() is None, out
            assert time.monotonic() < until, out
            time.sleep(0.02)

    def trust(self) -> ssl.SSLContext:
        """What a visitor needs to believe the certificate."""
        return ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))

    def visitor(self, address: str = "127.0.0.1") -> HTTPSConnection:
        """A connection of its own, from an address of this machine."""
        return HTTPSConnection(
            NAME, self.https, timeout=30, source_address=(address, 0), context=self.trust()
        )

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Let the instances hang for a while."""
        for instance in self.instances:
            instance.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for instance in self.instances:
                instance.process.send_signal(signal.SIGCONT)

    def written(self) -> dict[Path, bytes]:
        """All that nginx and the instances wrote, except what they were given to read."""
        given = {"nginx.conf", "fullchain.pem", "privkey.pem"}
        files = [one for one in self.folder.rglob("*") if one.is_file() and one.name not in given]
        return {one: one.read_bytes() for one in files}

    def close(self) -> None:
        """Stop everything."""
        self.nginx.terminate()
        self.nginx.wait()
        for instance in self.instances:
            instance.kill()


def replaced(text: str, changes: Mapping[str, str]) -> str:
    """The text with these parts exchanged; each must be there."""
    for old, new in changes.items():
        assert old in text, f"nginx.conf no longer says {old!r}"
        text = text.replace(old, new)
    return text


def certificate(folder: Path) -> None:
    """Make a certificate for the name, signed by itself."""
    kind = "req -x509 -days 2 -nodes -newkey rsa:2048"
    names = f"-subj /CN={NAME} -addext subjectAltName=DNS:{NAME}"
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    command = [tool("openssl"), *kind.split(), *names.split(), *files]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
