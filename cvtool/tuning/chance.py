"""How often chance alone does what was seen."""

from math import comb


def at_least(hits: int, drawn: int, marked: int, total: int) -> float:
    """Return how often a draw holds ``hits`` marked things or more.

    Parameters
    ----------
    hits, drawn
        How many of those drawn are marked, and how many are drawn without putting back.
    marked, total
        How many of all are marked, and how many there are.

    Notes
    -----
    The tail of the hypergeometric distribution, reckoned in whole numbers: Fisher, "The logic of
    inductive inference", 1935. Where all trials are equally good, the best are such a draw.
    """
    ways = range(max(hits, drawn + marked - total, 0), min(drawn, marked) + 1)
    favorable = sum(comb(marked, each) * comb(total - marked, drawn - each) for each in ways)
    return favorable / comb(total, drawn)
