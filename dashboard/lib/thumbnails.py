"""Small pictures of pictures. They are drawn anew, so nothing but what is seen comes along."""

import io
from typing import IO

from PIL import Image
from PIL import ImageOps

from dashboard.lib.media import MOST_PIXELS
from dashboard.lib.media import PICTURES

LONGEST_SIDE = 640  # pixels: twice what a thread shows, for dense screens
CONTENT_TYPE = "image/webp"
_SCALED = {"L", "LA", "RGB", "RGBA", "CMYK"}  # ways to keep colours in which a picture can be made smaller

_TROUBLE = (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError)


class NotAPicture(Exception):
    """It cannot be drawn: damaged, too large, or something else."""


def thumbnail_of(file: IO[bytes]) -> IO[bytes]:
    """The picture at most `LONGEST_SIDE` wide and high, the first of a moving one, turned as it is looked at.

    Raises:
        NotAPicture: it cannot be drawn.
    """
    small = io.BytesIO()
    try:
        with Image.open(file, formats=tuple(PICTURES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotAPicture("too many pixels")
            picture.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))  # a JPEG is read no larger than that
            drawn = picture if picture.mode in _SCALED else _coloured(picture)
            drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # first: every other step makes a copy
            _coloured(ImageOps.exif_transpose(drawn)).save(
                small, "WEBP", quality=80, exif=b"", icc_profile=b""
            )
    except _TROUBLE as error:
        raise NotAPicture(str(error)) from error
    small.seek(0)
    return small


def _coloured(picture: Image.Image) -> Image.Image:
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
