"""Break every promise, one at a time, and name those that no test notices: `make mutants`.

An argument picks the edits whose file or promise holds it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from tests.mutants.data import Mutant, mutants

ROOT = Path(__file__).parents[2]
WORKERS = 2
PASSED, FAILED, INTERRUPTED = 0, 1, 2
"""What pytest exits with; INTERRUPTED if the tests could not even be collected."""


def copied(folder: Path) -> Path:
    """Return a copy of the files that are or will be committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@contextmanager
def broken(tree: Path, mutant: Mutant) -> Iterator[None]:
    """Break a promise in a copy, and mend it at the end."""
    path = tree / mutant.file
    text = path.read_bytes()
    path.write_bytes(text.replace(mutant.old.encode(), mutant.new.encode()))
    try:
        yield
    finally:
        path.write_bytes(text)


def run_tests(
    tree: Path, tests: Iterable[str], workers: int = 0
) -> subprocess.CompletedProcess[str]:
    """Run some tests in a copy until one fails; exit if pytest could not run them."""
    options = [f"-n{workers}", "-x", "-q", "-p", "no:cacheprovider"]
    # Files of bytecode go by the second and the size of a file, which an edit may not change.
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", *options, *tests]
    done = subprocess.run(  # noqa: S603
        command, cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode not in (PASSED, FAILED, INTERRUPTED):
        sys.exit(done.stdout + done.stderr)
    return done


def named_tests(tried: Iterable[Mutant]) -> list[str]:
    """Return the tests that must notice something, without those of a file that is named whole."""
    names = dict.fromkeys(name for one in tried for name in one.tests)
    return [name for name in names if "::" not in name or name.partition("::")[0] not in names]


def count_unnoticed(trees: Iterable[Path], tried: list[Mutant]) -> int:
    """Break one promise after the other, as many at once as there are copies, and say which."""
    free: SimpleQueue[Path] = SimpleQueue()
    for tree in trees:
        free.put(tree)

    def is_noticed(mutant: Mutant) -> bool:
        tree = free.get()
        try:
            with broken(tree, mutant):
                return run_tests(tree, mutant.tests).returncode != PASSED
        finally:
            free.put(tree)

    unnoticed = 0
    with ThreadPoolExecutor(WORKERS) as pool:
        for mutant, noticed in zip(tried, pool.map(is_noticed, tried), strict=True):
            unnoticed += not noticed
            word = "noticed  " if noticed else "UNNOTICED"
            print(f"{word} {mutant.file}: {mutant.promise}", flush=True)
    return unnoticed


def main() -> int:
    """Try the edits; return 1 if one was not noticed."""
    wanted, start = "".join(sys.argv[1:2]), time.monotonic()
    chosen = [one for one in mutants() if wanted in one.file or wanted in one.promise]
    tried = [one for one in chosen if not one.harmless]
    with tempfile.TemporaryDirectory() as folder:
        trees = [copied(Path(folder) / str(number)) for number in range(WORKERS)]
        unbroken = run_tests(trees[0], named_tests(tried), WORKERS)
        if unbroken.returncode != PASSED:
            sys.exit(f"{unbroken.stdout}This fails before anything is broken: mend it first.")
        unnoticed = count_unnoticed(trees, tried)
    for mutant in chosen:
        if mutant.harmless:
            print(f"harmless  {mutant.file}: {mutant.promise} ({mutant.harmless})")
    minutes = (time.monotonic() - start) / 60
    print(f"{len(tried)} promises broken, {unnoticed} unnoticed, in {minutes:.0f} minutes")
    return min(unnoticed, 1)


if __name__ == "__main__":
    sys.exit(main())
