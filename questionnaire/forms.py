"""The web form of a rulebook: a class built once, and the way from a filled form to Answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice

from questionnaire.clubs import NAME
from questionnaire.engine import assess
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


class BookForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The form of one rulebook; build its classes with `form_class`."""

    class Meta:
        """No CSRF token, and so no cookie: no request changes anything on the server."""

        csrf = False

    rulebook: ClassVar[Rulebook]

    def __init__(self, formdata: MultiDict[str, Any] | None = None, ticked: int = 0) -> None:
        """Fill the form with what was sent, or with answers that are known already."""
        data = {
            _attribute(question): [choice.id for choice in question.choices_in(ticked)]
            for question in self.rulebook.questions
        }
        super().__init__(formdata=formdata, data=data)
        self.sent = formdata

    def of(self, question: Question) -> SelectMultipleField:
        """Return the field of a question."""
        return self[_attribute(question)]

    @property
    def ticked(self) -> int:
        """Return the bits of what is ticked."""
        return sum(
            choice.bit
            for question in self.rulebook.questions
            for choice in question.choices
            if choice.id in self.of(question).data
        )

    def answers(self, day: date) -> Answers:
        """Return the answers of a valid form, without those to questions that were not asked."""
        return Answers(ticked=self.rulebook.asked(self.ticked), day=day)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every answer, and put what is wrong beside its question or into `form_errors`.

        Nobody who needs help now is sent back to a form: once the answers that are right raise
        a stop notice, nothing else is required, and answers that are wrong are dropped.
        """
        super().validate(extra_validators)
        self.form_errors = _strangers(self)
        wrong = [field for field in self if field.errors]
        right = self.ticked & ~sum(q.bits for q in self.rulebook.questions if self.of(q) in wrong)
        if assess(self.rulebook, Answers(right, date.min)).stops:
            for field in wrong:
                field.data, field.errors = [], []
            return not self.errors
        for question in self.rulebook.missing(right):
            self.of(question).errors = self.of(question).errors or [_say(MISSING, question)]
        return not self.errors


@lru_cache(maxsize=16)
def form_class(rulebook: Rulebook) -> type[BookForm]:
    """Return the form class of a rulebook, with one field for each of its questions."""
    fields = {
        _attribute(question): SelectMultipleField(
            question.text,
            name=question.id,
            choices=[SelectChoice(choice.id, choice.text) for choice in question.choices]
            + [SelectChoice(NO_ANSWER, "")] * question.skippable,
            invalid_choice_message="This is not one of the answers. Choose again.",
            validators=[_consistent(question)],
        )
        for question in rulebook.questions
    }
    return type("RulebookForm", (BookForm,), {"rulebook": rulebook, **fields})


def _attribute(question: Question) -> str:
    """Return a name that no attribute of a form has, whatever the question is called."""
    return f"question:{question.id}"


def _consistent(question: Question) -> Callable[[BookForm, SelectMultipleField], None]:
    bits = {choice.id: choice.bit for choice in question.choices}

    def check(_form: BookForm, field: SelectMultipleField) -> None:
        sent: Sequence[str] = field.data or ()
        if len(set(sent)) < len(sent):
            raise ValidationError("The same answer came twice. Answer this question again.")
        if question.pick == "one" and len(sent) > 1:
            raise ValidationError(contradiction(question))
        if question.contradicts(sum(bits.get(value, 0) for value in sent)):
            raise ValidationError(contradiction(question))

    return check


def contradiction(question: Question) -> str:
    """Return what to do about answers to a question that nobody can give together."""
    return _say(CONTRADICTION, question)


def _say(messages: dict[str, str], question: Question) -> str:
    exclusive = question.choices_in(question.exclusive_bit)
    if question.pick == "several" and not exclusive:
        return messages["several"].split(",")[0] + "."
    return messages[question.pick].format(exclusive=exclusive[0].text if exclusive else "")


def _strangers(form: BookForm) -> list[str]:
    ours = {question.id for question in form.rulebook.questions} | {NAME}
    strange = sorted({quoted(name) for name in form.sent or () if name not in ours})
    return [f"The form has no field called {name}." for name in strange[:3]]
