"""Uploads: known by their content, cut and made small, with nothing kept of what they came with."""

from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image

from practice.adapters import pictures
from practice.adapters.pictures import LOGO_BOX, PHOTO_SIDE, UnreadablePicture, logo_of, photo_of

LEFT_HALF_RED = ((200, 30, 30), (30, 30, 200))
PLACE = "40 degrees north"


def sent(size=(800, 600), form="JPEG", mode="RGB", **kwargs) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new(mode, size, LEFT_HALF_RED[1])
    image.paste(LEFT_HALF_RED[0], (0, 0, size[0] // 2, size[1]))
    written = BytesIO()
    image.save(written, form, **kwargs)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content), formats=("WEBP",))
    image.load()
    return image


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_square_small_and_webp_whatever_came(form: str) -> None:
    photo = photo_of(sent(form=form))
    image = opened(photo.content)
    assert (image.size, photo.width, photo.height) == ((PHOTO_SIDE, PHOTO_SIDE), PHOTO_SIDE, PHOTO_SIDE)
    assert photo.content_type == "image/webp"
    assert photo.sha256 == sha256(photo.content).hexdigest()
    assert photo_of(sent(form=form)) == photo, "the same upload is the same picture"


def test_a_small_photo_is_not_blown_up() -> None:
    assert opened(photo_of(sent((120, 90))).content).size == (90, 90)


def test_nothing_of_the_camera_is_kept_and_what_was_shot_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned right by a quarter: what is left in the file is at the top
    exif[0x010E] = PLACE
    photo = photo_of(sent((600, 600), exif=exif))
    assert PLACE.encode() not in photo.content
    image = opened(photo.content)
    assert not image.getexif()
    assert image.getpixel((160, 20))[0] > 150, "red is at the top"
    assert image.getpixel((160, 300))[2] > 150, "blue is at the bottom"


def test_what_is_see_through_stands_on_white_in_a_photo_and_stays_so_in_a_logo() -> None:
    written = BytesIO()
    Image.new("RGBA", (900, 300), (0, 0, 0, 0)).save(written, "PNG")
    assert opened(photo_of(written.getvalue()).content).getpixel((5, 5)) == (255, 255, 255)
    logo = opened(logo_of(written.getvalue()).content)
    assert logo.size == LOGO_BOX
    assert logo.getpixel((5, 5))[3] == 0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        sent()[: len(sent()) // 2],
        sent(form="PNG")[:60],
        b"\xff\xd8\xff\xe0 not really",
    ],
    ids=["nothing", "gif", "svg", "half a jpeg", "half a png", "a jpeg by its first bytes"],
)
def test_what_is_no_picture_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadablePicture, match="Choose a JPEG, PNG or WebP"):
        photo_of(data)


def test_what_is_too_large_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadablePicture, match="at most 8 MB"):
        photo_of(bytes(pictures.MOST_BYTES + 1))
    with pytest.raises(UnreadablePicture):
        photo_of(_bomb())
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100_000)
    with pytest.raises(UnreadablePicture, match="too many pixels"):
        photo_of(sent())


def _bomb() -> bytes:
    """A PNG of a few bytes that says it is 30,000 pixels wide and high."""
    data = bytearray(sent((8, 8), "PNG"))
    data[16:24] = (30_000).to_bytes(4, "big") * 2
    return bytes(data)
