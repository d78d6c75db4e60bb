"""What can be chosen where nearest neighbors vote."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from cvtool.config.choosing import Config, option, same
from cvtool.config.training import DataConfig, RunConfig
from cvtool.errors import UsageError

METRICS = ("l1", "l2", "cosine")
SPLITS = ("val", "test")
TIES = ("smallest", "nearest")
MOST_NEIGHBORS = 10_000

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class NeighborsConfig(Config):
    """Whom to ask, and how votes become an answer."""

    k: str = option("5", "neighbors that vote; several to compare, as 1,3,5", metavar="K,…")
    metric: str = option(
        "l1", "how distance is measured: l1, l2, cosine, or several, as l1,l2", metavar="WORD,…"
    )
    ties: str = option(
        "smallest", "who wins a tied vote: the smallest label or the nearest neighbor", choices=TIES
    )
    split: str = option("val", "images to classify; test opens the test set", choices=SPLITS)
    folds: int | None = option(
        None, "cross-validate in this many folds instead of holding images out", low=2, high=1000
    )
    explain: bool = option(False, "show what distances between pixels do not see")
    cluster: str | None = option(
        None,
        "spread the training images over dask workers: tcp://HOST:PORT, or local:N for N here",
        metavar="ADDRESS",
    )

    def __post_init__(self) -> None:
        """Hold the fields to their bounds, the lists to what makes sense, and all to each other.

        Raises
        ------
        UsageError
            Naming the option, its rule, the value given and what would do.
        """
        super().__post_init__()
        _ = self.ks, self.metrics
        check_cluster(self.cluster)
        if self.folds is not None and self.split == "test":
            raise UsageError(
                f"--folds {self.folds} chooses among the training images and --split test reports "
                f"on others: choose with the one first, then use the other alone"
            )

    @property
    def ks(self) -> tuple[int, ...]:
        """Numbers of neighbors to compare, ascending."""
        return tuple(sorted(_listed("--k", self.k, _number)))

    @property
    def metrics(self) -> tuple[str, ...]:
        """Metrics to compare, in the order given."""
        return _listed("--metric", self.metric, _metric)


@dataclass(frozen=True, kw_only=True)
class KnnConfig(RunConfig, NeighborsConfig, DataConfig):
    """All that ``knn`` needs to know."""

    preprocess: str = same(DataConfig, "preprocess", default="none")


def check_cluster(address: str | None) -> None:
    """Refuse what cannot be where a dask scheduler listens, or one to be started.

    Raises
    ------
    UsageError
        Saying what can.
    """
    if address is not None and not _ADDRESS.fullmatch(address):
        raise UsageError(
            f"--cluster takes local:N with N from 1 to 99, or an address as tcp://HOST:PORT, not "
            f"'{address}'"
        )


def _listed(option_name: str, text: str, read: Callable[[str], Item]) -> tuple[Item, ...]:
    """Read what stands between commas, each once."""
    items = [read(word.strip()) for word in text.split(",")]
    for item in items:
        if items.count(item) > 1:
            raise UsageError(f"{option_name} names {item} more than once: keep one of them")
    return tuple(items)


def _number(word: str) -> int:
    if not (word.isascii() and word.isdecimal()):
        raise UsageError(
            f"--k takes whole numbers with commas between them, as 1,3,5, not '{word}'"
        )
    if not 1 <= int(word) <= MOST_NEIGHBORS:
        raise UsageError(f"--k takes numbers from 1 to {MOST_NEIGHBORS:,}, not {word}")
    return int(word)


def _metric(word: str) -> str:
    if word not in METRICS:
        near = get_close_matches(word, METRICS, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"take {', '.join(METRICS)}"
        raise UsageError(f"--metric does not know '{word}': {hint}")
    return word


_ADDRESS = re.compile(r"local:[1-9]\d?|(?!local:)(\w+://)?\S+:\d+")
