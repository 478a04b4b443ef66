"""`python app.py` says where it serves, finishes what is under way, and needs no disk."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from questionnaire.rulebook.model import Rulebook
from questionnaire.serving.listener import start_message
from questionnaire.serving.server import SHUTDOWN_TIMEOUT
from tests.serving.test_connections import GET, eventually, talk
from tests.support.random_runners import chat
from tests.support.runner_client import NO_COMPLAINTS
from tests.support.server_process import ROOT, TIMEOUT, Server, free_port, half_open, running, start

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FORM_TYPE = f"Content-Type: {FORM['Content-Type']}"


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


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[tuple[dict[str, str], int, int]]:
    """Settings for a request that waits, and two pipes: it came, and it may go on."""
    odd = {"ODD_CAME": str(tmp_path / "came"), "ODD_LEAVE": str(tmp_path / "leave")}
    for pipe in odd.values():
        os.mkfifo(pipe)
    came, leave = (os.open(pipe, os.O_RDWR) for pipe in odd.values())  # which waits for nobody
    yield odd, came, leave
    os.close(came)
    os.close(leave)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_request_under_way_is_answered_before_the_server_ends(
    waiting: tuple[dict[str, str], int, int], told: signal.Signals
) -> None:
    odd, came, leave = waiting
    with (
        running(odd, command=("-m", "tests.support.misbehaving_app")) as server,
        ThreadPoolExecutor() as elsewhere,
    ):
        answer = elsewhere.submit(talk, server.port, GET.replace("/", "/odd/waits", 1))
        assert select.select([came], [], [], TIMEOUT)[0], "the request did not come"
        server.process.send_signal(told)
        wait_until_it_refuses(server.port)
        server.process.send_signal(told)  # who is impatient cuts off nobody
        assert not answer.done()
        os.write(leave, b"leave\n")
        assert answer.result(TIMEOUT).startswith("HTTP/1.1 200 OK\r\n")
        assert "\r\nConnection: close\r\n" in answer.result()
        assert answer.result().endswith("\r\n\r\nanswered")
        assert server.process.wait(TIMEOUT) == 0


def changed(timeout: float) -> tuple[str, str]:
    """The command of the odd site with another time to finish."""
    code = f"from questionnaire.serving import server; server.SHUTDOWN_TIMEOUT = {timeout}; "
    return "-c", code + "from tests.support.misbehaving_app import main; main()"


@contextmanager
def slow_client(server: Server) -> Iterator[socket.socket]:
    """Connect as who takes little at a time."""
    with socket.socket() as call:
        call.settimeout(TIMEOUT)
        call.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        call.connect(("127.0.0.1", server.port))
        yield call


def test_a_page_under_way_is_sent_to_its_end_before_the_server_ends() -> None:
    """Idle connections and half a request do not keep the server from ending."""
    length = 6_000_000  # the kernel holds 3 MB for a connection
    odd = {"ODD_LENGTH": str(length)}
    with (
        running(odd, command=changed(2 * TIMEOUT)) as server,
        half_open(server.port, 3),
        slow_client(server) as call,
    ):
        call.sendall(b"GET /odd/long HTTP/1.1\r\nHost: localhost\r\n\r\n")
        left = length - len(call.recv(1000).partition(b"\r\n\r\n")[2])
        server.process.terminate()
        wait_until_it_refuses(server.port)
        while part := call.recv(1_000_000):
            left -= len(part)
        assert left == 0
        assert server.process.wait(TIMEOUT) == 0


def test_a_request_and_a_client_that_never_end_are_given_up(
    waiting: tuple[dict[str, str], int, int],
) -> None:
    odd, came, _ = waiting
    settings = odd | {"ODD_LENGTH": "6_000_000"}
    with running(settings, command=changed(0.5)) as server, ExitStack() as calls:
        for path in ("/odd/long", "/odd/waits"):
            call = calls.enter_context(slow_client(server))
            call.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert select.select([came], [], [], TIMEOUT)[0], "the request did not come"
        server.process.terminate()
        assert server.process.wait(TIMEOUT) == 0
    assert 5 < SHUTDOWN_TIMEOUT < 10  # nginx waits 5 s for a response, and podman 10 s for the end


def test_a_rulebook_that_is_broken_meanwhile_changes_nothing(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    shutil.copy(ROOT / "rules.yaml", rules)
    with running({"FLASK_RULES": str(rules)}) as server:
        form = server.ask("/")
        rules.write_text(rules.read_text("utf-8")[:5000], "utf-8")
        assert server.ask("/") == form
        rules.unlink()
        rules.mkdir()
        assert server.ask("/") == form


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("localhost", r"(127\.0\.0\.1|\[::1\])"),
        ("0.0.0.0", r"127\.0\.0\.1"),  # noqa: S104
        ("0", r"127\.0\.0\.1"),
        ("::", r"127\.0\.0\.1"),
        ("::1", r"\[::1\]"),
    ],
)
def test_the_address_that_is_told_can_be_opened(host: str, shown: str) -> None:
    port = free_port()
    process = start({"FLASK_HOST": host, "FLASK_PORT": str(port)})
    assert process.stdout
    line = process.stdout.readline()
    found = re.fullmatch(rf"Open (http://{shown}:{port}) in a browser[.,] .*\n", line)
    assert found, line
    assert "//0.0.0.0" not in line
    assert ("phone" in line.lower()) is (host in ("0", "0.0.0.0", "::"))  # noqa: S104
    with urlopen(found[1], timeout=TIMEOUT) as response:  # noqa: S310 - our own
        assert response.status == 200
    process.terminate()
    process.communicate(timeout=TIMEOUT)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (["192.168.1.5"], ", or http://192.168.1.5:{} on a phone in the same network. Ctrl+C"),
        ([], ". Phones cannot open it: this machine is in no network. Ctrl+C"),
    ],
)
def test_phones_are_told_an_address_of_the_network(
    monkeypatch: pytest.MonkeyPatch, found: list[str], told: str
) -> None:
    class Network(socket.socket):
        def connect(self, address: object) -> None:
            assert self.type == socket.SOCK_DGRAM, "something would be sent"
            assert address == ("192.0.2.1", 9)
            if not found:
                raise OSError

        def getsockname(self) -> tuple[str, int]:
            return found[0], 1

    with socket.create_server(("0.0.0.0", 0)) as everywhere:  # noqa: S104
        monkeypatch.setattr("socket.socket", Network)
        message = start_message(everywhere)
        port = everywhere.getsockname()[1]
    assert message.startswith(f"Open http://127.0.0.1:{port} in a browser{told.format(port)}")


@pytest.mark.parametrize(
    ("given", "run"),
    [
        (
            ["HOST=0.0.0.0", "PORT=8080"],
            "FLASK_HOST=0.0.0.0 FLASK_PORT=8080 .venv/bin/python app.py",
        ),
        ([], ".venv/bin/python app.py"),
    ],
)
def test_make_run_takes_a_host_and_a_port_from_its_command_line(given: list[str], run: str) -> None:
    shown = subprocess.run(  # noqa: S603
        ["make", "--no-print-directory", "-n", "run", *given],  # noqa: S607
        cwd=ROOT,
        env=os.environ | {"HOST": "my-shell"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.splitlines()[-1].split() == run.split()


FEW_FILES = """
import resource, runpy
resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
runpy.run_path("app.py", run_name="__main__")
"""


def test_a_system_that_allows_too_few_connections_is_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with (
        path.open("w") as log,
        running({}, command=("-c", FEW_FILES), stdout=log) as server,
        half_open(server.port, 50),
    ):
        warning = "WARNING 50 connections at once, not 2000: `ulimit -n` allows 100 open files"
        assert warning in path.read_text("utf-8")
        crowded = "WARNING total open connections reached the connection limit"
        assert eventually(lambda: crowded in path.read_text("utf-8"))
    assert "ERROR" not in path.read_text("utf-8")


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
def test_a_full_disk_and_a_full_log_do_not_matter(tmp_path: Path, log: str, book: Rulebook) -> None:
    """No file may grow by a byte, and no line of the log is taken."""
    path = tmp_path / log  # which is /dev/full if that is meant
    longest = urlencode({"text": chat(book, 300).ljust(199_000, "-"), "view": "sheets"})
    with (
        path.open("w") as full,
        running({}, command=("-c", NO_FILES), stdout=full, stderr=full) as server,
        slow_client(server) as call,
    ):
        head = f"POST /squad HTTP/1.1\r\nHost: x\r\nContent-Length: {len(longest)}\r\n"
        call.sendall(f"{head}Connection: close\r\n{FORM_TYPE}\r\n\r\n{longest}".encode())
        for _ in range(3):
            use(server)
        assert call.recv(12) == b"HTTP/1.1 200"  # and the rest waits in memory

        status, page = server.ask("/squad", "POST", b"text=".ljust(1_100_000, b"%"), **FORM)
        assert (status, "more than 1 MB" in page) == (413, True)
        with call.makefile("rb") as rest:
            assert rest.read().endswith(b"</html>")
    assert path.stat().st_size == 0
