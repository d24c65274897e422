"""The blueprint that the steps of booking are put on."""

from flask import Blueprint

bp = Blueprint("booking", __name__, url_prefix="/book")
