"""The web form of a rulebook: a class built once, and the way from a filled form to Answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field

from questionnaire.engine.assessment import Answers
from questionnaire.engine.evaluate import counted, has_stop
from questionnaire.rulebook.model import Question, Rulebook
from questionnaire.text import quoted
from questionnaire.web.club import NAME

NO_ANSWER = ""
"""What a question that may be skipped sends for none of its radio buttons."""

MISSING = {
    "several": "Tick what applies, or tick “{exclusive}”.",
    "one": "Choose one answer.",
    "any": "Tick what applies.",
}
CONTRADICTION = {
    "several": "You ticked “{exclusive}” and something else. Untick one or the other.",
    "one": "Choose one answer only.",
}


class TicksField(Field):  # type: ignore[misc]  # wtforms has no types
    """One question; its data are the bits of what is ticked."""

    def __init__(self, question: Question, bits: Mapping[str, int], **more: Any) -> None:
        """Ask a question; `bits` has what each of the values that a browser can send ticks."""
        super().__init__(question.text, **more)
        self.question = question
        self.bits = bits

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Tick what was sent, or as much of it as is right; raise ValueError if not all is."""
        sent = {self.bits.get(value) for value in valuelist}
        self.data = sum(bit for bit in sent if bit)
        if None in sent:
            raise ValueError("This is not one of the answers. Choose again.")
        if len(sent) < len(valuelist):
            raise ValueError("The same answer came twice. Answer this question again.")
        if self.question.contradicts(self.data) or (self.data and 0 in sent):
            raise ValueError(contradiction(self.question))


class BookForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The form of one rulebook; build its classes with `form_class`."""

    class Meta:
        """No CSRF token, and so no cookie: no request changes anything on the server."""

        csrf = False

    rulebook: ClassVar[Rulebook]

    def __init__(self, sent: MultiDict[str, Any]) -> None:
        """Read what was sent."""
        super().__init__(formdata=sent)
        self.sent = sent

    def of(self, question: Question) -> TicksField:
        """Return the field of a question."""
        field: TicksField = self[_attribute(question)]
        return field

    @property
    def wrong(self) -> dict[str, str]:
        """Return what to say beside a question, by its id."""
        return {field.question.id: field.errors[0] for field in self if field.errors}

    @property
    def ticked(self) -> int:
        """Return the bits of what is ticked."""
        return sum(field.data for field in self)

    def answers(self, day: date) -> Answers:
        """Return the answers of a valid form, without those to questions that were not asked."""
        return Answers(counted(self.rulebook, self.ticked), day)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every answer, and put what is wrong beside its question or into `form_errors`.

        Nobody who needs help now is sent back to a form: once anything that is ticked raises a
        stop notice, nothing else is required, and nothing else is wrong.
        """
        super().validate(extra_validators)
        if has_stop(self.rulebook, self.ticked):
            self.form_errors = []
            for field in self:
                field.errors = []
            return True
        self.form_errors = _strangers(self)
        right = self.ticked & ~sum(field.question.bits for field in self if field.errors)
        for question in self.rulebook.missing(right):
            self.of(question).errors = self.of(question).errors or [_say(MISSING, question)]
        return not self.errors


@lru_cache(maxsize=16)
def form_class(rulebook: Rulebook) -> type[BookForm]:
    """Return the form class of a rulebook, with one field for each of its questions."""
    fields = {
        _attribute(one): TicksField(one, _bits(one), name=one.id) for one in rulebook.questions
    }
    return type("RulebookForm", (BookForm,), {"rulebook": rulebook, **fields})


def _attribute(question: Question) -> str:
    """Return a name that no attribute of a form has, whatever the question is called."""
    return f"question:{question.id}"


def _bits(question: Question) -> dict[str, int]:
    """Return what each value that a browser can send for a question ticks."""
    bits = {choice.id: choice.bit for choice in question.choices}
    return bits | {NO_ANSWER: 0} if question.skippable else bits


def contradiction(question: Question) -> str:
    """Return what to do about answers to a question that nobody can give together."""
    return _say(CONTRADICTION, question)


def _say(messages: dict[str, str], question: Question) -> str:
    if not question.exclusive:
        return messages["one" if question.pick == "one" else "any"]
    [exclusive] = question.choices_in(question.exclusive_bit)
    return messages[question.pick].format(exclusive=exclusive.text)


def _strangers(form: BookForm) -> list[str]:
    ours = {question.id for question in form.rulebook.questions} | {NAME}
    strange = sorted({quoted(name) for name in form.sent or () if name not in ours})
    return [f"The form has no field called {name}." for name in strange[:3]]
