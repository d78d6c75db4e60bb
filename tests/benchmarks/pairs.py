"""Timing ourselves and a peer on the same work, in turn.

Machines are shared and change their speed from one second to the next. Runs therefore alternate,
A B A B …, and what is reported is the median of each and the ratio of the medians.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from statistics import median
from time import perf_counter

from cvtool.kernels.peak import peak as measured_peak

Work = Callable[[], object]


@dataclass(frozen=True)
class Timing:
    """Median seconds of ourselves and of every peer."""

    ours: float
    peers: Mapping[str, float]

    def ratio(self, peer: str) -> float:
        """How many times as fast as the peer we are."""
        return self.peers[peer] / self.ours


def compare(ours: Work, peers: Mapping[str, Work], *, rounds: int = 21, warmup: int = 3) -> Timing:
    """Run everything in turn and take medians."""
    works = {"": ours, **peers}
    for work in works.values():
        for _ in range(warmup):
            work()
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            started = perf_counter()
            work()
            seconds[name].append(perf_counter() - started)
    medians = {name: median(values) for name, values in seconds.items()}
    return Timing(medians.pop(""), medians)


@cache
def peak() -> float:
    """Return the best of five measurements, the same for all that is compared with it."""
    return max(measured_peak() for _ in range(5))
