"""What browsers are told to refuse, in headers that are made once and sent with every answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import secure
from flask import Flask

A_YEAR = 31_536_000
DENIED = """
accelerometer autoplay browsing-topics camera clipboard-read display-capture encrypted-media
fullscreen geolocation gyroscope hid idle-detection local-fonts magnetometer microphone midi
payment picture-in-picture publickey-credentials-get screen-wake-lock serial storage-access usb
xr-spatial-tracking
""".split()  # noqa: SIM905 - a line each is too many
"""What no page uses. Copying and sharing a link are used; browsers let a site do that by itself."""


def register(app: Flask) -> None:
    """Let the application send these headers, outside of the layers that it has by now."""
    plain = _policies(app.config["FRAME_ANCESTORS"])
    # Not for subdomains: others may run them, and perhaps without TLS.
    transport = secure.StrictTransportSecurity().max_age(A_YEAR)
    encrypted = [*plain, *secure.Secure(hsts=transport).header_items()]
    answer = app.wsgi_app

    # Added here because werkzeug checks each header of each response: 14 us instead of 1.
    def with_headers(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        more = encrypted if environ["wsgi.url_scheme"] == "https" else plain

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, headers + more, *error)

        return answer(environ, start)

    app.wsgi_app = with_headers  # type: ignore[method-assign]


def _policies(ancestors: str) -> list[tuple[str, str]]:
    content = (
        secure.ContentSecurityPolicy()
        .default_src("'none'")
        .script_src("'self'")
        .style_src("'self'")
        .img_src("'self'")
        .form_action("'self'")
        .base_uri("'none'")
        .frame_ancestors(*ancestors.split())
    )
    features = secure.PermissionsPolicy()
    for name in DENIED:
        features.add_directive(name)
    framing = secure.XFrameOptions()  # for browsers without frame-ancestors; it knows no addresses
    old = {"'none'": framing.deny, "'self'": framing.sameorigin}.get(ancestors)
    policies = secure.Secure(
        csp=content,
        permissions=features,
        referrer=secure.ReferrerPolicy().no_referrer(),
        coop=secure.CrossOriginOpenerPolicy().same_origin(),
        corp=secure.CrossOriginResourcePolicy().same_origin(),
        xcto=secure.XContentTypeOptions().nosniff(),
        xfo=old() if old else None,
    )
    return list(policies.header_items())
