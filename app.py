"""The application: configuration and wiring. `python app.py` serves it; `app:app` is for WSGI."""

if __name__ == "__main__":
    from questionnaire import startup

    startup.prepare()  # the packages below may be missing

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.helpers import get_debug_flag

from questionnaire import web
from questionnaire.rulebook.loader import RulebookError, load_rulebook
from questionnaire.rulebook.translation import read_translation, translation_paths
from questionnaire.serving import http, log, settings


class App(Flask):
    """A Flask application that logs where an error happened, and not the text of it."""

    jinja_options = {"trim_blocks": True, "lstrip_blocks": True}  # noqa: RUF012 - as in Flask

    def log_exception(self, exc_info: Any) -> None:
        """Log an unexpected error."""
        log.log_exception(exc_info[1])


def create_app(config: Mapping[str, object] | None = None) -> Flask:
    """Return the application, configured by these settings, by the environment and by defaults.

    Raises SettingsError or RulebookError if the settings or the rulebook cannot be used.
    """
    app = App(__name__, static_folder=None)
    values = settings.load_settings(config or {}, os.environ)
    app.config.from_prefixed_env()
    app.debug = get_debug_flag()  # from_prefixed_env takes "no" for a word, and that for true
    app.config.from_mapping(config or {}, **values.model_dump())
    log.init_app(app)
    http.init_app(app)
    web.init_app(app)
    path = Path(app.config["RULES"])
    if app.debug:
        host = _host()
        settings.require_loopback(app.config["HOST"] if host is None else host)
        from questionnaire.authoring.commands import check_rulebook  # an author is at work
        from questionnaire.authoring.quote import quote_all

        web.reload_on_change(app, path, check_rulebook, quote_all)
    else:
        translations = map(read_translation, translation_paths(path))
        web.set_rulebook(app, load_rulebook(path), translations)
    return app


def _host() -> str | None:
    """Return the host on which `flask run` is about to serve, if it is that."""
    context = click.get_current_context(silent=True)
    return context.params["host"] if context and context.info_name == "run" else None


def start() -> Flask:
    """Return the application with its log set up, or exit with what is wrong in its settings."""
    try:
        app = create_app()
    except (settings.SettingsError, RulebookError) as problems:
        sys.exit(str(problems))
    log.configure(app.config["LOG_FORMAT"], app.config["LOG_LEVEL"])
    for warning in settings.retired_settings(os.environ):
        log.LOG.warning("%s", warning)
    return app


def read_options() -> None:
    """Take the options of the command line as settings."""
    parser = argparse.ArgumentParser(
        description="Serve the self-assessment to the browsers of this computer.",
        epilog="`python -m questionnaire settings` lists all settings.",
    )
    parser.add_argument("--rules", metavar="FILE", help="the rulebook, instead of rules.yaml")
    parser.add_argument("--port", help="the number after 127.0.0.1, instead of 8000")
    parser.add_argument(
        "--preview", action="store_true", help="show each change once it is saved, and its problems"
    )
    options = parser.parse_args()
    given = {"RULES": options.rules, "PORT": options.port, "DEBUG": "1" if options.preview else ""}
    os.environ.update({f"FLASK_{name}": value for name, value in given.items() if value})


if __name__ == "__main__":
    read_options()
app = start()


def main() -> None:
    """Serve the application until it is stopped."""
    from questionnaire.serving.server import serve  # another WSGI server needs no waitress

    serve(app)


if __name__ == "__main__":
    main()
