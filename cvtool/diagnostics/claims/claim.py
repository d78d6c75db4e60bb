"""What a claim is: a statement, its section, and an experiment whose numbers decide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cvtool.datasets.dataset import Dataset
from cvtool.records.claims import ClaimVerdict


@dataclass(frozen=True, eq=False)
class Bench:
    """What the experiments work with: images with at least two classes, and a seed."""

    dataset: Dataset
    seed: int


@dataclass(frozen=True)
class Measurement:
    """What an experiment measured, what that says of the claim, and both in a sentence."""

    measured: Mapping[str, float]
    verdict: ClaimVerdict
    message: str


@dataclass(frozen=True)
class Claim:
    """One statement of the notes.

    Parameters
    ----------
    id
        A few words with hyphens, as ``k1-perfect``.
    section
        Of the notes, as ``§2.2``.
    text
        The statement in a few words.
    test
        The experiment: a function of the bench alone.
    """

    id: str
    section: str
    text: str
    test: Callable[[Bench], Measurement]


def holds(is_so: bool, measured: Mapping[str, float], message: str) -> Measurement:
    """Say that numbers bear a claim out, or that they do not."""
    return Measurement(measured, "holds" if is_so else "does not hold here", message)
