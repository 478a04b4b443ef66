"""The image is small, starts soon, and may do little: `make image`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.image.conftest import LIMITS, podman
from tests.support.nginx_stack import listens
from tests.support.server_process import TIMEOUT, Server, free_port

LARGEST, SLOWEST = 90_000_000, 5.0
"""Bytes of the compressed layers; seconds from the start to the first page."""
AS_IN_COMPOSE = [
    *("--read-only", "--read-only-tmpfs=false", "--cap-drop=all", "--memory=1g"),
    *("--security-opt=no-new-privileges", "--pids-limit=32"),
    *LIMITS,
]


@contextmanager
def started(image: str) -> Iterator[tuple[str, Server]]:
    """Start a container as compose.yaml does; give its name and where it serves."""
    port = free_port()
    settings = [f"--env=FLASK_PORT={port}", "--env=FLASK_HOST=127.0.0.1", "--network=host"]
    name = podman("run", "--detach", *AS_IN_COMPOSE, *settings, image).strip()
    try:
        yield name, Server(None, port)  # type: ignore[arg-type]  # podman has the process
    finally:
        podman("rm", "--force", name)


def wait(server: Server) -> None:
    until = time.monotonic() + TIMEOUT
    while not listens(server.port):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_the_first_page_comes_soon(image: str) -> None:
    began = time.monotonic()
    with started(image) as (_, server):
        wait(server)
        status, page = server.ask("/")
        took = time.monotonic() - began
    print(f"\nfrom the start to the first page: {took:.1f} s")
    assert status == 200
    assert "<form" in page
    assert took < SLOWEST


def test_its_layers_are_small(image: str, tmp_path: Path) -> None:
    podman("push", "-q", "--compression-format=gzip", image, f"oci:{tmp_path}/oci")
    blobs = tmp_path / "oci/blobs/sha256"
    manifest = json.loads((tmp_path / "oci/index.json").read_text("utf-8"))["manifests"][0]
    layers = json.loads((blobs / manifest["digest"][7:]).read_text("utf-8"))["layers"]
    history = json.loads(podman("history", "--format=json", image))
    made = [one["CreatedBy"] for one in reversed(history) if one["size"]]
    print()
    for layer, by in zip(layers, made, strict=False):
        print(f"{layer['size'] / 1e6:5.1f} MB  {by[:90]}")
    total = sum(layer["size"] for layer in layers)
    print(f"{total / 1e6:5.1f} MB  in all")
    assert total < LARGEST


def test_it_may_do_little(image: str) -> None:
    with started(image) as (name, server):
        wait(server)
        status = podman("exec", name, "cat", "/proc/1/status")
        assert "\nUid:\t10001\t10001\t10001\t10001\n" in status
        assert "\nCapEff:\t0000000000000000\n" in status
        assert "\nNoNewPrivs:\t1\n" in status
        for place in ("/opt/selfassessment/x", "/tmp/x", "/dev/shm/../x", "/var/tmp/x"):  # noqa: S108
            with pytest.raises(AssertionError):
                podman("exec", name, "touch", place)
        own = podman("exec", name, "find", "/opt", "-user", "10001")
        assert own == ""


def test_no_tool_is_left(image: str) -> None:
    tools = "pip pip3 gcc cc make git curl wget uv"
    look = f"for one in {tools}; do command -v $one; done; .venv/bin/python -m pip 2>&1"
    alone = podman("run", "--rm", "--network=none", *LIMITS, image, "sh", "-c", look, check=False)
    assert alone == "/opt/selfassessment/.venv/bin/python: No module named pip\n"


def test_it_is_well_and_ends_well(image: str) -> None:
    with started(image) as (name, server):
        wait(server)
        assert "unhealthy" not in podman("healthcheck", "run", name)
        began = time.monotonic()
        podman("stop", "--time=15", name)
        assert time.monotonic() - began < 10
        assert podman("inspect", name, "--format={{.State.ExitCode}}").strip() == "0"
