"""Pictures that people upload: known by their content, turned upright, cut, made small, and written anew as WebP.

Nothing of the file that came is kept: no name, no place or camera that its Exif part tells, no second frame.
"""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES: Final = 8 * 1024 * 1024
MOST_PIXELS: Final = 16_000_000  # as decoded: 64 MB a copy
PHOTO_SIDE: Final = 320
LOGO_BOX: Final = (480, 160)
TAKEN: Final = ("JPEG", "PNG", "WEBP")
CONTENT_TYPE: Final = "image/webp"
ABOVE_THE_MIDDLE: Final = (0.5, 0.4)  # where a face is
QUALITY: Final = 82


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is stored and served; ``sha256`` names its bytes."""

    content_type: str
    width: int
    height: int
    content: bytes
    sha256: str


class UnreadablePicture(ValueError):
    """What came is no picture that is taken; its sentence may be shown."""


def photo_of(data: bytes) -> Picture:
    """Return the square photo that an upload holds. Raises UnreadablePicture."""
    image = _read(data, (PHOTO_SIDE, PHOTO_SIDE))
    side = min(PHOTO_SIDE, *image.size)
    return _written(ImageOps.fit(_on_white(image), (side, side), centering=ABOVE_THE_MIDDLE))


def logo_of(data: bytes) -> Picture:
    """Return the logo that an upload holds, whole and see-through where it was. Raises UnreadablePicture."""
    image = _read(data, LOGO_BOX).convert("RGBA")
    image.thumbnail(LOGO_BOX)
    return _written(image)


def _read(data: bytes, wanted: tuple[int, int]) -> Image.Image:
    if len(data) > MOST_BYTES:
        msg = f"This file is too large. Choose one of at most {MOST_BYTES // 1024 // 1024} MB."
        raise UnreadablePicture(msg)
    try:
        with Image.open(BytesIO(data), formats=TAKEN) as image:
            image.draft("RGB", (wanted[0] * 2, wanted[1] * 2))  # of a JPEG, decode no more than is needed
            if image.width * image.height > MOST_PIXELS:
                raise UnreadablePicture("This picture has too many pixels. Choose a smaller one.")
            image.load()
            return ImageOps.exif_transpose(image)
    except UnreadablePicture:
        raise
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise UnreadablePicture("This file is no picture that we can read. Choose a JPEG, PNG or WebP.") from error


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image.convert("RGBA"))
    return white.convert("RGB")


def _written(image: Image.Image) -> Picture:
    image.info.clear()
    written = BytesIO()
    image.save(written, "WEBP", quality=QUALITY, method=6)
    content = written.getvalue()
    return Picture(CONTENT_TYPE, image.width, image.height, content, sha256(content).hexdigest())
