"""The images of a study as its trials see them: read and fitted once in each process."""

from dataclasses import replace
from functools import lru_cache

from cvtool.config import DataConfig, KnnConfig, LearnerConfig
from cvtool.datasets.dataset import Dataset
from cvtool.errors import DataError
from cvtool.experiments.comparisons import Seen, compare, looking
from cvtool.experiments.preparation import Preparation, prepare_for
from cvtool.experiments.reading import open_configured
from cvtool.experiments.trial_settings import Settings
from cvtool.records import finish

_IMAGES = ("dataset", "image_size", "exclude")
_VIEW = (
    *(*_IMAGES, "val_fraction", "split_seed", "limit", "seed"),
    *("features", "preprocess", "whiten_epsilon"),
)
_AT_ONCE = 2
"""How many views to hold: of two that alternate, none is made again and again."""


def opened(config: LearnerConfig | KnnConfig, checksum: str) -> Dataset:
    """Open the images of a study, unless this process has.

    Raises
    ------
    DataError
        If they are not those that the study was begun with.
    """
    images = DataConfig(**{name: getattr(config, name) for name in _IMAGES})
    return _opened(images, checksum)


def prepared(config: LearnerConfig, checksum: str) -> Preparation:
    """Split the images and fit the view, unless this process has, for some network or other."""
    return _prepared(_saying(config, _VIEW), checksum)


def compared(config: KnnConfig, checksum: str) -> tuple[Seen, ...]:
    """Say what is compared with what, as it is seen, unless this process has."""
    return _compared(_saying(config, (*_VIEW, "folds")), checksum)


def _saying(config: Settings, names: tuple[str, ...]) -> Settings:
    """Return a configuration that says these settings and no others."""
    return type(config)(**{name: getattr(config, name) for name in names})


@lru_cache(maxsize=_AT_ONCE)
def _opened(images: DataConfig, checksum: str) -> Dataset:
    dataset = open_configured(images)
    if dataset.checksum != checksum:
        raise DataError(
            f"the images at {images.dataset} are not those that the study was begun with: "
            f"put the same data there"
        )
    return dataset


@lru_cache(maxsize=_AT_ONCE)
def _prepared(config: LearnerConfig, checksum: str) -> Preparation:
    return finish(prepare_for(opened(config, checksum), config))


@lru_cache(maxsize=_AT_ONCE)
def _compared(config: KnnConfig, checksum: str) -> tuple[Seen, ...]:
    dataset = opened(config, checksum)
    steps = looking(config, dataset, compare(replace(config, k="1"), dataset))
    return tuple(each for each in steps if isinstance(each, Seen))
