"""Tables carry no role that HTML gives them already: a validator refuses it."""

from __future__ import annotations

import pytest

from tests.support.example_answers import LARGEST, TYPICAL
from tests.support.runner_client import Page, RunnerClient, read


def comparison(runner: RunnerClient) -> Page:
    later, earlier = runner.answer(**LARGEST).code, runner.answer(**TYPICAL).code
    return runner.get(f"/r/{later}/with/{earlier}")


def squad(runner: RunnerClient) -> Page:
    text = f"Anna {runner.answer(**TYPICAL).code}"
    return read(runner.client.post("/squad", data={"text": text, "view": "table"}))


def rules(runner: RunnerClient) -> Page:
    return runner.get("/rules")


@pytest.mark.parametrize("open_page", [comparison, squad, rules])
def test_a_table_has_no_role_and_each_cell_says_its_column(
    runner: RunnerClient, open_page: object
) -> None:
    assert callable(open_page)
    soup = open_page(runner).soup
    assert soup.select("tbody td")
    assert not soup.select("table[role], table [role]")
    assert not soup.select("td:not([data-group]), td[data-group='']")
