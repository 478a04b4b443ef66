"""How much a request may send: checked before it is parsed, so that too much costs nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import IO, Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from flask import Flask, Request, abort, g, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from questionnaire.rulebook.model import Rulebook
from questionnaire.web import links
from questionnaire.web.club_name import MAX_CLUB_NAME

SPARE_FIELDS = 10
"""How many fields a form may send beside every answer: a club's name, and what browsers add."""

MAX_CONTENT_TYPE = 200
"""How long the Content-Type may be; a boundary has at most 70 characters."""

MAX_PART_HEAD = 150
"""How many bytes stand around each field of a multipart form."""


class Limits(NamedTuple):
    """How many fields a form or a query may have, and how many bytes."""

    fields: int
    size: int


@lru_cache(maxsize=16)
def form_limits(rulebook: Rulebook) -> Limits:
    """Return the limits of a rulebook's form: twice as long as with every answer and a name."""
    answers = [
        (question.id, choice.id) for question in rulebook.questions for choice in question.choices
    ]
    longest = urlencode([*answers, (links.CLUB_PARAMETER, "\N{RUNNER}" * MAX_CLUB_NAME)])
    return Limits(len(answers) + SPARE_FIELDS, 2 * len(longest))


def init_app(app: Flask) -> None:
    """Check each request before anything reads what it sent."""
    app.request_class.form_data_parser_class = FormParser
    app.before_request(limit_request)


def limit_request() -> None:
    """Refuse a query that is too long, and let no view read more than the form can send.

    A view that takes more sets limits of its own.
    """
    if g.rulebook is None:  # it has mistakes, and its author is shown them
        return
    limits = form_limits(g.rulebook)
    query = request.query_string
    if len(query) > limits.size or query.count(b"&") >= limits.fields:
        abort(414)
    if len(request.content_type or "") > MAX_CONTENT_TYPE:
        abort(400)
    around = MAX_PART_HEAD * limits.fields if request.mimetype == "multipart/form-data" else 0
    set_limits(limits.fields, limits.size + around)


def set_limits(fields: int, size: int, text: int | None = None) -> None:
    """Limit what this request may send; `text` is how much of it may be outside of files."""
    sent: Request = request
    sent.max_form_parts = fields
    sent.max_content_length = size
    sent.max_form_memory_size = text or size


class FormParser(FormDataParser):
    """A parser that counts the fields first, and takes “�” for bytes that are no text.

    Werkzeug's parser counts those of multipart forms only, and takes 1 ms for 400 such bytes.
    """

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        """Return the stream, the fields and the files of a form."""
        if mimetype != "application/x-www-form-urlencoded":
            return super().parse(stream, mimetype, content_length, options)
        body = stream.read()
        if content_length is None:
            stream.read(1)  # which fails if the body was cut at the limit
        if body.count(b"&") >= (self.max_form_parts or 0):
            raise RequestEntityTooLarge
        fields = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, errors="replace")
        return stream, self.cls(fields), self.cls()
