"""Why a time is not offered: every reason in words, with a link to its rule for whoever may go there."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import delete, select, update

from practice.db import db, unit_of_work
from practice.domain.intervals import minute_floor
from practice.domain.permissions import permissions_of
from practice.domain.reasons import WORDS, Code
from practice.models import (
    Closure,
    DateHours,
    DateHoursSpan,
    HoldPurpose,
    Offer,
    OutsideBusy,
    Service,
    Therapist,
    TimeOff,
)
from practice.queries.busy import current_rules
from practice.services.booking import Keep, hold_slot
from practice.services.finding import Wish
from practice.web.desk.why_rules import _WHERE
from tests.support.acting import act_as
from tests.support.cast import MONDAY, ZONE, add_group_date, at
from tests.support.counting import statements
from tests.support.sessions import booked

NOW = at(MONDAY, 10, 30)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=days) for days in (1, 2, 3))


def ask(day, clock, *, service="individual", therapist="bob", viewer="clients"):
    return f"/desk/why?service={service}&therapist={therapist}&viewer={viewer}&on={day}&time={clock}"


@pytest.fixture
def world(cast):
    """A week in which everything stands in the way of something. Returns the sessions that do."""
    made = {
        "booked": booked(cast, at(MONDAY, 14), now=NOW),
        "late": booked(cast, at(MONDAY, 15, 30), now=NOW),
        "room": booked(cast, at(TUESDAY, 11), now=NOW, therapist="bea", modality="in_person"),
    }
    rules = current_rules(db.session())
    with unit_of_work() as session:
        wish = Wish(cast.individual, cast.bob, at(TUESDAY, 9), "online")
        keep = Keep(NOW + timedelta(minutes=15), b"x", HoldPurpose.CHECKOUT)
        hold_slot(session, rules, wish, by=cast.identity("dee"), now=NOW, keep=keep)
        made["group"] = add_group_date(session, cast, at(WEDNESDAY, 15), capacity=1)
        made["group"].places_taken = 1
        hours = {"starts_at": at(TUESDAY, 13), "ends_at": at(TUESDAY, 14)}
        session.add(TimeOff(therapist_id=cast.bob, **hours))
        session.add(Closure(starts_at=at(TUESDAY, 15), ends_at=at(TUESDAY, 16), location_id=None))
        busy = {"resource_id": cast.resources["bob"], "source": "import"}
        session.add(OutsideBusy(starts_at=at(TUESDAY, 16), ends_at=at(TUESDAY, 17), **busy))
        room = {"resource_id": cast.resources["birch"], "source": "import"}
        session.add(OutsideBusy(starts_at=at(TUESDAY, 11), ends_at=at(TUESDAY, 12), **room))
        online_only = DateHours(therapist_id=cast.bob, on_date=THURSDAY)
        session.add(online_only)
        session.flush()
        session.add(
            DateHoursSpan(date_hours_id=online_only.id, start_minute=540, end_minute=1020, zone=ZONE, is_online=True)
        )
        session.execute(
            update(Offer)
            .where(Offer.therapist_id == cast.bob, Offer.service_id == cast.individual)
            .values(online=False)
        )
        session.execute(delete(Offer).where(Offer.therapist_id == cast.bea, Offer.service_id == cast.couple))
        session.execute(update(Service).where(Service.id == cast.couple).values(audience="staff"))
        session.execute(update(Therapist).where(Therapist.id == cast.bea).values(takes_new_clients=False))
        session.flush()
        made = {name: each.public_id for name, each in made.items()}
        made["service"] = session.scalars(select(Service.public_id).where(Service.id == cast.individual)).one()
        made["couple"] = session.scalars(select(Service.public_id).where(Service.id == cast.couple)).one()
    return made


def cases(world):
    """Every reason: where it is asked, what is said, where the desk may go, and where an admin may."""
    seen = {name: f"/desk/appointments/{world[name]}" for name in ("booked", "late", "room", "group")}
    hours, policies = "/admin/therapists/bob/hours", "/admin/policies"
    service = f"/admin/services/{world['service']}"
    return {
        Code.OUTSIDE_HOURS: (ask(MONDAY, "20:00"), "Bob Reyes works 9:00 AM to 5:00 PM on Monday", "", hours),
        Code.NOT_ON_STEP: (ask(TUESDAY, "09:10"), "starts every 30 minutes", "", service),
        Code.OTHER_MODALITY: (ask(THURSDAY, "10:00"), "Bob Reyes works online", "", "/admin/therapists/bob/offers"),
        Code.TIME_OFF: (ask(TUESDAY, "13:00"), "Time off, 1:00 PM to 2:00 PM.", "", hours),
        Code.CLOSURE: (ask(TUESDAY, "15:00"), "Closed, 3:00 PM to 4:00 PM.", "", "/admin/closures"),
        Code.BOOKED: (ask(MONDAY, "14:00"), "booked, 2:00 PM to 2:50 PM.", seen["booked"], ""),
        Code.BUFFER: (ask(MONDAY, "16:20", service="consultation"), "Too close", seen["late"], ""),
        Code.HELD: (ask(TUESDAY, "09:00"), "It is offered again if they do not book it.", "", ""),
        Code.OUTSIDE_CALENDAR: (ask(TUESDAY, "16:00"), "in a calendar of Bob Reyes elsewhere.", "", ""),
        Code.TOO_SOON: (ask(MONDAY, "11:00"), "booked at least 1 hour ahead.", "", policies),
        Code.TOO_FAR: (ask("2027-03-01", "11:00"), "is offered 60 days ahead.", "", policies),
        Code.NO_ROOM: (ask(TUESDAY, "11:00"), "Willow: session at 11:00 AM", seen["room"], "/admin/places"),
        Code.NO_PLACES: (ask(WEDNESDAY, "15:00", service="move-and-play"), "No place", seen["group"], ""),
        Code.CLIENTS_ONLY: (ask(WEDNESDAY, "11:00", viewer="public"), "clients only", "", service),
        Code.STAFF_ONLY: (ask(WEDNESDAY, "11:00", service="couple"), "staff", "", f"/admin/services/{world['couple']}"),
        Code.NO_NEW_CLIENTS: (
            ask(WEDNESDAY, "11:00", service="consultation", therapist="bea", viewer="public"),
            "takes no new clients", "", "/admin/therapists/bea",
        ),
        Code.NOT_OFFERED_BY_THERAPIST: (
            ask(WEDNESDAY, "11:00", service="couple", therapist="bea", viewer="staff"),
            "does not offer this service", "", "/admin/therapists/bea/offers",
        ),
        Code.GROUP_DATES_ONLY: (ask(WEDNESDAY, "11:00", service="move-and-play"), "own dates only", "/desk/groups", ""),
        Code.TOO_MANY_THAT_DAY: (ask(TUESDAY, "14:00", therapist="bea"), "on one day", "", "/admin/therapists/bea"),
        Code.TOO_MANY_IN_A_ROW: (ask(MONDAY, "13:00"), "without a break", "", "/admin/therapists/bob"),
    }  # fmt: skip


# The page asks about nobody in particular: these are told where it is known who comes, and what they need.
OF_WHOEVER_COMES = {
    Code.CLIENT_BUSY,
    Code.CONSULTATION_FIRST,
    Code.DURATION_NOT_OFFERED,
    Code.NO_INTERPRETER,
    Code.NOT_LICENSED,
    Code.TOO_MANY_FIRST_SESSIONS,
    Code.TOO_MANY_THAT_WEEK,
}


def links_of(page):
    table = page[page.index("<table") : page.index("</table>")]
    return [
        unescape(href)
        for href in re.findall(r"<td.*?</td>", table, re.DOTALL)
        for href in re.findall(r'href="([^"]+)"', href)
    ]


def test_every_reason_has_words_and_a_place():
    assert set(WORDS) == set(_WHERE) == set(Code)


def test_every_reason_is_told_with_links_that_can_be_followed(app, dee, cast, world):
    asked = cases(world)
    assert set(asked) == set(Code) - OF_WHOEVER_COMES
    with unit_of_work() as session:
        session.execute(update(Therapist).where(Therapist.id == cast.bea).values(max_a_day=1))
        session.execute(update(Therapist).where(Therapist.id == cast.bob).values(max_in_row=1))
    desk = cast.identity("dee")
    both = replace(desk, roles=frozenset({"front_desk", "admin"}), permissions=permissions_of(["front_desk", "admin"]))
    for code, (path, words, for_desk, for_admin) in asked.items():
        act_as(app, desk, now=NOW)
        page = dee.get(path).text
        assert WORDS[code] in page, code
        assert words in page, code
        found = links_of(page)
        assert for_desk in [*found, ""], code
        assert [href for href in found if href.startswith("/admin")] == [], code
        act_as(app, both, now=NOW)
        everything = links_of(dee.get(path).text)
        assert for_admin in [*everything, ""], code
        for href in everything:
            assert dee.get(href).status_code == 200, (code, href)


def test_a_therapist_at_the_desk_goes_to_their_own_hours(app, dee, cast, world):
    desk = cast.identity("dee")
    roles = ["front_desk", "therapist"]
    bob = replace(desk, roles=frozenset(roles), permissions=permissions_of(roles), therapist_id=cast.bob)
    act_as(app, bob, now=NOW)
    assert links_of(dee.get(ask(MONDAY, "20:00")).text)[0] == "/therapist/hours"
    assert "hours" not in " ".join(links_of(dee.get(ask(MONDAY, "20:00", therapist="bea")).text))


def test_a_time_is_told_for_everybody_and_for_every_service(dee, world):
    page = dee.get(f"/desk/why?on={MONDAY}&time=14:00&service=individual&viewer=clients").text
    assert page.index("Bea Lindqvist", page.index("<table")) < page.index("Another session is booked")
    assert "Offered" in page
    evening = dee.get(f"/desk/why?on={MONDAY}&time=14:00&service=move-and-play&viewer=clients").text
    assert "Bob Reyes and Bea Lindqvist" in evening or "Bea Lindqvist and Bob Reyes" in evening  # one answer for both
    board = f"/desk/why?therapist=bob&on={MONDAY}&start={minute_floor(at(MONDAY, 14))}"
    page = dee.get(board).text
    assert page.count("Another session is booked") == 1
    for name in ("First conversation and Individual session", "Session for two", "Move and play"):
        assert name in page
    assert 'value="14:00"' in page
    assert "Alice" not in page


def test_a_day_is_told_start_by_start(dee, world):
    page = dee.get(f"/desk/why?service=individual&on={MONDAY}").text
    for words in ("Individual session with Bob Reyes", "Individual session with Bea Lindqvist", "Offered", "Too soon"):
        assert words in page, words
    dates = dee.get(f"/desk/why?service=move-and-play&therapist=bob&on={WEDNESDAY}").text
    assert "3:00 PM" in dates
    assert "No place is free in this group" in dates
    assert "own dates only" in dee.get(f"/desk/why?service=move-and-play&therapist=bob&on={TUESDAY}").text


def test_what_has_gone_by_is_told_apart_from_what_is_too_soon(dee, world):
    today = dee.get(f"/desk/why?service=individual&therapist=bob&viewer=clients&on={MONDAY}").text  # it is 10:30 AM
    assert "12:00 AM to 10:00 AM" in today
    assert "10:30 AM to 11:00 AM" in today
    assert today.count("This time has gone by.") == 1
    assert today.count("Too soon") == 1


def test_what_is_not_offered_to_clients_can_be_booked_by_the_desk(dee, cast, world):
    page = dee.get(ask(MONDAY, "11:00")).text
    href = f"/desk/book/individual/who?at={minute_floor(at(MONDAY, 11))}.bob"
    assert href in links_of(page)
    assert "The desk can book it" in page
    assert dee.get(href).status_code == 200
    offered = dee.get(ask(WEDNESDAY, "11:00")).text
    assert f"/desk/book/individual/who?at={minute_floor(at(WEDNESDAY, 11))}.bob" in links_of(offered)
    assert "/desk/book" not in " ".join(links_of(dee.get(ask(MONDAY, "14:00")).text))


def test_addresses_that_make_no_sense(dee, cast):
    for query in ("service=x", "therapist=x", "viewer=x", "on=2026-02-30", "time=25:00", "time=9", "start=x",
                  "start=-1", "start=999999999", "time=%00"):  # fmt: skip
        assert dee.get(f"/desk/why?{query}").status_code == 404, query
    assert dee.get("/desk/why").status_code == 200


def test_everybody_costs_as_many_statements_as_one(app, dee, world):
    def cost(path):
        dee.get(path)
        with statements(app) as seen:
            assert dee.get(path).status_code == 200
        return len(seen)

    assert cost(f"/desk/why?on={MONDAY}&time=14:00") == cost(f"{ask(MONDAY, '14:00', service='move-and-play')}")


def test_free_time_on_the_board_leads_to_what_fits_there(dee, cast, world):
    start, until = minute_floor(at(TUESDAY, 10)), minute_floor(at(TUESDAY, 11))
    page = dee.get(f"/desk/book?start={start}&until={until}&therapist=bob").text
    assert "Tuesday 24 November, 10:00 to 11:00 AM." in page
    hrefs = [unescape(href) for href in re.findall(r'href="(/desk/book/[^"]+)"', page)]
    assert f"/desk/book/consultation/who?at={start}.bob" in hrefs
    assert f"/desk/book/individual/who?at={start}.bob" in hrefs
    assert dee.get(f"/desk/book/individual/who?at={start}.bob").status_code == 200
    assert "What does not fit" in page
    assert "A group meets on its own dates only." in page

    known = dee.get(f"/desk/book?start={start}&until={until}&therapist=bob&client={cast.alice.public_id}").text
    assert "For Alice Moss." in known
    assert f"/desk/book/individual/who?client={cast.alice.public_id}&amp;at={start}.bob" in known
    full = dee.get(f"/desk/book?start={minute_floor(at(MONDAY, 14))}&therapist=bob").text
    assert f"/desk/appointments/{world['booked']}" in full


def test_free_time_that_is_none_is_not_there(dee, cast):
    start = minute_floor(at(TUESDAY, 10))
    for query in (f"start={start}", f"start={start}&therapist=x", "start=x&therapist=bob",
                  f"start={start}&until={start}&therapist=bob", f"start={start}&until={start + 1441}&therapist=bob",
                  f"start={start}&therapist=bob&client=x", "start=999999999&therapist=bob"):  # fmt: skip
        assert dee.get(f"/desk/book?{query}").status_code == 404, query


def test_nobody_but_the_desk_is_told(app, cast):
    for who in ("alice", "bob", "ada"):
        act_as(app, cast.identity(who), now=NOW)
        assert app.test_client().get("/desk/why").status_code == 404
        assert app.test_client().get(f"/desk/book?start={minute_floor(NOW)}&therapist=bob").status_code == 404
