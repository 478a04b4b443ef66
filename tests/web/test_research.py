"""What research says stands beside each result, is true to its source, changes nothing."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.engine import codes
from questionnaire.engine.assessment import Answers
from questionnaire.engine.evaluate import assess
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.research import Study
from questionnaire.web.wording import day
from tests.conftest import ROOT
from tests.support.example_answers import ALL_STOPS, LARGEST
from tests.support.runner_client import Page, RunnerClient, words
from tests.support.strategies import answers_to, book_data, research_on

REVIEW = ROOT / "tests" / "data" / "research.txt"
WORDS = {
    "supports": "Supports it",
    "mixed": "Mixed",
    "against": "Speaks against it",
    "nothing": "Nothing found",
}


@given(st.data())
def test_nothing_in_it_changes_a_result(data: st.DataObject) -> None:
    plain = data.draw(book_data())
    told = Rulebook.model_validate(plain | {"research": data.draw(research_on(plain))})
    without = Rulebook.model_validate(plain)
    answers = data.draw(answers_to(told))
    assert assess(told, answers) == assess(without, answers)
    assert codes.encode(told, answers) == codes.encode(without, answers)


def test_nothing_in_the_shipped_rows_changes_a_result(book: Rulebook) -> None:
    without = book.model_copy(update={"research": ()})
    bits = [choice.bit for question in book.questions for choice in question.choices]
    for one, other in itertools.combinations_with_replacement(bits, 2):
        answers = Answers(one | other, date(2026, 11, 23))
        assert assess(book, answers) == assess(without, answers)


def test_every_row_is_one_of_the_review_with_its_statements_and_studies(book: Rulebook) -> None:
    lines = [line for line in REVIEW.read_text("utf-8").splitlines() if line[0] != "#"]
    refs = {claim.id: claim.ref for claim in book.claims}
    assert [
        [
            ",".join(sorted(refs[claim] for claim in row.claims)) or "-",
            row.bears,
            *(str(study.doi or study.pmc or study.pubmed) for study in row.studies),
        ]
        for row in book.research
    ] == [line.split() for line in lines]


@pytest.mark.parametrize(
    ("study", "link", "name"),
    [
        (
            {"by": "Moe", "year": 2020, "doi": "10.1234/a-b.5"},
            "https://doi.org/10.1234/a-b.5",
            "Moe 2020 doi:10.1234/a-b.5",
        ),
        (
            {"by": "Moe", "pmc": "PMC12"},
            "https://pmc.ncbi.nlm.nih.gov/articles/PMC12/",
            "Moe PMC12",
        ),
        ({"pubmed": 12}, "https://pubmed.ncbi.nlm.nih.gov/12/", "PubMed 12"),
    ],
)
def test_a_study_is_found_by_its_number(study: dict[str, Any], link: str, name: str) -> None:
    found = Study.model_validate(study)
    assert (found.link, found.name) == (link, name)


def test_the_page_goes_from_the_whole_to_each_muscle_group(
    runner: RunnerClient, book: Rulebook
) -> None:
    page = runner.get("/research")
    assert page.heading == "What research says"
    assert "It changes no rule, no result and no order" in page.text
    assert "If a statement is not listed, we have not looked for studies about it." in page.text
    about = {claim.id: claim.about for claim in book.claims}
    known = {about[claim] for row in book.research for claim in row.claims}
    assert page.all("h2") == [
        "The article as a whole",
        "What the article says to everyone",
        *(group.name for group in book.muscle_groups if group.id in known),
    ]


def test_each_row_has_the_statement_the_word_and_the_studies(
    runner: RunnerClient, book: Rulebook
) -> None:
    page = runner.get("/research")
    rows = 0
    for row in book.research:
        claims = [claim for claim in book.claims if claim.id in row.claims]
        for about in {claim.about for claim in claims} or {""}:
            shown = entry(page, row.place(about) if about else row.id)
            said = [claim.says for claim in claims if claim.about == about] or [str(row.idea)]
            assert [words(one) for one in shown("dt")] == said
            when = " · Last looked: " + day(row.looked) if row.looked else ""
            assert words(shown.dd).startswith(f"{WORDS[row.bears]}{when}. {row.says}")
            links = {words(one): one["href"] for one in shown("a")}
            assert links == {study.name: study.link for study in row.studies}
            rows += 1
    assert len(page.soup.select(".reasons > div")) == rows


def test_each_finding_leads_to_what_bears_on_its_statements(
    runner: RunnerClient, book: Rulebook
) -> None:
    research = runner.get("/research")
    result = runner.answer(**LARGEST)
    claims = {claim.says: claim for claim in book.claims}
    shown = 0
    for statement in result.soup.select(".reasons dd"):
        claim = claims[str(statement.contents[0]).strip()]
        for row, link in zip(book.research_on(claim), statement("a"), strict=True):
            path, _, place = str(link["href"]).partition("#")
            assert path == "/research"
            assert words(link) == f"research: {WORDS[row.bears].lower()}"
            assert words(entry(research, place).dd).startswith(WORDS[row.bears])
            assert claim.says in [words(one) for one in entry(research, place)("dt")]
            shown += 1
    assert shown == 14


def test_without_a_finding_it_stands_by_what_the_article_says_to_everyone(
    runner: RunnerClient,
) -> None:
    said = runner.answer().all(".every li")
    assert said[0].endswith("significantly. research: mixed")
    assert said[1].endswith("perform better. research: supports it")


def test_every_result_has_the_address_for_paper_and_no_stop_has(runner: RunnerClient) -> None:
    note = "What research says: http://localhost/research."
    assert runner.answer(bothers="knee").all("footer .address")[0] == note
    assert "research" not in runner.answer(**ALL_STOPS).text.lower()
    assert note not in words(runner.answer(**ALL_STOPS).soup.body)


def test_a_rulebook_may_list_none(runner: RunnerClient, cyclist: RunnerClient) -> None:
    assert "This rulebook lists no research." in cyclist.get("/research").text
    answers = {"warnings": "none", "training": "none", "bothers": "knee"}
    result = cyclist.send(answers)
    assert result.findings
    assert "research" not in words(result.soup.body).lower()
    assert runner.get("/rules").all('footer a[href="/research"]') == ["What research says"]


def entry(page: Page, place: str) -> Any:
    return page.soup.find(id=place)
