"""What is coming and what was: the start page, one session, its calendar file."""

from collections.abc import Iterable

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.lifecycle import LIVE
from practice.domain.permissions import Permission
from practice.models import Attendance, Client, SafeContact
from practice.queries.acting_for import oneself
from practice.queries.appointments import attendance_by_public_id, attendances_of
from practice.queries.images import photos_of
from practice.queries.series import standing_of
from practice.web.access import requires
from practice.web.calendar_file import calendar_file as session_file
from practice.web.calendar_file import calendar_offer
from practice.web.client.blueprint import bp
from practice.web.client.estimates_shown import estimate_offer
from practice.web.client.partner_shown import partner_of
from practice.web.client.presenting import Due, HomeView, Reader, SessionView, session_view
from practice.web.consent_words import standing_words, standings_of
from practice.web.frame import the_facts
from practice.web.paging import PageLinks, read_page
from practice.web.reading import note_read
from practice.web.series.words import number_words

COMING, SOON, PAST = 50, 4, 10


@bp.get("")
@requires(Permission.OWN_APPOINTMENTS)
def home() -> ResponseReturnValue:
    """Show the next session, those after it, and a page of the past."""
    page, whose = read_page(request.args), g.identity.client_ids
    own = the_own()
    coming = _coming(page)
    past = attendances_of(db.session(), whose, now=g.now, is_past=True, page=page, per_page=PAST)
    reader = reader_of(own, coming[:1])
    views = [session_view(each, the_facts(), g.now, reader) for each in coming]
    view = HomeView(
        next=views[0] if views else None,
        due=[*_due(own), *_to_agree()],
        soon=views[1 : SOON + 1],
        later=views[SOON + 1 :],
        past=[session_view(each, the_facts(), g.now, reader) for each in past[:PAST]],
        pages=_pages(page, has_more=len(past) > PAST),
        can_book=bool(g.identity.books_for),
        has_details=own is not None,
        looks_after=bool(g.identity.guards),
    )
    note_read("sessions.read", ("account", g.identity.id))
    return render_template("client/home.html", view=view)


@bp.get("/sessions/<public_id>")
@requires(Permission.OWN_APPOINTMENTS)
def show(public_id: str) -> ResponseReturnValue:
    """Show one session: where, when, with whom, what to expect, and what can be changed."""
    attendance = own_attendance(public_id)
    offer = calendar_offer(
        attendance.appointment, the_facts(), page=".show", file=".calendar_file", public_id=public_id
    )
    agreement = agreement_shown(attendance.client_id)
    more = {
        "offer": offer,
        "standing": _standing(attendance),
        "agreement": agreement,
        "estimate": estimate_offer(attendance),
    }
    return render_template("client/session.html", view=view_of(attendance), partner=partner_of(attendance), **more)


def _standing(attendance: Attendance) -> str:
    """ "3 of 12", or "" where the session is in no series, or does not take place."""
    appointment = attendance.appointment
    original = appointment.original_starts_at
    if appointment.series is None or original is None or attendance.status not in LIVE:
        return ""
    return number_words(appointment.series, standing_of(db.session(), appointment.series.id, original))


@bp.get("/sessions/<public_id>.ics")
@requires(Permission.OWN_APPOINTMENTS)
def calendar_file(public_id: str) -> ResponseReturnValue:
    """Give one session as a calendar file; unless asked, its title says nothing of what it is for."""
    return session_file(own_attendance(public_id).appointment, the_facts())


def own_attendance(public_id: str) -> Attendance:
    """Return a place of somebody whom this identity acts for, and note the read. Raises NotFound for any other."""
    attendance = attendance_by_public_id(db.session(), public_id)
    if attendance is None or attendance.client_id not in g.identity.client_ids:
        raise NotFound
    note_read("session.read", ("attendance", public_id))
    return attendance


def own_to_change(public_id: str) -> Attendance:
    """Return a place of somebody whom this identity may book for. Raises NotFound for any other."""
    attendance = own_attendance(public_id)
    if attendance.client_id not in g.identity.books_for:
        raise NotFound
    return attendance


def the_own() -> Client | None:
    """Return the client that whoever is signed in is, or None for who only looks after others."""
    return oneself(db.session(), g.identity.account_id, g.identity.client_ids)


def reader_of(own: Client | None, shown: Iterable[Attendance]) -> Reader:
    """Return how sessions are shown to this identity, with the photos of those who lead the ones in ``shown``."""
    ids = {row.therapist_id for each in shown for row in each.appointment.therapists}
    return Reader(
        books_for=g.identity.books_for,
        own_id=own.id if own else None,
        names_clients=own is None or len(g.identity.client_ids) > 1,
        photos=photos_of(db.session(), ids) if ids else {},
    )


def view_of(attendance: Attendance) -> SessionView:
    """Return the session as whoever asks sees it: what they may not do is not offered."""
    return session_view(attendance, the_facts(), g.now, reader_of(the_own(), [attendance]))


def _coming(page: int) -> list[Attendance]:
    """Return what is still to come, on the first page only."""
    if page > 1:
        return []
    return list(attendances_of(db.session(), g.identity.client_ids, now=g.now, per_page=COMING - 1))


def _due(own: Client | None) -> list[Due]:
    """Return what is open: today that is a way to be reached, where the one that was chosen leads nowhere."""
    if own is None:
        return []
    needs = {SafeContact.EMAIL: own.email, SafeContact.TEXT: own.phone, SafeContact.CALL: own.phone}
    if needs.get(SafeContact(own.safe_contact), "none needed"):
        return []
    return [Due("We have no safe way to reach you.", "Tell us how", url_for(".details"))]


def _to_agree() -> list[Due]:
    """Return the agreements to care that wait for whoever is signed in: their own, and for whom they look after."""
    account_id, guards = g.identity.account_id, g.identity.guards
    due = [
        each
        for each in standings_of(g.identity.consents_for).values()
        if each.is_due_from(account_id, is_guardian=each.client_id in guards)
    ]
    return [
        Due(
            f"There is an agreement to care{f' for {each.name}' if each.client_id in guards else ''} to read.",
            "Read it",
            url_for(".agreement", public_id=each.public_id),
        )
        for each in sorted(due, key=lambda each: (each.client_id in guards, each.name, each.client_id))
    ]


def agreement_shown(client_id: int) -> Due | None:
    """Return how the agreement to care stands for a client whom this identity may consent for, or None."""
    found = standings_of([client_id]).get(client_id) if client_id in g.identity.consents_for else None
    if found is None:
        return None
    words = f"Agreement to care: {standing_words(found.standing)}."
    return Due(words, "Read it", url_for(".agreement", public_id=found.public_id))


def _pages(page: int, *, has_more: bool) -> PageLinks:
    return PageLinks(
        words=f"Page {page}",
        previous_href=url_for(".home", page=page - 1) if page > 1 else "",
        next_href=url_for(".home", page=page + 1) if has_more else "",
    )
