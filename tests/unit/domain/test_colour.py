"""Whatever colour a practice chooses, everybody can read it."""

from itertools import product

import pytest

from practice.domain.colour import (
    DARK_GROUNDS,
    LIGHT_GROUNDS,
    TEXT_CONTRAST,
    WHITE,
    contrast,
    dark_tones,
    is_colour,
    is_readable,
    least_contrast,
    light_tones,
    nearest_readable,
)

COLOURS = [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in product(range(0, 256, 51), repeat=3)]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#767676", "#ffffff", 4.54), ("#ffffff", "#767676", 4.54)],
)
def test_contrast_is_what_wcag_says(one, other, ratio):
    assert round(contrast(one, other), 2) == ratio


def test_a_colour_has_one_form():
    assert is_colour("#2a6656")
    assert [text for text in ("", "red", "#777", "#2A6656", "#2a66560", "2a6656", "#77777g") if is_colour(text)] == []


@pytest.mark.parametrize("accent", COLOURS)
def test_every_tone_can_be_read_where_it_stands(accent):
    light, dark = light_tones(accent), dark_tones(accent)
    ratios = (
        least_contrast(light.button, (*LIGHT_GROUNDS, light.on_button)),
        least_contrast(light.link, (*LIGHT_GROUNDS, light.soft)),
        contrast(light.hover, light.on_button),
        contrast(light.on_soft, light.soft),
        least_contrast(dark.button, (*DARK_GROUNDS, dark.on_button)),
        least_contrast(dark.link, (*DARK_GROUNDS, dark.soft)),
        contrast(dark.hover, dark.on_button),
        contrast(dark.on_soft, dark.soft),
    )
    assert min(ratios) >= TEXT_CONTRAST, ratios


def test_a_colour_that_can_be_read_stays_what_it_is_and_another_becomes_darker():
    assert is_readable("#2a6656")
    assert nearest_readable("#2a6656") == "#2a6656"
    assert not is_readable("#ffcc00")
    darker = nearest_readable("#ffcc00")
    assert is_readable(darker)
    assert contrast(darker, WHITE) < TEXT_CONTRAST + 1  # no darker than it has to be
