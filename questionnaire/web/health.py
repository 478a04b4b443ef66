"""What a load balancer asks: whether this process answers."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.exceptions import SecurityError
from werkzeug.wrappers import Response as BaseResponse

from questionnaire.web.pages import http_error

PATH = "/healthz"

health = Blueprint("health", __name__)


@health.get(PATH)
def healthy() -> Response:
    """Say that all is well, and nothing else."""
    return Response("ok", mimetype="text/plain")


@health.app_errorhandler(SecurityError)
def untrusted(error: SecurityError) -> BaseResponse:
    """Refuse a host that is not trusted, but not to a load balancer, which may ask by number."""
    asked = request.path == PATH and request.method in ("GET", "HEAD")
    return healthy() if asked else http_error(error)
