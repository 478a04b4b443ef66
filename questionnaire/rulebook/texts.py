"""The sentences of the pages that name the field, each with a neutral default."""

from __future__ import annotations

import re

from pydantic import Field, ValidationInfo, field_validator

from questionnaire.rulebook.content import Line, RulebookModel, Sentences
from questionnaire.rulebook.suggestions import did_you_mean
from questionnaire.text import gettext_noop

_PLACEHOLDER = re.compile(r"\{[^{}]*\}|[{}]")


class Texts(RulebookModel):
    """Whole sentences by id: a page never puts a noun of the field into a sentence of its own."""

    groups: Line = Field(
        default=gettext_noop("Areas"),
        description="The page that lists the muscle groups, and links to it.",
    )
    coaches: Line = Field(
        default=gettext_noop("Share the form"),
        description="The page that makes a link, and links to it.",
    )
    club: Line = Field(
        default=gettext_noop("Your name, or that of your group"),
        description="There, the box for a name that the form will show.",
    )
    sheet: Line = Field(
        default=gettext_noop("The group sheet"),
        description="The page with the results of many, and links to it.",
    )
    sheet_stops: Line = Field(
        default=gettext_noop("Need to be seen first"),
        description="There, the heading over those with a warning sign.",
    )
    sheet_session: Line = Field(
        default=gettext_noop("What they have in common"),
        description="There, the heading over the muscle groups with their people.",
    )
    sheet_occasion: Line = Field(
        default=gettext_noop("Occasion"), description="There, a box for what the sheet is made for."
    )
    nameless: Line = Field(
        default=gettext_noop("Person {number}"),
        description="There, somebody whose name was not pasted.",
    )
    age: Sentences = Field(
        default=gettext_noop(
            "It is for people of 18 and over. Under 18, ask a parent or carer to help you see"
            " a doctor."
        ),
        description="On the form and under “About”, for whom it is.",
    )
    sign_on_paper: Line = Field(
        default=gettext_noop("On paper: a warning sign comes before everything else."),
        description="On the printed form.",
    )
    show_result: Line = Field(
        default=gettext_noop("Show my result"), description="The button that sends the form."
    )
    nothing_named: Line = Field(
        default=gettext_noop("The article says nothing that matches your answers"),
        description="The heading of a result without a muscle group.",
    )
    many_named: Line = Field(
        default=gettext_noop("For your answers the article names {count} areas"),
        description="The heading of a result with more than three in the first place.",
    )
    reading: Sentences = Field(
        default=gettext_noop(
            "The article says what can lead to which problems, and this page reads it"
            " backwards. Nobody has checked you here."
        ),
        description="Under the things to do of a result.",
    )
    statements: Line = Field(
        default=gettext_noop("{matched} of the article’s {all} statements about this"),
        description="In a result, under the name of a muscle group.",
    )
    only_statement: Line = Field(
        default=gettext_noop("The article’s only statement about this"),
        description="There, if the article links only one thing to it.",
    )
    earlier_sign: Line = Field(
        default=gettext_noop("If nobody has seen you about it, do what that result says first."),
        description="Above a comparison with a result that had a warning sign.",
    )
    ask: Line = Field(
        default=gettext_noop("A question to ask"),
        description="The heading over the `ask` of a muscle group.",
    )
    direction: Sentences = Field(
        default=gettext_noop(
            "The article says what can lead to which problem; this site reads it backwards,"
            " from your problem to what can lead to it."
        ),
        description="Under “About” and above the rules.",
    )
    doubt: Line = Field(
        default=gettext_noop("If you have a warning sign, or are in doubt, see a doctor."),
        description="Under “About”.",
    )
    limits: Line = Field(
        default=gettext_noop(
            "It cannot tell you what causes your trouble, or what will come of it."
        ),
        description="At the foot of every page, and under “About”.",
    )

    @field_validator("*")
    @classmethod
    def _has_its_placeholders(cls, text: str, field: ValidationInfo) -> str:
        known = _PLACEHOLDER.findall(cls.model_fields[str(field.field_name)].default)
        found = _PLACEHOLDER.findall(text)
        for one in found:
            if one in ("{", "}"):
                raise ValueError(f'a "{one}" stands alone here: write both braces, as in {{count}}')
            if one not in known:
                raise ValueError(did_you_mean("placeholder", one, known, "the site knows no "))
        if lost := [one for one in known if one not in found]:
            raise ValueError(f'the placeholder "{lost[0]}" is missing in this text')
        return text


def without_placeholders(text: str) -> str:
    """Return a text without the words in braces that a page replaces."""
    return _PLACEHOLDER.sub("", text)
