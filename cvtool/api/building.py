"""Models from settings: what the commands take as options, by the same names."""

from typing import Any, Literal, overload

import numpy as np

from cvtool.api.data import Data, Tell
from cvtool.api.learning_model import LearningModel
from cvtool.api.model import Model
from cvtool.api.neighbors_model import NeighborsModel
from cvtool.config import MODELS, DataConfig, KnnConfig, LearnerConfig, flag
from cvtool.errors import UsageError
from cvtool.experiments.linear import LINEAR
from cvtool.experiments.preparation import check_choices, prepare_for
from cvtool.experiments.train_cnn import TRAIN_CNN
from cvtool.kernels.threads import use_threads
from cvtool.records import finish
from cvtool.runs import RunFolder

_RECIPES = {"cnn": TRAIN_CNN, "linear": LINEAR}
_OF_THE_DATA = ("dataset", "image_size", "exclude")
_OF_THE_COMMAND = ("split", "folds", "explain", "cluster", "name")
"""What ``knn`` can be told and one model of neighbors cannot."""


@overload
def build(
    data: Data,
    *,
    model: Literal["cnn", "linear"] = "cnn",
    tell: Tell | None = None,
    **settings: Any,
) -> LearningModel: ...
@overload
def build(
    data: Data, *, model: Literal["knn"], tell: Tell | None = None, **settings: Any
) -> NeighborsModel: ...
@overload
def build(data: Data, *, model: str, tell: Tell | None = None, **settings: Any) -> Model: ...
def build(data: Data, *, model: str = "cnn", tell: Tell | None = None, **settings: Any) -> Model:
    """Put a model together: hold images out, fit the preprocessing, draw the first weights.

    Parameters
    ----------
    data
        What ``load_data`` returned.
    model
        ``"cnn"``, any network; ``"linear"``, one matrix; or ``"knn"``, nearest neighbors.
    tell
        Told how far the work is, which takes long where features are learned.
    settings
        The options of ``train-cnn``, ``linear`` or ``knn`` by their names, as ``batch_size=32``,
        with the same defaults. ``name="first"`` keeps the run in ``runs/first`` as the command
        would, but draws nothing in its ``plots``; without a name nothing is written, except that
        features are kept in the user's cache.

    Returns
    -------
    Model
        Of ``cnn`` and ``linear`` one to ``fit``, with its ``network``, ``history`` and ``result``;
        of ``knn`` one that can be asked at once.

    Raises
    ------
    UsageError
        If a setting is unknown or out of bounds, or settings contradict each other or the images.
    """
    if not isinstance(data, Data):
        raise UsageError(f"build takes what load_data returns, not {_short(data)}: load it first")
    if model not in MODELS:
        raise UsageError(f"build: 'model' is one of {', '.join(MODELS)}, not {_short(model)}")
    config = MODELS[model].from_dict(_plain(data.said, model, settings), source=f"model {model}")
    use_threads(config.threads)
    if isinstance(config, KnnConfig):
        return _neighbors(config, data)
    _check_kept(config, data)
    return _learner(model, config, data, tell)


def _check_kept(config: LearnerConfig, data: Data) -> None:
    """Hold what is to be kept of a run to what can be kept."""
    if config.keep_every is not None and config.name is None:
        raise UsageError(
            "build: 'keep_every' keeps checkpoints in the folder of a run: give the run a name, or "
            "leave it out"
        )
    if config.name is not None and data.in_memory:
        raise UsageError(
            f"build: name='{config.name}' keeps a run that can find its images again, which arrays "
            f"cannot be: save them by numpy.savez and load that file, or leave the name out"
        )
    RunFolder.check_free(config.name)


def _learner(model: str, config: LearnerConfig, data: Data, tell: Tell | None) -> LearningModel:
    check_choices(config)
    preparation = finish(prepare_for(data.dataset, config), tell)
    return LearningModel(_RECIPES[model], config, data, preparation)


def _neighbors(config: KnnConfig, data: Data) -> NeighborsModel:
    for name, several in (("k", len(config.ks) > 1), ("metric", len(config.metrics) > 1)):
        if several:
            raise UsageError(f"build: one model has one '{name}', not {getattr(config, name)}")
    return NeighborsModel(config, data)


def _plain(said: DataConfig, model: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Bring settings to the types that configurations hold, beside what names the data."""
    for name in settings:
        if name in _OF_THE_DATA:
            raise UsageError(f"build: '{name}' belongs to load_data: say it there")
        if MODELS[model] is KnnConfig and name in _OF_THE_COMMAND:
            raise UsageError(f"build: '{name}' is for the command, as in 'knn {flag(name)}'")
    plain = {
        name: value.item() if isinstance(value, np.generic) else value
        for name, value in settings.items()
        if value is not None
    }
    if MODELS[model] is KnnConfig and "k" in plain:
        plain["k"] = str(plain["k"])  # of the command a list
    return {**{name: getattr(said, name) for name in _OF_THE_DATA}, **plain}


def _short(value: object) -> str:
    """Spell a value that may be of any kind and length."""
    return repr(value) if isinstance(value, str | int | float) else f"a {type(value).__name__}"
