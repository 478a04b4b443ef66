"""The application: configuration and wiring. `python app.py` serves it; `app:app` is for WSGI."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.helpers import get_debug_flag
from werkzeug.middleware.proxy_fix import ProxyFix

from questionnaire.rulebook.loader import RulebookError, load
from questionnaire.serving import headers, log, settings
from questionnaire.serving.request import with_a_scheme
from questionnaire.web.health import health
from questionnaire.web.live import follow
from questionnaire.web.pages import register, use


class Site(Flask):
    """A Flask application that logs where an error happened, and not the text of it."""

    jinja_options = {"trim_blocks": True, "lstrip_blocks": True}  # noqa: RUF012 - as in Flask

    def log_exception(self, exc_info: Any) -> None:
        """Log an unexpected error."""
        log.failed(exc_info[1])


def create_app(given: Mapping[str, object] | None = None) -> Flask:
    """Return the application for the settings given, those in the environment and the defaults.

    Raises SettingsError or RulebookError if the settings or the rulebook cannot be used.
    """
    site = Site(__name__, static_folder=None)
    values = settings.load_settings(given or {}, os.environ)
    site.config.from_prefixed_env()
    site.debug = get_debug_flag()  # from_prefixed_env takes "no" for a word, and that for true
    site.config.from_mapping(given or {})
    site.config.from_mapping(values.model_dump())
    log.register(site)  # the first, so that its time is that of all others
    register(site)
    site.register_blueprint(health)
    headers.init_app(site)
    if proxies := site.config["PROXIES"]:
        behind = ProxyFix(with_a_scheme(site.wsgi_app), x_for=0, x_proto=proxies)
        site.wsgi_app = behind  # type: ignore[method-assign]
    path = Path(site.config["RULES"])
    if site.debug:
        host = _host()
        settings.require_loopback(site.config["HOST"] if host is None else host)
        from questionnaire.authoring.commands import check_rulebook  # an author is at work

        follow(site, path, check_rulebook)
    else:
        use(site, load(path))
    return site


def _host() -> str | None:
    """Return the host on which `flask run` is about to serve, if it is that."""
    context = click.get_current_context(silent=True)
    return context.params["host"] if context and context.info_name == "run" else None


try:
    app = create_app()
except (settings.SettingsError, RulebookError) as problems:
    sys.exit(str(problems))
log.start(app.config["LOG_FORMAT"], app.config["LOG_LEVEL"])
for warning in settings.retired_settings(os.environ):
    log.LOG.warning("%s", warning)


def main() -> None:
    """Serve the application until it is stopped."""
    from questionnaire.serving.server import (
        serve,
    )  # under another WSGI server nobody waits for granian

    serve(app)


if __name__ == "__main__":
    main()
