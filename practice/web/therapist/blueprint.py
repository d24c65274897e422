"""The blueprint that the therapist's modules put their pages on."""

from flask import Blueprint

bp = Blueprint("therapist", __name__, url_prefix="/therapist")
