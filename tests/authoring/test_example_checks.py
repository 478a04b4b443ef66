"""The examples of a rulebook: `check` runs them, the site does not, the shipped book has all."""

from __future__ import annotations

import subprocess
import sys

from questionnaire.authoring.commands import STARTER
from questionnaire.authoring.example_checks import run_examples
from questionnaire.engine.evaluate import warning_questions
from questionnaire.rulebook.loader import load_rulebook
from questionnaire.rulebook.model import Rulebook
from tests.conftest import ROOT


def test_every_warning_sign_has_an_example_of_its_own(book: Rulebook) -> None:
    alone = [example for example in book.examples if example.notices]
    given = {
        choices for example in alone for choices in example.answers.values() if len(choices) == 1
    }
    signs = [c.id for c in book.question("warnings").choices]
    assert warning_questions(book) == {"any-warnings", "warnings"}
    assert [sign for sign in signs if (sign,) not in given] == []


def test_every_notice_text_and_muscle_group_is_in_an_example(book: Rulebook) -> None:
    for section, names in (
        (book.notices, [name for one in book.examples for name in one.notices or ()]),
        (book.advice, [name for one in book.examples for name in one.advice]),
        (
            book.muscle_groups,
            [name for one in book.examples for place in one.muscle_groups or () for name in place],
        ),
    ):
        assert {part.id for part in section} == set(names)


def test_each_example_can_fail(book: Rulebook) -> None:
    """With its rules about to do nothing, no example with something to come out still holds."""
    parts = {name: getattr(book, name) for name in Rulebook.model_fields}
    mute = Rulebook.model_validate(parts | {"rules": (book.rules[-1],)})
    failed = {flaw.path[1] for flaw in run_examples(mute)}
    expected = {
        n
        for n, one in enumerate(book.examples)
        if one.muscle_groups or one.notices or set(one.advice) - {"time-more"}
    }
    assert failed == expected


def test_the_starter_shows_three() -> None:
    assert len(load_rulebook(STARTER).examples) == 3


def test_the_site_does_not_run_them() -> None:
    code = "import app, sys; app.create_app(); print('questionnaire.authoring' in sys.modules)"
    command = [sys.executable, "-c", code]
    served = subprocess.run(  # noqa: S603
        command, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert served.stdout == "False\n"
