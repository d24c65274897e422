"""The page of a series."""

from flask import render_template
from flask.typing import ResponseReturnValue

from practice.web.series.shown import series_page
from practice.web.series.side import Side


def show(side: Side, public_id: str) -> ResponseReturnValue:
    """Show a series with all of its dates."""
    return render_template("series/series.html", page=series_page(side, side.series(public_id)))
