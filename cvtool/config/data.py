"""What can be chosen where data sets are looked at, checked and imported."""

from dataclasses import dataclass

from cvtool.config.choosing import Config, option, same
from cvtool.config.training import DataConfig, LearningConfig, RunConfig


@dataclass(frozen=True, kw_only=True)
class LookConfig(Config):
    """What to look at, and where to keep what was seen."""

    dataset: str = same(DataConfig, "dataset", help="name or path of a data set")
    image_size: int | None = same(DataConfig, "image_size")
    exclude: str | None = same(DataConfig, "exclude")
    threads: int | None = same(RunConfig, "threads")
    name: str | None = same(RunConfig, "name")


@dataclass(frozen=True, kw_only=True)
class CheckConfig(LookConfig):
    """All that ``data check`` needs to know."""

    fix: bool = option(False, "write a list of images to leave out, for --exclude")


@dataclass(frozen=True, kw_only=True)
class ShowConfig(LookConfig):
    """All that ``data show`` needs to know."""

    per_class: int = option(8, "images to show of each class", low=1, high=100)
    preprocess: str = same(DataConfig, "preprocess", default="none")
    augment: str = same(LearningConfig, "augment")
    whiten_epsilon: float = same(DataConfig, "whiten_epsilon")
    augmented: bool = option(False, "show what a network sees: preprocessed, augmented")
    val_fraction: float = same(DataConfig, "val_fraction")
    seed: int = same(RunConfig, "seed")


@dataclass(frozen=True, kw_only=True)
class ImportConfig(Config):
    """All that ``data import`` needs to know."""

    dataset: str = same(
        DataConfig, "dataset", default="", help="path of a data set, or a name with choices"
    )
    name: str | None = option(None, "name to give it; that of its file or folder unless said")
    image_size: int | None = same(DataConfig, "image_size")
    exclude: str | None = same(DataConfig, "exclude")
