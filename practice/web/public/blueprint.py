"""The blueprint that the public pages are put on."""

from flask import Blueprint

bp = Blueprint("public", __name__)
