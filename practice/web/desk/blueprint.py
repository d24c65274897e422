"""The blueprint that the desk's modules put their pages on."""

from flask import Blueprint

bp = Blueprint("desk", __name__, url_prefix="/desk")
