"""``inspect``: what is inside a trained network, and where its decisions come from."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.config import InspectConfig
from cvtool.datasets.looking import as_bytes
from cvtool.datasets.split import Subset
from cvtool.diagnostics.inspection.ascent import climbing, pattern_gallery
from cvtool.diagnostics.inspection.decisions import decision_pictures
from cvtool.diagnostics.inspection.maps import map_rows, maps_gallery
from cvtool.diagnostics.inspection.patches import patches_gallery
from cvtool.diagnostics.inspection.sight import Sight
from cvtool.diagnostics.inspection.stages import Stage, stages
from cvtool.diagnostics.inspection.survey import Survey, surveying
from cvtool.diagnostics.inspection.verdicts import filters_live
from cvtool.errors import DataError
from cvtool.experiments.inspected_images import Chosen, choose, read_files
from cvtool.experiments.preparation import split_as_configured
from cvtool.experiments.trained import Trained, bring_back
from cvtool.records import (
    Gallery,
    InspectedImage,
    InspectedLayer,
    Inspection,
    Note,
    Picture,
    WorkRecord,
)
from cvtool.seeds import stream

Record = Note | WorkRecord | Gallery | Inspection
Galleries = Generator[Note | WorkRecord | Gallery, None, None]

_IMAGES_FOR_A_COLOR = 500


def inspect(run: str, files: Sequence[str], config: InspectConfig) -> Iterator[Record]:
    """Look inside a run's network; the last record says what was found.

    Parameters
    ----------
    run
        Name or path of a run of ``train-cnn`` or ``linear``.
    files
        Images to look into; some of the validation images if there are none.
    config
        How much to show.

    Raises
    ------
    DataError
        If the run, its data or a file cannot be read, or it did not learn from pixels.
    """
    trained = bring_back(run)
    _check_learned_pixels(trained, run)
    named = read_files(files, trained.image_shape)
    dataset = yield from trained.dataset()
    trained.check_unchanged(dataset)
    validation = split_as_configured(trained.config, dataset).validation
    found = stages(trained.network)
    survey = yield from _survey(trained, validation, found, config)
    looking = _Looking(trained, config, validation, found, survey)
    chosen = named or choose(survey, validation, config.examples, trained.config.seed)
    images = [looking.judged(each) for each in chosen]
    pictures = []
    for record in looking.galleries(chosen, images):
        if isinstance(record, Gallery):
            pictures.append(record.name)
        yield record
    yield looking.result(images, pictures)


def _check_learned_pixels(trained: Trained, run: str) -> None:
    if trained.image_shape[2] == 2:
        what = "points in the plane"
    elif not trained.view.features.is_pixels:
        what = f"{trained.config.features} features of images"
    else:
        return
    raise DataError(
        f"{run} has learned {what}, of whose network there are no pictures to show: name a run "
        f"that was trained on the pixels of images"
    )


def _survey(
    trained: Trained, validation: Subset, found: Sequence[Stage], config: InspectConfig
) -> Generator[WorkRecord, None, Survey]:
    """Look at all validation images, or at some of all classes where there are too many."""
    random = stream(trained.config.seed, "inspect", "images")
    positions = np.sort(random.permutation(len(validation))[: config.limit])
    return (
        yield from surveying(
            trained.network,
            trained.batches(validation),
            positions,
            found,
            filters=config.filters,
            patches=config.patches,
            batch_size=trained.config.batch_size,
        )
    )


@dataclass(frozen=True, eq=False)
class _Looking:
    """What has been seen of a network, and what to make of it."""

    trained: Trained
    config: InspectConfig
    validation: Subset
    stages: tuple[Stage, ...]
    survey: Survey

    @property
    def sight(self) -> Sight:
        trained = self.trained
        return Sight(
            trained.network,
            trained.view.preprocessing,
            trained.batches,
            trained.config.batch_size,
        )

    @property
    def is_of_places(self) -> bool:
        """Whether what the network sees has the places of an image."""
        return "pca-whiten" not in self.trained.config.preprocess

    def judged(self, chosen: Chosen) -> InspectedImage:
        [shares] = self.sight.probabilities(chosen.pixels[np.newaxis])
        classes = self.trained.classes
        return InspectedImage(
            file=chosen.file,
            position=chosen.position,
            label=None if chosen.label is None else classes[chosen.label],
            predicted=classes[shares.argmax()],
            probability=float(shares.max()),
        )

    def galleries(self, chosen: Sequence[Chosen], images: Sequence[InspectedImage]) -> Galleries:
        if self.is_of_places:
            for stage in self.stages:
                yield from self._of_filters(stage)
        if self.stages:
            for one, image in zip(chosen, images, strict=True):
                yield self._maps(one, image)
        yield from self._decisions(chosen, images)

    def _of_filters(self, stage: Stage) -> Galleries:
        """Show what excites a stage's filters: patches that do, and the pattern that would."""
        survey, trained = self.survey, self.trained
        alive = survey.alive[stage]
        yield patches_gallery(stage, survey.strongest[stage], self.validation, alive)
        random = stream(trained.config.seed, "inspect", "pattern", stage.name)
        changes = yield from climbing(
            trained.network, stage, survey.seen, self.config.filters, random
        )
        yield pattern_gallery(stage, changes, survey.seen.mean, trained.view.preprocessing, alive)

    def _maps(self, chosen: Chosen, image: InspectedImage) -> Gallery:
        seen = self.sight.seen(chosen.pixels[np.newaxis])
        rows = map_rows(
            self.trained.network, self.stages, seen, self.survey.alive, self.config.filters
        )
        title = f"What each layer makes of {chosen.words}"
        return maps_gallery(chosen.slug, title, _picture(chosen, image), rows)

    def _decisions(self, chosen: Sequence[Chosen], images: Sequence[InspectedImage]) -> Galleries:
        """Show what each decision hangs on."""
        rows = []
        for number, (one, image) in enumerate(zip(chosen, images, strict=True), 1):
            label = self.trained.classes.index(image.predicted)
            random = stream(self.trained.config.seed, "inspect", "noise", one.slug)
            drawn = decision_pictures(self.sight, one.pixels, label, self._color(), random)
            rows.append((one.words, (_picture(one, image), *drawn)))
            yield WorkRecord("asking what decisions hang on, image", number, len(chosen))
        yield Gallery("decisions", "What decisions hang on", tuple(rows))

    def _color(self) -> NDArray[Any]:
        """Return the mean color of images, as they are stored: to the network, almost nothing."""
        images = self.validation.images_at(self.survey.positions[:_IMAGES_FOR_A_COLOR])
        mean = images.mean(axis=(0, 1, 2), dtype=np.float64)
        is_whole = np.issubdtype(images.dtype, np.integer)
        return np.asarray(mean.round() if is_whole else mean, images.dtype)

    def result(self, images: Sequence[InspectedImage], pictures: Sequence[str]) -> Inspection:
        folder, looked_at = self.trained.folder, len(self.survey.positions)
        layers = {each: self._layer(each) for each in self.stages}
        rectified = [layers[each] for each in self.stages if each.is_rectified]
        verdict = filters_live(rectified, looked_at)
        return Inspection(
            run=str(folder.path),
            folder=str(folder.inside),
            dataset=self.trained.config.dataset,
            images_looked_at=looked_at,
            layers=tuple(layers.values()),
            images=tuple(images),
            pictures=tuple(str(folder.inside / f"{name}.png") for name in pictures),
            left_out=self._left_out(),
            verdicts=() if verdict is None else (verdict,),
        )

    def _layer(self, stage: Stage) -> InspectedLayer:
        return InspectedLayer(
            name=stage.name,
            filters=stage.filters,
            shown=min(self.config.filters, stage.filters),
            receptive_field=stage.field.within(self.trained.image_shape),
            dead=tuple(np.flatnonzero(~self.survey.alive[stage]).tolist()),
        )

    def _left_out(self) -> tuple[str, ...]:
        if not self.stages:
            return ("the network has no convolution: no patches, patterns and maps are shown",)
        if not self.is_of_places:
            return (
                "pca-whiten leaves no places of an image, for filters to look at: no patches and "
                "patterns are shown",
            )
        return ()


def _picture(chosen: Chosen, image: InspectedImage) -> Picture:
    below = f"→ {image.predicted} {image.probability:.0%}"
    [pixels] = as_bytes(chosen.pixels[np.newaxis])
    return Picture(np.ascontiguousarray(pixels), image.label or "", below)
