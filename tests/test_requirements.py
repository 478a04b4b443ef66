"""Every package comes with the hashes of its files, and every one that we chose says why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PINNED = re.compile(r"([a-z0-9-]+)==([\w.]+)( ; [^\\]+)?(( \\\n    --hash=sha256:[0-9a-f]{64})+)\n")
CHOSEN = re.compile(r"([a-z0-9-]+)==([\w.]+)(; .+)?  # \S.+")
LISTS = ["requirements", "requirements-dev", "bench/requirements-peers"]


def pinned(name: str) -> dict[str, str]:
    text = (ROOT / f"{name}.txt").read_text("ascii")
    return {package: version for package, version, *_ in PINNED.findall(text)}


def chosen(name: str) -> dict[str, str]:
    lines = (ROOT / f"{name}.in").read_text("ascii").splitlines()
    packages = [line for line in lines if line and not line.startswith(("#", "-r "))]
    found = [CHOSEN.fullmatch(line) for line in packages]
    assert all(found), [line for line, one in zip(packages, found, strict=True) if not one]
    return {one[1]: one[2] for one in found if one}


@pytest.mark.parametrize("name", LISTS)
def test_every_package_has_its_hashes_and_nothing_else_is_in_the_list(name: str) -> None:
    left = PINNED.sub("", (ROOT / f"{name}.txt").read_text("ascii"))
    assert [line for line in left.splitlines() if not line.lstrip().startswith("#")] == []


@pytest.mark.parametrize("name", LISTS)
def test_the_list_was_made_from_what_was_chosen(name: str) -> None:
    assert chosen(name).items() <= pinned(name).items(), "run make lock"


def test_the_tests_run_with_what_serves() -> None:
    assert pinned("requirements").items() <= pinned("requirements-dev").items()


@pytest.mark.parametrize("name", LISTS)
def test_the_list_names_no_machine(name: str) -> None:
    text = (ROOT / f"{name}.txt").read_text("ascii")
    assert not re.search(r"https?:|file:|index-url|find-links|trusted-host|# .* /", text)


INSTALLING = [ROOT / "Makefile", ROOT / "Containerfile", *sorted(ROOT.glob("*.md"))]
INSTALLING += sorted((ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize("file", INSTALLING, ids=lambda file: file.name)
def test_every_command_installs_what_was_tested(file: Path) -> None:
    text = re.sub(r"\\\n\s*", "", file.read_text("utf-8"))
    for command in re.findall(r"\bpip\b.* install .*|\bpip install .*", text):
        assert re.search(r"\w==\d", command) or "--require-hashes --only-binary :all:" in command
