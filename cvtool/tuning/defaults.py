"""What is searched where nobody says: wide enough to be wrong at both ends (notes §6.6)."""

from collections.abc import Set

from cvtool.config import MODELS
from cvtool.errors import UsageError
from cvtool.tuning.space import Space
from cvtool.tuning.spelling import parse

DEFAULTS = {
    "cnn": "learning_rate=1e-5..1e-1 log, strength=1e-6..1e-1 log, dropout=0..0.6, "
    "batch_size=32|64|128",
    "linear": "learning_rate=1e-4..1 log, strength=1e-6..1 log, batch_size=64|256|1024, "
    "loss=softmax|svm|squared-svm",
    "knn": "k=1..31, metric=l1|l2|cosine, preprocess=none|channel-mean|mean-image|standardize",
}
"""Texts as ``--search`` takes them, by the names of models."""


def default_space(model_name: str, said: Set[str]) -> Space:
    """Return what is searched of a model, but for the settings that somebody has chosen.

    Raises
    ------
    UsageError
        If nothing is left.
    """
    space = parse(DEFAULTS[model_name], MODELS[model_name])
    left = tuple(each for each in space if each.name not in said)
    if not left:
        raise UsageError(
            f"--model {model_name} is searched by {', '.join(space.names)}, and all of them are "
            f"given: leave one out, or name others with --search"
        )
    return Space(left)
