"""What one address can ask of the site behind the shipped nginx.conf, and how it is refused."""

from __future__ import annotations

import re
import select
import ssl
import subprocess
import time
from collections import Counter
from http.client import HTTPResponse

import html5lib
import pytest

from tests.deploy.conftest import Come
from tests.support.nginx_stack import DEPLOY, NAME, NginxStack, tool
from tests.support.visitors import A_GET, FORM, HALF_A_POST, Visit, half_open

CONFIG = (DEPLOY / "nginx.conf").read_text("utf-8")
CONNECTIONS, AT_ONCE, LATER = 100, 10, 40
"""What one address may have: requests under way, and forms at once and a while later."""
A_LIST = f"POST /squad HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\nContent-Length: 0\r\n"
A_LIST += f"Content-Type: {FORM['Content-Type']}\r\n\r\n"


def sent_from(network: str) -> str:
    """Return a post from an address of IPv6."""
    return A_LIST.replace("\r\n", f"\r\nX-Visitor: 2001:db8:{network}\r\n", 1)


def answered(calls: list[ssl.SSLSocket], enough: int) -> Counter[bytes]:
    """Return how often each status was sent, once so many calls have one; drop those calls."""
    statuses = Counter[bytes]()
    while statuses.total() < enough:
        ready = select.select(calls, [], [], 30)[0]
        assert ready, statuses
        statuses.update(call.recv(12)[9:] for call in ready)
        calls[:] = [call for call in calls if call not in ready]
    return statuses


def test_an_address_that_sends_too_many_forms_is_told_to_wait(
    stack: NginxStack, come: Come, visits: list[Visit]
) -> None:
    with half_open(stack, AT_ONCE + LATER + 50, HALF_A_POST, addresses=1) as calls:
        told = select.select(calls, [], [], 30)[0]
        response = HTTPResponse(told[0])
        response.begin()
        page = response.read()
        assert set(answered([one for one in calls if one != told[0]], 20)) == {b"429"}
        assert visits[1].outcome(come("127.0.5.3")) == visits[1].right
    assert response.status == 429
    assert response.headers["Retry-After"] == "10"
    html5lib.HTMLParser(strict=True).parse(page)


def test_an_address_that_asks_too_often_waits(come: Come, visits: list[Visit]) -> None:
    call, began = come("127.0.5.1"), time.monotonic()
    for _ in range(CONNECTIONS + 30):
        assert Visit("GET", "/healthz").send(call)[0] == 200
    assert time.monotonic() - began > 0.5
    assert visits[0].outcome(come("127.0.5.2")) == visits[0].right


def test_one_address_cannot_hold_all_connections(
    stack: NginxStack, come: Come, visits: list[Visit]
) -> None:
    with half_open(stack, CONNECTIONS + 10, "", addresses=1) as calls, stack.hanging():
        for call in calls:
            call.sendall(A_GET.encode("ascii"))
        assert b"429" in answered(list(calls), 1)
    assert visits[0].outcome(come()) == visits[0].right


@pytest.mark.parametrize(("network", "refused"), [("0:1::{:x}", True), ("1:{:x}::1", False)])
def test_a_household_is_one_visitor(stack: NginxStack, network: str, *, refused: bool) -> None:
    """A household has 2**64 addresses of IPv6, which begin alike."""
    number = AT_ONCE + LATER + 30
    heads = [sent_from(network.format(n)).replace("/squad", "/x") for n in range(number)]
    with half_open(stack, number, *heads) as calls:
        statuses = answered(list(calls), 20)
    assert (b"429" in statuses) is refused


def test_an_address_makes_one_list_at_a_time(stack: NginxStack) -> None:
    post = sent_from("2:2::1")
    with half_open(stack, 3, "") as calls, stack.hanging():
        calls[0].sendall(post.encode("ascii"))
        time.sleep(0.2)  # until nginx has passed it on
        calls[1].sendall(post.encode("ascii"))
        assert answered(calls[1:], 1) == {b"429": 1}
        calls[2].sendall(post.replace("POST", "GET").encode("ascii"))
        assert not select.select(calls[2:], [], [], 0.2)[0], "a coach cannot open the page"


def test_an_instance_has_two_lists_at_a_time(stack: NginxStack) -> None:
    with half_open(stack, 6, "") as held:
        calls = list(held)
        with stack.hanging():
            for n, call in enumerate(calls):
                call.sendall(sent_from(f"3:{n}::1").encode("ascii"))
            assert answered(calls, 2) == {b"503": 2}
            assert not select.select(calls, [], [], 0.2)[0]
        assert answered(calls, 4) == {b"422": 4}


@pytest.mark.parametrize("path", ["/poster?from=A", "/coach", "/r/{}/qr.svg"])
def test_what_costs_more_goes_where_there_is_room_for_little(path: str) -> None:
    uses = re.findall(r"location (\S+) (\S+) \{[^}]*proxy_pass http://costly;", CONFIG)
    assert ("=", "/squad") in uses
    assert any(sign == "~" and re.search(pattern, path) for sign, pattern in uses)
    assert re.search(r"upstream costly \{[^}]*:8001 max_conns=2 [^}]*:8002 max_conns=2 ", CONFIG)


def test_a_list_that_took_too_long_is_not_tried_again() -> None:
    tried = re.search(r"location = /squad .*?proxy_next_upstream ([^;]*);", CONFIG, re.DOTALL)
    assert tried
    assert tried[1].split() == ["error", "http_503", "non_idempotent"]


def test_nftables_accepts_the_limit_on_half_open_tls() -> None:
    command = [tool("nft"), "--check", "--file", str(DEPLOY / "nftables.conf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, "")
