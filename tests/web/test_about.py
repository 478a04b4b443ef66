"""The page that says what this is stays true, and names who runs it, here and in the footer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app import create_app
from questionnaire.rulebook.model import Rulebook
from tests.support.runner_client import RunnerClient, words
from tests.web.test_words import BOOKS


@pytest.mark.parametrize("rules", BOOKS)
def test_it_counts_the_muscle_groups_and_names_none(rules: str) -> None:
    runner = RunnerClient(create_app({"RULES": rules}).test_client())
    book: Rulebook = runner.client.application.extensions["rulebook"]
    page = runner.get("/about")
    assert f"{book.texts.groups}: {len(book.muscle_groups)}" in page.text
    assert page.all(".lead") == [book.subtitle]
    template = Path("templates/about/about.html").read_text("utf-8").lower()
    assert not [one.name for one in book.muscle_groups if one.name.lower() in template]


@pytest.mark.parametrize("path", ["/", "/rules", "/coach", "/nowhere"])
def test_every_page_leads_there(runner: RunnerClient, path: str) -> None:
    assert runner.get(path).soup.select("footer a[href='/about']")


def test_the_foot_of_a_page_says_what_it_cannot_tell(runner: RunnerClient) -> None:
    assert runner.get("/rules").all("footer p")[0] == (
        "This is not medical advice. The results rest on one article. It cannot tell you what"
        " causes your trouble, or whether you will be injured."
    )


def test_a_warning_sign_leads_there_too(runner: RunnerClient) -> None:
    page = runner.answer(warnings="joint")
    assert page.soup.select("footer a[href='/about']")


ANNA = "Anna Berg, anna@run.example.org"
OWN = "section#operator"


@pytest.fixture
def run_by_anna() -> RunnerClient:
    return RunnerClient(create_app({"OPERATOR": f"{ANNA}."}).test_client())


@pytest.mark.parametrize("path", ["/", "/about", "/rules", "/nowhere"])
def test_the_footer_names_who_runs_the_site(run_by_anna: RunnerClient, path: str) -> None:
    (footer,) = run_by_anna.get(path).soup.select("footer")
    assert f"This site is run by {ANNA}." in words(footer)
    assert [link.text for link in footer.select("a[href='/about#operator']")] == [ANNA]


def test_a_warning_sign_names_them_too(run_by_anna: RunnerClient) -> None:
    assert f"This site is run by {ANNA}." in run_by_anna.answer(warnings="joint").all("footer p")


def test_about_leads_to_their_contact(run_by_anna: RunnerClient) -> None:
    page = run_by_anna.get("/about")
    assert page.all(f"{OWN} p")[0] == f"This site is run by {ANNA}."
    (link,) = page.soup.select(f"{OWN} a")
    assert (link.text, link["href"]) == ("anna@run.example.org", "mailto:anna@run.example.org")


def test_about_says_so_if_nobody_gave_a_name(runner: RunnerClient) -> None:
    page = runner.get("/about")
    assert page.all(f"{OWN} p") == [
        "Whoever runs this site has not given a name.",
        "No clinician has reviewed the warning signs.",
    ]
    assert "run by" not in words(page.soup.footer)


def test_about_names_the_clinician_who_reviewed_the_signs() -> None:
    client = create_app({"REVIEWED_BY": "Dr <b>Ada</b> & Co"}).test_client()
    page = RunnerClient(client).get("/about")
    assert page.all(f"{OWN} p")[1] == "Dr <b>Ada</b> & Co has reviewed the warning signs."
    assert "No clinician" not in page.text


@pytest.mark.parametrize(
    ("operator", "links"),
    [
        ("City Runners (https://run.example.org/us).", ["https://run.example.org/us"]),
        ("<a href='https://a.example'>City</a> & <b>Runners</b>", []),
        ('https://a.example/"onclick="x', ['https://a.example/"onclick="x']),
        ("javascript:alert(1) data:text/html,x ftp://a.example tel:112", []),
        ("//a.example \\\\a.example {{ config }} %(operator)s 100 %", []),
    ],
)
def test_the_contact_is_text_with_plain_links_at_most(operator: str, links: list[str]) -> None:
    page = RunnerClient(create_app({"OPERATOR": operator}).test_client()).get("/about")
    shown = [part for part in page.soup.select("p") if "is run by" in part.text]
    assert [part.text for part in shown] == [f"This site is run by {operator.rstrip('.')}."] * 2
    assert not [tag for part in shown for tag in part.select("b, [onclick]")]
    assert [link["href"] for link in page.soup.select(f"{OWN} a")] == links


@pytest.mark.parametrize(
    "sentence",
    [
        "This is not medical advice. It shows what one article says.",
        "this site reads it backwards, from your problem to the muscles it names.",
        "That is a starting point for a conversation, not the reason for your problem.",
        "It is for people of 18 and over. Under 18, when bones still grow",
        "We keep nothing. Your answers are in the web address of your results",
        "If you found a way to see what others answered, tell the operator in private.",
    ],
)
def test_it_says_what_a_visitor_must_know(runner: RunnerClient, sentence: str) -> None:
    assert sentence in runner.get("/about").text


def test_it_names_no_service_of_one_country(runner: RunnerClient) -> None:
    assert not re.search(r"\b(A&E|GPs?|NHS|111|999|911|112)\b", runner.get("/about").text)
