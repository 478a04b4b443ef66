"""The flaws in the logic of a rulebook, each proven over every answer that its form can send.

sat.py says which answers these are. A flaw is an error if runners miss something by it or are
shown something wrong, and a warning if a part of the file merely does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property

from questionnaire.authoring.condition_checks import Flaw, redundant_parts
from questionnaire.authoring.explain import choice_names
from questionnaire.authoring.lost_links import lost_links
from questionnaire.authoring.sat import FormSolver
from questionnaire.engine.assessment import Answers
from questionnaire.engine.conditions import choices_in
from questionnaire.engine.evaluate import fired_rules
from questionnaire.rulebook.content import Claim, ClaimKind
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Choice
from questionnaire.rulebook.rule import Rule
from questionnaire.rulebook.yaml_reader import YamlPath

Effect = tuple[str, str, str | None]
"""What a rule does: it `cites`, `raises` or `shows` an id, the last under a group or none."""

UNREACHED = (
    ("claims", "cites", "link", 'no answer reaches the link "{}"'),
    ("notices", "raises", "notice", 'the notice "{}" cannot appear'),
    ("advice", "shows", "advice", 'the advice "{}" cannot appear'),
)
"""The sections whose parts a rule leads to: its verb, the kind of the flaw, and the message."""


def prove(rulebook: Rulebook) -> list[Flaw]:
    """Return every flaw in the logic of a rulebook that is right in form and references."""
    return list(_Prover(rulebook).flaws())


class _Prover:
    """The checks of one rulebook; a rule is known by its number, its index in the file."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.solver = FormSolver(rulebook)
        self.no_stop = self.solver.no_stop
        self.rules = [(rule, self.solver.literal(rule.when)) for rule in rulebook.rules]
        self.models = 0
        self.holds_in = [0] * len(self.rules)  # the models in which a rule holds, as bits

    def flaws(self) -> Iterator[Flaw]:
        if not self.solver.is_satisfiable(self.no_stop):
            yield self._always_stopped()
            return
        yield from self._choices()
        pointless = dict(self._pointless_follow_ups())
        yield from pointless.values()
        for number, flaw in self.dead_rules.items():
            asks = {question for question, _ in choices_in(self.rules[number][0].when)}
            if flaw.kind != "hidden" or asks.isdisjoint(pointless):
                yield flaw
        for number in self.live_rules:
            yield from self._rule(number)
        yield from self._covered()
        yield from self._unreached_parts()
        yield from self._groups_without_links()
        certain = {*self.always, *self.groundless}  # these have a flaw that explains it
        numbers = [number for number in self.live_rules if number not in certain]
        yield from lost_links(self.solver, numbers)

    def _choices(self) -> Iterator[Flaw]:
        """Yield the choices that no rule uses, and those marked as neutral that one uses."""
        used = {pair for rule, _ in self.rules for pair in choices_in(rule.when)}
        always = (choices_in(self.rules[number][0].when) for number in self.always)
        explained = {pair for pairs in always for pair in pairs}
        for n, question in enumerate(self.rulebook.questions):
            for m, choice in enumerate(question.choices):
                path: YamlPath = ("questions", n, "choices", m)
                is_used = (question.id, choice.id) in used
                if is_used and choice.neutral and (question.id, choice.id) not in explained:
                    message = f'"{choice.id}" is marked neutral, but a rule uses it'
                    yield Flaw("neutral", (*path, "neutral"), self._with_tick(message, choice))
                elif not is_used and not choice.neutral:
                    message = f'no rule uses the choice "{choice.id}" of "{question.id}"'
                    remedy = "say what follows from it, or mark it `neutral: true`"
                    yield Flaw("unused", path, f"{self._with_tick(message, choice)}: {remedy}")

    def _with_tick(self, message: str, choice: Choice) -> str:
        return f"{message} (tick: {choice_names(self.rulebook, choice.bit)})"

    def _always_stopped(self) -> Flaw:
        first = next(
            n for n, (rule, _) in enumerate(self.rules) if rule.raises in self.solver.stops
        )
        message = "whatever is answered, a stop notice replaces the result"
        example = self.solver.example_text(self.solver.stop)
        remedy = "give each question that must be answered a choice that raises none"
        return Flaw("stopped", ("rules", first), f"{message} ({example}): {remedy}")

    @cached_property
    def dead_rules(self) -> dict[int, Flaw]:
        """The rules that do nothing whatever is answered, by number."""
        return {n: flaw for n in range(len(self.rules)) if (flaw := self._dead_rule(n))}

    @cached_property
    def live_rules(self) -> list[int]:
        """The numbers of the other rules."""
        return [number for number in range(len(self.rules)) if number not in self.dead_rules]

    def _dead_rule(self, number: int) -> Flaw | None:
        """Return the flaw of a rule that does nothing, or None if it does something."""
        rule, holds = self.rules[number]
        path: YamlPath = ("rules", number, "when")
        if not self.solver.is_satisfiable(holds):
            why = self.solver.explain_unsat(holds)
            if rule.waits_for_nothing_matched:
                why += "; `matched: none` fails where a rule that cites holds"
            return Flaw("never", path, why)
        if not self.solver.is_satisfiable(holds, self._visible(rule)):
            message = "nobody sees what this rule does: a stop notice replaces the result whenever"
            example = self.solver.example_text(holds)
            return Flaw("hidden", path, f"{message} it holds ({example})")
        if rule.for_:
            group = self._group_is_found(rule.for_)
            if not self.solver.is_satisfiable(self.no_stop, holds, group):
                message = f'"{rule.for_}" is never among the muscle groups when this holds'
                example = self.solver.example_text(self.no_stop, holds)
                return Flaw("hidden", path, f"{message} ({example})")
        return None

    def _visible(self, rule: Rule) -> int:
        """Return the literal that is true of the answers in which anybody sees what a rule does."""
        return self.solver.required_waived if rule.raises in self.solver.stops else self.no_stop

    def _group_is_found(self, group: str) -> int:
        """Return the literal that is true if a muscle group is among the findings."""
        links = {claim.id for claim in self.rulebook.claims if claim.about == group}
        return self.solver.any_of(holds for rule, holds in self.rules if links & {*rule.cites})

    def _rule(self, number: int) -> Iterator[Flaw]:
        """Yield the flaws of one rule that does something."""
        rule, _ = self.rules[number]
        path: YamlPath = ("rules", number, "when")
        if number in self.always:
            kind = "always-shown" if rule.shows else "always"
            message = "this always holds, so the rule says the same to everyone"
            yield Flaw(kind, path, f"{message} (even {self.solver.example_text(self.no_stop)})")
            return
        if number in self.groundless:
            message = "this holds when nothing is ticked, so that there is no answer to show for it"
            yield Flaw("groundless", path, f"{message}: add what was answered")
        yield from redundant_parts(self.solver, rule.when, path, self._visible(rule))

    @cached_property
    def always(self) -> set[int]:
        """The numbers of the rules that hold whatever is answered."""
        return {
            number
            for number in self.live_rules
            if not self.solver.is_satisfiable(-self.rules[number][1], self.no_stop)
        }

    @cached_property
    def groundless(self) -> set[int]:
        """The numbers of the rules that cite or raise something when nothing is ticked."""
        fired = fired_rules(self.rulebook, Answers(ticked=0, day=date.min))
        holding = {id(rule) for rule, _ in fired if not rule.shows}
        return {number for number, (rule, _) in enumerate(self.rules) if id(rule) in holding}

    def _effects(self, number: int) -> list[Effect]:
        rule, _ = self.rules[number]
        if rule.cites:
            return [("cites", claim, None) for claim in rule.cites]
        if rule.raises:
            return [("raises", rule.raises, None)]
        return [("shows", str(rule.shows), rule.for_)]

    @cached_property
    def rules_by_effect(self) -> dict[Effect, list[int]]:
        """The numbers of the rules that have an effect."""
        rules: dict[Effect, list[int]] = {}
        for number in self.live_rules:
            for effect in self._effects(number):
                rules.setdefault(effect, []).append(number)
        return rules

    def _covered(self) -> Iterator[Flaw]:
        """Yield the rules and citations that another makes redundant; of two equals, the later."""
        for number in self.live_rules:
            effects = self._effects(number)
            covered = {
                n: other
                for n, effect in enumerate(effects)
                for other in self.rules_by_effect[effect]
                if self._covers(other, number)
            }
            if len(covered) == len(effects):
                message = self._covered_message("this rule changes nothing", number, covered[0])
                yield Flaw("covered", ("rules", number), message)
                continue
            for n, other in covered.items():
                message = self._covered_message("citing this here changes nothing", number, other)
                yield Flaw("covered", ("rules", number, "cites", n), message)

    def _covered_message(self, what: str, number: int, other: int) -> str:
        rule, holds = self.rules[number]
        example = self.solver.example_text(holds, self._visible(rule))
        return f"{what}: rule#{other} does the same whenever this one holds ({example})"

    def _covers(self, other: int, number: int) -> bool:
        """Return True if the other rule holds whenever this one does; of equals, if it is first."""
        if other == number or other in self.always or self._fires_without(number, other):
            return False
        return other < number or self._fires_without(other, number)

    def _fires_without(self, number: int, other: int) -> bool:
        """Return True if a rule can hold while another of the same effect does not."""
        if self.holds_in[number] & ~self.holds_in[other]:
            return True
        (rule, holds), (_, other_holds) = self.rules[number], self.rules[other]
        alone = self.solver.is_satisfiable(holds, -other_holds, self._visible(rule))
        if alone:
            self._record_model(number)
        return alone

    def _record_model(self, number: int) -> None:
        """Note which rules that share an effect with this one hold in the latest model.

        That answers most questions about other pairs of them without the solver.
        """
        effects = self._effects(number)
        rivals = sorted({other for effect in effects for other in self.rules_by_effect[effect]})
        values = self.solver.values(self.rules[rival][1] for rival in rivals)
        for rival, holds in zip(rivals, values, strict=True):
            self.holds_in[rival] |= holds << self.models
        self.models += 1

    def _unreached_parts(self) -> Iterator[Flaw]:
        """Yield the links, notices and advice texts that no rule leads to.

        Of those that a dead rule leads to, the rule is the cause.
        """
        wanted = {effect[:2] for n in range(len(self.rules)) for effect in self._effects(n)}
        for section, verb, noun, message in UNREACHED:
            for n, part in enumerate(getattr(self.rulebook, section)):
                is_link = not isinstance(part, Claim) or part.kind is ClaimKind.LINK
                if is_link and (verb, part.id) not in wanted:
                    text = f"{message.format(part.id)}: no rule {verb} it"
                    yield Flaw(noun, (section, n), text)

    def _groups_without_links(self) -> Iterator[Flaw]:
        for n, group in enumerate(self.rulebook.muscle_groups):
            if not self.rulebook.links_about(group):
                message = f'no answer names the muscle group "{group.id}": no claim about it is'
                yield Flaw("group", ("muscle_groups", n), f"{message} of the kind `link`")

    def _pointless_follow_ups(self) -> Iterator[tuple[str, Flaw]]:
        """Yield the follow-ups that are asked only of those who get a stop notice anyway."""
        stop_rules = [rule for rule in self.rulebook.rules if rule.raises in self.solver.stops]
        stopping = {question for rule in stop_rules for question, _ in choices_in(rule.when)}
        for n, question in enumerate(self.rulebook.questions):
            if question.asked_if is None or (question.id in stopping and not question.required):
                continue
            asked = self.solver.is_asked(question)
            if not self.solver.is_satisfiable(self.no_stop, asked):
                never = "is never required" if question.required else "is asked in vain"
                message = f'"{question.id}" {never}: a stop notice replaces the result of everyone'
                message += f" who is asked ({self.solver.example_text(asked)})"
                path = ("questions", n, "required" if question.required else "asked_if")
                yield question.id, Flaw("required", path, message)
