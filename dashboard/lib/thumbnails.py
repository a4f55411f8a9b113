"""Small pictures of pictures. They are drawn anew, so nothing but what is seen comes along."""

import io
from collections.abc import Callable
from threading import Lock
from typing import IO

from PIL import Image
from PIL import ImageOps

from dashboard.lib.media import MOST_PIXELS
from dashboard.lib.media import PICTURES

LONGEST_SIDE = 640  # pixels: twice what a thread shows, for dense screens
PORTRAIT_SIDE = 256  # of the square that lists and apps show
MOST_WEBP_PIXELS = 24_000_000  # each takes sixteen bytes, because such a picture might move
MOST_PORTRAIT_PIXELS = 16_000_000  # drawn while somebody waits; of a JPEG, after it was read smaller
CONTENT_TYPE = "image/webp"
_SCALED = {"L", "LA", "RGB", "RGBA", "CMYK"}  # ways to keep colours in which a picture can be made smaller

_drawing = Lock()  # one at a time: a large picture takes memory while it is drawn
_TROUBLE = (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError)


class NotAPicture(Exception):
    """It cannot be drawn: damaged, too large, or something else."""


def thumbnail_of(file: IO[bytes]) -> IO[bytes]:
    """The picture at most `LONGEST_SIDE` wide and high, the first of a moving one, turned as it is looked at.

    Raises:
        NotAPicture: it cannot be drawn.
    """
    return _redrawn(file, side=LONGEST_SIDE, most=MOST_PIXELS, scale=_within)


def portrait_of(file: IO[bytes]) -> IO[bytes]:
    """The middle of the picture as a square of `PORTRAIT_SIDE`. Raises as `thumbnail_of`."""
    return _redrawn(file, side=PORTRAIT_SIDE, most=MOST_PORTRAIT_PIXELS, scale=_square)


def _within(picture: Image.Image) -> Image.Image:
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return picture


def _square(picture: Image.Image) -> Image.Image:
    return ImageOps.fit(picture, (PORTRAIT_SIDE, PORTRAIT_SIDE))


def _redrawn(
    file: IO[bytes], *, side: int, most: int, scale: Callable[[Image.Image], Image.Image]
) -> IO[bytes]:
    small = io.BytesIO()
    try:
        with _drawing, Image.open(file, formats=tuple(PICTURES)) as picture:
            most_read = MOST_WEBP_PIXELS if picture.format == "WEBP" else MOST_PIXELS
            if picture.width * picture.height > most_read:
                raise NotAPicture("too many pixels")
            picture.draft("RGB", (2 * side, 2 * side))  # a JPEG is read no larger than that
            if picture.width * picture.height > most:
                raise NotAPicture("too many pixels")
            drawn = scale(picture if picture.mode in _SCALED else _coloured(picture))
            # last: each of these steps makes a copy
            _coloured(ImageOps.exif_transpose(drawn)).save(
                small, "WEBP", quality=80, exif=b"", icc_profile=b""
            )
    except _TROUBLE as error:
        raise NotAPicture(str(error)) from error
    small.seek(0)
    return small


def _coloured(picture: Image.Image) -> Image.Image:
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
