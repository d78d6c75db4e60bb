"""What can be chosen where nearest neighbors vote."""

from dataclasses import dataclass

from cvtool.config.choosing import Config, option, same
from cvtool.config.training import DataConfig, RunConfig

METRICS = ("l1", "l2", "cosine")
SPLITS = ("val", "test")
TIES = ("smallest", "nearest")


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
        None, "spread the training images over a dask cluster", metavar="ADDRESS"
    )


@dataclass(frozen=True, kw_only=True)
class KnnConfig(RunConfig, NeighborsConfig, DataConfig):
    """All that ``knn`` needs to know."""

    preprocess: str = same(DataConfig, "preprocess", default="none")
