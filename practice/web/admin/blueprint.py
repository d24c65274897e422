"""The blueprint that the admins' modules put their pages on."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")
