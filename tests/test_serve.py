"""The server finishes what is under way, replaces a worker, and needs no file and no disk."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.support.runner_client import NO_COMPLAINTS
from tests.support.server_process import ROOT, TIMEOUT, Server, running, start

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def use(server: Server) -> None:
    """Go the way of a runner."""
    assert "<form" in server.ask("/")[1]
    body = urlencode(NO_COMPLAINTS).encode()
    assert server.ask("/", "POST", body, **FORM)[0] == 303


def wait_until_it_refuses(port: int) -> None:
    until = time.monotonic() + TIMEOUT
    while time.monotonic() < until:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.02)
    pytest.fail("the server still takes requests")


def test_a_request_under_way_is_answered_before_the_server_ends(tmp_path: Path) -> None:
    odd = {"ODD_CAME": str(tmp_path / "came"), "ODD_LEAVE": str(tmp_path / "leave")}
    for pipe in odd.values():
        os.mkfifo(pipe)
    came, leave = (os.open(pipe, os.O_RDWR) for pipe in odd.values())  # which waits for nobody
    with (
        running(odd, command=("-m", "tests.support.misbehaving_app")) as server,
        ThreadPoolExecutor() as elsewhere,
    ):
        answer = elsewhere.submit(server.ask, "/odd/waits")
        assert select.select([came], [], [], TIMEOUT)[0], "the request did not come"
        server.process.terminate()
        wait_until_it_refuses(server.port)
        assert not answer.done()
        os.write(leave, b"leave\n")
        assert answer.result(TIMEOUT) == (200, "answered")
        assert server.process.wait(TIMEOUT) == 0
    os.close(came)
    os.close(leave)


def test_a_killed_worker_is_replaced_whatever_became_of_the_rulebook(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    shutil.copy(ROOT / "rules.yaml", rules)
    with running({"FLASK_RULES": str(rules)}) as server:
        form = server.ask("/")
        rules.write_text(rules.read_text("utf-8")[:5000], "utf-8")
        assert server.ask("/") == form
        rules.unlink()
        rules.mkdir()
        assert server.ask("/") == form
        (worker,) = server.workers()
        os.kill(worker, signal.SIGKILL)
        server.wait_until_it_answers()
        assert server.workers() != [worker]
        assert server.ask("/") == form


def test_a_start_with_a_broken_rulebook_is_refused_with_its_problems(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text((ROOT / "rules.yaml").read_text("utf-8")[:5000], "utf-8")
    process = start({"FLASK_RULES": str(rules)}, stderr=subprocess.PIPE)
    output, problems = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 1
    assert output == ""
    assert f"{rules}:" in problems
    assert "error:" in problems
    assert "Traceback" not in problems


WATCHED = """
import re, sys
from app import app
from tests.support.runner_client import NO_COMPLAINTS
opened = []
def watch(event, about):
    if event == "open" and str(about[0]).startswith(sys.argv[1]) and ".venv" not in str(about[0]):
        opened.append(str(about[0]))
sys.addaudithook(watch)
client = app.test_client()
result = client.post("/", data=NO_COMPLAINTS | {"bothers": "knee"}).location
code = result.split("/")[-1]
shown = [
    client.post("/", data={}),
    client.post("/r", data={"code": "ABC"}),
    client.post("/coach", data={"from": "www.example.org"}),
    client.post(f"{result}/with", data={"earlier": "ABC"}),
    client.get(f"{result}/with/{code}"),
    *(client.post("/squad", data={"text": result, "view": v}) for v in ("table", "sheets", "csv")),
]
ways, seen = {result, "/nowhere", "/poster", "/r/ABC"}, set()
while ways:
    seen |= ways
    got = [client.get(way) for way in sorted(ways)]
    texts = [one.text for one in got if one.mimetype == "text/html"]
    links = {link for text in texts for link in re.findall('(?:href|src)="(/[^"#]*)', text)}
    ways = links - seen
    shown += got
assert {one.status_code for one in shown} == {200, 404, 422}, shown
assert len(seen) > 20, seen
print(opened)
"""


def test_the_files_of_another_version_do_not_show_while_it_serves() -> None:
    """Whatever takes the place of its own files is not looked at before the next start."""
    command = [sys.executable, "-c", WATCHED, str(ROOT)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert (ran.returncode, ran.stdout) == (0, "[]\n"), ran.stderr


NO_FILES = """
import resource, runpy
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
runpy.run_path("app.py", run_name="__main__")
"""


@pytest.mark.parametrize("log", ["/dev/full", "log"])
def test_a_full_disk_and_a_full_log_do_not_matter(tmp_path: Path, log: str) -> None:
    """No file may grow by a byte, and no line of the log is taken."""
    path = tmp_path / log  # which is /dev/full if that is meant
    two = {"FLASK_WORKERS": "2"}
    with (
        path.open("w") as full,
        running(two, command=("-c", NO_FILES), stdout=full, stderr=full) as server,
    ):
        assert len(server.workers()) == 2
        for _ in range(3):
            use(server)
    assert path.stat().st_size == 0
