"""Break every promise, one at a time, and name those that no test notices: `make mutants`.

An argument picks the edits whose file or promise holds it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
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


def run_tests(tree: Path, tests: Iterable[str], workers: int = 0) -> int:
    """Run some tests in a copy; return what pytest exits with."""
    options = [f"-n{workers}", "-x", "-q", "-p", "no:cacheprovider"]
    # Files of bytecode go by the second and the size of a file, which an edit may not change.
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", *options, *tests]
    done = subprocess.run(  # noqa: S603
        command, cwd=tree, env=environment, capture_output=True, check=False
    )
    if done.returncode not in (PASSED, FAILED, INTERRUPTED):
        sys.exit(done.stdout.decode() + done.stderr.decode())
    return done.returncode


def main() -> int:
    """Try the edits; return 1 if one was not noticed."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = [one for one in mutants() if wanted in one.file or wanted in one.promise]
    tried = [one for one in chosen if not one.harmless]
    trees: SimpleQueue[Path] = SimpleQueue()

    def notices(mutant: Mutant) -> bool:
        tree = trees.get()
        try:
            with broken(tree, mutant):
                return run_tests(tree, mutant.tests) != PASSED
        finally:
            trees.put(tree)

    unnoticed = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(WORKERS) as pool:
        for number in range(WORKERS):
            trees.put(copied(Path(folder) / str(number)))
        first = trees.get()
        named = dict.fromkeys(name for one in tried for name in one.tests)
        if run_tests(first, named, WORKERS) != PASSED:
            sys.exit("Some tests fail before anything is broken.")
        trees.put(first)
        for mutant, noticed in zip(tried, pool.map(notices, tried), strict=True):
            unnoticed += not noticed
            word = "noticed  " if noticed else "UNNOTICED"
            print(f"{word} {mutant.file}: {mutant.promise}", flush=True)
    for mutant in chosen:
        if mutant.harmless:
            print(f"harmless  {mutant.file}: {mutant.promise} ({mutant.harmless})")
    print(f"{len(tried)} promises broken, {unnoticed} unnoticed")
    return min(unnoticed, 1)


if __name__ == "__main__":
    sys.exit(main())
