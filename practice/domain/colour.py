"""Colours that everybody can read: contrast as WCAG 2.2 measures it, and a practice's own colour turned into tones.

Colours are text such as "#2a6656".
"""

import re
from collections.abc import Iterable
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass

TEXT_CONTRAST = 4.5
HEX = re.compile(r"#[0-9a-f]{6}")
WHITE, DARK_INK = "#ffffff", "#0f1a16"
# What the practice's colour is written on, by colour scheme: the paper, cards, and sunken parts of static/css/app.css.
LIGHT_GROUNDS = ("#faf8f4", "#ffffff", "#f3efe7")
DARK_GROUNDS = ("#151b18", "#1d2521", "#262e2a")
STEPS = 100


@dataclass(frozen=True, slots=True)
class Tones:
    """A colour in one scheme: of buttons, of buttons under the pointer, of words on them, of links, of soft grounds."""

    button: str
    hover: str
    on_button: str
    link: str
    soft: str
    on_soft: str


def is_colour(text: str) -> bool:
    """Whether ``text`` is a colour in the one form that is kept: "#" and six digits in lower case."""
    return HEX.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 (none) to 21 (black on white)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def least_contrast(colour: str, others: Iterable[str]) -> float:
    """Return the lowest contrast of a colour with any of ``others``."""
    return min(contrast(colour, other) for other in others)


def is_readable(accent: str) -> bool:
    """Whether words in this colour can be read on light pages, and white words on it."""
    return least_contrast(accent, (*LIGHT_GROUNDS, WHITE)) >= TEXT_CONTRAST


def nearest_readable(accent: str) -> str:
    """Return the colour itself where it is readable, otherwise the nearest darker tone of it that is."""
    return _toward(accent, 0.0, (*LIGHT_GROUNDS, WHITE))


def light_tones(accent: str) -> Tones:
    """Return the tones of a colour for light pages; one that is too light becomes darker."""
    button = nearest_readable(accent)
    soft = _with_lightness(button, 0.92, most_saturation=0.45)
    return Tones(
        button=button,
        hover=_with_lightness(button, _lightness(button) * 0.8),
        on_button=WHITE,
        link=_toward(_with_lightness(button, _lightness(button) * 0.8), 0.0, (*LIGHT_GROUNDS, soft)),
        soft=soft,
        on_soft=_toward(_with_lightness(button, _lightness(button) * 0.7), 0.0, (soft,)),
    )


def dark_tones(accent: str) -> Tones:
    """Return the tones of a colour for dark pages: light enough for their grounds, with dark words on it."""
    start = _with_lightness(accent, max(_lightness(accent), 0.68), most_saturation=0.6)
    soft = _with_lightness(accent, 0.18, most_saturation=0.3)
    button = _toward(start, 1.0, (*DARK_GROUNDS, DARK_INK, soft))
    return Tones(
        button=button,
        hover=_with_lightness(button, min(1.0, _lightness(button) + 0.1)),
        on_button=DARK_INK,
        link=button,
        soft=soft,
        on_soft=_toward(_with_lightness(button, 0.85), 1.0, (soft,)),
    )


def _toward(colour: str, end: float, grounds: Iterable[str]) -> str:
    """Move a colour's lightness toward ``end`` in small steps until it can be read on all ``grounds``."""
    against = tuple(grounds)
    start = _lightness(colour)
    for step in range(STEPS + 1):
        tone = colour if step == 0 else _with_lightness(colour, start + (end - start) * step / STEPS)
        if least_contrast(tone, against) >= TEXT_CONTRAST:
            return tone
    return tone


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lightness(colour: str) -> float:
    return rgb_to_hls(*_channels(colour))[1]


def _with_lightness(colour: str, lightness: float, most_saturation: float = 1.0) -> str:
    hue, _, saturation = rgb_to_hls(*_channels(colour))
    red, green, blue = hls_to_rgb(hue, lightness, min(saturation, most_saturation))
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
