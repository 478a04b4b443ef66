"""What a request may send follows from the rulebook, and too much of it costs nothing."""

from __future__ import annotations

import io
import time
from functools import partial
from threading import Timer
from urllib.parse import urlencode

import pytest

from app import create_app
from questionnaire.rulebook.model import Rulebook
from questionnaire.squad.squad import Squad, parse_squad
from questionnaire.web import squad as squad_views
from questionnaire.web.request_limits import FormParser, form_limits
from tests.support.runner_client import Page, RunnerClient, read

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def code(runner: RunnerClient) -> str:
    return runner.answer(bothers="knee", training="distance").code


def post_squad(runner: RunnerClient, sent: dict[str, str]) -> Page:
    return read(runner.client.post("/squad", data=sent))


@pytest.mark.parametrize(("padding", "status"), [(0, 303), (900_000, 413)])
def test_a_body_of_unknown_length_is_read_whole_or_refused(
    runner: RunnerClient, padding: int, status: int
) -> None:
    """Cut at the limit, it would lose a warning sign."""
    body = b"any-warnings=none&training=none&from=" + b"a" * padding + b"&bothers=knee"
    response = runner.client.post(
        "/",
        input_stream=io.BytesIO(body),
        content_type=FORM,
        environ_overrides={"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True},
    )
    assert response.status_code == status


@pytest.mark.parametrize("rules", ["rules.yaml", "docs/examples/cycling.yaml"])
def test_the_limits_of_a_form_follow_from_its_rulebook(rules: str) -> None:
    site = create_app({"RULES": rules})
    fields, size = form_limits(site.extensions["rulebook"])
    choices = [one for q in site.extensions["rulebook"].questions for one in q.choices]
    assert fields == len(choices) + 10
    post = partial(site.test_client().post, "/", content_type=FORM)
    for body, status in (
        ("&".join(["a"] * fields), 422),
        ("&".join(["a"] * (fields + 1)), 413),
        ("a" * size, 422),
        ("a" * (size + 1), 413),
    ):
        assert post(data=body).status_code == status
        query = site.test_client().get("/", query_string=body).status_code
        assert query == (200 if status == 422 else 414)


def test_every_answer_and_the_longest_name_are_half_of_the_limit(book: Rulebook) -> None:
    answers = [
        (question.id, choice.id) for question in book.questions for choice in question.choices
    ]
    sent = urlencode([*answers, ("from", "\N{RUNNER}" * 60)])
    assert form_limits(book).size == 2 * len(sent)


def test_a_content_type_without_end_is_refused(runner: RunnerClient) -> None:
    response = runner.client.post("/", data=b"a=b", content_type=FORM + "; a=b" * 10_000)
    assert read(response).status == 400


def test_bytes_that_are_no_text_take_no_time() -> None:
    """Werkzeug takes a second for a megabyte of them."""
    parser = FormParser(max_form_parts=10)
    start = time.process_time()
    _, fields, _ = parser.parse(io.BytesIO(b"text=" + b"%ff" * 330_000), FORM, None)
    assert time.process_time() - start < 0.4
    assert fields["text"] == "\N{REPLACEMENT CHARACTER}" * 330_000


@pytest.mark.parametrize(("number", "status"), [(9, 422), (10, 413)])
def test_more_fields_than_ten_are_refused(runner: RunnerClient, number: int, status: int) -> None:
    assert (
        post_squad(runner, {"text": "x"} | {f"field-{n}": "" for n in range(number)}).status
        == status
    )


@pytest.mark.parametrize("view", ["table", "sheets", "csv"])
def test_one_sheet_is_made_at_a_time_and_nothing_pasted_is_lost(
    runner: RunnerClient, code: str, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    sent = {"text": f"Ann {code}", "roll": "Ann, Bo", "order": "name", "view": view}
    meanwhile = []

    def parse(book: Rulebook, *texts: str) -> Squad:
        meanwhile.append(runner.client.post("/squad", data=sent))
        return parse_squad(book, *texts)

    monkeypatch.setattr("questionnaire.web.squad.parse_squad", parse)
    monkeypatch.setattr("questionnaire.web.squad.MAX_WAIT", 0.01)
    assert runner.client.post("/squad", data=sent).status_code == 200
    [response] = meanwhile
    page = read(response)
    assert page.status == 503
    assert response.headers["Retry-After"] == "5"
    assert "press the button again" in page.all(".problems li")[0]
    shown = [box.get_text().removeprefix("\n") for box in page.soup.select("textarea")]
    assert shown == [sent["text"], sent["roll"]]
    assert page.soup.select_one("input[value='name'][checked]")
    monkeypatch.undo()
    assert runner.client.post("/squad", data=sent).status_code == 200


def test_a_sheet_waits_a_moment_for_another(runner: RunnerClient, code: str) -> None:
    squad_views._one_at_a_time.acquire()
    Timer(0.05, squad_views._one_at_a_time.release).start()
    assert runner.client.post("/squad", data={"text": f"Ann {code}"}).status_code == 200


def test_a_sheet_that_fails_does_not_keep_the_next_away(
    runner: RunnerClient, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("questionnaire.web.squad.parse_squad", lambda *_: 1 / 0)
    assert post_squad(runner, {"text": code}).status == 500
    monkeypatch.undo()
    assert post_squad(runner, {"text": code}).status == 200


def test_what_is_sent_to_the_empty_form_is_not_shown_to_the_next() -> None:
    client = create_app().test_client()
    body = {"data": "roll=Zebra", "content_type": "application/x-www-form-urlencoded"}
    for sent in (body, {}):
        assert "Zebra" not in client.get("/squad", **sent).text
