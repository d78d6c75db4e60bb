"""How often chance alone does what was seen."""

from collections.abc import Sequence
from math import comb, factorial, fsum, log, prod


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


def all_of(chances: Sequence[float]) -> float:
    """Return how often chance alone does several independent things as rare as all of these.

    Notes
    -----
    Fisher's method: the product of k uniform numbers is at most q with probability
    q Σᵢ₌₀ᵏ⁻¹ (−ln q)ⁱ / i!.
    """
    product = prod(chances)
    if product <= 0:
        return 0.0
    terms = ((-log(product)) ** each / factorial(each) for each in range(len(chances)))
    return min(1.0, product * fsum(terms))
