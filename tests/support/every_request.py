"""Requests of every kind, with names, codes and texts that occur nowhere else."""

from __future__ import annotations

import gc
import io
import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart, run_wsgi_app

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import decode, encode, group_digits
from questionnaire.engine.evaluate import assess
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Choice, Question
from tests.support.reachable import Search
from tests.support.zip_files import CHAT, zip_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LEFT = "left in the cache of urlsplit"
"""Under which extension of the site it is set aside, so that a search comes across it."""
CODINGS = ("gzip", "identity")
BODIES = ("application/x-www-form-urlencoded", "multipart/form-data")
EARLIER = date(2026, 1, 2)
Form = dict[str, list[str]]


class Visitor(FlaskClient):
    """A client that sets aside what the site leaves in Python's cache of addresses.

    The client uses that cache too, so it is emptied before each request.
    """

    def run_wsgi_app(self, environ: WSGIEnvironment, buffered: bool = False) -> Any:
        urlsplit.cache_clear()  # type: ignore[attr-defined]
        response = run_wsgi_app(self.application, environ, buffered)
        self.application.extensions.setdefault(LEFT, []).extend(gc.get_referents(urlsplit))
        return response


class Visit:
    """A visit to a site; the search is told what was sent, and the visit holds none of it."""

    def __init__(self, site: Flask, book: Rulebook, search: Search) -> None:
        self.site, self.book, self.search = site, book, search
        self.endpoints = endpoints = set[str | None]()
        site.test_client_class = Visitor
        site.before_request(lambda: endpoints.add(request.endpoint))
        site.add_url_rule("/fails/<what>", "fails", lambda what: str(1 / len(what[:0])))

    def everything(self) -> None:
        """Send requests of every kind."""
        code, stop = self.answers(), self.answers(sign=True)
        ticked = decode(self.book, code).ticked
        earlier = self.remember(encode(self.book, Answers(ticked, EARLIER)))
        self.errors(code)
        self.wrong_forms()
        self.club()
        self.squad(code, stop, earlier)
        for one in (earlier, stop, code):
            self.code_box(one)
            self.comparisons(one, earlier)
            self.result(one)

    def ask(self, status: int, method: str, path: str, **sent: Any) -> TestResponse:
        """Ask in every coding, and return the plain response; its status must be this one."""
        word = self.search.word
        headers = {"User-Agent": word(), "Referer": word(), "Cookie": f"a={word()}"}
        headers |= sent.pop("headers", {})
        for coding in CODINGS:
            headers["Accept-Encoding"] = coding
            response = self.site.test_client().open(path, method=method, headers=headers, **sent)
            assert response.status_code == status, f"{method} {path}: {response.status}"
        return response

    def name(self) -> str:
        """Return a name with characters that addresses and pages write in another way."""
        return f"Ünal & “{self.search.word()}” <b>"

    def remember(self, code: str) -> str:
        """Return a code, after the search was told its spellings and its answers."""
        self.search.texts |= {code, group_digits(code)}
        self.search.numbers.add(decode(self.book, code).ticked)
        return code

    def answers(self, *, sign: bool = False) -> str:
        """Send a right form in both encodings of it, and return the code of the result."""
        for content_type in BODIES:
            form = filled(self.book, sign=sign) | {"from": [self.name()]}
            sent = self.ask(303, "POST", "/", data=form, content_type=content_type)
        return self.remember(sent.location.partition("?")[0].removeprefix("/r/"))

    def wrong_forms(self) -> None:
        """Send forms with what is no answer: words, unknown fields, files and other bodies."""
        form = filled(self.book) | {"from": [self.name()]}
        for field in filled(self.book):
            self.ask(422, "POST", "/", data=form | {field: [self.name()]})
        self.ask(422, "POST", "/", data=form | {self.search.word(): [self.name()]})
        self.ask(422, "POST", "/", json={self.search.word(): self.name()})
        self.ask(422, "POST", "/", **self.upload("bothers", self.name()))

    def upload(self, field: str, content: str | bytes) -> dict[str, Any]:
        """Return what sends a file in place of a field."""
        sent = content.encode() if isinstance(content, str) else content
        file = FileStorage(io.BytesIO(sent), self.name())
        boundary, body = encode_multipart({field: file})
        return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}

    def result(self, code: str) -> None:
        """Open a result and all that belongs to it, with a club's name and without."""
        for query in ({}, {self.search.word(): self.name()}, {"from": self.name()}):
            self.ask(301, "GET", f"/r/{group_digits(code).lower()}", query_string=query)
            self.ask(200, "GET", f"/r/{code}/change", query_string=query)
            drawing = self.ask(200, "GET", f"/r/{code}/qr.svg", query_string=query).text
            [path] = re.findall(r'\bd="([^"]{200,})"', drawing)  # what a reader takes for the code
            self.search.texts.add(path)
            self.ask(200, "GET", f"/r/{code}", query_string=query)

    def code_box(self, code: str) -> None:
        """Send codes and links that are right, mistyped, cut and none."""
        for right in (code, code.lower(), group_digits(code), f"https://a.example/r/{code}?from=A"):
            self.ask(303, "POST", "/r", data={"code": right})
        for wrong in (self.mistyped(code), code[:-2], self.name(), f"{code} {self.name()}"):
            self.ask(422, "POST", "/r", data={"code": wrong})
            self.ask(404, "GET", f"/r/{wrong}")

    def mistyped(self, code: str) -> str:
        """Return a code with a wrong last character, after the search was told it."""
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
        self.search.texts |= {wrong, group_digits(wrong), code[:-2]}
        return wrong

    def comparisons(self, code: str, earlier: str) -> None:
        """Compare a result with an earlier one, in both orders, and with what is none."""
        club = {"from": self.name()}
        self.ask(303, "GET", f"/r/{code}/with", query_string=club)
        self.ask(303, "POST", f"/r/{code}/with", data=club | {"earlier": earlier})
        self.ask(200, "GET", f"/r/{code}/with/{earlier}", query_string=club)
        other_order = 200 if code == earlier else 301
        self.ask(other_order, "GET", f"/r/{earlier}/with/{code}", query_string=club)
        for wrong in (self.mistyped(earlier), self.name()):
            self.ask(422, "POST", f"/r/{code}/with", data=club | {"earlier": wrong})
            self.ask(404, "GET", f"/r/{code}/with/{wrong}", query_string=club)

    def club(self) -> None:
        """Make a club's link, and open every page for everyone with it and without."""
        name = f"Runners of {self.search.word()}"
        preset = {question.id: question.choices[0].id for question in self.book.presets}
        for query in ({"from": name}, {"from": name} | preset):
            self.ask(303, "POST", "/coach", data=query)
            assert name in self.ask(200, "GET", "/poster", query_string=query).text
            self.ask(200, "GET", "/coach/qr.svg", query_string=query)
            self.ask(200, "GET", "/coach/qr.png", query_string=query)
            for path in self.pages_for_everyone():
                self.ask(200, "GET", path)
                self.ask(200, "GET", path, query_string=query)
        for wrong in (f"{name} a@b.example", f"www.{self.search.word()}.example", name * 9):
            self.ask(422, "POST", "/coach", data={"from": wrong})
            self.ask(422, "GET", "/coach", query_string={"from": wrong})

    def pages_for_everyone(self) -> list[str]:
        """Return the paths of the pages that show nobody's answers, and of a file."""
        pages = ("/", "/r", "/r/", "/rules", "/research", "/about", "/coach", "/squad", "/muscles")
        muscle = f"/muscles/{self.book.muscle_groups[0].id}"
        styles = re.findall('"(/static/[^"]+css)"', self.ask(200, "GET", "/").text)
        return [*pages, muscle, "/healthz", *styles]

    def squad(self, *codes: str) -> None:
        """Paste results with names in front of them, and lines that are none."""
        lines = [f"{self.name()} http://a.example/r/{code}" for code in codes]
        lines += [f"{self.name()} {self.mistyped(code)}" for code in codes]
        text = "\n".join([*lines, self.name(), f"{self.name()}: {group_digits(codes[0])}"])
        for view in ("table", "sheets", "csv"):
            for order in ("pasted", "name", "group"):
                data = {"text": text, "view": view, "order": order}
                assert self.search.stem in self.ask(200, "POST", "/squad", data=data).text
        for field in ("view", "order", "text"):
            self.ask(422, "POST", "/squad", data={"text": text} | {field: self.name()})
        for size in (300_000, 1_200_000):  # more than a text may have, and than a body may
            self.ask(413, "POST", "/squad", data={"text": self.name().ljust(size, ".")})
        self.ask(422, "POST", "/squad", **self.upload("text", text))
        self.squad_files(text)

    def squad_files(self, text: str) -> None:
        """Send a text as a file, packed and plain, and files that are none."""
        packed = zip_of((CHAT, text), (self.name(), self.name()))
        for right in (text, text.encode("utf-16"), packed):
            self.ask(200, "POST", "/squad", **self.upload("file", right))
        wrong = (f"\0{text}", packed[:-9], zip_of((self.name(), text)), zip_of((CHAT, f"\0{text}")))
        for one in wrong:
            self.ask(422, "POST", "/squad", **self.upload("file", one))
        self.ask(413, "POST", "/squad", **self.upload("file", text.ljust(1_200_000, ".")))

    def errors(self, code: str) -> None:
        """Make every kind of error happen."""
        self.ask(404, "GET", f"/{self.name()}", query_string={"from": self.name()})
        self.ask(404, "GET", f"/static/{self.search.word()}.css")
        self.ask(404, "GET", f"/muscles/{self.name()}")
        self.ask(405, "DELETE", f"/r/{code}", query_string={"from": self.name()})
        self.ask(400, "GET", f"/r/{code}", headers={"Host": ".."})
        self.ask(413, "POST", "/", data=self.name().ljust(100_000, "."))
        self.ask(500, "GET", f"/fails/{self.name()}", query_string={"from": self.name()})


def filled(book: Rulebook, *, sign: bool = False) -> Form:
    """Return a form with as many answers as can be given together."""
    return {
        question.id: [choice.id for choice in chosen(book, question, sign=sign)]
        for question in book.questions
    }


def chosen(book: Rulebook, question: Question, *, sign: bool) -> Sequence[Choice]:
    """Return the choices of a question that raise no stop notice, or those that do."""
    signs = [one for one in question.choices if assess(book, Answers(one.bit, EARLIER)).stops]
    others = [
        one for one in question.choices if one not in signs and one.bit != question.exclusive_bit
    ]
    ticked = (signs if sign else []) or others or question.choices_in(question.exclusive_bit)
    return ticked if question.pick == "several" else ticked[:1]
