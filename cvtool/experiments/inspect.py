"""``inspect``: what is inside a trained network, and where its decisions come from."""

from collections.abc import Generator, Iterator, Sequence

import numpy as np

from cvtool.config import InspectConfig
from cvtool.datasets.split import Subset
from cvtool.diagnostics.inspection.stages import Stage, stages
from cvtool.diagnostics.inspection.survey import Survey, surveying
from cvtool.errors import DataError
from cvtool.experiments.inspected_images import chosen_examples, chosen_files
from cvtool.experiments.looking_inside import Looking
from cvtool.experiments.preparation import split_as_configured
from cvtool.experiments.trained import Trained, bring_back
from cvtool.records import Gallery, Inspection, Note, WorkRecord
from cvtool.seeds import stream

Record = Note | WorkRecord | Gallery | Inspection


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
    named = chosen_files(files, trained.image_shape)
    dataset = yield from trained.dataset()
    trained.check_unchanged(dataset)
    validation = split_as_configured(trained.config, dataset).validation
    found = stages(trained.network)
    survey = yield from _survey(trained, validation, found, config)
    looking = Looking(trained, config, validation, found, survey)
    chosen = named or chosen_examples(survey, validation, config.examples, trained.config.seed)
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
