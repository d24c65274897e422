"""The harness: forms are filled in as they stand on the page."""

import pytest

from tests.support.forms import find

PAGE = """<form method="get" action="/search"><input name="q"></form>
<form method="post" action="/book"><input type="hidden" name="csrf_token" value="t&amp;1">
<select name="zone"><option value="a">A</option><option value="b" selected>B</option></select>
<input type="radio" name="who" value="me" checked><input type="radio" name="who" value="us">
<input type="checkbox" name="news"><textarea name="note">Hello</textarea><button>Book</button></form>
<form method="post" action="/cancel"><button name="sure" value="yes">Cancel</button></form>"""


def test_an_untouched_form_sends_what_stands_in_it() -> None:
    form = find(PAGE, {}, "/book")
    assert form.filled({}) == {"csrf_token": ["t&1"], "zone": ["b"], "who": ["me"], "note": ["Hello"]}


def test_fields_are_filled_in() -> None:
    form = find(PAGE, {"who": "us", "news": "on"})
    assert form.filled({"who": "us", "news": "on"})["who"] == ["us"]


@pytest.mark.parametrize("fields", [{"zone": "c"}, {"who": "them"}], ids=str)
def test_what_is_not_offered_cannot_be_chosen(fields: dict[str, str | list[str]]) -> None:
    with pytest.raises(AssertionError, match="offers"):
        find(PAGE, fields).filled(fields)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(AssertionError, match="no form"):
        find(PAGE, {"colour": "red"})


def test_a_button_says_what_it_does() -> None:
    assert find(PAGE, {"sure": "yes"}).action == "/cancel"
