"""Whether two classifiers that saw the same images differ by more than chance.

Images on which both are right, or both wrong, say nothing about which is better. On the others just
one is right: if the two were equally good, each would be so on about half of them.
"""

from collections.abc import Sequence


def mcnemar(only_first: int, only_second: int) -> float:
    """Return how often chance alone would divide the images as unevenly: the two-sided p-value.

    Parameters
    ----------
    only_first, only_second
        On how many images only one of the two classifiers was right.

    Notes
    -----
    McNemar, "Note on the sampling error of the difference between correlated proportions or
    percentages", 1947, in its exact form: a sign test, of whole numbers, without any approximation.
    """
    total, fewer = only_first + only_second, min(only_first, only_second)
    ways, tail = 1, 0  # to choose ``taken`` of all, and the sum of these
    for taken in range(fewer + 1):
        tail += ways
        ways = ways * (total - taken) // (taken + 1)
    return min(1.0, 2 * tail / (1 << total))


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Raise p-values that were found together, so that each may be judged as if it were alone.

    Notes
    -----
    Holm, "A simple sequentially rejective multiple test procedure", 1979.
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    raised, highest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        raised[place] = highest
    return tuple(raised)
