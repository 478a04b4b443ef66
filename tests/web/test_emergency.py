"""The emergency number of a host, or those of several places, as links that a phone can dial."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask import render_template_string

from app import create_app


@pytest.mark.parametrize(
    ("number", "sentence", "links"),
    [
        (
            "",
            "Call 112 in Europe, 999 in the UK, 911 in North America, "
            "or your country’s own number.",
            {"112": "tel:112", "999": "tel:999", "911": "tel:911"},
        ),
        ("112", "Call 112.", {"112": "tel:112"}),
        ("0800 111 222", "Call 0800 111 222.", {"0800 111 222": "tel:0800111222"}),
    ],
)
def test_the_line_names_the_number_to_call(
    number: str, sentence: str, links: dict[str, str]
) -> None:
    template = (
        '{% from "results/_emergency.html" import emergency_numbers %}{{ emergency_numbers() }}'
    )
    with create_app({"EMERGENCY": number}).test_request_context():
        page = BeautifulSoup(render_template_string(template), "html.parser")
    assert [" ".join(line.get_text().split()) for line in page.select("p.emergency")] == [sentence]
    assert {link.get_text(): link["href"] for link in page.select("a")} == links
