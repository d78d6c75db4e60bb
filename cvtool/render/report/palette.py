"""Colors of the page: those of the pictures, on white, and lighter ones of the same hues, on dark.

Training, validation and best differ in lightness as well as in hue, for those who see fewer hues;
what is green or red has a sign beside it. Charts name a color as CSS does, ``--validation``.
"""

from collections.abc import Mapping

from cvtool.render.plots.style import BEST, CLASS_COLORS, INK, PALE, TRAINING, VALIDATION

YELLOW = "#edae49"
"""A class color that is too pale for lines on white."""

LIGHT: Mapping[str, str] = {
    "paper": "#f4f6f9",
    "card": "#ffffff",
    "ink": INK,
    "soft": "#5b6472",
    "pale": PALE,
    "faint": "#edf0f4",
    "training": TRAINING,
    "validation": VALIDATION,
    "best": BEST,
    "well": "#1d7a48",
    "ill": "#b3263e",
    "doubt": "#8a5a00",
    "heat": VALIDATION,
    "heat-low": "#e3edf6",
    "heat-words": "#ffffff",
    **{f"class-{number}": each for number, each in enumerate(CLASS_COLORS)},
    f"class-{CLASS_COLORS.index(YELLOW)}": "#b7791f",
}

DARK: Mapping[str, str] = {
    "paper": "#10141a",
    "card": "#181e26",
    "ink": "#e6eaf0",
    "soft": "#a3adbb",
    "pale": "#37404d",
    "faint": "#222a34",
    "training": "#98a2b3",
    "validation": "#5aa9e6",
    "best": "#f07f8f",
    "well": "#5fc98f",
    "ill": "#ff8b98",
    "doubt": "#e8b04a",
    "heat": "#4f9fdd",
    "heat-low": "#22303f",
    "heat-words": "#0c1117",
    "class-0": "#5aa9e6",
    "class-1": "#f07f8f",
    "class-2": "#f0bd62",
    "class-3": "#2f9468",
    "class-4": "#b797d6",
    "class-5": "#35a7b8",
    "class-6": "#f09a5b",
    "class-7": "#9aa3b2",
    "class-8": "#d883b4",
    "class-9": "#a5c765",
}


def class_token(number: int) -> str:
    """Name the color of a class, or of a run, by its position; the first follows the last."""
    return f"--class-{number % len(CLASS_COLORS)}"


def palette_css() -> str:
    """Declare the colors: by what the reader's system prefers, or chose by hand; light on paper."""
    light, dark = _declared(LIGHT, "light"), _declared(DARK, "dark")
    return (
        f":root{{{light}}}\n"
        f'@media(prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}\n'
        f':root[data-theme="dark"]{{{dark}}}\n'
        f"@media print{{:root:root:root{{{light}}}}}\n"
    )


def _declared(colors: Mapping[str, str], scheme: str) -> str:
    return f"color-scheme:{scheme};" + "".join(f"--{name}:{each};" for name, each in colors.items())
