"""The image, built once by Debian's podman: `make image`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.nginx_stack import ROOT, tool

PUBLIC = next(
    line.partition("=")[2]
    for line in (ROOT / "Containerfile").read_text("utf-8").splitlines()
    if line.startswith("ARG BASE=")
)
OURS = "localhost/debian-slim:12"
NAME = "localhost/selfassessment:try"
LIMITS = ["--ulimit=core=0:0", "--ulimit=nofile=4096:4096", "--ulimit=nproc=1024:1024"]
"""What compose.yaml sets, and less than podman asks for: root may not have that everywhere."""


def podman(*arguments: str, check: bool = True) -> str:
    """Run podman; return what it says."""
    command = [tool("podman"), "--log-level=fatal", "--runtime=runc", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert not check or done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def base(folder: Path) -> str:
    """Return the base: the one that is asked for, the public one, or Debian by mmdebstrap."""
    if given := os.environ.get("BASE"):
        return given
    if podman("images", "-q", PUBLIC) or podman("pull", "-q", PUBLIC, check=False):
        return PUBLIC
    if not podman("images", "-q", OURS):
        archive, excluded = str(folder / "base.tar"), ("man", "locale", "doc")
        options = [f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in excluded]
        where = ["bookworm", archive, "http://deb.debian.org/debian"]
        command = [tool("mmdebstrap"), "--variant=minbase", *options, *where]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        podman("import", "-q", archive, OURS)
    return OURS


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("image")
    options = ["--isolation=chroot", "--network=host", "--format=docker"]
    if certificate := os.environ.get("PIP_CERT"):
        options += ["--build-arg=PIP_CERT=/mirror.pem", f"--volume={certificate}:/mirror.pem:ro"]
    podman("build", *options, f"--build-arg=BASE={base(folder)}", f"--tag={NAME}", str(ROOT))
    return NAME
