"""The pages that only exist outside production mode."""

from flask import Blueprint

bp = Blueprint("dev", __name__, url_prefix="/dev")
