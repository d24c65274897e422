"""What surrounds a page: assets, crisis help, navigation."""

import re
from hashlib import blake2b
from pathlib import Path

import pytest

from practice.domain.crisis import crisis_help
from practice.web.assets import Assets, is_immutable
from practice.web.shell import Link, Place, Shell, links_to

STATIC = Path(__file__).parents[3] / "static"


def test_names_carry_the_hash_of_the_content(tmp_path):
    style = tmp_path / "css" / "app.css"
    style.parent.mkdir()
    style.write_text("a{}")
    before = Assets(tmp_path).url("css/app.css")
    style.write_text("b{}")
    after = Assets(tmp_path).url("css/app.css")

    assert before != after
    assert is_immutable("", before)
    assert Assets(tmp_path).files() == {after: style}


def test_a_font_keeps_the_name_that_the_stylesheet_uses():
    assets = Assets(STATIC)
    style = (STATIC / "css/app.css").read_text()
    fonts = list((STATIC / "fonts").glob("*.woff2"))

    assert fonts
    for font in fonts:
        assert font.name.split(".")[-2] == blake2b(font.read_bytes(), digest_size=6).hexdigest()
        assert f"../fonts/{font.name}" in style
        assert assets.names[f"fonts/{font.name}"] == f"fonts/{font.name}"


def test_a_slip_in_a_name_is_an_error():
    with pytest.raises(KeyError):
        Assets(STATIC).url("css/nothing.css")


def test_every_icon_that_a_template_names_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (STATIC / "icons/sprite.svg").read_text()))
    named = set()
    for template in (STATIC.parent / "templates").rglob("*.html"):
        named.update(re.findall(r'\bicon(?:_name)?(?:\(|=)"([a-z0-9-]+)"', template.read_text()))

    assert named
    assert named <= drawn


def test_licences_stand_beside_what_they_license():
    assert "SIL Open Font License" in (STATIC / "fonts/figtree-OFL.txt").read_text()
    assert "ISC License" in (STATIC / "icons/lucide-LICENSE.txt").read_text()


def test_numbers_in_crisis_help_can_be_called():
    shown = crisis_help("", "US")

    assert [(piece.text, piece.href) for piece in shown.pieces if piece.href] == [
        ("988", "tel:988"),
        ("911", "tel:911"),
    ]
    assert shown.text.startswith("You do not have to wait for an appointment.")


def test_the_practice_says_it_in_its_own_words():
    shown = crisis_help("Call 116 123 or the desk on +44 20 7946 0018.", "GB")

    assert [piece.href for piece in shown.pieces if piece.href] == ["tel:116123", "tel:+442079460018"]


def test_navigation_leaves_out_what_is_not_there_and_marks_the_nearest():
    places = [
        Place("Today", "desk.today", "desk."),
        Place("Clients", "desk.clients", "desk.clients", ("desk.edit_client",)),
        Place("X", "x", "x"),
    ]
    there = {"desk.today", "desk.clients"}

    links = links_to(places, there, "desk.clients_show", lambda endpoint: "/" + endpoint)
    editing = links_to(places, there, "desk.edit_client", lambda endpoint: "/" + endpoint)
    elsewhere = links_to(places, there, "accounts.account", lambda endpoint: "/" + endpoint)

    assert [link.is_current for link in editing] == [False, True]
    assert [link.is_current for link in elsewhere] == [False, False]

    assert [(link.label, link.href, link.is_current) for link in links] == [
        ("Today", "/desk.today", False),
        ("Clients", "/desk.clients", True),
    ]


def test_a_phone_shows_the_first_places_and_a_way_to_the_others():
    places = [Link(name, f"/{name}", is_current=name == "d") for name in "abcde"]

    four, five = Shell(nav=tuple(places[:4])), Shell(nav=tuple(places))

    assert (four.first, four.further, four.is_further) == (tuple(places[:4]), (), False)
    assert (five.first, five.further, five.is_further) == (tuple(places[:3]), tuple(places[3:]), True)
