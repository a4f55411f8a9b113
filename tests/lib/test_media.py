"""What a file is: by its content, whatever its name says."""

import io
from typing import Any

import pytest
from PIL import Image

from dashboard.lib.media import clean_name
from dashboard.lib.media import content_type_of
from dashboard.lib.media import dimensions_of
from dashboard.lib.media import file_type_of
from dashboard.lib.thumbnails import LONGEST_SIDE
from dashboard.lib.thumbnails import NotAPicture
from dashboard.lib.thumbnails import thumbnail_of


def picture(form: str = "PNG", size: tuple[int, int] = (20, 10), **more: Any) -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, form, **more)
    made.seek(0)
    return made


def content_type(content: bytes, name: str) -> str:
    return content_type_of(io.BytesIO(content), name)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "BMP", "WEBP"])
def test_pictures_are_known_by_their_content(form: str) -> None:
    found = content_type_of(picture(form), "page.html")

    assert found == f"image/{form.lower()}"
    assert file_type_of(found) == "image"
    assert dimensions_of(picture(form)) == (20, 10)


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"\0\0\0\x18ftypisom", "a", "video/mp4"),
        (b"\0\0\0\x14ftypqt  ", "a.mov", "video/quicktime"),
        (b"\0\0\0\x14ftypM4A ", "a.m4a", "audio/mp4"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "a", "video/webm"),
        (b"OggS" + b"\0" * 24 + b"\x01vorbis", "a.ogg", "audio/ogg"),
        (b"ID3\x04", "a.mp3", "audio/mpeg"),
        (b"RIFF\0\0\0\0WAVE", "a.wav", "audio/wav"),
        (b"%PDF-1.7", "a.exe", "application/pdf"),
        (b"PK\x03\x04", "a.zip", "application/zip"),
        (b"PK\x03\x04", "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"PK\x03\x04", "a.html", "application/zip"),
        (b"a,b\n1,2", "a.csv", "text/csv"),
        (b"<html><script>alert(1)</script>", "a.html", "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg", "text/plain"),
        ("Grüße".encode(), "a.txt", "text/plain"),
        (b"\x7fELF\x02\x01\x01\0", "a.png", "application/octet-stream"),
        (b"\xff\xfe\x00", "a", "application/octet-stream"),
        (b"", "a.png", "application/octet-stream"),
    ],
)
def test_nothing_is_what_its_sender_calls_it(content: bytes, name: str, expected: str) -> None:
    assert content_type(content, name) == expected


def test_a_picture_that_is_damaged_or_too_large_is_only_a_file() -> None:
    assert dimensions_of(io.BytesIO(b"\x89PNG\r\n\x1a\n and nothing more")) is None
    assert dimensions_of(picture("PNG", (9000, 8000))) is None


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("a.png", "a.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\a.txt", "a.txt"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("", "file"),
        (None, "file"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 180 + ".pdf"),
    ],
)
def test_names_are_made_harmless(name: str | None, clean: str) -> None:
    assert clean_name(name) == clean


def test_a_thumbnail_is_small_upright_and_tells_nothing_else() -> None:
    told = Image.Exif()
    told[0x0112], told[0x010E] = 6, "a secret place"

    small = Image.open(thumbnail_of(picture("JPEG", (2000, 1000), exif=told)))

    assert (small.format, small.size) == ("WEBP", (LONGEST_SIDE // 2, LONGEST_SIDE))
    assert not small.getexif() and b"secret" not in small.fp.getvalue()  # type: ignore[union-attr]


@pytest.mark.parametrize("content", [b"", b"%PDF-", b"\x89PNG\r\n\x1a\n", picture().getvalue()[:45]])
def test_what_is_no_picture_is_not_drawn(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        thumbnail_of(io.BytesIO(content))


def test_how_large_a_picture_is_is_known_without_its_pixels() -> None:
    content = bytearray(picture("PNG", (2000, 1000)).getvalue())
    content[content.index(b"IDAT") + 4 :] = b"no pixels at all"

    assert dimensions_of(io.BytesIO(content)) == (2000, 1000)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_a_picture_may_keep_its_colours_in_any_way(mode: str) -> None:
    made = io.BytesIO()
    Image.new(mode, (1300, 650)).save(made, "JPEG" if mode == "CMYK" else "PNG")

    small = Image.open(thumbnail_of(made))

    assert (small.format, small.size) == ("WEBP", (LONGEST_SIDE, LONGEST_SIDE // 2))


@pytest.mark.parametrize(("form", "size"), [("PNG", (9000, 8000)), ("WEBP", (6000, 5000))])
def test_a_bomb_is_not_drawn(form: str, size: tuple[int, int]) -> None:
    with pytest.raises(NotAPicture):
        thumbnail_of(picture(form, size))
