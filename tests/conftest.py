"""What every test may ask for: the shipped rulebook, and a runner with a browser."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from app import create_app
from questionnaire.rulebook.loader import load_rulebook
from questionnaire.rulebook.model import Rulebook
from tests.support.runner_client import RunnerClient

# Few examples keep the suite fast; HYPOTHESIS_PROFILE=long asks for more.
settings.register_profile("usual", max_examples=30, deadline=None, derandomize="CI" in os.environ)
settings.register_profile("long", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def book() -> Rulebook:
    return load_rulebook(ROOT / "rules.yaml")


@pytest.fixture(scope="session")
def site() -> Flask:
    return create_app()


@pytest.fixture
def runner(site: Flask) -> RunnerClient:
    return RunnerClient(site.test_client())


@pytest.fixture(scope="session")
def client(site: Flask) -> FlaskClient:
    """One client for property tests, which no test changes: it keeps no cookies."""
    return site.test_client(use_cookies=False)


@pytest.fixture(scope="session")
def site_rules() -> str:
    return (ROOT / "rules.yaml").read_text("utf-8")


@pytest.fixture
def cyclist() -> RunnerClient:
    """Somebody with a rulebook that lists no research."""
    book = ROOT / "docs" / "examples" / "cycling.yaml"
    return RunnerClient(create_app({"RULES": str(book)}).test_client())
