"""What is wrong with the logic of a rulebook, proven over all answers that its form can send.

Each flaw is a proof and not a sample; `logic` says which answers it speaks of. An error is
something that a runner misses or meets wrongly. A warning is a part of the file that does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property

from questionnaire.authoring.explain import choice_names
from questionnaire.authoring.redundancy import Flaw, odd_parts
from questionnaire.authoring.sat import Space, Variables
from questionnaire.engine.assessment import Answers
from questionnaire.engine.evaluate import fired, helpful, mentions
from questionnaire.rulebook.model import Choice, Kind, Question, Rulebook
from questionnaire.rulebook.rule import Rule
from questionnaire.rulebook.yaml_reader import Steps

Effect = tuple[str, str, str | None]
"""What a rule does: `cites`, `raises` or `shows`, what, and for `shows` under which group."""


def prove(rulebook: Rulebook) -> list[Flaw]:
    """Return every flaw in the logic of a rulebook that is right in form and references."""
    return list(_Prover(rulebook).flaws())


class _Prover:
    """The questions put to the solver about one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.space = Space(rulebook)
        self.calm = self.space.calm
        self.rules = [(rule, self.space.literal(rule.when)) for rule in rulebook.rules]
        self.found = [0] * len(self.rules)
        self.answers_found = 0
        self.stops = {notice.id for notice in rulebook.notices if notice.kind == "stop"}

    def flaws(self) -> Iterator[Flaw]:
        yield from self._choices()
        if not self.space.possible(self.calm):
            first = next(
                n for n, rule in enumerate(self.rulebook.rules) if rule.raises in self.stops
            )
            message = "whatever is answered, a stop notice replaces the result"
            example = self.space.tick(self.space.stop)
            yield Flaw("stopped", ("rules", first), f"{message} ({example})")
            return
        yield from self.dead.values()
        for number in self.alive:
            yield from self._rule(number)
        yield from self._covered()
        yield from self._unreached()
        yield from self._required()
        yield from self._removed()

    def _where(self, rule: Rule) -> tuple[int, ...]:
        """Return the literals of the answers in which anybody sees what the rule does."""
        return (self.space.waived if rule.raises in self.stops else self.calm,)

    @cached_property
    def dead(self) -> dict[int, Flaw]:
        """The rules that do nothing whatever is answered, by their place in the file."""
        dead: dict[int, Flaw] = {}
        for number, (rule, holds) in enumerate(self.rules):
            place: Steps = ("rules", number, "when")
            if not self.space.possible(holds):
                dead[number] = Flaw("never", place, self.space.never(holds))
            elif not self.space.possible(holds, *self._where(rule)):
                message = (
                    "nobody sees what this rule does: a stop notice replaces the result whenever"
                )
                dead[number] = Flaw(
                    "hidden", place, f"{message} it holds ({self.space.tick(holds)})"
                )
            elif rule.for_ and not self.space.possible(self.calm, holds, self._named(rule.for_)):
                message = f'"{rule.for_}" is never among the muscle groups when this holds'
                example = self.space.tick(self.calm, holds)
                dead[number] = Flaw("hidden", place, f"{message} ({example})")
        return dead

    @cached_property
    def alive(self) -> list[int]:
        """The places of the other rules."""
        return [number for number in range(len(self.rules)) if number not in self.dead]

    def _choices(self) -> Iterator[Flaw]:
        """Compare what the rules use with what is marked as neutral."""
        used = {pair for rule in self.rulebook.rules for pair in mentions(rule.when)}
        for n, question in enumerate(self.rulebook.questions):
            for m, choice in enumerate(question.choices):
                place: Steps = ("questions", n, "choices", m)
                if (question.id, choice.id) in used:
                    if choice.neutral:
                        message = f'"{choice.id}" is marked neutral, but a rule uses it'
                        yield Flaw("neutral", (*place, "neutral"), self._of(message, choice))
                elif not choice.neutral:
                    message = f'no rule uses the choice "{choice.id}" of "{question.id}"'
                    remedy = "say what follows from it, or mark it `neutral: true`"
                    yield Flaw("unused", place, f"{self._of(message, choice)}: {remedy}")

    def _of(self, message: str, choice: Choice) -> str:
        return f"{message} (tick: {choice_names(self.rulebook, choice.bit)})"

    def _rule(self, number: int) -> Iterator[Flaw]:
        rule, holds = self.rules[number]
        place: Steps = ("rules", number, "when")
        if not self.space.possible(-holds, self.calm):
            kind = "always-shown" if rule.shows else "always"
            message = "this always holds, so the rule says the same to everyone"
            yield Flaw(kind, place, f"{message} (even {self.space.tick(self.calm)})")
            return
        if not rule.shows and id(rule) in self.unprompted:
            message = "this holds when nothing is ticked, so that there is no answer to show for it"
            yield Flaw("groundless", place, f"{message}: add what was answered")
        yield from odd_parts(self.space, rule.when, place, self._where(rule))

    @cached_property
    def unprompted(self) -> set[int]:
        """The rules that hold when nothing is ticked."""
        return {id(rule) for rule, _ in fired(self.rulebook, Answers(ticked=0, day=date.min))}

    def _effects(self, rule: Rule) -> list[tuple[Effect, Steps]]:
        if rule.cites:
            return [(("cites", claim, None), ("cites", n)) for n, claim in enumerate(rule.cites)]
        if rule.raises:
            return [(("raises", rule.raises, None), ())]
        return [(("shows", str(rule.shows), rule.for_), ())]

    @cached_property
    def same(self) -> dict[Effect, list[int]]:
        """The places of the rules that do the same."""
        same: dict[Effect, list[int]] = {}
        for number in self.alive:
            for effect, _ in self._effects(self.rules[number][0]):
                same.setdefault(effect, []).append(number)
        return same

    def _covered(self) -> Iterator[Flaw]:
        """Compare each rule with the others of the same effect; of two equals, keep the first."""
        for number in self.alive:
            rule, _ = self.rules[number]
            effects = self._effects(rule)
            found = {
                steps: other
                for effect, steps in effects
                for other in self.same[effect]
                if self._covers(other, number)
            }
            for steps, other in found.items():
                whole = len(found) == len(effects)
                place = ("rules", number) if whole else ("rules", number, *steps)
                yield Flaw("covered", place, self._covered_by(number, other, whole=whole))
                if whole:
                    break

    def _covers(self, other: int, number: int) -> bool:
        """Say whether one rule holds whenever another does."""
        if other == number or self._alone(number, other):
            return False
        return other < number or self._alone(other, number)

    def _alone(self, number: int, other: int) -> bool:
        """Say whether a rule can hold without another of the same effect."""
        if self.found[number] & ~self.found[other]:
            return True
        (rule, holds), (_, wider) = self.rules[number], self.rules[other]
        alone = self.space.possible(holds, -wider, *self._where(rule))
        if alone:
            self._remember(number)
        return alone

    def _remember(self, number: int) -> None:
        """Note which rules of the same effect hold in the answers just found.

        That settles most other pairs without the solver.
        """
        bit = 1 << self.answers_found
        self.answers_found += 1
        effects = self._effects(self.rules[number][0])
        rivals = sorted({other for effect, _ in effects for other in self.same[effect]})
        holding = self.space.holding(self.rules[other][1] for other in rivals)
        for other, holds in zip(rivals, holding, strict=True):
            self.found[other] |= bit * holds

    def _covered_by(self, number: int, other: int, *, whole: bool) -> str:
        rule, holds = self.rules[number]
        what = "this rule changes nothing" if whole else "citing this here changes nothing"
        same = f"{what}: rule#{other} does the same whenever this one holds"
        return f"{same} ({self.space.tick(holds, *self._where(rule))})"

    @cached_property
    def reached(self) -> set[tuple[str, str]]:
        """The claims, notices and advice that some answers bring up."""
        return {e[:2] for number in self.alive for e, _ in self._effects(self.rules[number][0])}

    def _named(self, group: str) -> int:
        """Return the literal that is true if a muscle group is among the findings."""
        links = {claim.id for claim in self.rulebook.claims if claim.about == group}
        return self.space.either([holds for rule, holds in self.rules if links & {*rule.cites}])

    def _unreached(self) -> Iterator[Flaw]:
        links = [(n, c) for n, c in enumerate(self.rulebook.claims) if c.kind is Kind.LINK]
        for n, claim in links:
            if ("cites", claim.id) not in self.reached:
                message = f'no answer reaches the link "{claim.id}": {self._why("cites", claim.id)}'
                yield Flaw("link", ("claims", n), message)
        named = {claim.about for _, claim in links if ("cites", claim.id) in self.reached}
        for n, group in enumerate(self.rulebook.muscle_groups):
            if group.id not in named:
                message = (
                    f'no answer names the muscle group "{group.id}": no link about it is reached'
                )
                yield Flaw("group", ("muscle_groups", n), message)
        for section, verb, noun in (("notices", "raises", "notice"), ("advice", "shows", "advice")):
            for n, text in enumerate(getattr(self.rulebook, section)):
                if (verb, text.id) not in self.reached:
                    message = f'the {noun} "{text.id}" cannot appear: {self._why(verb, text.id)}'
                    yield Flaw(noun, (section, n), message)

    def _why(self, verb: str, name: str) -> str:
        rules = [
            f"rule#{number}"
            for number in self.dead
            if (verb, name) in [e[:2] for e, _ in self._effects(self.rules[number][0])]
        ]
        return f"{' and '.join(rules)} cannot do it" if rules else f"no rule {verb} it"

    def _required(self) -> Iterator[Flaw]:
        """Find the follow-ups that are asked only of those who get a stop notice anyway."""
        ending = [rule for rule in self.rulebook.rules if rule.raises in self.stops]
        stopping = {name for rule in ending for name, _ in mentions(rule.when)}
        for n, question in enumerate(self.rulebook.questions):
            if question.asked_if is None or (question.id in stopping and not question.required):
                continue
            opened = self.space.opens(self.rulebook.question(question.asked_if))
            if not self.space.possible(self.calm, opened):
                yield self._in_vain(n, question, opened)

    def _in_vain(self, n: int, question: Question, opened: int) -> Flaw:
        place: Steps = ("questions", n, "required" if question.required else "asked_if")
        never = "is never required" if question.required else "is asked in vain"
        message = f'"{question.id}" {never}: a stop notice replaces the result of everyone'
        return Flaw("required", place, f"{message} who is asked ({self.space.tick(opened)})")

    def _removed(self) -> Iterator[Flaw]:
        """Find the rules whose link is lost when one more answer is ticked."""
        doubtful = [n for n in self.alive if self.rules[n][0].cites and self._denies_several(n)]
        if not doubtful:
            return
        after = self.space.one_more()
        later = [(rule, self.space.literal(rule.when, after)) for rule in self.rulebook.rules]
        still_calm = -self.space.stopped(after)
        for number in doubtful:
            rule, holds = self.rules[number]
            for claim in rule.cites:
                gone = [-then for other, then in later if claim in other.cites]
                lost = (self.calm, holds, still_calm, *gone)
                if self.space.possible(*lost):
                    yield Flaw("removes", ("rules", number, "when"), self._lost(claim, after, lost))
                    break

    def _lost(self, claim: str, after: Variables, lost: tuple[int, ...]) -> str:
        ticked = self.space.example(*lost)
        before = [one if one in ticked else -one for one in self.space.variables.values()]
        now = self.space.ticked(after, *before, *lost)
        more = self.space.spell(now - ticked).removeprefix("tick: ")
        takes = f'ticking "{more}" as well takes away the link "{claim}"'
        return f"{takes} ({self.space.spell(ticked)}; then: {more})"

    def _denies_several(self, number: int) -> bool:
        """Say whether a rule depends on the absence of a tick in a question with several."""
        return any(
            self.rulebook.question(name).pick == "several"
            and self.rulebook.question(name).exclusive != choice
            for name, choice in helpful(self.rulebook.rules[number].when, denied=True)
        )
