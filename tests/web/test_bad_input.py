"""Whatever is sent, a readable page comes back, and nothing that was typed is lost."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.support.runner_client import NO_COMPLAINTS, RunnerClient, read

FORM = "application/x-www-form-urlencoded"


def test_the_order_of_answers_never_matters(runner: RunnerClient) -> None:
    pairs = (
        "any-warnings=none&bothers=knee&bothers=shin&bothers=hips"
        "&training=frequency&training=distance"
    )
    parts = pairs.split("&")
    seen = set()
    for seed in range(10):
        random.Random(seed).shuffle(parts)  # noqa: S311
        seen.add(runner.client.post("/", data="&".join(parts), content_type=FORM).location)
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("answers", "wrong", "message"),
    [
        ({}, "any-warnings", "Choose one answer."),
        ({"any-warnings": "none", "bothers": "knee"}, "training", "or tick “No”."),
        (NO_COMPLAINTS | {"bothers": ["knee", "nothing"]}, "bothers", "Untick one or the other."),
        (NO_COMPLAINTS | {"health": ["none", "pelvic"]}, "health", "Untick one or the other."),
        (NO_COMPLAINTS | {"time": ["some", "plenty"]}, "time", "Choose one answer only."),
        (NO_COMPLAINTS | {"time": ["", "some"]}, "time", "Choose one answer only."),
        (NO_COMPLAINTS | {"time": ["some", "some"]}, "time", "The same answer came twice."),
        (NO_COMPLAINTS | {"bothers": ["knee", "knee"]}, "bothers", "The same answer came twice."),
        (NO_COMPLAINTS | {"bothers": "elbow"}, "bothers", "This is not one of the answers."),
        (NO_COMPLAINTS | {"bothers": "knee\x00"}, "bothers", "This is not one of the answers."),
        (NO_COMPLAINTS | {"bothers": ""}, "bothers", "This is not one of the answers."),
        (
            NO_COMPLAINTS | {"bothers": "<script>alert(1)</script>"},
            "bothers",
            "not one of the answers",
        ),
    ],
)
def test_a_wrong_answer_is_named_beside_its_question(
    runner: RunnerClient, answers: dict[str, Any], wrong: str, message: str
) -> None:
    page = runner.send(answers)
    assert page.status == 422
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.soup.title is not None
    assert page.soup.title.text.startswith("Error: ")
    assert message in page.all(f"#{wrong} .error")[0]
    assert page.soup.select_one(f'.problems a[href="#{wrong}"]')
    sent = {
        (name, v) for name, vs in answers.items() for v in ([vs] if isinstance(vs, str) else vs)
    }
    known = {(str(i["name"]), str(i["value"])) for i in page.soup.select("input") if i["value"]}
    assert page.checked() == sent & known


@pytest.mark.parametrize("value", ["gone", ["some", ""]])
def test_a_wrong_answer_does_not_become_no_answer(
    runner: RunnerClient, value: str | list[str]
) -> None:
    page = runner.send(NO_COMPLAINTS | {"time": value})
    assert page.status == 422
    assert page.soup.select_one('input[name="time"][value=""][checked]') is None
    assert page.soup.select_one('input[name="duration"][value=""][checked]')


def test_every_problem_is_shown_at_once(runner: RunnerClient) -> None:
    page = runner.send({"bothers": ["knee", "nothing"], "time": "never"})
    assert [str(a["href"]) for a in page.soup.select(".problems a")] == [
        "#any-warnings",
        "#bothers",
        "#training",
        "#time",
    ]


@pytest.mark.parametrize(
    "name", ["bother", "validate", "data", "csrf_token", "<b>", "a" * 1000, "\x00"]
)
def test_a_field_that_is_not_ours_is_refused(runner: RunnerClient, name: str) -> None:
    page = runner.send(NO_COMPLAINTS | {name: "1"})
    assert page.status == 422
    assert "The form has no field called" in page.all(".problems li")[0]
    assert len(page.all(".problems li")[0]) < 100
    assert len(page.checked()) == 3


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"a" * 1_000_000, FORM, 413),
        (b"any-warnings=none&" * 50, FORM, 422),
        (b"any-warnings=none&" * 100, FORM, 413),
        (b"%ff&" * 16_384, FORM, 413),
        (b"%ff&" * 50, FORM, 422),
        (b"\xff\xfe=\xff", FORM, 422),
        (b"bothers=%ff%fe&warnings=%00", FORM, 422),
        (b'{"any-warnings": "none"}', "application/json", 422),
        (b"{" * 1000, "application/json", 422),
        (b"", "", 422),
        (b"garbage", "multipart/form-data", 422),
        (b"garbage", "multipart/form-data; boundary=x", 422),
        (b"--x\r\n\r\nbroken", "multipart/form-data; boundary=x", 422),
        (b"\x00" * 100, "text/plain; charset=nonsense", 422),
    ],
)
def test_a_body_that_is_no_form(
    runner: RunnerClient, body: bytes, content_type: str, status: int
) -> None:
    page = read(runner.client.post("/", data=body, content_type=content_type))
    assert page.status == status


def test_a_file_in_a_field_is_refused(runner: RunnerClient) -> None:
    upload = {"time": (io.BytesIO(b"some"), "some.txt")}
    page = read(runner.client.post("/", data=NO_COMPLAINTS | upload))
    assert page.status == 422
    assert "This is not one of the answers" in page.all("#time .error")[0]


def test_a_part_without_a_name_is_refused(runner: RunnerClient) -> None:
    body = b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--"
    page = read(runner.client.post("/", data=body, content_type="multipart/form-data; boundary=x"))
    assert page.status == 422
    assert "no field called “”" in page.text


@pytest.mark.parametrize("host", ["..", "a" * 3000])
def test_a_host_that_is_no_name(client: FlaskClient, host: str) -> None:
    response = client.get("/", headers={"Host": host})
    assert response.status_code == 400
    assert "<h1>This site does not have that name</h1>" in response.text


@pytest.mark.parametrize("host", ["[a:b]", "[1::2::3]", "xn--a", "", "a..b", "a:99999", "ü" * 99])
@pytest.mark.parametrize(
    "path", ["/coach?from=x", "/coach/qr.png", "/poster", "/r/{code}", "/r/{code}/qr.svg"]
)
def test_a_host_that_no_link_can_have(client: FlaskClient, host: str, path: str) -> None:
    code = client.post("/", data=NO_COMPLAINTS).location.removeprefix("/r/")
    asked = EnvironBuilder(path.format(code=code)).get_environ()
    asked |= {"HTTP_HOST": host, "SERVER_NAME": host}
    _, status, _ = run_wsgi_app(client.application, asked)
    assert status[:3] == ("200" if host == "xn--a" else "400")


@pytest.mark.parametrize("address", ["/", "/coach", "/poster", "/r", "/nowhere"])
def test_a_query_that_is_no_text(client: FlaskClient, address: str) -> None:
    """Some servers refuse it, and waitress hands it on as it came."""
    overrides = {"QUERY_STRING": "from=\xff\xfe&training=distance&\xff=%zz"}
    response = client.get(address, environ_overrides=overrides)
    assert read(response).status == (404 if address == "/nowhere" else 200)


@pytest.mark.parametrize(
    "wrong",
    [
        {"warnings": ["chest-now", "none"]},
        {"warnings": ["chest-now", "chest-now"]},
        {"warnings": ["chest-now", "chest-nwo"]},
        {"warnings": ["none", "chest-now", "", "joint\x00"]},
        {"bothers": ["knee", "nothing"]},
        {"time": ["some", "plenty"]},
        {"effect": "?"},
        {"utm_source": "chat"},
    ],
)
def test_a_warning_sign_outweighs_every_wrong_answer(
    runner: RunnerClient, wrong: dict[str, Any]
) -> None:
    page = runner.send({"warnings": "chest-now"} | wrong)
    assert page.status == 200
    assert page.heading == "Call an ambulance now."


def test_too_many_parts(runner: RunnerClient) -> None:
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="n%d"\r\n\r\n1\r\n' % n for n in range(600)
    )
    response = runner.client.post(
        "/", data=parts + b"--x--", content_type="multipart/form-data; boundary=x"
    )
    assert read(response).status == 413


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("%20", "There is no code."),
        ("ABC", "It has a wrong character, or a part of it is missing."),
        ("0", "It has a wrong character, or a part of it is missing."),
        ("A" * 5000, "It is too long: 5000 characters."),
        ("ABC!", "no “!”"),
        ("ABC%00", "no “"),
        ("%F0%9F%8F%83", "no “🏃”"),
        ("%ff", "no “"),
        ("<script>", "no “<”"),
        ("..%2e", "no “.”"),
    ],
)
def test_a_bad_code_says_what_is_wrong_and_offers_the_form(
    runner: RunnerClient, code: str, reason: str
) -> None:
    for address in (f"/r/{code}", f"/r/{code}/change"):
        page = runner.get(address)
        assert page.status == 404
        assert reason in page.text
        assert page.soup.select_one('main a[href="/"]')


def test_a_code_in_another_spelling_leads_to_its_own_address(runner: RunnerClient) -> None:
    code = runner.answer(bothers="knee").code
    page = runner.get(f"/r/{code.lower()[:5]}-{code[5:]}")
    assert page.status == 200
    assert page.code == code


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("address", ["/", "/r/ABC"])
def test_other_methods(runner: RunnerClient, method: str, address: str) -> None:
    assert read(runner.client.open(address, method=method)).status == 405


@pytest.mark.parametrize("address", ["/nowhere", "/r/a/b/c", "/%00", "/rules.yaml", "/r//x"])
def test_other_addresses(runner: RunnerClient, address: str) -> None:
    assert read(runner.client.get(address)).status == 404


texts = st.text(max_size=20)
names = st.one_of(st.sampled_from(["warnings", "bothers", "training", "effect", "time"]), texts)
values = st.one_of(st.sampled_from(["none", "knee", "nothing", "chest-now", "some"]), texts)


@given(st.lists(st.tuples(names, values), max_size=8))
def test_any_fields_at_all(client: FlaskClient, pairs: list[tuple[str, str]]) -> None:
    data: dict[str, list[str]] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    assert read(client.post("/", data=data, follow_redirects=True)).status in (200, 422)


@given(st.binary(max_size=200), st.sampled_from([FORM, "multipart/form-data; boundary=x", "a/b"]))
def test_any_bytes_at_all(client: FlaskClient, body: bytes, content_type: str) -> None:
    assert read(client.post("/", data=body, content_type=content_type)).status in (303, 422)


@given(
    texts.filter(lambda code: code and not set("/?#\t\r\n") & set(code) and code not in (".", ".."))
)
def test_any_code_at_all(client: FlaskClient, code: str) -> None:
    assert read(client.get("/r/" + code, follow_redirects=True)).status == 404


def test_a_file_that_is_sent_never_reaches_the_disk(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile._TemporaryFileWrapper", pytest.fail)
    monkeypatch.setattr("tempfile.TemporaryFile", pytest.fail)
    head = b'--x\r\nContent-Disposition: form-data; name="text"; filename="chat.txt"\r\n\r\n'
    body = head + b"Ann /r/ABC\n" * 60_000 + b"\r\n--x--"
    response = client.post("/squad", data=body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 422
