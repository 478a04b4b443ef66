"""The Rulebook, which holds all; ticked choices are the bits of one integer."""

from __future__ import annotations

from functools import cached_property

from pydantic import Field

from questionnaire.rulebook.content import (
    MAX_KEY,
    Advice,
    Article,
    Claim,
    ClaimKind,
    Id,
    Key,
    Language,
    Line,
    MuscleGroup,
    Notice,
    RulebookModel,
)
from questionnaire.rulebook.example import Example
from questionnaire.rulebook.question import Choice, Question
from questionnaire.rulebook.research import Research
from questionnaire.rulebook.rule import AnyOf, Condition, Rule
from questionnaire.rulebook.texts import Texts


class Retired(RulebookModel):
    """A choice that is no longer asked, kept because old results links can name it."""

    key: Key = Field(description="The key that the choice had.")
    question: Line = Field(description="The question it belonged to, in words.")
    text: Line = Field(description="The answer in words.")
    raises: Id | None = Field(
        None, description="The notice that an old results link with this answer still brings up."
    )
    counts_as: dict[Id, Id] | None = Field(
        None,
        description="The `question: choice` nearest to it, which rules see and the form ticks.",
        min_length=1,
        max_length=1,
    )

    @cached_property
    def choice(self) -> Choice:
        """Return it as a choice, to stand among the reasons of a notice."""
        return Choice(id=f"retired-{self.key}", key=self.key, text=self.text)


class Rulebook(RulebookModel):
    """Everything one questionnaire knows; compared by identity, so that it can be a key."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    id: Id = Field(description="Permanent: old results links name it.")
    title: Line = Field(description="The heading of every page.")
    subtitle: Line = Field(description="One line under the heading.")
    language: Language = Field(
        default="en", description="The language of this file, such as en, fr or pt-BR."
    )
    article: Article = Field(description="The published article that every claim comes from.")
    muscle_groups: tuple[MuscleGroup, ...] = Field(
        min_length=1, description="What the claims are about, and what the results page names."
    )
    claims: tuple[Claim, ...] = Field(
        min_length=1, description="Every statement of the article, in your own words."
    )
    questions: tuple[Question, ...] = Field(
        min_length=1, description="What a runner is asked, in this order."
    )
    notices: tuple[Notice, ...] = Field(
        default=(), description="Safety texts: what to do and how soon."
    )
    advice: tuple[Advice, ...] = Field(default=(), description="Texts that a rule can show.")
    rules: tuple[Rule, ...] = Field(min_length=1, description="What follows from which answers.")
    examples: tuple[Example, ...] = Field(
        default=(), description="Answers with what must come of them; `check` runs them."
    )
    research: tuple[Research, ...] = Field(
        default=(), description="What research says about the claims; it changes no result."
    )
    texts: Texts = Field(
        default_factory=Texts, description="The sentences of the pages that name the field, by id."
    )
    retired: tuple[Retired, ...] = Field(
        default=(), description="Choices that are no longer asked; their keys are never used again."
    )

    @cached_property
    def bits(self) -> int:
        """Return the bits of all choices that are asked now."""
        return sum(question.bits for question in self.questions)

    @cached_property
    def choices(self) -> dict[tuple[str, str], Choice]:
        """Return all choices that are asked now, by the ids of their question and their own."""
        return {(q.id, choice.id): choice for q in self.questions for choice in q.choices}

    @cached_property
    def any_link(self) -> Condition:
        """Return the condition that a link is cited: `matched: none` is its opposite."""
        return AnyOf.model_construct(any=tuple(rule.when for rule in self.rules if rule.cites))

    @cached_property
    def presets(self) -> tuple[Question, ...]:
        """Return the questions whose choices a coach may tick beforehand."""
        return tuple(question for question in self.questions if question.preset)

    def question(self, name: str) -> Question:
        """Return the question of that id; raise KeyError if there is none."""
        return self._questions[name]

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def first_questions(self) -> tuple[Question, ...]:
        """Return the questions that are asked of everyone."""
        return tuple(question for question in self.questions if not question.asked_if)

    def follow_ups(self, question: Question, choice: Choice | None = None) -> tuple[Question, ...]:
        """Return the follow-ups of any answer to a question, or those of one certain choice."""
        return self._after.get((question.id, choice.id if choice else None), ())

    @cached_property
    def _after(self) -> dict[tuple[str, str | None], tuple[Question, ...]]:
        after: dict[tuple[str, str | None], tuple[Question, ...]] = {}
        for question in self.questions:
            if awaited := question.asked_if:
                key = awaited.question, awaited.choice
                after[key] = (*after.get(key, ()), question)
        return after

    def opening_bits(self, follow_up: Question) -> int:
        """Return the bits of the choices of which one must be ticked before a follow-up."""
        return sum(choice.bit for choice in self.opening_choices(follow_up))

    def leads_on(self, question: Question) -> bool:
        """Return True if an answer to a question opens another one."""
        return any(name == question.id for name, _ in self._after)

    def opening_choices(self, follow_up: Question) -> tuple[Choice, ...]:
        """Return the choices of which one must be ticked before a follow-up is asked."""
        if follow_up.asked_if is None:
            return ()
        before = self.question(follow_up.asked_if.question)
        awaited = follow_up.asked_if.choice
        if awaited is None:
            return before.choices_in(before.opening_bits)
        return tuple(choice for choice in before.choices if choice.id == awaited)

    def is_asked(self, question: Question, ticked: int) -> bool:
        """Return True if a question is asked of someone with these ticks."""
        if question.asked_if is None:
            return True
        before = self.question(question.asked_if.question)
        # In an old code a choice that has since been retired may have opened it.
        by_retired_choice = ticked & self.retired_bits and not ticked & before.bits
        return bool(ticked & self.opening_bits(question) or by_retired_choice)

    def drop_unasked(self, ticked: int) -> int:
        """Return the ticks without those of questions that were not asked because of them."""
        for question, bits, opening in self._follow_ups:
            if ticked & bits and not ticked & opening and not self.is_asked(question, ticked):
                ticked &= ~bits
        return ticked

    @cached_property
    def _follow_ups(self) -> tuple[tuple[Question, int, int], ...]:
        return tuple(
            (question, question.bits, self.opening_bits(question))
            for question in self.questions
            if question.asked_if
        )

    def missing(self, ticked: int) -> tuple[Question, ...]:
        """Return the required questions that were asked and not answered."""
        unanswered = (question for question in self.questions if not ticked & question.bits)
        return tuple(q for q in unanswered if q.required and self.is_asked(q, ticked))

    def muscle_group(self, name: str) -> MuscleGroup | None:
        """Return the muscle group of that id, or None if there is none."""
        return next((group for group in self.muscle_groups if group.id == name), None)

    @cached_property
    def hurting_bits(self) -> dict[str, int]:
        """Return the bits of the choices that say that a muscle group hurts, by the group's id."""
        return {
            group.id: sum(
                choice.bit
                for question, names in (group.hurts_if or {}).items()
                for choice in self.question(question).choices
                if choice.id in names
            )
            for group in self.muscle_groups
        }

    def links_about(self, group: MuscleGroup) -> tuple[Claim, ...]:
        """Return the claims that link a muscle group to something, in the order of the file."""
        links = (claim for claim in self.claims if claim.kind is ClaimKind.LINK)
        return tuple(claim for claim in links if claim.about == group.id)

    def research_on(self, claim: Claim) -> tuple[Research, ...]:
        """Return the rows of research that bear on a claim, in the order of the file."""
        return tuple(row for row in self.research if claim.id in row.claims)

    @cached_property
    def retired_bits(self) -> int:
        """Return the bits of all choices that are no longer asked."""
        return sum(1 << retired.key for retired in self.retired)

    def counterparts(self, ticked: int) -> int:
        """Return the bits of the choices that the retired choices among the ticks count as."""
        return sum({now for retired, now in self._counterparts if ticked & retired})

    @cached_property
    def _counterparts(self) -> tuple[tuple[int, int], ...]:
        return tuple(
            (1 << retired.key, self.choices[pair].bit)
            for retired in self.retired
            for pair in (retired.counts_as or {}).items()
        )

    @cached_property
    def next_free_key(self) -> int:
        """Return the lowest key from 1 up that no choice has or had: low keys make short links."""
        used = {choice.key for question in self.questions for choice in question.choices}
        used |= {retired.key for retired in self.retired}
        return next(key for key in range(1, MAX_KEY + 2) if key not in used)

    def retired_in(self, ticked: int) -> tuple[Retired, ...]:
        """Return the retired choices among the ticks of an old results code."""
        return tuple(retired for retired in self.retired if ticked >> retired.key & 1)
