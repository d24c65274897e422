"""What clients read of a series: one message with all dates, one when the rest is cancelled."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from practice.cli.mailing import write_letter
from practice.db import db, unit_of_work
from practice.models import OutboxMessage
from practice.queries.series import sessions_of
from practice.services.outbox import claim_due
from practice.services.series_changes import cancel_from
from tests.support.cast import MONDAY, NOW, Cast, at
from tests.support.series import weekly

TEN = at(MONDAY, 10)


def letter(app: Flask, template: str) -> tuple[str, str, str]:
    """Return subject, text and HTML of the only message of a kind that waits."""
    with unit_of_work() as session:
        messages = claim_due(session, now=NOW + timedelta(minutes=5), limit=50)
    (found,) = [each for each in messages if each.template == template]
    written = write_letter(app, found)
    return written.subject, written.text, written.html


@pytest.mark.parametrize("times, follows", [(4, False), (None, True)])
def test_a_series_is_told_once_with_all_of_its_dates(cast: Cast, app: Flask, times: int | None, follows: bool) -> None:
    made = weekly(cast, TEN, now=NOW, modality="in_person", times=times)
    subject, text, html = letter(app, "series_booked")
    assert subject == "Your sessions are booked: every week"
    for body in (text, html):
        assert "Monday 23 November, 10:00 AM" in body
        assert "Monday 14 December, 10:00 AM" in body
        assert "with Bob Reyes" in body
        assert f"/me/series/{made.public_id}" in body
        assert ("The dates after these follow by themselves." in body) is follows
    assert text.count("10:00 AM") == len(sessions_of(db.session(), made.id))


def test_a_cancelled_rest_is_told_once_with_its_dates_alone(cast: Cast, app: Flask) -> None:
    made = weekly(cast, TEN, now=NOW, times=4)
    third = sessions_of(db.session(), made.id)[2].original_starts_at
    with unit_of_work() as session:
        cancel_from(session, made.public_id, third, by=cast.identity("alice"), now=NOW, by_practice=False)
    subject, text, html = letter(app, "series_cancelled")
    assert subject == "Your sessions are cancelled"
    for body in (text, html):
        assert "Monday 7 December" in body
        assert "Monday 30 November" not in body
    told = db.session.scalars(select(OutboxMessage.due_at).where(OutboxMessage.template == "series_cancelled")).one()
    assert told == NOW + timedelta(minutes=3), "a slip can be undone before anybody reads of it"
