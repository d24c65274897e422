"""Nobody keeps all the times: two in a browser, two elsewhere for one account, and so many for one network."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from practice.db import db
from practice.domain.intervals import minute_floor
from practice.models import Hold
from practice.services import hoarding
from tests.support.booking import heading
from tests.support.cast import MONDAY, NOW, Cast, at
from tests.support.client import CheckedClient
from tests.support.people import Clock, post, sign_in, words_of

MINUTES = 15


@pytest.fixture
def clock(app: Flask, people: Cast) -> Clock:
    made = app.extensions["clock"] = Clock(NOW)
    return made


def browser(app: Flask, email: str = "", address: str = "198.51.100.7") -> CheckedClient:
    """A browser of its own, signed in or not, at an address."""
    made = app.test_client()
    made.environ_base["REMOTE_ADDR"] = address
    if email:
        sign_in(made, email)
    return made


def hold(who: CheckedClient, place: int, *, client: str = "me", service: str = "consultation"):
    """Keep the time with this number of Monday, twenty minutes each from nine on."""
    slot = f"{minute_floor(at(MONDAY, 9) + timedelta(minutes=20 * place))}.bob"
    return post(who, f"/book/{service}/time", {"who": client, "therapist": "bob", "meet": "online", "at": slot})


def held(app: Flask, now=NOW) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(Hold.id)).where(Hold.held_until > now))


def test_one_account_keeps_two_times_elsewhere_and_hears_kindly_of_it(app: Flask, clock: Clock, people: Cast) -> None:
    alice = people.alice.public_id
    browsers = [browser(app, "alice@demo.test", f"198.51.100.{n}") for n in range(3)]
    assert [hold(each, n, client=alice).status_code for n, each in enumerate(browsers)] == [303, 303, 429]
    page = hold(browsers[2], 2, client=alice)
    assert heading(words_of(page)) == "Other times are kept already"
    assert "free again after about 15 minutes" in words_of(page)
    assert 0 < int(page.headers["Retry-After"]) <= MINUTES * 60
    assert held(app) == 2

    assert hold(browsers[0], 3, client=alice).status_code == 303  # its own second one, beside one elsewhere
    assert hold(browser(app, "charlie@demo.test"), 4, client=people.charlie.public_id).status_code == 303

    clock.now = NOW + timedelta(minutes=MINUTES)  # nobody has come by to take the ended ones away
    assert hold(browsers[2], 2, client=alice).status_code == 303


def test_a_time_that_is_given_back_makes_room(app: Flask, clock: Clock, people: Cast) -> None:
    alice = people.alice.public_id
    browsers = [browser(app, "alice@demo.test", f"198.51.100.{n}") for n in range(3)]
    kept = [hold(each, n, client=alice) for n, each in enumerate(browsers)]
    here = kept[0].location.rpartition("/")[0]
    assert post(browsers[0], f"{here}/again", {"what": ""}).status_code == 303
    assert hold(browsers[2], 2, client=alice).status_code == 303


def test_a_network_keeps_so_many_and_others_are_not_concerned(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hoarding, "MOST_IN_A_NETWORK", 3)
    crowd = [browser(app) for _ in range(4)]
    assert [hold(each, n).status_code for n, each in enumerate(crowd)] == [303, 303, 303, 429]
    assert hold(crowd[0], 4).status_code == 303  # its own second time
    assert hold(crowd[0], 5).status_code == 303  # which takes the place of its first
    assert held(app) == 4
    assert hold(browser(app, address="203.0.113.9"), 6).status_code == 303
    assert hold(browser(app, address="2001:db8::1"), 7).status_code == 303

    clock.now = NOW + timedelta(minutes=MINUTES)
    assert hold(crowd[3], 8).status_code == 303


def test_a_time_is_kept_longer_once(app: Flask, clock: Clock) -> None:
    one = browser(app)
    here = hold(one, 0).location.rpartition("/")[0]
    until = []
    for _ in range(3):
        assert post(one, f"{here}/longer", {}).status_code == 303
        with app.app_context():
            until.append(db.session.scalar(select(Hold.held_until)))
    assert until == [NOW + timedelta(minutes=2 * MINUTES)] * 3
