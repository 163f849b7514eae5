"""Every pair of colours that the design system puts on one another is readable (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

from components.tailwind import COLORS
from components.ui.badge import LABEL_COLORS

THEME = (Path(__file__).parents[2] / "assets" / "theme.css").read_text(encoding="utf-8")
HUES = ("accent", "ai", "sun", "positive", "warning", "danger", "info")
PAPERS = ("canvas", "surface", "raised", "sunken", "hover")

TEXT_PAIRS = [
    *[(ink, paper) for ink in ("ink", "muted", "faint") for paper in PAPERS],
    *[(f"{hue}-contrast", hue) for hue in HUES],
    *[(f"{hue}-ink", f"{hue}-soft") for hue in HUES],
    *[(f"{hue}-ink", paper) for hue in HUES for paper in PAPERS],
    ("panel-contrast", "panel"),
    ("accent-contrast", "accent-hover"),
    ("danger-contrast", "danger-hover"),
    ("canvas", "ink"),  # tooltips
    *[(f"{color}-ink", f"{color}-soft") for color in LABEL_COLORS],
    *[(f"bubble-{who}-ink", f"bubble-{who}") for who in ("other", "mine", "ai", "note")],
]
# The parts of a control that tell where it is and what it is: 3 to 1.
SHAPE_PAIRS = [
    *[("strong", paper) for paper in ("canvas", "surface", "raised")],
    *[("focus", paper) for paper in PAPERS],
    *[(hue, "surface") for hue in ("accent", "danger", "positive", "ai")],
]


def block(selector: str) -> dict[str, str]:
    body = re.search(rf"^{re.escape(selector)} {{(.*?)^}}", THEME, re.DOTALL | re.MULTILINE)
    assert body
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", body[1]))


LIGHT = block(":root")
MODES = {"light": LIGHT, "dark": LIGHT | block(".dark")}


def luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("ink", "paper"), TEXT_PAIRS)
def test_text_is_readable(mode: str, ink: str, paper: str) -> None:
    assert contrast(MODES[mode][ink], MODES[mode][paper]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("shape", "paper"), SHAPE_PAIRS)
def test_shapes_are_visible(mode: str, shape: str, paper: str) -> None:
    assert contrast(MODES[mode][shape], MODES[mode][paper]) >= 3


def test_every_color_class_has_its_token_in_both_modes() -> None:
    assert not set(COLORS) - set(LIGHT)
    assert set(block(".dark")) >= set(COLORS)


def test_the_measure_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
