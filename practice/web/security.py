"""What every answer carries, and the check that a form was ours."""

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect

from practice.domain.errors import NotFound
from practice.settings import Settings

csrf = CSRFProtect()

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
HSTS = "max-age=31536000; includeSubDomains"


def headers_for(settings: Settings) -> dict[str, str]:
    """Return the headers of every answer, static files included."""
    return HEADERS | ({"Strict-Transport-Security": HSTS} if settings.is_https else {})


def init_app(app: Flask, settings: Settings) -> None:
    """Protect forms, and put the headers on every answer; what may be kept by a cache says so itself."""
    csrf.init_app(app)
    items = tuple(headers_for(settings).items())

    @app.before_request
    def refuse_nul() -> None:
        """Turn away what can name nothing: no stored text holds a NUL. The API says so in its own words."""
        if ("\0" in request.path or b"%00" in request.query_string) and not request.path.startswith("/api/"):
            raise NotFound

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.extend(items)  # no view sets one of these, and to look for each costs more than to add it
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
        return response
