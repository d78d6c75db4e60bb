"""What there is to say of nearest neighbors: how well each number of them votes."""

from dataclasses import dataclass

from cvtool.records.explanation import Explanation
from cvtool.records.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One number of neighbors under one metric; ``ties`` counts the votes that were tied."""

    k: int
    metric: str
    accuracy: float
    ties: int


@dataclass(frozen=True, kw_only=True)
class HeldOutSetting(Setting):
    """Measured once: ``low`` to ``high`` is the 95 % interval of the accuracy (Wilson 1927)."""

    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class CrossValidatedSetting(Setting):
    """Measured on each fold: ``accuracy`` is the mean over ``folds``.

    ``std`` is their standard deviation as NumPy and courses reckon it: it divides by their number.
    """

    folds: tuple[float, ...]
    std: float


@dataclass(frozen=True, kw_only=True)
class KnnResult:
    """How well nearest neighbors do, setting by setting.

    Parameters
    ----------
    split
        Which images were classified: ``val`` or ``test``; of folds, each is once ``val``.
    queries
        How many images were classified; with folds, in all of them together.
    train_images
        How many images each was compared with; with folds, in the smallest training part.
    seconds
        From the first look at the data to the result.
    comparing_seconds
        How much of that was spent on distances and votes.
    ties
        Tied votes of all settings together.
    tie_rule
        Who won them: the label ``smallest`` among the tied, or that of the ``nearest`` neighbor.
    results
        The settings, by metric and k.
    best
        The highest accuracy; of equal ones the smallest k, then the metric named first.
    """

    run: str
    dataset: str
    features: str
    preprocess: str
    seed: int
    split: str
    queries: int
    train_images: int
    seconds: float
    comparing_seconds: float
    ties: int
    tie_rule: str
    results: tuple[Setting, ...]
    best: Setting
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, kw_only=True)
class ExplainedKnnResult(KnnResult):
    """The same, and what distances between the pixels of these images do not see."""

    explanation: Explanation
