"""One stack for all tests of this folder."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.client import HTTPSConnection

import pytest

from tests.support.nginx_stack import NginxStack
from tests.support.visitors import Visit, journey

FEW = 32
"""How many requests an instance may have under way: few, so that tests fill it soon."""

Come = Callable[..., HTTPSConnection]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NginxStack]:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    folder = tmp_path_factory.mktemp("stack")
    around = f"{folder}/logs/around"
    changes = {
        # What another file may log, and must not log of this site.
        "log_format plain ": f"access_log {around}.access; error_log {around}.error info;"
        " log_format plain ",
        "max_conns=128": f"max_conns={FEW}",
        # An address of IPv6, which this machine may not have, is named by the visitor.
        "server_tokens off;": "server_tokens off; real_ip_header X-Visitor;"
        " set_real_ip_from 127.9.0.0/24;",
        "read_timeout 5s": "read_timeout 60s",  # so that nothing is refused for being slow
        "http2 default_server;": "http2 default_server sndbuf=16k;",  # or Linux takes 1 MB
    }
    stack = NginxStack(folder, changes)
    yield stack
    stack.close()


@pytest.fixture(scope="session")
def visits(stack: NginxStack) -> list[Visit]:
    """The requests of two runners and what they get."""
    return journey(stack)


@pytest.fixture
def come(stack: NginxStack) -> Iterator[Come]:
    """Connect from an address of this machine."""
    with ExitStack() as calls:

        def come(address: str = "127.0.0.1") -> HTTPSConnection:
            call = stack.visitor(address)
            calls.callback(call.close)
            return call

        yield come
