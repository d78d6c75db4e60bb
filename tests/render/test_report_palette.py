"""Colors of the page can be told apart on both grounds, also by those who see fewer hues."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from cvtool.render.plots.style import BEST, CLASS_COLORS, TRAINING, VALIDATION
from cvtool.render.report.palette import DARK, LIGHT, palette_css

THEMES = {"light": LIGHT, "dark": DARK}

# Severe deficiencies of each kind of cones (Machado, Oliveira and Fernandes 2009), in linear light.
DEFICIENCIES = {
    "none": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ.sum(axis=1)


def linear(color: str) -> NDArray[np.float64]:
    """Turn a color into amounts of light."""
    parts = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(first: str, second: str) -> float:
    """Return the ratio of luminances as WCAG 2 defines it, from 1 to 21."""
    high, low = sorted((float(TO_XYZ[1] @ linear(each)) for each in (first, second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def difference(first: str, second: str, seen: NDArray[np.float64]) -> float:
    """Return the distance of two colors in CIELAB as somebody sees them; 2.3 can just be told."""
    labs = []
    for each in (first, second):
        xyz = TO_XYZ @ np.clip(seen @ linear(each), 0, 1) / WHITE
        f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
        labs.append(np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]))
    return float(np.linalg.norm(labs[0] - labs[1]))


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_words_can_be_read(theme: Mapping[str, str]) -> None:
    for ground in ("card", "paper", "faint"):
        for words in ("ink", "soft", "well", "ill", "doubt"):
            assert contrast(theme[words], theme[ground]) >= 4.5, (words, ground)
    for sign in ("well", "ill", "doubt", "soft"):
        assert contrast(theme["card"], theme[sign]) >= 4.5, sign
    assert contrast(theme["heat-words"], theme["heat"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_lines_stand_out_from_their_ground(theme: Mapping[str, str]) -> None:
    lines = [name for name in theme if name.startswith("class-")]
    for name in (*lines, "training", "validation", "best"):
        assert contrast(theme[name], theme["card"]) >= 3, name


@pytest.mark.parametrize("seen", DEFICIENCIES.values(), ids=DEFICIENCIES)
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_curves_can_be_told_apart(theme: Mapping[str, str], seen: NDArray[np.float64]) -> None:
    for first, second in combinations(("training", "validation", "best"), 2):
        assert difference(theme[first], theme[second], seen) > 10, (first, second)
    runs = [theme[f"class-{number}"] for number in range(4)]
    for first, second in combinations(runs, 2):
        assert difference(first, second, seen) > 8, (first, second)


def test_colors_on_white_are_those_of_the_pictures_but_for_a_pale_one() -> None:
    assert (LIGHT["training"], LIGHT["validation"], LIGHT["best"]) == (TRAINING, VALIDATION, BEST)
    others = [
        number for number, each in enumerate(CLASS_COLORS) if LIGHT[f"class-{number}"] != each
    ]
    assert others == [2]
    assert contrast(CLASS_COLORS[2], "#ffffff") < 3


def test_both_themes_declare_the_same_colors() -> None:
    assert set(LIGHT) == set(DARK)
    css = palette_css()
    assert css.count("--ink:") == 4
    assert css.count(f"--ink:{LIGHT['ink']};") == css.count(f"--ink:{DARK['ink']};") == 2
