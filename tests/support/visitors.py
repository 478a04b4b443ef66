"""Visitors of a site behind nginx: those who fill in the form, and those who mean harm."""

from __future__ import annotations

import socket
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from itertools import count, cycle, islice
from urllib.parse import urlencode

from questionnaire.engine.codes import decode
from questionnaire.rulebook.loader import load_rulebook
from tests.support.example_answers import LARGEST, TYPICAL
from tests.support.nginx_stack import NAME, ROOT, NginxStack
from tests.support.runner_client import NO_COMPLAINTS

HOUSES = count()
"""Where runners come from, one after the other, so that no address comes again soon."""
A_STAY = 20
"""How many requests a runner sends: with more posts nginx would let an address wait."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

BOOK = load_rulebook(ROOT / "rules.yaml")


def body(answers: dict[str, str]) -> str:
    """The form as a browser sends it."""
    filled = {name: value.split() for name, value in (NO_COMPLAINTS | answers).items()}
    return urlencode(filled, doseq=True)


@dataclass(frozen=True)
class Visit:
    """A request, and what comes back when all is well."""

    method: str
    path: str
    body: str = ""
    right: tuple[int, str | int, bytes] = (0, "", b"")

    def send(self, call: HTTPConnection) -> tuple[int, str, bytes]:
        """Return the status, the Location and the page."""
        call.request(self.method, self.path, self.body or None, FORM if self.body else {})
        response: HTTPResponse = call.getresponse()
        return response.status, response.getheader("Location", ""), response.read()

    def outcome(self, call: HTTPConnection) -> tuple[int, str | int, bytes]:
        """Return the same, with the answers instead of a code that also holds the day."""
        status, location, page = self.send(call)
        if not location:
            return status, location, page
        return status, decode(BOOK, location.removeprefix("/r/")).ticked, b""


def journey(stack: NginxStack) -> list[Visit]:
    """The requests of two runners, with what they get while nobody else is there."""
    visits = [Visit("GET", "/")]
    with closing(stack.visitor()) as call:
        for answers in (TYPICAL, LARGEST):
            post = Visit("POST", "/", body(answers))
            visits += [post, Visit("GET", post.send(call)[1])]
        return [replace(one, right=one.outcome(call)) for one in visits]


@dataclass
class Crowd:
    """Many runners at once, and what became of their requests.

    Each has an address of its own, and after a while another one comes in its place: a fast site
    would tell one address to wait.

    A request is `right`, `refused` (429 or 503), `wrong` (any other answer) or `lost` (none).
    """

    stack: NginxStack
    visits: list[Visit]
    part: int = 1
    """Which part of the town they come from: 127.part.*.*."""
    counts: Counter[str] = field(default_factory=Counter)
    odd: list[object] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    leaving: threading.Event = field(default_factory=threading.Event)

    def visit(self, visit: Visit, call: HTTPConnection) -> None:
        try:
            got = visit.outcome(call)
        except (OSError, HTTPException) as error:
            call.close()
            self._count("lost", error)
        else:
            kind = "refused" if got[0] in (429, 503) else "wrong"
            self._count("right" if got == visit.right else kind, (visit.path, got))

    def _count(self, kind: str, seen: object) -> None:
        with self.changed:
            self.counts[kind] += 1
            if kind in ("wrong", "lost"):
                self.odd.append(seen)
            self.changed.notify_all()

    def wait_for_more(self, number: int) -> None:
        """Wait until so many more requests were answered."""
        with self.changed:
            enough = self.counts.total() + number
            assert self.changed.wait_for(lambda: self.counts.total() >= enough, 60)

    def newcomer(self) -> HTTPSConnection:
        """Return the connection of somebody whose address asked nothing yet."""
        street, house = divmod(next(HOUSES) % 62_500, 250)
        return self.stack.visitor(f"127.{self.part}.{street}.{house + 1}")

    def run(self) -> None:
        while not self.leaving.is_set():
            with closing(self.newcomer()) as call:
                for visit in islice(cycle(self.visits), A_STAY):
                    if not self.leaving.is_set():
                        self.visit(visit, call)

    @contextmanager
    def coming(self, number: int) -> Iterator[None]:
        """Let so many runners come, and leave at the end."""
        threads = [threading.Thread(target=self.run) for _ in range(number)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.leaving.set()
            for thread in threads:
                thread.join()


A_GET = f"GET / HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n"
HALF_A_POST = (
    f"POST / HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: {FORM['Content-Type']}\r\n"
    "Content-Length: 2000\r\n\r\nany-warnings=none&bothers="
)
HALF_A_HEAD = f"GET / HTTP/1.1\r\nHost: {NAME}\r\nX-Slow: "


@contextmanager
def half_open(
    stack: NginxStack, number: int, *said: str, addresses: int = 50, takes: int = 65_536
) -> Iterator[list[ssl.SSLSocket]]:
    """Hold so many connections, from so many addresses, each of which said this and no more.

    None takes more than so many bytes before it reads.
    """
    trust = stack.trust()
    trust.maximum_version = ssl.TLSVersion.TLSv1_2  # 1.3 sends what select takes for an answer
    held: list[ssl.SSLSocket] = []
    try:
        for n in range(number):
            plain = socket.socket()
            plain.settimeout(30)
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes)
            plain.bind((f"127.9.0.{1 + n % addresses}", 0))
            plain.connect(("127.0.0.1", stack.https))
            held.append(trust.wrap_socket(plain, server_hostname=NAME))
            held[-1].sendall(said[n % len(said)].encode("ascii"))
        yield held
    finally:
        for one in held:
            one.close()
