"""What to do with a model: fit, evaluate, predict; and load one that was kept."""

import os
from collections.abc import Iterator, Sequence
from typing import Any

from numpy.typing import ArrayLike, NDArray

from cvtool.api.data import Tell, as_array
from cvtool.api.learning_model import LearningModel
from cvtool.api.model import Model
from cvtool.api.neighbors_model import NeighborsModel
from cvtool.api.stored_model import StoredModel
from cvtool.errors import UsageError
from cvtool.experiments.predict import predictions, read_files
from cvtool.experiments.trained import bring_back
from cvtool.kernels.threads import use_threads
from cvtool.records import EpochRecord, Evaluation, Prediction, TrainResult, finish


def fit(model: Model, *, tell: Tell | None = None) -> TrainResult:
    """Learn to the end; the model then has the weights of its best epoch.

    Ctrl-C raises KeyboardInterrupt between two steps. The model can be used then, with its weights
    as they are, and ``fit`` goes on from there to the same bits as if nothing had happened.

    Parameters
    ----------
    model
        What ``build`` returned for ``cnn`` or ``linear``.
    tell
        Told every record as it is made, as ``StepRecord``, ``EpochRecord`` and ``Findings``.

    Returns
    -------
    TrainResult
        How it went: what ``train-cnn --json`` prints. Where the loss exploded, its ``outcome`` is
        ``"diverged"``, and one of its ``verdicts`` says why.

    Raises
    ------
    UsageError
        If there is nothing to learn, or the model has learned to its end.
    """
    learning = _learning(model)
    for _ in epochs(learning, tell=tell):
        pass
    assert learning.result is not None, "a run that has ended says how"
    return learning.result


def epochs(model: Model, *, tell: Tell | None = None) -> Iterator[EpochRecord]:
    """Learn epoch by epoch: ``for epoch in epochs(model)``, until the loop is left or has ended.

    Within the loop, and where it is left early, the weights are as they are; at its end they are
    those of the best epoch, and ``model.result`` says how it went. Parameters and errors are those
    of ``fit``.
    """
    for record in _learning(model).learning():
        if tell is not None:
            tell(record)
        if isinstance(record, EpochRecord):
            yield record


def _learning(model: Model) -> LearningModel:
    if isinstance(model, LearningModel):
        return model
    if isinstance(model, NeighborsModel):
        raise UsageError("nearest neighbors have nothing to learn: evaluate or predict at once")
    if isinstance(model, StoredModel):
        raise UsageError(f"{model.name} is kept as it is: go on with it by --resume, or build anew")
    raise _no_model("fit", model)


def evaluate(model: Model, *, test: bool = False, tell: Tell | None = None) -> Evaluation:
    """Say how well a model does on its validation images, or on the test set.

    Parameters
    ----------
    model
        What ``build`` or ``load`` returned.
    test
        Open the test set, which is not for choosing: look at it once, when all choices are made.
    tell
        Told how far the work is.

    Returns
    -------
    Evaluation
        ``accuracy`` and ``class_accuracies`` are shares from 0 to 1, ``opened`` counts how often
        the test set was opened.

    Raises
    ------
    DataError
        If there are no test images, or those of a run cannot be read any more.
    """
    if not isinstance(model, Model):
        raise _no_model("evaluate", model)
    use_threads(model.config.threads)
    return finish(model.evaluating(test=test), tell)


def predict(
    model: Model,
    images: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | ArrayLike,
    *,
    tell: Tell | None = None,
) -> list[Prediction]:
    """Say what a model takes images for.

    Parameters
    ----------
    model
        What ``build`` or ``load`` returned.
    images
        An array ``(n, height, width, channels)``, gray ones also ``(n, height, width)``, of the
        size and kind that the model was made for: whole numbers from 0 to 255, or floats. Or image
        files, which are resized and recolored: a path, or several.
    tell
        Told how far the work is.

    Returns
    -------
    list
        A ``Prediction`` for each image: its ``file``, which is the position in an array, a
        ``label``, its ``probability``, and the ``probabilities`` of all classes by name. Those of
        nearest neighbors are shares of votes; those of an SVM only rank the classes.

    Raises
    ------
    DataError
        If a file is no image, or the array does not suit the model.
    """
    if not isinstance(model, Model):
        raise _no_model("predict", model)
    use_threads(model.config.threads)
    names, pixels = _read(model, [images] if isinstance(images, str | os.PathLike) else images)
    answers = finish(model.answering(pixels), tell)
    return predictions(names, model.classes, answers.winners, answers.shares)


def _read(
    model: Model, images: Sequence[str | os.PathLike[str]] | ArrayLike
) -> tuple[list[str], NDArray[Any]]:
    """Name images, and bring them to what the model was made for."""
    if isinstance(images, Sequence) and images:
        files = [os.fspath(each) for each in images if isinstance(each, str | os.PathLike)]
        if len(files) == len(images):
            return files, read_files(files, model.image_shape, model.name)
    pixels = model.take_images(as_array("images", images))
    return [str(position) for position in range(len(pixels))], pixels


def load(run: str | os.PathLike[str]) -> StoredModel:
    """Bring a run of the command line back, by its name or path, with its best weights.

    Raises
    ------
    DataError
        If it is no run of ``train-cnn`` or ``linear``, is damaged, or has not finished an epoch.
    """
    return StoredModel(bring_back(os.fspath(run)))


def _no_model(verb: str, given: object) -> UsageError:
    return UsageError(f"{verb} takes what build or load returns, not a {type(given).__name__}")
