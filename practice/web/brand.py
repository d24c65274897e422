"""The practice's colour as a stylesheet of its own: served under a hashed name, so that browsers may keep it for good.

It holds nothing but the colour, and follows from the address alone.
"""

from functools import lru_cache
from hashlib import blake2b

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from practice.domain.colour import Tones, dark_tones, is_colour, light_tones
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.web.access import requires

FOR_GOOD = "public, max-age=31536000, immutable"

bp = Blueprint("brand", __name__)


@bp.get("/brand-<accent>.<digest>.css")
@requires(Permission.PUBLIC)
def stylesheet(accent: str, digest: str) -> ResponseReturnValue:
    """Answer the stylesheet of a colour; an address that this version does not write is nothing."""
    if not is_colour(f"#{accent}") or digest != digest_of(f"#{accent}"):
        raise NotFound
    answer = Response(css_of(f"#{accent}"), mimetype="text/css")
    answer.headers["Cache-Control"] = FOR_GOOD
    return answer


def brand_href(accent: str) -> str:
    """Return the address of the stylesheet of a colour, or "" where the practice has none of its own."""
    if not is_colour(accent):
        return ""
    return url_for("brand.stylesheet", accent=accent[1:], digest=digest_of(accent))


@lru_cache(maxsize=256)
def digest_of(accent: str) -> str:
    """Return what names this content."""
    return blake2b(css_of(accent).encode(), digest_size=6).hexdigest()


@lru_cache(maxsize=256)
def css_of(accent: str) -> str:
    """Return the stylesheet: the tokens of static/css/app.css that carry the practice's colour."""
    light, dark = _tokens(light_tones(accent)), _tokens(dark_tones(accent))
    return f":root {{ {light} }}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"


def _tokens(tones: Tones) -> str:
    return (
        f"--green: {tones.button}; --green-hover: {tones.hover}; --on-green: {tones.on_button}; "
        f"--link: {tones.link}; --mint: {tones.soft}; --on-mint: {tones.on_soft};"
    )
