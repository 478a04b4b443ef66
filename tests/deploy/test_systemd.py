"""The shipped unit is one that systemd accepts, and a tight one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.nginx_stack import DEPLOY, tool

UNIT = "selfassessment@.service"
EXPOSED = 15
"""How much the service may be exposed, from 0 to 100, as systemd counts it."""


def analyze(*arguments: str) -> str:
    """What systemd-analyze complains of."""
    command = [tool("systemd-analyze"), *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return ran.stderr if ran.returncode == 0 else ran.stderr + ran.stdout


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    text = (DEPLOY / UNIT).read_text("utf-8")
    assert "/opt/selfassessment/.venv/bin/python app.py" in text
    unit = tmp_path / UNIT
    unit.write_text(text.replace("/opt/selfassessment", str(tmp_path)), "utf-8")
    assert analyze("verify", str(unit)) == ""


def test_the_service_may_do_little() -> None:
    threshold = f"--threshold={EXPOSED}"
    assert analyze("security", "--offline=yes", threshold, str(DEPLOY / UNIT)) == ""
