"""How far an accuracy, or a mean, can be trusted that was measured a number of times."""

from collections.abc import Sequence
from math import fsum, sqrt

_NORMAL_95 = 1.959964
"""Standard deviations of a normal distribution about its mean that hold 95 % of it."""

_STUDENT_95 = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
"""The same for Student's distributions of 1 to 30 degrees of freedom, in estimated deviations."""


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


def mean_interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of the mean that repeated measurements scatter about.

    Parameters
    ----------
    values
        At least two.

    Notes
    -----
    Student, "The probable error of a mean", 1908. Beyond the table the last entry serves, which
    makes the interval a little wide.
    """
    count = len(values)
    middle = fsum(values) / count
    variance = fsum((value - middle) ** 2 for value in values) / (count - 1)
    reach = _STUDENT_95[min(count - 1, len(_STUDENT_95)) - 1] * sqrt(variance / count)
    return middle - reach, middle + reach


def paired_difference(only_first: int, only_second: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of how much better the second of two is on the same images.

    Parameters
    ----------
    only_first, only_second
        On how many images only one of the two was right.
    total
        How many images there were, at least one.

    Notes
    -----
    Bonett and Price, "Adjusted Wald confidence interval for a difference of binomial proportions
    based on paired data", 2012: as if there had been one image more of either kind.
    """
    first, second = (only_first + 1) / (total + 2), (only_second + 1) / (total + 2)
    middle, seen = second - first, (only_second - only_first) / total
    reach = _NORMAL_95 * sqrt((first + second - middle**2) / (total + 2))
    return max(-1.0, min(middle - reach, seen)), min(1.0, max(middle + reach, seen))
