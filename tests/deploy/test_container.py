"""The image and compose.yaml hold a container as tight as the unit of systemd holds a process.

`make image` builds the image and tries it.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.support.nginx_stack import DEPLOY, ROOT

CONTAINERFILE = (ROOT / "Containerfile").read_text("utf-8")
STEPS = re.sub(r"\\\n\s*", "", CONTAINERFILE).splitlines()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
CADDY = (DEPLOY / "Caddyfile").read_text("utf-8")
PINNED = re.compile(r"docker\.io/library/\w+:\d+\.\d+(\.\d+)?(-\w+)?")


def test_the_images_are_pinned() -> None:
    base = re.search(r"^ARG BASE=(.*)$", CONTAINERFILE, re.MULTILINE)
    assert base
    assert PINNED.fullmatch(base[1])
    assert PINNED.fullmatch(SERVICES["proxy"]["image"])
    assert [step for step in STEPS if step.startswith("FROM ")] == [
        "FROM ${BASE} AS packages",
        "FROM ${BASE}",
    ]


def test_the_image_installs_only_what_was_tested() -> None:
    installs = [step for step in STEPS if "/pip " in step]
    assert len(installs) == 1
    assert "--require-hashes --only-binary :all: -r" in installs[0]


def test_the_image_serves_as_nobody() -> None:
    assert [step for step in STEPS if step.startswith("USER")] == ["USER 10001:10001"]
    after = CONTAINERFILE.split("USER 10001:10001")[1]
    assert not re.search(r"^(RUN|COPY|ADD|USER)", after, re.MULTILINE)
    assert "/healthz" in after.split("HEALTHCHECK")[1]
    assert 'CMD [".venv/bin/python", "app.py"]' in after


def test_the_image_has_what_serves_and_nothing_else() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert ignored[0] == "*"
    named = "app.py rules*.yaml locale LICENSE requirements.txt static templates questionnaire"
    assert [line[1:] for line in ignored if line.startswith("!")] == named.split()


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("read_only", True),
        ("cap_drop", ["ALL"]),
        ("security_opt", ["no-new-privileges:true"]),
        ("restart", "unless-stopped"),
    ],
)
def test_a_container_may_do_little(name: str, key: str, value: object) -> None:
    assert SERVICES[name][key] == value


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_puts_memory_on_the_disk(name: str) -> None:
    """Neither by swapping nor in a dump of a crash: answers are in it."""
    service = SERVICES[name]
    assert service["mem_limit"] == service["memswap_limit"]
    assert service["ulimits"]["core"] == 0
    assert service["pids_limit"] <= 128


def test_only_the_proxy_can_be_reached_and_reach() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["app"]["networks"] == ["inside"]
    assert "ports" not in SERVICES["app"]
    assert SERVICES["proxy"]["ports"] == ["80:80", "443:443"]
    assert SERVICES["proxy"]["cap_add"] == ["NET_BIND_SERVICE"]


def test_the_application_is_asked_for_by_its_name_only() -> None:
    settings = SERVICES["app"]["environment"]
    assert settings["FLASK_TRUSTED_HOSTS"] == "${SITE}"
    assert settings["FLASK_PUBLIC_URL"].startswith("https://${SITE:?")
    assert settings["FLASK_PROXIES"] == "1"


@pytest.mark.parametrize("text", [CONTAINERFILE, str(COMPOSE), CADDY])
def test_nothing_debugs(text: str) -> None:
    assert "debug" not in text.lower()


def test_caddy_writes_down_no_visitor() -> None:
    assert CADDY.count("log {") == 1
    assert re.search(r"log \{\s+level INFO\s+exclude http\s+\}", CADDY)
    assert "admin off" in CADDY


@pytest.mark.parametrize(
    "limit",
    [
        *("read_header 10s", "read_body 60s", "write 60s", "idle 30s"),
        *("max_header_size 16KiB", "max_size 64KiB", "max_size 2MiB"),
    ],
)
def test_caddy_lets_go_of_whoever_is_slow_or_long(limit: str) -> None:
    assert CADDY.count(limit) == 1
