"""When to give a trial up: the coarse stage only finds out where a loss goes down at all."""

from collections import deque
from math import isfinite

from cvtool.records import StepRecord
from cvtool.training.loop import exploded, explodes

SMOOTHED = 10
"""Steps whose mean loss is looked at: that of one batch may be anything."""

FEWEST = 20
"""Steps that every trial is given: at a high rate the first may be wild and the next ones good."""

STILL = 0.02
"""A mean loss that differs from that of the first steps by less than this share does not move.

Rates that are good after ten epochs have moved it by an eighth and more in the first.
"""


class Hope:
    """Watches the loss of one trial, step by step, as long as there is hope (notes §6.6).

    It is lost where the loss is no number, where the mean of the last steps explodes, or where it
    is what it was at first half-way from the end of the warm-up: most schedules make smaller steps
    from there on. Only losses are looked at and no clock, so that it is lost at the same step
    wherever a trial is done.

    Parameters
    ----------
    warm_up
        Epochs over which the learning rate rises.
    """

    def __init__(self, warm_up: float = 0.0) -> None:
        self._warm_up = warm_up
        self._steps = 0
        self._sum = 0.0
        self._first: list[float] = []
        self._last: deque[float] = deque(maxlen=SMOOTHED)

    def after(self, step: StepRecord) -> str | None:
        """Take in a step; return why there is no hope any more, in words, or None."""
        self._steps += 1
        self._sum += step.loss
        self._last.append(step.loss)
        if len(self._first) < SMOOTHED:
            self._first.append(step.loss)
        if not isfinite(step.loss):
            return "the loss is no number any more"
        if self._steps < FEWEST:
            return None
        if explodes(self._now, self._first[0]):
            return exploded(self._now, self._first[0])
        half_way = (step.epochs + self._warm_up) / 2 * step.steps
        if self._steps >= half_way and not self._moves:
            return (
                f"the loss does not move: {self._now:.3g} after {self._steps} steps, "
                f"{self._at_first:.3g} at first"
            )
        return None

    @property
    def _moves(self) -> bool:
        """Whether it has moved, also where it passes on its way down what it was at first."""
        means = self._now, self._sum / self._steps
        return any(abs(mean - self._at_first) >= STILL * self._at_first for mean in means)

    @property
    def _now(self) -> float:
        return sum(self._last) / len(self._last)

    @property
    def _at_first(self) -> float:
        return sum(self._first) / len(self._first)
