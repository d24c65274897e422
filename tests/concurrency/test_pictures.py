"""Admins who send pictures at the same moment: each is kept once, and nobody sees a fault."""

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image as Drawing
from sqlalchemy import func, select

from practice.adapters.pictures import Picture
from practice.db import db
from practice.models import Image
from practice.services.images import read_photo, set_logo, set_photo
from tests.concurrency.arena import Act, at_once
from tests.support.cast import NOW, Cast


@pytest.mark.parametrize("is_again", [False, True], ids=["in turns", "the same"])
def test_pictures_come_and_go_at_once(app: Flask, cast: Cast, rounds: int, is_again: bool) -> None:
    ada = cast.identity("ada")

    def photo(slug: str, picture: Picture | None) -> Act:
        return lambda session: set_photo(session, slug, picture, by=ada, now=NOW)

    for round_ in range(rounds):
        one, other = picture(2 * round_), picture(2 * round_ + (not is_again))
        acts = [photo(slug, each) for slug in ("bob", "bea") for each in (one, other, None)]
        acts.append(lambda session, one=one: set_logo(session, one, by=ada, now=NOW))
        assert at_once(app, [*acts, *acts]) == ["yes"] * 2 * len(acts)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Image)) <= 3


def picture(shade: int) -> Picture:
    """A picture unlike those of other shades."""
    written = BytesIO()
    Drawing.new("RGB", (8, 8), (shade * 5 % 256, 0, 255 - shade * 5 % 256)).save(written, "PNG")
    return read_photo(written.getvalue())
