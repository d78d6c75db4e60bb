"""How numbers are spelled in a formula."""

import numpy as np


def number(value: float, *, default: float | None = None) -> str:
    """Spell a number so that reading gives it back exactly; nothing at all for the default."""
    return "" if value == default else np.format_float_positional(value, trim="-")
