"""Telling of a trial no more often than anybody sees: it would have to wait until that is read."""

from collections.abc import Callable
from time import monotonic

from cvtool.records import TrialMoved

_SECONDS_BETWEEN_MOVES = 0.1


def now_and_then(tell: Callable[[TrialMoved], object]) -> Callable[[TrialMoved], None]:
    """Tell how far a trial is at once, and then not again for a while."""
    told = 0.0

    def tell_or_not(moved: TrialMoved) -> None:
        nonlocal told
        if monotonic() >= told + _SECONDS_BETWEEN_MOVES:
            tell(moved)
            told = monotonic()

    return tell_or_not
