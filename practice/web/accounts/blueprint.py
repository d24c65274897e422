"""The blueprint that the modules of this feature add their views to."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
