"""What every form refuses and tidies."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from practice.web.forms.base import LINE_LENGTH, UNKNOWN_FIELD, BaseForm, Problem
from practice.web.forms.fields import MinutesField, ThreePartDateField


class ExampleForm(BaseForm):
    also_accepts = frozenset({"action"})
    who = RadioField("Who", choices={"me": "Me", "us": "Us"}, default="me")
    name = StringField("Name", [InputRequired("Enter your name."), Length(max=10)])
    password = PasswordField("Password")
    note = TextAreaField("Note")
    secret = HiddenField("Secret")
    born_on = ThreePartDateField("Born")


def form(**sent: str) -> ExampleForm:
    return ExampleForm(MultiDict({"who": "me", "name": "Sam"} | {key.replace("__", "-"): v for key, v in sent.items()}))


def test_what_is_known_passes_with_the_token_and_a_named_button():
    assert form(csrf_token="t", action="save", born_on__day="", born_on__month="", born_on__year="").validate()


def test_a_field_that_no_form_has_is_refused():
    sent = form(role="admin")

    assert not sent.validate()
    assert sent.form_errors == [UNKNOWN_FIELD]
    assert sent.problems == [Problem(UNKNOWN_FIELD, "")]


def test_text_is_tidied_and_passwords_are_not():
    sent = form(name="  Zoe\u0308 ", password=" pass word ")

    assert sent.validate()
    assert sent.name.data == "Zo\u00eb"
    assert sent.password.data == " pass word "


@pytest.mark.parametrize("field, text", [("note", "x" * 4001), ("name", "x" * 11), ("secret", "x" * (LINE_LENGTH + 1))])
def test_over_long_text_is_refused(field, text):
    sent = form(**{field: text})

    assert not sent.validate()
    assert len(sent[field].errors) == 1


@pytest.mark.parametrize("text", ["a\x00b", "a\x1b[0m", "a\ud800"])
def test_control_characters_are_refused(text):
    assert not form(note=text).validate()


def test_lines_of_a_note_are_kept():
    sent = form(note="one\r\ntwo\tthree")

    assert sent.validate()
    assert sent.note.data == "one\r\ntwo\tthree"


def test_problems_lead_to_the_first_control_in_the_order_of_the_form():
    sent = form(who="nobody", name="", born_on__day="9")

    assert not sent.validate()
    assert [problem.href for problem in sent.problems] == ["#who-0", "#name", "#born_on-month"]


def test_wtforms_sentences_are_said_as_we_say_them():
    sent = form(who="nobody")

    assert not sent.validate()
    assert sent.who.errors == ["Choose one from the list."]


@pytest.mark.parametrize("space", [" ", "\t\n", "\u3000"])
def test_space_alone_is_no_answer(space):
    class Needed(BaseForm):
        name = StringField("Name", [InputRequired("Enter your name.")])
        length = MinutesField("Length", [InputRequired("Enter the length.")])
        note = StringField("Note")

    form = Needed(MultiDict({"name": space, "length": space, "note": space}))
    assert not form.validate()
    assert form.errors == {"name": ["Enter your name."], "length": ["Enter the length."]}


@pytest.mark.parametrize("odd", ["\x00", "\u2028", "\u2029", "\u202e", "\u2066"])
def test_what_breaks_lines_or_turns_text_around_is_refused(odd):
    class Named(BaseForm):
        name = StringField("Name")

    form = Named(MultiDict({"name": f"Elm{odd}Street"}))
    assert not form.validate()
    assert form.errors == {"name": ["Use ordinary characters only."]}
