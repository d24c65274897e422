"""Photos: stored once, served for good under the name of their content, and only to those who see whose they are."""

from io import BytesIO

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from PIL import Image as Drawing
from sqlalchemy import func, select, update

from practice.adapters.pictures import MOST_BYTES
from practice.db import db, unit_of_work
from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.permissions import Permission
from practice.models import AuditEvent, Image, Therapist
from practice.services.images import read_logo, read_photo, set_logo, set_photo
from practice.web.access import requires
from practice.web.uploading import takes_files
from tests.support.cast import NOW, Cast
from tests.support.people import sign_in


def drawn(colour: str) -> bytes:
    written = BytesIO()
    Drawing.new("RGB", (400, 500), colour).save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def photo(app: Flask, people: Cast) -> str:
    """Bea's photo, by its address."""
    made = read_photo(drawn("teal"))
    with app.app_context(), unit_of_work() as session:
        set_photo(session, "bea", made, by=people.identity("ada"), now=NOW)
    return f"/pictures/{made.sha256}.webp"


def listed(app: Flask, **values: object) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Therapist).where(Therapist.slug == "bea").values(**values))


def test_a_photo_is_kept_by_browsers_for_good(client: FlaskClient, photo: str) -> None:
    answer = client.get(photo)
    assert answer.status_code == 200
    assert answer.content_type == "image/webp"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    assert Drawing.open(BytesIO(answer.data)).size == (320, 320)


def test_whoever_may_not_see_a_therapist_sees_no_photo(app: Flask, photo: str) -> None:
    nobody, alice, dee = (app.test_client() for _ in range(3))
    sign_in(alice, "alice@demo.test")
    sign_in(dee, "dee@demo.test")
    seen = {}
    for listing, archived_at in (("public", None), ("clients", None), ("staff", None), ("public", NOW)):
        listed(app, listing=listing, archived_at=archived_at)
        answers = [each.get(photo) for each in (nobody, alice, dee)]
        seen[listing, archived_at] = [answer.status_code for answer in answers]
        for answer in answers:
            is_kept_on_the_way = answer.headers["Cache-Control"].startswith("public")
            assert is_kept_on_the_way == (listing == "public" and archived_at is None)
    assert seen == {
        ("public", None): [200, 200, 200],
        ("clients", None): [404, 200, 200],
        ("staff", None): [404, 404, 200],
        ("public", NOW): [404, 404, 200],
    }


def test_nonsense_is_nothing_there(client: FlaskClient, photo: str) -> None:
    for address in ("/pictures/x.webp", photo.replace(".webp", ".png"), photo.upper(), "/pictures/%00.webp"):
        assert client.get(address).status_code == 404, address


def test_the_same_picture_is_stored_once_and_goes_with_the_last_who_show_it(app: Flask, people: Cast, photo: str):
    ada, same = people.identity("ada"), read_photo(drawn("teal"))
    with app.app_context():
        with unit_of_work() as session:
            set_photo(session, "bob", same, by=ada, now=NOW)
        assert db.session.scalar(select(func.count()).select_from(Image)) == 1
        with unit_of_work() as session:
            set_photo(session, "bob", None, by=ada, now=NOW)
        assert db.session.scalar(select(func.count()).select_from(Image)) == 1
        with unit_of_work() as session:
            set_photo(session, "bea", read_photo(drawn("olive")), by=ada, now=NOW)
            set_logo(session, read_logo(drawn("olive")), by=ada, now=NOW)
            set_logo(session, None, by=ada, now=NOW)
        assert db.session.scalars(select(Image.sha256)).all() == [read_photo(drawn("olive")).sha256]
        done = db.session.scalars(select(AuditEvent.action).where(AuditEvent.actor_id == ada.id)).all()
        assert done.count("therapist.photo_set") == 3
        assert {"therapist.photo_removed", "practice.logo_set", "practice.logo_removed"} <= set(done)
        with pytest.raises(NotFound), unit_of_work() as session:
            set_photo(session, "nobody", None, by=ada, now=NOW)


def test_the_logo_is_everybodys(app: Flask, client: FlaskClient, people: Cast) -> None:
    logo = read_logo(drawn("navy"))
    with app.app_context(), unit_of_work() as session:
        set_logo(session, logo, by=people.identity("ada"), now=NOW)
    assert client.get(f"/pictures/{logo.sha256}.webp").headers["Cache-Control"].startswith("public")


def test_what_is_no_picture_is_refused_at_its_field() -> None:
    with pytest.raises(ValidationFailed) as refused:
        read_photo(b"<svg/>", "file")
    assert list(refused.value.detail["errors"]) == ["file"]


def test_only_a_view_that_takes_files_is_sent_large_ones(app: Flask, people: Cast) -> None:
    def read() -> str:
        return str(len(request.files["file"].read()))

    takes = takes_files(read)
    assert takes.most_bytes > MOST_BYTES
    takes.most_bytes = 200_000
    app.config.update(WTF_CSRF_ENABLED=False, MAX_CONTENT_LENGTH=2_000)
    app.add_url_rule("/takes", view_func=requires(Permission.PUBLIC)(takes), methods=["POST"])
    app.add_url_rule(
        "/does-not", view_func=requires(Permission.PUBLIC)(lambda: read()), methods=["POST"], endpoint="no"
    )
    client = app.test_client()
    sent = [
        client.post(address, data={"file": (BytesIO(bytes(size)), "photo.jpg")})
        for address, size in (("/takes", 150_000), ("/takes", 250_000), ("/does-not", 150_000))
    ]
    assert [answer.status_code for answer in sent] == [200, 413, 413]
    assert sent[0].text == "150000"
