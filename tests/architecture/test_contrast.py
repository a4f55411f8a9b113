"""The law of colours: what is to be read can be read, in light and in dark."""

import math
import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "static/css/tokens.css").read_text()
GROUNDS = ("surface", "canvas", "sunken", "raised", "accent-tint")
INKS = ("ink", "ink-soft", "ink-faint", "accent-ink", "bad-ink")
READ = [
    *[
        (ink, ground)
        for ink in ("ink", "ink-soft", "ink-faint", "accent-ink", "bad-ink")
        for ground in GROUNDS
    ],
    ("ink", "accent-tint-strong"),
    ("ink-soft", "accent-tint-strong"),
    ("accent-ink", "accent-tint-strong"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-bad", "bad"),
    ("on-bad", "bad-strong"),
    ("ink", "note"),
    ("ink-soft", "note"),
    ("note-ink", "note"),
    ("accent-ink", "note"),
    ("ink", "good-tint"),
    ("good-ink", "good-tint"),
    ("good-ink", "surface"),
    ("note-ink", "surface"),
    ("ink", "bad-tint"),
    ("bad-ink", "bad-tint"),
]
SEEN = [
    *[(mark, ground) for mark in ("line-control", "accent", "bad") for ground in ("surface", "canvas")],
    ("good", "surface"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), READ)
def test_text_has_four_and_a_half_to_one(ink: str, ground: str, theme: str) -> None:
    assert contrast(colour(ink, theme), colour(ground, theme)) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), SEEN)
def test_edges_and_marks_that_carry_meaning_have_three_to_one(mark: str, ground: str, theme: str) -> None:
    assert contrast(colour(mark, theme), colour(ground, theme)) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("hue", re.findall(r"--hue: (\d+);", TOKENS))
def test_initials_can_be_read_in_every_hue(hue: str, theme: str) -> None:
    assert contrast(colour("hue-ink", theme, hue), colour("hue-tint", theme, hue)) >= 4.5


def colour(name: str, theme: str, hue: str = "0") -> tuple[float, float, float]:
    """The token followed through its var()s and the theme's half of light-dark(), as linear RGB."""
    declared = re.search(rf"--{name}: ([^;]+);", TOKENS)
    assert declared, f"--{name} is not in tokens.css"
    value = declared[1]
    halves = re.fullmatch(r"light-dark\((.+\)), (.+)\)", value)
    if halves:
        value = halves[1] if theme == "light" else halves[2]
    other = re.fullmatch(r"var\(--([\w-]+)\)", value)
    if other:
        return colour(other[1], theme, hue)
    lightness, chroma, angle = re.findall(r"[\d.]+", value.replace("var(--hue)", hue))
    return linear_rgb(float(lightness), float(chroma), math.radians(float(angle)))


def linear_rgb(lightness: float, chroma: float, angle: float) -> tuple[float, float, float]:
    """Björn Ottosson's OKLab matrices, clipped to sRGB as a screen does."""
    a, b = chroma * math.cos(angle), chroma * math.sin(angle)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return tuple(min(1.0, max(0.0, part)) for part in (red, green, blue))


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(rgb: tuple[float, float, float]) -> float:
    red, green, blue = rgb
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
