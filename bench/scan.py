"""Scan the site as docs/deploy.md sets it up: `make scan`. It writes docs/scan.md."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.load import table
from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import FIRST_DAY, encode
from questionnaire.rulebook.loader import load
from tests.deploy.stand import NAME, ROOT, Instance, Stand, tool

REPORT = ROOT / "docs" / "scan.md"
OBSERVATORY = ROOT / ".scan" / "node_modules" / "@mdn" / "mdn-http-observatory"
PORTS = (80, 443)
"""The observatory asks at no others; in a network of its own everybody may serve at them."""
MODULES = (
    *("backup", "blindsql", "brute_login_form", "buster", "cookieflags", "crlf", "csp", "csrf"),
    *("exec", "file", "htaccess", "http_headers", "methods", "permanentxss", "redirect"),
    *("shellshock", "sql", "xss"),
)
"""All but nikto and wapp, whose data is on the internet; ssrf and xxe, which need a host there."""
KNOWN = {
    "Lack of anti CSRF token": "No request changes anything, so there is nothing to forge, and a"
    " token would need a cookie: see SECURITY.md.",
    "X-XSS-Protection is not set": "Browsers have dropped this header; the Content-Security-Policy"
    " does what it was for.",
}
"""What wapiti says of every site such as this, and why it is as it should be."""
HEAD = """\
# What scanners say

`make scan` wrote this on {}: two scanners that nobody here wrote looked at the site as
[deploy.md](deploy.md) sets it up, in a network of its own that leads nowhere."""


def pages() -> list[str]:
    """Return the addresses that no link of the first page leads to."""
    book = load(ROOT / "rules.yaml")
    first, last = book.questions[0].choices[0].bit, book.questions[0].choices[-1].bit
    stop, mild = (encode(book, Answers(bits, FIRST_DAY)) for bits in (first, last))
    club = urlencode({"from": "City Runners", "training": "distance"})
    results = ["/about", f"/r/{stop}", f"/r/{mild}", f"/r/{mild}/change", f"/r/{mild}/with/{stop}"]
    return [*results, f"/r/{mild}?{club}", f"/?{club}", f"/coach?{club}", f"/poster?{club}"]


def wapiti(instance: Instance, folder: Path, seconds: int) -> dict[str, Any]:
    """Return what wapiti reports of an instance; each module may take so many seconds."""
    site = f"http://{NAME}:{instance.port}"
    headers = ("X-Forwarded-Proto: https", "Accept-Encoding: identity")  # Debian's reads no brotli
    command = [tool("wapiti"), "-u", f"{site}/", "-m", ",".join(MODULES), "-f", "json"]
    command += [part for page in pages() for part in ("-s", site + page)]
    command += [part for header in headers for part in ("-H", header)]
    command += ["-o", f"{folder}/wapiti.json", "--max-attack-time", str(seconds), "--no-bugreport"]
    command += ["--max-scan-time", "120"]
    command += ["--store-session", f"{folder}/session", "--store-config", f"{folder}/config"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)  # noqa: S603
    report: dict[str, Any] = json.loads((folder / "wapiti.json").read_text("utf-8"))
    return report


def observatory(stand: Stand) -> dict[str, Any]:
    """Return what the HTTP Observatory says of the site."""
    trusted = os.environ | {"NODE_EXTRA_CA_CERTS": str(stand.folder / "fullchain.pem")}
    command = [tool("node"), str(OBSERVATORY / "src" / "scan.js"), NAME]
    done = subprocess.run(command, env=trusted, check=True, capture_output=True, text=True)  # noqa: S603
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def told(report: dict[str, Any]) -> dict[str, list[str]]:
    """Return what wapiti found, each with the requests that showed it."""
    found: dict[str, list[str]] = {}
    for kind in ("vulnerabilities", "anomalies"):
        for name, ones in report[kind].items():
            for one in ones:
                text = one["info"] if one["info"] in KNOWN else f"{name}: {one['info']}"
                found.setdefault(text, []).append(f"{one['method']} {one['path']}")
    return found


def answered(instance: Instance) -> Counter[int]:
    """Return how many requests an instance answered with each status."""
    lines = (
        json.loads(line) for line in instance.log.read_text("utf-8").splitlines() if line[:1] == "{"
    )
    return Counter(line["status"] for line in lines if "status" in line)


def of_wapiti(report: dict[str, Any], statuses: Counter[int], took: float) -> str:
    """Return what to say of wapiti's report."""
    found = told(report)
    new = {text: at for text, at in found.items() if text not in KNOWN}
    lines = [f"- {text}: {', '.join(at)}" for text, at in new.items()]
    lines += [
        f"- {text} ({len(found[text])}): {why}" for text, why in KNOWN.items() if text in found
    ]
    counted = ", ".join(f"{many:,} with {status}" for status, many in sorted(statuses.items()))
    return f"""\
## {report["infos"]["version"].replace("-", " ")}, from Debian

{statuses.total():,} requests in {took / 60:.0f} minutes, answered {counted}.
Modules: {", ".join(MODULES)}.
Not nikto and wapp, whose data is on the internet, nor ssrf and xxe, which need a host there.

New findings: {f"**{len(new)}**" if new else "none"}. What it says of every site such as this:

""" + "\n".join(lines)


def of_observatory(result: dict[str, Any]) -> str:
    """Return what to say of the observatory's result."""
    version = json.loads((OBSERVATORY / "package.json").read_text("utf-8"))["version"]
    rows = [
        [name, one["result"], f"{one['scoreModifier']:+}"] for name, one in result["tests"].items()
    ]
    scan = result["scan"]
    return f"""\
## Mozilla's HTTP Observatory {version}

Grade **{scan["grade"]}**, {scan["score"]} points, {scan["testsFailed"]} tests failed.
`tests/test_observatory.py` holds every page to it.

{table(["test", "result", "points"], *rows)}"""


def main() -> None:
    """Scan, and write the report; exit with 1 if something was found that is not known."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=int, default=30, help="how long a module may take")
    seconds = parser.parse_args().seconds
    if not OBSERVATORY.exists():
        sys.exit(f"{OBSERVATORY} is missing: `make scan` brings it")
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Stand(Path(folder), ports=PORTS)) as stand,
    ):
        graded = observatory(stand)
        instance, start = stand.instances[0], time.monotonic()
        report = wapiti(instance, Path(folder), seconds)
        took, statuses = time.monotonic() - start, answered(instance)
    today = datetime.now(UTC)
    parts = [
        HEAD.format(f"{today:%-d %B %Y}"),
        of_wapiti(report, statuses, took),
        of_observatory(graded),
    ]
    REPORT.write_text("\n\n".join(parts) + "\n", "utf-8")
    print(REPORT.read_text("utf-8"))
    new = told(report).keys() - KNOWN
    sys.exit(bool(new) or max(statuses) >= 500 or graded["scan"]["grade"] != "A+")


if __name__ == "__main__":
    main()
