"""What a command needs before its packages: a sentence where Python would print a traceback.

It imports nothing that has to be installed.
"""

from __future__ import annotations

import codecs
import io
import os
import shlex
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parent.parent
SCRIPTS = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
LOOK_ALIKES = {"\N{RIGHTWARDS ARROW}": "->", "\N{HORIZONTAL ELLIPSIS}": "~", "“": '"', "”": '"'}
LOOK_ALIKES |= {"‘": "'", "’": "'", "\N{EN DASH}": "-"}
"""What stands for a character that a terminal lacks: one for one in quoted lines, over their ^."""
PLAIN = "plain"
"""The name of our error handler for such characters."""
PLAIN_ASCII = "plain-ascii"
"""ASCII by another name: click takes a terminal that has no more for a mistake, and sends UTF-8."""


def prepare() -> None:
    """Print only what the terminal can show, and no traceback if a package is missing."""
    sys.excepthook = _explain_exception
    codecs.register_error(PLAIN, _look_alikes)
    codecs.register(_find_codec)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            is_ascii = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding=PLAIN_ASCII if is_ascii else None, errors=PLAIN)


def _look_alikes(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for the characters that cannot be encoded, and where they end."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(LOOK_ALIKES.get(character, "?") for character in lost), error.end


def _find_codec(name: str) -> codecs.CodecInfo | None:
    if name.replace("_", "-") != PLAIN_ASCII:
        return None
    ascii_ = codecs.lookup("ascii")
    return codecs.CodecInfo(
        ascii_.encode,
        ascii_.decode,
        incrementalencoder=ascii_.incrementalencoder,
        incrementaldecoder=ascii_.incrementaldecoder,
        name=PLAIN_ASCII,
    )


def _explain_exception(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Print a sentence about a missing package, nothing about Ctrl+C, and the rest as usual."""
    if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith(
        "questionnaire"
    ):
        print(missing_package(str(error.name)), file=sys.stderr)
    elif not issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)


def missing_package(name: str) -> str:
    """Return what to do if a package is missing: use the environment that has it, or make one."""
    environment = ROOT / ".venv"
    python = environment.joinpath(*SCRIPTS)
    if not python.exists():
        system = "py" if os.name == "nt" else "python3"
        make = _command([system, "-m", "venv", environment])
        remedy = f"install what is needed: {make}, then {_command(_install(python))}"
    elif Path(sys.prefix).resolve() == environment.resolve():
        remedy = f"install what is needed: {_command(_install(python))}"
    else:
        remedy = f"start it with the Python that has it: {_command([python, *sys.orig_argv[1:]])}"
    return f'the package "{name}" is missing; {remedy}'


def _install(python: Path) -> list[object]:
    requirements = ROOT / "requirements.txt"
    return [python, "-m", "pip", "install", "--require-hashes", "-r", requirements]


def _command(words: Iterable[object]) -> str:
    """Return a command as it is typed, with paths from this folder on."""
    short = [str(word).removeprefix(f"{Path.cwd()}{os.sep}") for word in words]
    return subprocess.list2cmdline(short) if os.name == "nt" else shlex.join(short)
