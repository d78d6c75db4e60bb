"""``data show``: examples and the mean of each class, and what a network sees of them."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cvtool.config import ShowConfig
from cvtool.datasets.augmentation import Augmentation
from cvtool.datasets.batches import Batcher
from cvtool.datasets.dataset import Dataset, Indices
from cvtool.datasets.looking import around_gray, as_bytes, class_means
from cvtool.datasets.moments import full_range
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.preprocessing_chain import check_augmentation, parse_chain
from cvtool.datasets.split import Subset, split, whole
from cvtool.diagnostics.data.data_statistics import class_counts
from cvtool.experiments.keeping_pictures import keep
from cvtool.experiments.preprocessing_pictures import preprocessing_galleries
from cvtool.experiments.reading import read
from cvtool.kernels.threads import use_threads
from cvtool.records import DataShown, Gallery, Note, Picture, Points, WorkRecord
from cvtool.runs import RunFolder
from cvtool.seeds import stream

Record = Note | WorkRecord | Gallery | Points | DataShown

_VERSIONS = 8
_MEANS_IN_A_ROW = 10
_MOST_POINTS = 5_000


def show_dataset(config: ShowConfig) -> Iterator[Record]:
    """Look at the training part of a data set; the last record says what there is.

    Raises
    ------
    UsageError, DataError
        If choices contradict each other or the data, or the data cannot be read.
    """
    RunFolder.check_free(config.name)
    config = _with_augmentation(config)
    check_augmentation(parse_chain(config.preprocess), Augmentation.parse(config.augment))
    use_threads(config.threads)
    dataset = yield from read(config)
    pictures: list[Gallery | Points] = []
    for record in _pictures(dataset, config):
        if isinstance(record, Gallery | Points):
            pictures.append(record)
        else:
            yield record
    folder = RunFolder.create(
        config.name, f"data-show-{dataset.name}", config=config, facts={"command": "data show"}
    )
    keep(folder, pictures)
    yield from pictures
    shown = _summary(dataset, config, folder, [picture.name for picture in pictures])
    folder.write_result(shown)
    yield shown


def _with_augmentation(config: ShowConfig) -> ShowConfig:
    """Show what there could be, where ``--augmented`` comes without saying how."""
    Augmentation.parse(config.augment)
    if config.augmented and config.augment == "none":
        return replace(config, augment="flip,shift")
    return config


def _summary(
    dataset: Dataset, config: ShowConfig, folder: RunFolder, names: list[str]
) -> DataShown:
    return DataShown(
        run=str(folder.path),
        dataset=config.dataset,
        images=sum(len(part.kept) for part in dataset.parts.values()),
        classes=len(dataset.classes),
        shape=dataset.image_shape,
        class_counts=class_counts(dataset),
        pictures=tuple(str(folder.plots / f"{name}.png") for name in names),
    )


def _pictures(
    dataset: Dataset, config: ShowConfig
) -> Iterator[Note | WorkRecord | Gallery | Points]:
    if dataset.has_points:
        yield _points(dataset, config)
        return
    yield _means(dataset)
    chosen = _choose(dataset, config)
    yield _examples(dataset, chosen)
    if config.augmented or config.preprocess != "none":
        parts = split(dataset, val_fraction=config.val_fraction, limit=None, seed=config.seed)
        preprocessing = yield from Preprocessing.fitting(
            config.preprocess, parts.train, epsilon=config.whiten_epsilon
        )
        if config.augmented:
            yield _augmented(dataset, config, preprocessing, chosen)
        if config.preprocess != "none":
            yield from preprocessing_galleries(dataset, parts.train, preprocessing)


def _choose(dataset: Dataset, config: ShowConfig) -> list[Indices]:
    """Draw some images of each class, the same for the same seed."""
    kept, random = dataset.train.kept, stream(config.seed, "show")
    labels = dataset.train.labels[kept]
    of_class = [kept[labels == number] for number in range(len(dataset.classes))]
    return [np.sort(random.permutation(each)[: config.per_class]) for each in of_class]


def _points(dataset: Dataset, config: ShowConfig) -> Points:
    kept = dataset.train.kept
    chosen = np.sort(stream(config.seed, "show").permutation(kept)[:_MOST_POINTS])
    return Points(
        name="points",
        title=f"{dataset.name}: {len(chosen):,} of {len(kept):,} points",
        points=np.asarray(dataset.train.images[chosen]).reshape(-1, 2),
        labels=dataset.train.labels[chosen],
        classes=dataset.classes,
    )


def _means(dataset: Dataset) -> Gallery:
    means = class_means(whole(dataset.train), len(dataset.classes))
    counts = class_counts(dataset)["train"]
    images = as_bytes(means / full_range(dataset.train.images))
    pictures = [
        Picture(image, name, f"{count:,}")
        for image, (name, count) in zip(images, counts.items(), strict=True)
    ]
    rows = [
        ("", tuple(pictures[start : start + _MEANS_IN_A_ROW]))
        for start in range(0, len(pictures), _MEANS_IN_A_ROW)
    ]
    return Gallery("means", f"{dataset.name}: the mean image of each class", tuple(rows))


def _examples(dataset: Dataset, chosen: list[Indices]) -> Gallery:
    rows = [
        (name, tuple(map(Picture, as_bytes(dataset.train.images[positions]))))
        for name, positions in zip(dataset.classes, chosen, strict=True)
    ]
    return Gallery("examples", f"{dataset.name}: examples of each class", tuple(rows))


def _augmented(
    dataset: Dataset, config: ShowConfig, preprocessing: Preprocessing, chosen: list[Indices]
) -> Gallery:
    """Take one image of each class, and what batches of several epochs make of it."""
    augmentation = Augmentation.parse(config.augment)
    firsts = [positions[:1] for positions in chosen]
    rows = []
    for name, position in zip(dataset.classes, firsts, strict=True):
        if len(position):
            random = stream(config.seed, "show", name)
            original = as_bytes(dataset.train.images[position])
            repeated = Subset(dataset.train, np.repeat(position, _VERSIONS))
            batcher = Batcher(repeated, preprocessing, augmentation)
            versions = _seen(batcher, random)
            rows.append((name, (*map(Picture, original), *map(Picture, versions))))
    seen = f"as a network sees it ({config.preprocess}; {config.augment})"
    return Gallery("augmented", f"{dataset.name}: an image, and it {seen}", tuple(rows))


def _seen(batcher: Batcher, random: np.random.Generator) -> list[NDArray[np.uint8]]:
    out = np.empty((len(batcher.subset), *batcher.shape), np.float32)
    batcher.fill(np.arange(len(batcher.subset)), out, random)
    return [around_gray(image) for image in out]
