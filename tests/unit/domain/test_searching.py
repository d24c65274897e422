"""Names, addresses, numbers and dates become terms, and what is typed becomes a question for them."""

from datetime import date

import pytest

from practice.domain.searching import Findable, read_query
from practice.domain.spelling import a_letter_away, distance, distance_typed, folded, sound_of
from practice.domain.typed_dates import typed_dates

TODAY = date(2026, 11, 25)
BORN = date(1987, 3, 27)


@pytest.mark.parametrize(
    "name, same",
    [
        ("Zoë", "zoe"), ("ÅNGSTRÖM", "angstrom"), ("O'Neill", "oneill"), ("O’Neill", "oneill"), ("Straße", "strasse"),
        ("Łukasz Øre", "lukasz ore"), ("Anne-Marie", "anne marie"), ("Iñigo  Núñez", "inigo nunez"),
        ("Jiří", "jiri"), ("Æsir", "aesir"), ("山田", "山田"), ("محمد", "محمد"), ("Дарья", "дарья"), ("한솔", "한솔"),
        ("100%", "100"), ("_", ""), ("ＡＢ", "ab"),
    ],
)  # fmt: skip
def test_names_fold_to_plain_letters_and_other_scripts_stay(name, same):
    assert folded(name) == same


def finds(typed, **known):
    """Whether what was typed leads to the client and holds for them."""
    person = Findable(**{"name": "Nobody", **known})
    return any(
        all(
            any(first <= term < end for first, end in need.ranges for term in person.terms)
            and (
                any(each in person.words for each in need.words) or any(each in person.contact for each in need.contact)
            )
            for need in query.needs
        )
        for query in read_query(typed, TODAY, month_first=True)
        if not query.birth_dates
    )


@pytest.mark.parametrize(
    "name, typed",
    [
        ("Zoë Ångström", ["z", "zo", "zoe", "ZOË", "ang", "ångs", "zoe ang", "angstrom z"]),
        ("Percy O'Neill", ["oneill", "o'neill", "o’n", "neill", "O'Neill, Percy"]),
        ("Anne-Marie Smith-Jones", ["anne", "marie", "annemarie", "jones", "smith-jones", "anne-m"]),
        ("Ana de la Cruz", ["cruz", "de la cruz", "delacruz", "lacruz"]),
        ("山田太郎", ["山", "山田", "太郎", "郎"]),
        ("김한솔", ["김", "한솔"]),
        ("محمد علي", ["محمد", "علي"]),
        ("Дарья", ["дар"]),
    ],
)
def test_any_word_of_a_name_is_found_by_how_it_begins(name, typed):
    for words in typed:
        assert finds(words, name=name), words
        assert finds(words, name="Other", chosen_name=name), words
    assert not finds("erc", name="Percy O'Neill")


@pytest.mark.parametrize(
    "email, typed",
    [
        ("Zoe.A77@mail.test", ["zoe.a", "zoe.a77@", "zoe.a77@mail", "ZOE.A77@MAIL.TEST", "a77"]),
        ("jcarter77@mail.test", ["jca", "carter", "rter", "jcarter77"]),
        ("moon_light@mail.test", ["moon_l", "light", "moonlight"][:2]),
    ],
)
def test_an_address_is_found_by_its_beginning_and_from_within(email, typed):
    for words in typed:
        assert finds(words, email=email), words
    assert not finds("mail", email=email), "everybody's provider finds nobody"


@pytest.mark.parametrize(
    "phone, typed",
    [
        (
            "+12125550147",
            ["0147", "2125550147", "212 555 0147", "(212) 555-0147", "+1 212 555 0147", "212555", "5550147"],
        ),
        ("+442079460018", ["0018", "020 7946 0018", "+44 20 7946 0018", "2079"]),
        ("+4917012345678", ["5678", "0170 12345678", "+49170"]),
    ],
)
def test_a_number_is_found_however_it_is_written(phone, typed):
    for digits in typed:
        assert finds(digits, phone=phone), digits
    assert not finds("0148", phone=phone)


@pytest.mark.parametrize(
    "text",
    ["3/27/1987", "03/27/1987", "3-27-1987", "3/27/87", "27.3.1987", "27.3.87", "27/3/1987", "27 March 1987",
     "March 27, 1987", "mar 27 87", "27mar1987", "1987-03-27", "1987/3/27", "19870327", "03271987"],
)  # fmt: skip
def test_dates_are_read_as_people_write_them(text):
    assert typed_dates(text, TODAY, month_first=True) == [BORN]


def test_the_practices_order_decides_and_nobody_is_born_tomorrow():
    assert typed_dates("4/3/1987", TODAY, month_first=True) == [date(1987, 4, 3)]
    assert typed_dates("4/3/1987", TODAY, month_first=False) == [date(1987, 3, 4)]
    assert typed_dates("4/3/12", TODAY, month_first=True) == [date(2012, 4, 3), date(1912, 4, 3)]
    for text in ("11/26/2026", "2/30/1987", "13/13/1987", "27 Nope 1987", "0142", "", "3/27", "1/1/1899"):
        assert typed_dates(text, TODAY, month_first=True) == [], text


def test_words_and_a_date_are_one_question():
    query = read_query("percy 27.3.1987", TODAY, month_first=True)[0]
    assert [need.typed for need in query.needs] == ["percy"]
    assert query.birth_dates == (BORN,)


@pytest.mark.parametrize(
    "one, other",
    [("Schmidt", "Smith"), ("Catherine", "Kathryn"), ("Stephen", "Steven"), ("Philip", "Filip"),
     ("Lindqvist", "Lindquist"), ("Kowalski", "Kovalsky"), ("Thompson", "Tomson"), ("Andersen", "Andersson")],
)  # fmt: skip
def test_what_sounds_alike_is_alike(one, other):
    assert sound_of(folded(one)) == sound_of(folded(other)) != ""


def test_letters_that_are_wrong_are_counted():
    for word, typed in (
        ("jonson", "johnson"),
        ("jhon", "john"),
        ("marai", "maria"),
        ("smiht", "smith"),
        ("kim", "kim"),
    ):
        assert typed in set(a_letter_away(word)), word
        assert distance(word, typed) == (word != typed)
    assert distance("kitten", "sitting") == 3
    assert distance_typed("lindk", "lindqvist") == 1
    assert distance_typed("lind", "lindqvist") == 0
