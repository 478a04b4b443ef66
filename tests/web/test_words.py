"""What a runner reads is easy, British, promises nothing and is as firm as the article."""

from __future__ import annotations

import re
import statistics
import warnings
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup, Tag
from flask import abort
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import FIRST_DAY, encode
from questionnaire.engine.evaluate import assess
from questionnaire.rulebook.model import Rulebook
from tests.conftest import ROOT
from tests.support.example_answers import RESULTS
from tests.support.runner_client import Page, RunnerClient, read, words
from tests.support.strategies import answers_to

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # 0.7.4 asks pkg_resources for its files
    import textstat

BOOKS = [
    "rules.yaml",
    "docs/examples/cycling.yaml",
    "docs/examples/desk-work.yaml",
    "questionnaire/authoring/starter.yaml",
]
PATHS = {
    "form": "/",
    "a coach's form": "/?from=City+Runners&training=distance",
    "code box": "/r/",
    "wrong code": "/r/ABC",
    "no such page": "/nowhere",
    "about": "/about",
    "research": "/research",
    "rules": "/rules",
    "coach": "/coach",
    "link": "/coach?from=City+Runners&training=distance",
    "wrong link": "/coach?from=www.example.org&training=none&training=distance",
    "poster": "/poster?from=City+Runners",
    "muscles": "/muscles",
    "squad": "/squad",
}
FREE = {"about", "research"}
"""The pages that may speak of risk, to say what is not measured and what studies found."""

INLINE = "a, b, bdi, code, em, small, span, strong, wbr"
NO_WORDS = "svg, textarea, .firmness, .notes"
END = r"(?<=[.!?])[”)]?(?=\s|$)"


def pages(rules: str) -> Iterator[tuple[str, Page]]:
    """Every page that a rulebook makes for runners and coaches, with its name."""
    runner = RunnerClient(create_app({"RULES": str(ROOT / rules)}).test_client())
    book: Rulebook = runner.client.application.extensions["rulebook"]
    for name, path in PATHS.items():
        yield name, runner.get(path)
    for group in book.muscle_groups:
        yield f"muscle {group.id}", runner.get(f"/muscles/{group.id}")
    yield "errors", runner.send({})
    yield from journeys(runner) if rules == BOOKS[0] else single_answers(runner, book)


def single_answers(runner: RunnerClient, book: Rulebook) -> Iterator[tuple[str, Page]]:
    """The result of each answer alone, or after the question that it follows up."""
    for question in book.questions:
        opened = book.opening_choices(question)[0].bit if question.asked_if else 0
        for choice in question.choices:
            code = encode(book, Answers(opened | choice.bit, FIRST_DAY))
            yield f"result {question.id} {choice.id}", runner.get(f"/r/{code}")


def journeys(runner: RunnerClient) -> Iterator[tuple[str, Page]]:
    """The results of the browser tests, a comparison of two and a squad of all."""
    codes = []
    for name, answers in RESULTS.items():
        page = runner.answer(**answers)
        codes.append(page.code)
        yield f"result {name}", page
    yield "comparison", runner.get(f"/r/{codes[1]}/with/{codes[2]}")
    text = "\n".join(["no code", *(f"Anna {code}" for code in codes)])
    for view in ("table", "sheets"):
        sent = {"text": text, "view": view}
        yield f"squad {view}", read(runner.client.post("/squad", data=sent))


@pytest.fixture(scope="module", params=BOOKS)
def shown(request: pytest.FixtureRequest) -> dict[str, Page]:
    return dict(pages(request.param))


def texts(part: Tag | None) -> Iterator[str]:
    """What stands in each block of a part of a page."""
    copy = BeautifulSoup(str(part), "html.parser")
    for tag in copy.select(NO_WORDS):
        tag.decompose()
    for tag in copy.select(INLINE):
        tag.unwrap()
    copy.smooth()
    return (" ".join(text.split()) for text in copy.stripped_strings)


def sentences(part: Tag | None) -> list[str]:
    """The sentences in a part of a page, each once, without labels, answers to tick and names."""
    found = (one.strip() for text in texts(part) for one in re.split(END, text))
    return list(dict.fromkeys(one for one in found if one.endswith((".", "!", "?"))))


def test_every_page_is_easy_to_read(shown: dict[str, Page]) -> None:
    parts = {name: sentences(page.soup.main) for name, page in shown.items()}
    parts["footer"] = sentences(shown["form"].soup.footer)
    for name, found in parts.items():
        assert found, name
        grade = textstat.flesch_kincaid_grade(" ".join(found))
        lengths = [len(one.split()) for one in found]
        median = statistics.median(lengths)
        print(f"{name:24} grade {grade:4.1f}, median {median:4.1f} words, longest {max(lengths)}")
        assert grade <= 8, name
        assert median <= 20, name
        assert max(lengths) <= 30, name


AMERICAN = re.compile(
    r"""(?ix) \b (
    (?! (over|out|down|re)?siz | priz | seiz | capsiz ) \w{2,} [iy]z (e|es|ed|er|ing|ations?)
    | \w* (behavi|col|fav|harb|hon|lab|neighb|rum|vig) or (s|ed|ing|able|ite|al)?
    | (cent|fib|lit|met|theat) er s?
    | (cancel|channel|fuel|label|level|model|travel) (ed|ing|er) s?
    | orthopedic\w* | pediatric\w* | anesthe\w* | edema | estrogen | anemi\w*
    | program s? | gray | defense | offense | skillful | fulfill s? | aging | math | gotten | toward
    ) \b"""
)
PROMISES = re.compile(
    r"(?i)high.risk|low.risk|risk.score|safe.to.run|will.prevent|you.are.weak|%|per.?cent"
)
OF_RUNNING = re.compile(
    r"(?i)\b(?:runners?|running|muscles?|coach(?:es)?|squads?|training|athletes?|clubs?)\b"
)
"""Words that a page of another field may have only from its rulebook."""
SPOKEN = ("alt", "aria-label", "content", "placeholder", "title")


def everything(page: Page) -> str:
    """All words of a page, with those that only some readers hear."""
    spoken = [str(tag[name]) for name in SPOKEN for tag in page.soup.select(f"[{name}]")]
    return " ".join(" ".join([page.soup.get_text(" "), *spoken]).split())


def test_the_spelling_is_british(shown: dict[str, Page]) -> None:
    for name, page in shown.items():
        assert not AMERICAN.search(everything(page)), name


def test_no_page_has_a_word_of_another_field() -> None:
    for name, page in pages("docs/examples/desk-work.yaml"):
        said = re.sub("City.{1,3}Runners", "", everything(page))
        assert not OF_RUNNING.search(said), name


@pytest.mark.parametrize("rules", BOOKS)
def test_a_rulebook_is_british_and_promises_nothing(rules: str) -> None:
    """Also where no page of these tests leads."""
    text = (ROOT / rules).read_text("utf-8")
    assert not AMERICAN.search(text)
    assert not PROMISES.search(text)


def test_american_spelling_is_told_from_british() -> None:
    american = "organize emphasized analyzing color Behavior center program traveled pediatric"
    british = "organise emphasised size resized prize colour behaviour centred programme travelled"
    assert all(map(AMERICAN.search, american.split()))
    assert not any(map(AMERICAN.search, british.split()))


def test_nothing_is_promised_and_nobody_is_judged(shown: dict[str, Page]) -> None:
    for name, page in shown.items():
        assert name in FREE or not PROMISES.search(everything(page)), name


ERRORS = {
    400: "We could not read what was sent Go back and try again.",
    404: "There is no such page Check the address, or start with the form.",
    405: "This page cannot be used like that You can only open this page, not send anything to it.",
    413: "That was too much to send It was far longer than any answers to the form."
    " Fill in the form again and send it once.",
    414: "This address is too long Ask for the link again, or start with the form.",
    418: "We could not read what was sent Go back and try again.",
    500: "Something went wrong here It is not your fault, and we kept none of your answers."
    " Please try again.",
    503: "Something went wrong here It is not your fault, and we kept none of your answers."
    " Please try again.",
}


@pytest.mark.parametrize("code", ERRORS)
def test_an_error_page_says_what_to_do_and_leads_to_the_form(code: int) -> None:
    site = create_app()
    site.add_url_rule("/failing", view_func=lambda: abort(code))
    page = RunnerClient(site.test_client()).get("/failing")
    assert page.status == code
    assert page.text.startswith(f"{ERRORS[code]} Go to the form {code} ")
    assert page.soup.select("main a[href='/']")


def test_the_pages_that_the_footer_leads_to_are_read_here(runner: RunnerClient) -> None:
    links = {str(one["href"]) for one in runner.get("/").soup.select("footer .links a")}
    assert links <= set(PATHS.values())


FIRMNESS = {
    "stated": "(says so flatly)",
    "often": "(says “often”)",
    "can": "(says “can”)",
    "possibly": "(says “possibly”)",
}


@given(st.data())
def test_every_finding_is_as_firm_as_its_claims(
    book: Rulebook, client: FlaskClient, data: st.DataObject
) -> None:
    given = data.draw(answers_to(book))
    answers = Answers(given.ticked & ~book.question("warnings").bits, given.day)
    page = read(client.get(f"/r/{encode(book, answers)}"))
    for finding in assess(book, answers).findings:
        shown = page.soup.select(f"#{finding.group.id} dd")
        for match, part in zip(finding.matches, shown, strict=True):
            claim = match.claim
            assert words(part).startswith(f"{claim.says} {FIRMNESS[str(claim.firmness)]}")
