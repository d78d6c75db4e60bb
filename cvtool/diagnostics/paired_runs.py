"""Whether one of two runs does better on the same images, in numbers and in words."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cvtool.diagnostics.intervals import paired_difference, wilson
from cvtool.diagnostics.mcnemar import holm, mcnemar
from cvtool.records import PairCompared
from cvtool.records.chance import CHANCE, chance_words


def compare_pair(
    first: str, second: str, first_right: NDArray[np.bool_], second_right: NDArray[np.bool_]
) -> PairCompared:
    """Compare two runs by the images ``(n,)`` each was right on; ``judged`` is still to be asked.

    Parameters
    ----------
    first, second
        What the runs are called.
    first_right, second_right
        On which of the same images, at least one, each was right.
    """
    total = len(first_right)
    counts = int(first_right.sum()), int(second_right.sum())
    only_first = int((first_right & ~second_right).sum())
    only_second = int((second_right & ~first_right).sum())
    return PairCompared(
        first=first,
        second=second,
        images=total,
        accuracies=(counts[0] / total, counts[1] / total),
        intervals=(wilson(counts[0], total), wilson(counts[1], total)),
        difference=(only_second - only_first) / total,
        interval=paired_difference(only_first, only_second, total),
        only_first=only_first,
        only_second=only_second,
        p_value=mcnemar(only_first, only_second),
        verdict="",
    )


def not_comparable(first: str, second: str, reason: str) -> PairCompared:
    """Say why two runs cannot be held against each other image by image."""
    return PairCompared(first, second, 0, None, None, None, None, 0, 0, None, reason)


def judged(pairs: Sequence[PairCompared]) -> tuple[PairCompared, ...]:
    """Say of each pair whether it differs by more than chance, given how many there are."""
    found = [pair.p_value for pair in pairs if pair.p_value is not None]
    raised = iter(holm(found))
    return tuple(
        pair if pair.p_value is None else _judged(replace(pair, p_value=next(raised)))
        for pair in pairs
    )


def _judged(pair: PairCompared) -> PairCompared:
    assert pair.difference is not None
    assert pair.p_value is not None
    if not pair.only_first and not pair.only_second:
        return replace(pair, verdict="both are right on the very same images")
    if not pair.difference:
        words = "both do equally well, on different images"
    else:
        is_sure = pair.p_value <= CHANCE
        words = (
            f"the difference of {100 * abs(pair.difference):.1f} points is "
            f"{'more' if is_sure else 'no more'} than chance would make"
        )
    return replace(pair, verdict=f"{words} ({chance_words(pair.p_value)})")
