"""The web form of a rulebook: a class built once, and the way from a filled form to Answers."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field

from questionnaire.clubs import NAME
from questionnaire.engine import stops
from questionnaire.model import Answers, Question, Rulebook
from questionnaire.quote import quoted

NO_ANSWER = ""
"""What a question that may be skipped sends for none of its radio buttons."""

MISSING = {
    "several": "Tick what applies, or tick “{exclusive}”.",
    "one": "Choose one answer.",
}
CONTRADICTION = {
    "several": "You ticked “{exclusive}” and something else. Untick one or the other.",
    "one": "Choose one answer only.",
}



class Questions(Field):  # type: ignore[misc]  # wtforms has no types
    """The questions of a rulebook, as one field with the names of all of them.

    Its data are the bits of what is ticked, its errors what to say beside a question, by its id.
    """

    def __init__(self, rulebook: Rulebook, **more: Any) -> None:
        """Ask the questions of this rulebook."""
        super().__init__(**more)
        self.rulebook = rulebook

    def process(self, formdata: MultiDict[str, Any], *_: Any, **__: Any) -> None:
        """Tick the choices that were sent: there is no other way to fill this field."""
        self.raw_data = {one.id: formdata.getlist(one.id) for one in self.rulebook.questions}
        self.data = 0
        for question in self.rulebook.questions:
            for value in self.raw_data[question.id]:
                self.data |= question.bit_of.get(value, 0)

    def validate(self, form: BookForm, extra_validators: Any = ()) -> bool:  # noqa: ARG002
        """Check every answer.

        Nobody who needs help now is sent back to a form: once the answers that are right raise
        a stop notice, nothing else is required, and answers that are wrong are dropped.
        """
        self.errors: dict[str, str] = {}
        right = self.data
        for question in self.rulebook.questions:
            sent = self.raw_data[question.id]
            if sent and (problem := _problem(question, sent)):
                self.errors[question.id] = problem
                right &= ~question.bits
        if stops(self.rulebook, right):
            self.data, self.errors = right, {}
        else:
            for question in self.rulebook.missing(right):
                self.errors.setdefault(question.id, _say(MISSING, question))
        return not self.errors


class BookForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The form of one rulebook; build its classes with `form_class`."""

    class Meta:
        """No CSRF token, and so no cookie: no request changes anything on the server."""

        csrf = False

    questions: Questions

    def __init__(self, sent: MultiDict[str, Any]) -> None:
        """Fill the form with what was sent."""
        super().__init__(formdata=sent)
        self.sent = sent

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every answer, and put into `form_errors` what belongs to no question."""
        ours = {NAME, *self.questions.raw_data}
        strange = sorted({quoted(name) for name in self.sent if name not in ours})
        self.form_errors = [f"The form has no field called {name}." for name in strange[:3]]
        answered: bool = super().validate(extra_validators)
        return answered and not strange

    def answers(self, day: date) -> Answers:
        """Return the answers of a valid form, without those to questions that were not asked."""
        return Answers(self.questions.rulebook.asked(self.questions.data), day)


@lru_cache(maxsize=16)
def form_class(rulebook: Rulebook) -> type[BookForm]:
    """Return the form class of a rulebook."""
    return type("RulebookForm", (BookForm,), {"questions": Questions(rulebook)})


def _problem(question: Question, sent: list[Any]) -> str | None:
    """Return what is wrong with what was sent to a question, if anything is."""
    offered = {*question.bit_of, NO_ANSWER} if question.skippable else question.bit_of.keys()
    if not offered >= set(sent):
        return "This is not one of the answers. Choose again."
    if len(set(sent)) < len(sent):
        return "The same answer came twice. Answer this question again."
    ticked = sum(question.bit_of.get(value, 0) for value in sent)
    if question.contradicts(ticked) or (question.pick == "one" and len(sent) > 1):
        return contradiction(question)
    return None


def contradiction(question: Question) -> str:
    """Return what to do about answers to a question that nobody can give together."""
    return _say(CONTRADICTION, question)


def _say(messages: dict[str, str], question: Question) -> str:
    exclusive = question.choices_in(question.exclusive_bit)
    if question.pick == "several" and not exclusive:
        return messages["several"].split(",")[0] + "."
    return messages[question.pick].format(exclusive=exclusive[0].text if exclusive else "")
