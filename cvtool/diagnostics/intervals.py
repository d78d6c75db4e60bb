"""How far an accuracy can be trusted that was measured on some images."""

from math import sqrt

_NORMAL_95 = 1.959964
"""Standard deviations of a normal distribution about its mean that hold 95 % of it."""


def wilson(right: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, of which ``right`` of ``total`` were seen.

    Unlike the mean ± deviation it never leaves [0, 1], and has a width where all were right.

    Parameters
    ----------
    right, total
        Whole numbers, at least one in all.

    Notes
    -----
    Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    seen, z = right / total, _NORMAL_95
    middle = (seen + z**2 / (2 * total)) / (1 + z**2 / total)
    reach = z / (1 + z**2 / total) * sqrt(seen * (1 - seen) / total + z**2 / (4 * total**2))
    # Rounding must not put what was seen beside its own interval.
    return max(0.0, min(middle - reach, seen)), min(1.0, max(middle + reach, seen))
