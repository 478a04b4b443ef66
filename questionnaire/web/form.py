"""The form: GET and POST of /, and the WTForms form of a rulebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from math import ceil
from typing import Any, ClassVar

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.wrappers import Response
from wtforms import Field

from questionnaire.engine import codes
from questionnaire.engine.assessment import Answers
from questionnaire.engine.conditions import choices_in, keys_of
from questionnaire.engine.evaluate import assess, has_stop, ticks_that_count, warning_questions
from questionnaire.rulebook.content import Urgency
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Question
from questionnaire.text import gettext_noop, quoted
from questionnaire.web import links
from questionnaire.web.caching import cached_page
from questionnaire.web.wording import gettext, ngettext

bp = Blueprint("form", __name__)


@bp.get("/")
@cached_page
def show() -> str:
    """Show the empty form, with what a coach's link ticks beforehand."""
    ticked = links.preset(g.rulebook, request.args)
    preset = {question.id for question in g.rulebook.presets if question.bits & ticked}
    return render_form(ticked, preset=preset)


@bp.post("/")
def submit() -> Response | tuple[str, int]:
    """Lead to the results of the answers sent, or show the form again with what is wrong."""
    sent: MultiDict[str, Any] = request.form
    if request.files:  # none belongs here, and the form says so
        sent = CombinedMultiDict([request.form, request.files])
    filled = form_class(g.rulebook)(sent)
    if not filled.validate():
        errors, unknown = filled.errors_by_question, filled.form_errors
        return render_form(filled.ticked, errors=errors, unknown_fields=unknown), 422
    today = max(date.today(), codes.FIRST_DAY)  # a wrong clock must not keep a notice away
    code = codes.encode(g.rulebook, filled.answers(today))
    return redirect(url_for("results.show", code=code), 303)


def render_form(ticked: int, **shown: Any) -> str:
    """Return the page of the form with these choices ticked; `day` is that of earlier answers."""
    shown = {"preset": set(), "errors": {}, "unknown_fields": [], "day": None, **shown}
    return render_template("form/form.html", ticked=frozenset(keys_of(ticked)), **shown)


@lru_cache(maxsize=16)
def sign_urgencies(rulebook: Rulebook) -> dict[int, Urgency]:
    """Return how soon to get help for each warning sign, by the key of its choice, for paper."""
    urgencies = {}
    for question in rulebook.questions:
        for choice in question.choices:
            if stops := assess(rulebook, Answers(choice.bit, codes.FIRST_DAY)).stops:
                urgencies[choice.key] = stops[0].notice.urgency
    return urgencies


@lru_cache(maxsize=16)
def sign_lists(rulebook: Rulebook) -> frozenset[str]:
    """Return the ids of the questions that list warning signs, without those that open a list."""
    signs = warning_questions(rulebook)
    lists = [question for question in rulebook.questions if question.id in signs]
    return signs - {question.asked_if.question for question in lists if question.asked_if}


@lru_cache(maxsize=16)
def extra_questions(rulebook: Rulebook) -> tuple[Question, ...]:
    """Return the last questions that nobody has to answer and that raise no notice.

    A phone shows them folded.
    """
    raising = {name for rule in rulebook.rules if rule.raises for name, _ in choices_in(rule.when)}
    last: list[Question] = []
    for question in reversed(rulebook.first_questions):
        if question.required or question.id in raising or rulebook.leads_on(question):
            break
        last.insert(0, question)
    return tuple(last)


WORDS_A_MINUTE = 238
"""How fast adults read English to themselves (Brysbaert 2019, doi 10.1016/j.jml.2019.104047)."""


def time_to_fill_in(rulebook: Rulebook) -> str:
    """Return how long the form takes, as a sentence."""
    minutes = minutes_to_read(rulebook)
    return ngettext("It takes a minute.", "It takes %(num)d minutes.", minutes)


@lru_cache(maxsize=16)
def minutes_to_read(rulebook: Rulebook) -> int:
    """Return how many minutes it takes to read every question and answer of the form."""
    words = 0
    for question in rulebook.questions:
        read = (question.text, question.hint or "", *question.list_)
        words += len(" ".join((*read, *(choice.text for choice in question.choices))).split())
    return ceil(words / WORDS_A_MINUTE)


NO_ANSWER = ""
"""What a question that may be skipped sends for none of its radio buttons."""

MISSING = {
    "several": gettext_noop("Tick what applies, or tick “%(exclusive)s”."),
    "one": gettext_noop("Choose one answer."),
    "any": gettext_noop("Tick what applies."),
}
CONTRADICTION = {
    "several": gettext_noop(
        "You ticked “%(exclusive)s” and something else. Untick one or the other."
    ),
    "one": gettext_noop("Choose one answer only."),
}


class ChoicesField(Field):  # type: ignore[misc]  # wtforms has no types
    """One question; its data are the bits of what is ticked."""

    def __init__(self, question: Question, values: Mapping[str, int], **more: Any) -> None:
        """Ask a question; `values` has the bits that each value of a browser's form stands for."""
        super().__init__(question.text, **more)
        self.question = question
        self.values = values

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Tick what was sent, or as much of it as is right; raise ValueError if not all is."""
        sent = {self.values.get(value) for value in valuelist}
        self.data = sum(bit for bit in sent if bit)
        if None in sent:
            raise ValueError(gettext("This is not one of the answers. Choose again."))
        if len(sent) < len(valuelist):
            raise ValueError(gettext("The same answer came twice. Answer this question again."))
        if self.question.contradicts(self.data) or (self.data and 0 in sent):
            raise ValueError(contradiction_message(self.question))


class QuestionnaireForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The form of one rulebook; build its classes with `form_class`."""

    class Meta:
        """No CSRF token, and so no cookie: no request changes anything on the server."""

        csrf = False

    rulebook: ClassVar[Rulebook]

    def __init__(self, formdata: MultiDict[str, Any]) -> None:
        """Read what was sent."""
        super().__init__(formdata=formdata)
        self.formdata = formdata

    def field_for(self, question: Question) -> ChoicesField:
        """Return the field of a question."""
        field: ChoicesField = self[_attribute(question)]
        return field

    @property
    def errors_by_question(self) -> dict[str, str]:
        """Return what to say beside a question, by its id."""
        return {field.question.id: field.errors[0] for field in self if field.errors}

    @property
    def ticked(self) -> int:
        """Return the bits of what is ticked."""
        return sum(field.data for field in self)

    def answers(self, day: date) -> Answers:
        """Return the answers of a valid form, without those to questions that were not asked."""
        return Answers(ticks_that_count(self.rulebook, self.ticked), day)

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
        self.form_errors = _unknown_fields(self)
        right = self.ticked & ~sum(field.question.bits for field in self if field.errors)
        for question in self.rulebook.missing(right):
            self.field_for(question).errors = self.field_for(question).errors or [
                _message(MISSING, question)
            ]
        return not self.errors


@lru_cache(maxsize=16)
def form_class(rulebook: Rulebook) -> type[QuestionnaireForm]:
    """Return the form class of a rulebook, with one field for each of its questions."""
    fields = {
        _attribute(question): ChoicesField(question, _values(question), name=question.id)
        for question in rulebook.questions
    }
    return type("RulebookForm", (QuestionnaireForm,), {"rulebook": rulebook, **fields})


def _attribute(question: Question) -> str:
    """Return a name that no attribute of a form has, whatever the question is called."""
    return f"question:{question.id}"


def _values(question: Question) -> dict[str, int]:
    """Return what each value that a browser can send for a question ticks."""
    bits = {choice.id: choice.bit for choice in question.choices}
    return bits | {NO_ANSWER: 0} if question.skippable else bits


def contradiction_message(question: Question) -> str:
    """Return what to do about answers to a question that nobody can give together."""
    return _message(CONTRADICTION, question)


def _message(messages: Mapping[str, str], question: Question) -> str:
    if not question.exclusive:
        return gettext(messages["one" if question.pick == "one" else "any"])
    [exclusive] = question.choices_in(question.exclusive_bit)
    return gettext(messages[question.pick], exclusive=exclusive.text)


def _unknown_fields(form: QuestionnaireForm) -> list[str]:
    ours = {question.id for question in form.rulebook.questions} | {links.CLUB_PARAMETER}
    strange = sorted({quoted(name) for name in form.formdata or () if name not in ours})
    return [gettext("The form has no field called %(name)s.", name=name) for name in strange[:3]]
