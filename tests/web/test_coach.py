"""From the coach's link to the runner's results, and the sheets that a coach hands out."""

from __future__ import annotations

import io
import time
import unicodedata
from pathlib import Path
from urllib.parse import urlencode

import pytest
import zxingcpp
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app import create_app
from questionnaire.authoring.text_checks import STARTER
from questionnaire.rulebook.model import Rulebook
from questionnaire.web.club_name import club_name
from tests.support.runner_client import NO_COMPLAINTS, Page, RunnerClient, read, words

SHARED = "Shared by: City Runners"
NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "=HYPERLINK(1)",
    "' OR 1=1 --",
    "🏃" * 60,
    "\u0645" * 60,
]
LINKS = {
    "": "http://localhost/",
    "?from=City+Runners&training=distance": "http://localhost/?from=City+Runners&training=distance",
    "?from=" + "🏃" * 60: "http://localhost/?from=" + "%F0%9F%8F%83" * 60,
}
"""The link in the code of each query."""


def name_sent(page: Page) -> list[str]:
    return [str(one["value"]) for one in page.soup.select("input[name=from]")]


def form_action(page: Page) -> str:
    form = page.soup.select_one("form[data-questions]")
    assert form is not None
    return str(form["action"])


def test_the_link_pre_ticks_what_may_be_pre_set_and_says_so(runner: RunnerClient) -> None:
    page = runner.get(
        "/?from=City+Runners&training=distance&training=frequency&bothers=knee&fbclid=1"
    )
    assert page.all(".shared") == [SHARED]
    assert page.checked() == {("training", "distance"), ("training", "frequency")}
    (note,) = page.all("#training .hint")
    assert note == (
        "City Runners says: A sudden rise in distance; A sudden rise in how often you run."
        " Untick what is not true for you."
    )
    assert page.all("#training .hint bdi") == ["City Runners"]
    described = page.soup.select_one("#training")
    assert described is not None
    assert described["aria-describedby"] == "training--preset"
    assert not page.soup.select(".shared a")


def test_without_a_name_it_is_whoever_shared_the_form_that_says_so(runner: RunnerClient) -> None:
    for query in ("training=none", "training=none&from=www.evil.com"):
        assert runner.get(f"/?{query}").all("#training .hint") == [
            "Whoever shared this form says: No sudden rise in training."
            " Untick what is not true for you."
        ]


def test_a_question_with_one_answer_is_changed_and_not_unticked(
    tmp_path: Path, site_rules: str
) -> None:
    path = tmp_path / "rules.yaml"
    question = "short: Time for strength\n    pick: one\n"
    assert question in site_rules
    path.write_text(site_rules.replace(question, f"{question}    preset: true\n"), "utf-8")
    page = RunnerClient(create_app({"RULES": str(path)}).test_client()).get("/?time=some")
    assert page.all("#time .hint") == [
        "Whoever shared this form says: Some. Change it if it is not true for you."
    ]


def test_what_was_sent_is_no_longer_what_the_club_says(runner: RunnerClient) -> None:
    sent = {"training": "distance"}
    page = read(runner.client.post("/?from=City+Runners&training=distance", data=sent))
    assert page.status == 422
    assert page.checked() == {("training", "distance")}
    assert "says:" not in page.text


@pytest.mark.parametrize(
    "query", ["utm_source=x&fbclid=y", "from=", "from=www.evil.com", "training=x", "warnings=joint"]
)
def test_without_a_name_or_answers_the_form_is_the_empty_form(
    runner: RunnerClient, query: str
) -> None:
    assert runner.get(f"/?{query}").response.data == runner.get("/").response.data


def test_the_name_stays_with_the_runner(runner: RunnerClient) -> None:
    assert form_action(runner.get("/?from=City+Runners")) == "/?from=City+Runners"
    incomplete = read(runner.client.post("/?from=City+Runners", data={"bothers": "knee"}))
    assert incomplete.status == 422
    assert incomplete.all(".shared") == [SHARED]
    assert form_action(incomplete) == "/?from=City+Runners"
    sent = runner.client.post("/?from=City+Runners", data=NO_COMPLAINTS)
    assert sent.status_code == 303
    assert sent.location.endswith("?from=City+Runners")
    page = runner.get(sent.location)
    assert page.all(".shared") == [SHARED]
    onward = page.soup.select_one("a[href*='/change']")
    assert onward is not None
    change = runner.get(str(onward["href"]))
    assert form_action(change) == "/?from=City+Runners"


def test_another_spelling_of_a_code_keeps_the_name(runner: RunnerClient) -> None:
    location = runner.client.post("/", data=NO_COMPLAINTS).location
    page = runner.get(f"{location.lower()}?from=City+Runners")
    assert page.response.request.path == location
    assert page.all(".shared") == [SHARED]


def test_a_refused_name_is_dropped_from_a_runners_answers(runner: RunnerClient) -> None:
    sent = runner.client.post("/?from=https://evil.example", data=NO_COMPLAINTS)
    assert sent.location == runner.client.post("/", data=NO_COMPLAINTS).location


def test_a_coach_gets_a_link_a_code_and_a_poster(runner: RunnerClient) -> None:
    assert runner.get("/coach").soup.select_one(".qr") is None
    sent = {"from": " City  Runners ", "training": ["distance", "frequency"]}
    response = runner.client.post("/coach", data=sent)
    assert response.status_code == 303
    page = runner.get(response.location)
    query = "?from=City+Runners&training=distance&training=frequency"
    assert page.all(".to-post a") == [f"http://localhost/{query}"]
    assert page.soup.select_one(f'button[data-copy="http://localhost/{query}"]')
    assert page.soup.select_one(f'a[href="/poster{query}"]')
    assert page.soup.select_one(".qr")
    assert [f"{step} " for step in "12345"] == [text[:2] for text in page.all(".numbered h2")]
    assert page.checked() - {("from", "City Runners")} == {
        ("training", "distance"),
        ("training", "frequency"),
    }
    assert runner.get("/" + query).all(".shared") == [SHARED]


def test_the_page_of_a_link_leads_on_to_the_squad_sheet(runner: RunnerClient) -> None:
    page = runner.get("/coach?from=City+Runners&training=distance")
    steps = page.soup.select(".numbered")
    led = [[str(a["href"]) for a in step.select("a")] for step in steps]
    query = "?from=City+Runners&training=distance"
    assert led == [
        [f"http://localhost/{query}"],
        [f"/coach/qr.png{query}", f"/coach/qr.svg{query}"],
        [f"/poster{query}"],
        ["/muscles"],
        ["/squad?from=City+Runners"],
    ]
    assert "When the answers are in: paste them into one sheet." in words(steps[-1])
    assert not runner.get("/coach").soup.select(".numbered")
    assert not page.soup.select("form textarea"), "what a coach writes is sent nowhere"


def test_the_message_names_the_button_that_a_runner_sees(runner: RunnerClient) -> None:
    page = runner.get("/coach?from=City+Runners")
    [message] = page.all("textarea#message")
    assert message == (
        "Fill this in by Sunday, press Copy the link, send it to me with your name."
        " http://localhost/?from=City+Runners"
    )
    assert page.soup.select_one("button[data-copy-from=message]")
    assert "Copy the link" in runner.answer(bothers="knee").all("button")


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_code_of_a_link_comes_as_a_file(runner: RunnerClient, kind: str) -> None:
    types = {"png": "image/png", "svg": "image/svg+xml; charset=utf-8"}
    response = runner.client.get(f"/coach/qr.{kind}?from=Läufer&training=distance")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == types[kind]
    assert response.headers["Content-Disposition"] == f"attachment; filename=qr-code.{kind}"
    assert response.headers["Cache-Control"] == "no-store"
    same = runner.client.get(f"/coach/qr.{kind}?from=Läufer&training=distance&training=x&a=b")
    assert same.data == response.data
    for wrong in ("from=www.evil.com", "training=none&training=distance"):
        plain = runner.client.get(f"/coach/qr.{kind}?{wrong}")
        assert plain.data == runner.client.get(f"/coach/qr.{kind}").data


@pytest.mark.parametrize(("query", "link"), LINKS.items())
def test_a_phone_reads_the_picture_that_a_coach_saves(
    runner: RunnerClient, query: str, link: str
) -> None:
    response = runner.client.get(f"/coach/qr.png{query}")
    with Image.open(io.BytesIO(response.data)) as picture:
        assert min(picture.size) >= 500
        found = zxingcpp.read_barcodes(picture.convert("L"))
    assert [code.text for code in found] == [link]


def test_the_page_for_coaches_says_what_happens(runner: RunnerClient, book: Rulebook) -> None:
    page = runner.get("/coach")
    assert page.all(".lead") == [
        "Make a link, a QR code and a poster that lead people to the form. You will not see their"
        " answers: we keep nothing, and each of them decides who to show the result to."
    ]
    assert page.all("fieldset .hint") == len(book.presets) * [
        "What you tick here will already be ticked on the form. Everyone sees that it comes"
        " from you, and can change it. You may leave it empty."
    ]
    assert page.text.endswith("Also to hand out: Muscle groups")


def test_a_coach_may_leave_all_of_it_empty(runner: RunnerClient) -> None:
    page = read(runner.client.post("/coach", data={}, follow_redirects=True))
    assert page.all(".to-post a") == ["http://localhost/"]
    assert runner.get("/poster").heading == "Five muscle groups: what one article says to runners"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_wrong_is_said_and_what_a_coach_typed_stays(
    client: FlaskClient, method: str
) -> None:
    sent = {"from": "City www.evil.com \x00", "training": ["none", "distance"]}
    posted = method == "POST"
    page = read(
        client.open(
            "/coach",
            method=method,
            data=sent if posted else None,
            query_string=None if posted else sent,
        )
    )
    assert page.status == 422
    assert page.soup.select_one(".problems#problems[tabindex='-1']")
    assert page.all(".problems h2") == ["There is a problem"]
    assert [str(a["href"]) for a in page.soup.select(".problems a")] == ["#from", "#training"]
    assert page.all("#from--error")[0].startswith("There is an invisible character")
    typed = "City www.evil.com \N{REPLACEMENT CHARACTER}" if posted else ""
    assert name_sent(page) == [typed]
    assert page.checked() >= {("training", "none"), ("training", "distance")}
    assert not page.soup.select(".qr")


def test_the_address_is_the_public_one_and_a_local_one_is_warned_of(runner: RunnerClient) -> None:
    for path in ("/coach?from=City", "/poster?from=City"):
        assert "FLASK_PUBLIC_URL" in runner.get(path).text
    public = RunnerClient(create_app({"PUBLIC_URL": "https://run.example/"}).test_client())
    for path in ("/coach?from=City", "/poster?from=City"):
        page = public.get(path)
        assert "FLASK_PUBLIC_URL" not in page.text
        assert page.all(".to-post") == ["https://run.example/?from=City"]


def test_the_poster_says_the_address_in_words(runner: RunnerClient) -> None:
    page = runner.get("/poster?from=Läufer+Köln&training=distance")
    assert page.heading == "Läufer Köln"
    assert "It takes 3 minutes. We keep nothing." in page.text
    assert page.all(".to-post") == ["http://localhost/?from=Läufer+Köln &training=distance"]
    assert "evil" not in runner.get("/poster?from=www.evil.com").text


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize("path", ["/", "/coach", "/poster"])
def test_a_name_that_is_markup_is_only_text(runner: RunnerClient, path: str, name: str) -> None:
    page = read(runner.client.get(path, query_string={"from": name}))
    assert page.status == 200
    assert not page.soup.select("main script, main img, [onerror]")
    shown = [*page.all("h1, .shared bdi"), *name_sent(page)]
    assert name in shown
    said = read(runner.client.get("/", query_string={"from": name, "training": "distance"}))
    assert said.all("#training .hint bdi") == [name]
    assert not said.soup.select("#training .hint :not(bdi)")


@settings(max_examples=25)
@given(st.text(), st.lists(st.text()))
def test_whatever_a_link_carries_a_page_comes(
    client: FlaskClient, name: str, choices: list[str]
) -> None:
    sent = {"from": name, "training": choices}
    for path in ("/", "/coach", "/poster"):
        assert read(client.get(path, query_string=sent)).status in (200, 422)
    assert client.get("/coach/qr.png", query_string=sent).mimetype == "image/png"
    assert client.post("/coach", data=sent).status_code in (303, 422)
    answered = client.post("/", query_string={"from": name}, data=NO_COMPLAINTS)
    assert answered.status_code == 303
    assert read(client.get(answered.location)).status == 200


def test_every_muscle_group_has_its_sheet_with_all_the_article_says(
    runner: RunnerClient, book: Rulebook
) -> None:
    listed = [str(a["href"]) for a in runner.get("/muscles").soup.select("main a")]
    assert listed == [f"/muscles/{group.id}" for group in book.muscle_groups]
    for group in book.muscle_groups:
        page = runner.get(f"/muscles/{group.id}")
        assert page.heading == group.name
        says = [claim.says for claim in book.claims if claim.about == group.id]
        assert group.omits
        for said in (group.place, group.role, *group.advises, *group.omits, *says):
            assert said in page.text
        assert page.all("figure .label") == [group.name]
        assert page.soup.select_one(f'a[href="{book.article.link}"]')


def test_a_sheet_says_which_answers_lead_there_and_what_research_says(
    runner: RunnerClient, book: Rulebook
) -> None:
    page = runner.get("/muscles/glutes")
    assert page.all(".columns") == ["If you tick The article says"]
    (shin,) = [row for row in page.all(".findings .reasons > div") if row.startswith("Shin ")]
    claims = {claim.id: claim for claim in book.claims}
    assert shin == f"Shin {claims['glutes-shin'].says} (says “possibly”) research: mixed"
    (knee,) = [one for one in page.all("li") if one.startswith(claims["glutes-align-knee"].says)]
    assert knee.endswith(". research: mixed")
    linked = {str(one["href"]) for one in page.soup.select(".findings a")}
    assert {"/research#hips-and-shin.glutes", "/research#hips-and-knee.glutes"} <= linked


def test_a_sheet_leads_from_paper_to_the_research_if_the_site_knows_its_address(
    runner: RunnerClient,
) -> None:
    public = RunnerClient(create_app({"PUBLIC_URL": "https://run.example/"}).test_client())
    note = "What research says: https://run.example/research."
    assert note in public.get("/muscles/glutes").all("footer .address")
    assert "statements" not in words(runner.get("/muscles/glutes").soup.footer)


def test_a_group_that_the_map_does_not_draw_has_no_map() -> None:
    cycling = RunnerClient(create_app({"RULES": "docs/examples/cycling.yaml"}).test_client())
    assert not cycling.get("/muscles/neck-and-shoulders").soup.select("figure")
    assert cycling.get("/muscles/glutes").soup.select("figure")
    page = cycling.get("/?from=Riders&training=gears&training=distance")
    assert page.checked() == {("training", "gears")}


@pytest.mark.parametrize("name", ["elbow", "GLUTES", "%00", "<b>", "glutes/x"])
def test_no_such_muscle_group(runner: RunnerClient, name: str) -> None:
    assert runner.get(f"/muscles/{name}").status == 404


@pytest.mark.parametrize("path", ["/muscles", "/coach"])
def test_every_page_leads_there(runner: RunnerClient, path: str) -> None:
    for page in ("/", "/rules", "/nowhere"):
        assert runner.get(page).soup.select(f'footer a[href="{path}"]')


def test_a_long_row_of_accents_takes_no_time() -> None:
    """To bring them into order takes the square of their number."""
    start = time.process_time()
    with pytest.raises(ValueError, match="The name has 30000 characters"):
        club_name("\u0300" * 15_000 + "\u0316" * 15_000)
    assert time.process_time() - start < 0.5


def test_a_name_may_come_with_its_accents_apart(runner: RunnerClient) -> None:
    name = "\u1ec7" * 60
    page = runner.get("/?" + urlencode({"from": unicodedata.normalize("NFD", name)}))
    assert page.all(".shared bdi") == [name]


def test_a_muscle_group_of_links_alone_has_no_empty_section(tmp_path: Path) -> None:
    before, rest = STARTER.read_text("utf-8").split("  - {id: calves-work-hard")
    book = tmp_path / "book.yaml"
    book.write_text(before + rest[rest.index("\nquestions:") :], "utf-8")
    runner = RunnerClient(create_app({"RULES": str(book)}).test_client())
    headings = runner.get("/muscles/calves").all("h2")
    assert "What it advises" in headings
    assert "What else it says" not in headings
