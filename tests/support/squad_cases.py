"""Pastes of coaches with the rows that must come out, and how many do.

python -m tests.support.squad_cases prints the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from questionnaire.rulebook.loader import load_rulebook
from questionnaire.rulebook.model import Rulebook
from questionnaire.squad.runner_names import name_key
from questionnaire.squad.squad import Runner, Squad, parse_squad

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "squad" / "cases"


OLDER = {
    "6GG4A0004VN09404A": "Anna Berg",
    "G04020004VN094MBZ": "Ben Okafor",
    "204VN094KAC": "Viktor Lesnoi",
}
"""Whose the results are that a newer one replaces."""


@dataclass(frozen=True)
class Case:
    """A paste, and for each row the names that are right and the code."""

    name: str
    text: str
    rows: tuple[tuple[tuple[str, ...], str], ...]

    def names_of(self, code: str) -> set[str]:
        """Return every name that is right for a code."""
        names = {name for names, one in self.rows for name in names if one == code}
        return names or {OLDER.get(code, "")}

    @property
    def people(self) -> set[str]:
        """Return every name in it."""
        return {name for names, _ in self.rows for name in names}


def read_case(path: Path) -> Case:
    """Return the case of a .txt file and the .expect file beside it."""
    lines = path.with_suffix(".expect").read_text("utf-8").splitlines()
    fields = [line.split("\t") for line in lines if line.startswith("ROW\t")]
    rows = tuple((tuple(names.split(" OR ")), code) for _, names, code in fields)
    return Case(path.stem, path.read_bytes().decode(), rows)


CASES = [read_case(path) for path in sorted(FOLDER.glob("*.txt"))]


def right_rows(case: Case, squad: Squad) -> int:
    """Return how many rows of a case came out with a right name."""
    found = [(runner.name, runner.code) for runner in squad.runners]
    right = 0
    for names, code in case.rows:
        match = next((one for one in found if one[1] == code and one[0] in names), None)
        if match:
            found.remove(match)
            right += 1
    return right


def wrong_people(case: Case, squad: Squad) -> list[Runner]:
    """Return the runners with a name that is another's, or nobody's, in this case."""
    return [
        runner
        for runner in squad.runners
        if runner.named and not _is_part(runner.name, case.names_of(runner.code))
    ]


def swapped(case: Case, squad: Squad) -> list[Runner]:
    """Return the runners who have the name of another row of this case."""
    return [
        runner
        for runner in squad.runners
        if runner.named and _names_another(runner.name, case.names_of(runner.code), case.people)
    ]


def _names_another(name: str, right: set[str], people: set[str]) -> bool:
    others = {name_key(one) for one in people - right} - {name_key(one) for one in right}
    return any(one in name_key(name) for one in others)


def _is_part(name: str, names: set[str]) -> bool:
    """Return True if a name is one of these, a part of one, or one after the rest of a stamp."""
    key, *keys = map(name_key, (name, *names))
    return any(key in one or key.endswith(one) for one in keys if not one.startswith("runner "))


def figures(book: Rulebook) -> str:
    """Return how many cases and rows are right, and how many runners are wrong."""
    squads = [(case, parse_squad(book, case.text)) for case in CASES]
    rows = sum(len(case.rows) for case in CASES)
    right = sum(right_rows(case, squad) for case, squad in squads)
    extra = sum(max(0, len(squad.runners) - len(case.rows)) for case, squad in squads)
    wrong = sum(len(wrong_people(case, squad)) for case, squad in squads)
    whole = sum(
        right_rows(case, squad) == len(case.rows) == len(squad.runners) for case, squad in squads
    )
    return (
        f"cases right in every row: {whole} of {len(CASES)}\nrows right: {right} of {rows}\n"
        f"wrong person: {wrong}\nrunners who do not exist: {extra}"
    )


if __name__ == "__main__":
    print(figures(load_rulebook(ROOT / "rules.yaml")))
