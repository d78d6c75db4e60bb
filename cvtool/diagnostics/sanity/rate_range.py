"""The range test of the learning rate: it grows from step to step until the loss explodes (§6.6).

Smith, "Cyclical learning rates for training neural networks", 2017.
"""

from dataclasses import dataclass

import numpy as np

from cvtool.datasets.batches import batch_order
from cvtool.diagnostics.sanity.practice import Practice
from cvtool.diagnostics.sanity.setup import Setup
from cvtool.records import Line, SanityCheck, Scores

STEPS = 90
LOWEST, HIGHEST = 1e-6, 10.0
SMOOTH = 0.85
"""Share of the smoothed loss that each step keeps."""
EXPLODED = 4.0
BEGUN = 0.1
"""Share of the whole fall of the loss at which it has begun to fall."""
PATIENCE = 10.0
"""An epoch has many steps, so that a rate below the one that shows in a few may still do."""


@dataclass(frozen=True)
class Sweep:
    """Smoothed losses beside the rates of the steps, and the rates that are usable, if any."""

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    usable: tuple[float, float] | None


def sweep(setup: Setup) -> Sweep:
    """Raise the rate tenfold about every thirteen steps and follow the loss."""
    practice, batcher, config = Practice(setup, setup.anew()), setup.train, setup.config
    average = 0.0
    rates: list[float] = []
    losses: list[float] = []
    size = min(config.batch_size, len(batcher.subset))
    every = np.geomspace(LOWEST, HIGHEST, STEPS)
    orders = (
        positions
        for epoch in range(1, STEPS + 1)
        for positions in batch_order(len(batcher.subset), size, config.seed, epoch)
        if len(positions) == size
    )
    for at, (rate, positions) in enumerate(zip(every, orders, strict=False), 1):
        images = practice.network.room(len(positions))
        labels = batcher.fill(positions, images)
        loss, _ = practice.step(images, labels, float(rate))
        average = SMOOTH * average + (1 - SMOOTH) * loss
        smoothed = average / (1 - SMOOTH**at)
        if not np.isfinite(smoothed) or (losses and smoothed > EXPLODED * losses[0]):
            break
        rates.append(float(rate))
        losses.append(float(smoothed))
    return Sweep(tuple(rates), tuple(losses), _usable(rates, losses))


def _usable(rates: list[float], losses: list[float]) -> tuple[float, float] | None:
    """From where the loss has begun to fall to where it is lowest."""
    if len(losses) < 2:
        return None
    start = float(np.mean(losses[: max(1, len(losses) // 8)]))
    lowest = int(np.argmin(losses))
    fall = start - losses[lowest]
    if fall < 0.05 * start:
        return None
    begun = next(at for at, loss in enumerate(losses) if loss <= start - BEGUN * fall)
    return rates[min(begun, lowest)] / PATIENCE, rates[lowest]


def learning_rate(setup: Setup, found: Sweep) -> SanityCheck:
    """Hold the rate that was chosen to the usable ones."""
    rate = setup.config.learning_rate
    if found.usable is None:
        message = "the loss falls at no rate from 1e-06 to 10: gradients, labels or inputs are "
        message += "wrong, look into them by cvtool gradcheck"
        return SanityCheck("learning rate", False, "a rate at which the loss falls", rate, message)
    low, high = found.usable
    ok = low <= rate <= high
    message = f"usable rates are {low:.0e} to {high:.0e}, chosen is {rate:g}"
    if not ok:
        message += f": try --learning-rate {np.sqrt(low * high):.0e}"
    return SanityCheck("learning rate", bool(ok), f"{low:.2g} to {high:.2g}", rate, message)


def picture(found: Sweep) -> Scores:
    """Draw loss against rate."""
    line = Line("smoothed loss", found.rates, tuple((loss,) for loss in found.losses))
    return Scores(
        "learning_rates", "learning-rate range test", "learning rate", (line,), quantity="loss"
    )
