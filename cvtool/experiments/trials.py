"""What ``tune`` tries: the objective of each model, and what can be known to be wrong before.

::

    trial_settings    what a trial is told        learning_trials   weights are learned
    trial_data        what it sees                neighbor_trials   neighbors vote
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from cvtool.config import KnnConfig
from cvtool.config.tuning import Model, TuneSettings
from cvtool.datasets.dataset import Dataset
from cvtool.errors import UsageError
from cvtool.experiments.learning_trials import try_learning
from cvtool.experiments.neighbor_trials import check_neighbors, try_neighbors
from cvtool.experiments.preparation import first_network, split_as_configured
from cvtool.experiments.trial_settings import found_from_anywhere, with_params
from cvtool.tuning.space import Space
from cvtool.tuning.trial import Objective

_ENDS = 2


def objective_of(settings: TuneSettings, dataset: Dataset) -> Objective:
    """Make what tries settings of the model, on the images of a data set that has been read.

    Raises
    ------
    UsageError, DataError
        If the data set is not where it was.
    """
    model = found_from_anywhere(settings.model)
    if isinstance(model, KnnConfig):
        return partial(try_neighbors, model, dataset.checksum)
    return partial(try_learning, model, dataset.checksum)


def check_search(settings: TuneSettings, space: Space, dataset: Dataset) -> None:
    """Refuse what cannot be tried, before anything is.

    Every value of a choice and both ends of a range are held to the settings that are not searched
    and to the images. A value that only goes with another one that is searched is good.

    Raises
    ------
    UsageError, DataError
        Naming the value, and what is wrong with it; or where no images can be held out at all.
    """
    model = settings.model
    if not isinstance(model, KnnConfig):
        split_as_configured(model, dataset)
    wrong = _wrong(model, {}, dataset)
    if wrong and all(_wrong(model, each, dataset) for each in _values(space)):
        raise wrong
    for value in _values(space):
        wrong = _wrong(model, value, dataset)
        if wrong and all(_wrong(model, other | value, dataset) for other in _values(space)):
            [(name, said)] = value.items()
            sentence, *drawing = str(wrong).splitlines()
            raise UsageError(f"--search {name}={said}: {sentence}", *drawing) from wrong


def _values(space: Space) -> Iterator[dict[str, Any]]:
    """Yield each value of a choice and both ends of each range, by the name of the setting."""
    for dimension in space:
        for value in dimension.points(_ENDS):
            yield {dimension.name: value}


def _wrong(model: Model, params: Mapping[str, Any], dataset: Dataset) -> UsageError | None:
    """Say what is wrong with settings, if anything is."""
    try:
        config = with_params(model, params)
        if isinstance(config, KnnConfig):
            check_neighbors(config, dataset)
        else:
            first_network(config, dataset)
    except UsageError as error:
        return error
    return None
