"""The blueprint that the modules of this audience add their views to."""

from flask import Blueprint

bp = Blueprint("client", __name__, url_prefix="/me")
