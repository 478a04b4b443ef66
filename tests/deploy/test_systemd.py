"""The shipped unit is one that systemd accepts, and a tight one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.nginx_stack import DEPLOY, NAME, environment_file, tool

UNIT = "selfassessment@.service"
EXPOSED = 11
"""How much the service is exposed, from 0 to 100, as systemd counts it."""
TEXT = (DEPLOY / UNIT).read_text("utf-8")


def analyze(*arguments: str) -> str:
    """What systemd-analyze complains of."""
    command = [tool("systemd-analyze"), *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return ran.stderr if ran.returncode == 0 else ran.stderr + ran.stdout


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    assert "/opt/selfassessment/.venv/bin/python app.py" in TEXT
    unit = tmp_path / UNIT
    unit.write_text(TEXT.replace("/opt/selfassessment", str(tmp_path)), "utf-8")
    assert analyze("verify", str(unit)) == ""


def test_the_service_may_do_little() -> None:
    threshold = f"--threshold={EXPOSED}"
    assert analyze("security", "--offline=yes", threshold, str(DEPLOY / UNIT)) == ""
    threshold = f"--threshold={EXPOSED - 1}"
    assert analyze("security", "--offline=yes", threshold, str(DEPLOY / UNIT)), "it may do less"


def test_what_is_left_open_is_needed() -> None:
    """A socket on this machine, and what systemd counts although it is closed as far as can be."""
    command = [tool("systemd-analyze"), "security", "--offline=yes", "--json=short"]
    done = subprocess.run(  # noqa: S603
        [*command, str(DEPLOY / UNIT)], capture_output=True, text=True, check=True
    )
    exposed = [one["name"] for one in json.loads(done.stdout) if float(one["exposure"] or 0)]
    assert sorted(exposed) == [
        "DeviceAllow=",
        "IPAddressDeny=",
        "PrivateMounts=",
        "PrivateNetwork=",
        "RestrictAddressFamilies=~AF_(INET|INET6)",
        "RestrictAddressFamilies=~AF_UNIX",
        "RootDirectory=/RootImage=",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "LimitCORE=0",  # a dump of a crash holds answers
        "MemorySwapMax=0",  # and so does what is swapped
        "MemoryMax=1G",
        "TasksMax=32",
        "LimitNOFILE=4096",
        "Restart=always",
        "RestartSec=1",
        "StartLimitIntervalSec=0",
        "KillSignal=SIGTERM",
        "TimeoutStopSec=15",
        "DynamicUser=yes",
        "EnvironmentFile=/etc/selfassessment",
        "IPAddressDeny=any",
        "IPAddressAllow=localhost",
        "ProtectProc=invisible",
        # These follow from DynamicUser too, or weigh too little to change the sum.
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "PrivateTmp=yes",
        "MemoryDenyWriteExecute=yes",
    ],
)
def test_the_unit_says(line: str) -> None:
    assert TEXT.splitlines().count(line) == 1


def test_the_settings_of_every_instance_are_safe() -> None:
    settings = environment_file()
    assert settings == {
        "FLASK_PUBLIC_URL": f"https://{NAME}",
        "FLASK_TRUSTED_HOSTS": NAME,
        "FLASK_PROXIES": "1",
        "FLASK_LOG_FORMAT": "json",
    }


@pytest.mark.parametrize("file", sorted(DEPLOY.iterdir()), ids=lambda file: file.name)
def test_nothing_that_is_deployed_debugs(file: Path) -> None:
    assert "debug" not in file.read_text("utf-8").lower()
