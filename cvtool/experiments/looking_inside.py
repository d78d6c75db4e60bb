"""What a look inside a network comes to: galleries, and the record of it."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np

from cvtool.config import InspectConfig
from cvtool.datasets.looking import as_bytes
from cvtool.datasets.moments import Floats, full_range
from cvtool.datasets.split import Subset
from cvtool.diagnostics.inspection.ascent import climbing, pattern_gallery
from cvtool.diagnostics.inspection.decisions import decision_pictures
from cvtool.diagnostics.inspection.maps import map_rows, maps_gallery
from cvtool.diagnostics.inspection.patches import patches_gallery
from cvtool.diagnostics.inspection.sight import Sight
from cvtool.diagnostics.inspection.stages import Stage
from cvtool.diagnostics.inspection.survey import Survey
from cvtool.diagnostics.inspection.verdicts import filters_live
from cvtool.experiments.inspected_images import Chosen
from cvtool.experiments.trained import Trained
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

Galleries = Generator[Note | WorkRecord | Gallery, None, None]

_IMAGES_FOR_A_COLOR = 500
"""Of so many the mean color hardly changes any more."""

HOW_TO_READ = (
    "Saliency: the brighter a pixel, the more the score of the class seen changes with it. "
    "Occlusion: where the probability of that class falls (red to white) or rises (blue) while a "
    "window of the mean color hides a part."
)
"""What is said in words where decisions are shown."""


@dataclass(frozen=True, eq=False)
class Looking:
    """What has been seen of a network, and what to make of it.

    Parameters
    ----------
    trained
        The run.
    config
        How much to show.
    validation
        Its validation images, in which ``survey`` counts positions.
    stages, survey
        The network's convolutions, and what was seen of them.
    """

    trained: Trained
    config: InspectConfig
    validation: Subset
    stages: tuple[Stage, ...]
    survey: Survey

    @property
    def _sight(self) -> Sight:
        trained = self.trained
        return Sight(
            trained.network,
            trained.view.preprocessing,
            trained.batches,
            trained.config.batch_size,
        )

    @property
    def _is_of_places(self) -> bool:
        """Whether what the network sees has the places of an image."""
        return "pca-whiten" not in self.trained.config.preprocess

    def judged(self, chosen: Chosen) -> InspectedImage:
        """Ask the network for the class of an image."""
        [shares] = self._sight.probabilities(chosen.pixels[np.newaxis])
        classes = self.trained.classes
        return InspectedImage(
            file=chosen.file,
            position=chosen.position,
            label=None if chosen.label is None else classes[chosen.label],
            predicted=classes[shares.argmax()],
            probability=float(shares.max()),
        )

    def galleries(self, chosen: Sequence[Chosen], images: Sequence[InspectedImage]) -> Galleries:
        """Show filters, then what layers make of images, then what decisions hang on."""
        if self._is_of_places:
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
        seen = self._sight.seen(chosen.pixels[np.newaxis])
        rows = map_rows(
            self.trained.network, self.stages, seen, self.survey.alive, self.config.filters
        )
        title = f"What each layer makes of {chosen.words}"
        return maps_gallery(chosen.slug, title, _picture(chosen, image), rows)

    def _decisions(self, chosen: Sequence[Chosen], images: Sequence[InspectedImage]) -> Galleries:
        """Show what each decision hangs on."""
        rows, color = [], self._mean_color()
        for number, (one, image) in enumerate(zip(chosen, images, strict=True), 1):
            label = self.trained.classes.index(image.predicted)
            random = stream(self.trained.config.seed, "inspect", "noise", one.slug)
            drawn = decision_pictures(self._sight, one.pixels, label, color, random)
            rows.append((one.words, (_picture(one, image), *drawn)))
            yield WorkRecord("asking what decisions hang on, image", number, len(chosen))
        yield Gallery("decisions", "What decisions hang on", tuple(rows), HOW_TO_READ)

    def _mean_color(self) -> Floats:
        """Return the mean color of images, in [0, 1]: to the network, almost nothing."""
        images = self.validation.images_at(self.survey.positions[:_IMAGES_FOR_A_COLOR])
        return np.asarray(images.mean(axis=(0, 1, 2), dtype=np.float64) / full_range(images))

    def result(self, images: Sequence[InspectedImage], pictures: Sequence[str]) -> Inspection:
        """Sum up what was found; ``pictures`` names the galleries."""
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
        if not self._is_of_places:
            return (
                "pca-whiten leaves no places of an image, for filters to look at: no patches and "
                "patterns are shown",
            )
        return ()


def _picture(chosen: Chosen, image: InspectedImage) -> Picture:
    above = "" if image.label is None else f"is {image.label}"
    below = f"seen as {image.predicted}, {image.probability:.0%}"
    [pixels] = as_bytes(chosen.pixels[np.newaxis])
    return Picture(np.ascontiguousarray(pixels), above, below)
