"""The pages: their blueprints, what all templates share, error pages and /healthz."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, redirect, render_template, request, url_for
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException, NotFound, SecurityError
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response as BaseResponse

from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.translation import Translation
from questionnaire.web import (
    about,
    caching,
    coach,
    form,
    languages,
    links,
    preview,
    request_limits,
    results,
    reviews,
    squad,
)
from questionnaire.web.club_name import club_name_or_empty
from questionnaire.web.qr_code import qr_svg

HEALTH_PATH = "/healthz"

RUNNER_PAGES = {
    "form.show",
    "form.submit",
    "results.show",
    "results.change",
    "results.compare_with",
    "results.compare_form",
    "results.comparison",
}
"""The pages whose links keep the name of the club that led a runner there."""


def init_app(app: Flask) -> None:
    """Add the pages to the application; `set_rulebook` gives them their rulebook."""
    languages.init_app(app)
    app.url_map.merge_slashes = False  # or "//" would redirect to whatever host was asked for
    app.jinja_env.globals |= {
        "is_loopback": links.is_loopback,
        "original_language": reviews.original_language,
        "qr": qr_svg,
        "reviewers": reviews.reviewers,
        "rulebook": LocalProxy(lambda: g.rulebook),  # imported macros keep their globals
        "sign_urgencies": lambda: form.sign_urgencies(g.rulebook),
        "time_to_fill_in": lambda: form.time_to_fill_in(g.rulebook),
        "unreviewed_original": reviews.unreviewed_original,
    }
    caching.init_app(app)
    results.init_app(app)
    for module in (form, about, coach, squad):
        app.register_blueprint(module.bp)
    app.add_url_rule(HEALTH_PATH, view_func=health)
    app.register_error_handler(SecurityError, handle_untrusted_host)
    app.register_error_handler(HTTPException, handle_http_error)
    app.register_error_handler(NotFound, handle_not_found)
    app.before_request(set_rulebook_of_request)
    request_limits.init_app(app)
    app.before_request(set_club)
    app.url_defaults(keep_club)
    app.context_processor(lambda: {"rulebook": g.get("rulebook")})  # faster than the one in globals
    app.after_request(add_cache_headers)


def set_rulebook(app: Flask, rulebook: Rulebook, translations: Iterable[Translation] = ()) -> None:
    """Let the pages show this rulebook from now on, in every language."""
    offered = app.extensions["languages"].values()
    by_language = {one.language: one for one in translations}
    app.extensions["rulebooks"] = languages.rulebooks_by_language(rulebook, by_language, offered)
    app.extensions["rulebook"] = rulebook


def set_rulebook_of_request() -> None:
    """Put the rulebook into `g`: all of a request is about the same one, in one language."""
    g.original = current_app.extensions.get("rulebook")
    books = current_app.extensions.get("rulebooks", {})
    g.rulebook = books.get(languages.current_language().tag)


def set_club() -> None:
    """Put the name of the club whose link a runner followed into `g`."""
    if request.query_string and request.endpoint in RUNNER_PAGES:
        g.club = club_name_or_empty(request.args.get(links.CLUB_PARAMETER, ""))


def keep_club(endpoint: str, values: dict[str, Any]) -> None:
    """Add the club's name to the addresses of a runner's pages."""
    if endpoint in RUNNER_PAGES and g.get("club"):
        values.setdefault(links.CLUB_PARAMETER, g.club)


def add_cache_headers(response: Response) -> Response:
    """Keep pages with answers out of caches, and all but the plain form out of search engines."""
    headers = response.headers
    if request.endpoint != "form.show" or request.query_string:
        headers.add("X-Robots-Tag", "noindex")
    if response.mimetype == "text/html":
        response.vary.add("Accept-Language")
    if "ETag" not in headers and "Cache-Control" not in headers:
        # Back brings the ticks of a form again, but in Firefox not of one that is no-store.
        form_is_shown = request.endpoint == "form.show"
        headers.add("Cache-Control", "no-cache" if form_is_shown else "no-store")
    return response


def handle_http_error(error: HTTPException) -> BaseResponse:
    """Show an error in the site's own look, with the headers that belong to it."""
    response = error.get_response()
    if response.status_code >= 400:
        # Without a host that can be trusted there are no addresses to link to.
        template = "error" if request_ctx.url_adapter else "bad_host"
        page = render_template(f"errors/{template}.html", code=error.code, name=error.name)
        response.set_data(page)
        response.content_type = caching.HTML
    return response


def handle_not_found(error: NotFound) -> BaseResponse:
    """Lead an address that is only spelt wrong to the right one: with a slash, or in capitals."""
    there = _corrected_address() if request.routing_exception is error else None
    return redirect(there, 308) if there else handle_http_error(error)


def _corrected_address() -> str | None:
    """Return the page that was meant, with its query, or None if there is none."""
    _, start, rest = request.path.rstrip("/").partition("/")
    first, slash, more = rest.partition("/")
    path, pages = start + first.lower() + slash + more, request_ctx.url_adapter
    if not path or pages is None or not pages.test(path):
        return None
    endpoint, values = pages.match(path)
    query = request.query_string.decode()
    there = url_for(endpoint, **values, **{links.LANG_PARAMETER: None})
    return there + (f"?{query}" if query else "")


def health() -> Response:
    """Tell a load balancer that this process answers."""
    return Response("ok", mimetype="text/plain")


def handle_untrusted_host(error: SecurityError) -> BaseResponse:
    """Refuse a host that is not trusted, but not to a load balancer, which may ask by number."""
    is_health_check = request.path == HEALTH_PATH and request.method in ("GET", "HEAD")
    return health() if is_health_check else handle_http_error(error)


def reload_on_change(app: Flask, path: Path, check: preview.Check, quote: preview.Quote) -> None:
    """Show the rulebook in a file as an author saves it, with its problems on every page."""
    reloader = preview.Reloader(app, path, check, quote)
    reload = partial(reloader.before_request, set_rulebook)
    app.before_request_funcs.setdefault(None, []).insert(0, reload)
