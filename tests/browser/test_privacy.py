"""The site keeps nothing in a browser: `visit` looks after every page, and this is how well."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open, kept

WAYS = [
    ("document.cookie = 'kept=1'", "document.cookie = 'kept=1; max-age=0'"),
    ("localStorage.kept = 1", "localStorage.clear()"),
    ("sessionStorage.kept = 1", "sessionStorage.clear()"),
    ("caches.open('kept')", "caches.delete('kept')"),
    (
        "new Promise(done => { indexedDB.open('kept').onsuccess = event => "
        "{ event.target.result.close(); done(); } })",
        "new Promise(done => { indexedDB.deleteDatabase('kept').onsuccess = done })",
    ),
]


@pytest.mark.parametrize(("keep", "forget"), WAYS)
def test_whatever_a_page_keeps_is_seen(visit: Open, keep: str, forget: str) -> None:
    page = visit("/")
    assert kept(page.context) == []
    page.evaluate(f"async () => {{ await ({keep}) }}")
    assert kept(page.context) == ["kept"]
    page.evaluate(f"async () => {{ await ({forget}) }}")
