"""The API's blueprint: its address, and that it needs no form token, because it takes no cookie."""

from flask import Blueprint

from practice.web.security import csrf

bp = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(bp)
