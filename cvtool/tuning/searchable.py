"""Which settings of a model can be searched, and in which bounds."""

from collections.abc import Iterable
from dataclasses import Field, fields
from difflib import get_close_matches
from inspect import get_annotations
from typing import Any

from cvtool.config import MODELS, MOST_NEIGHBORS, UNSAID, Model, flag, kind, settable
from cvtool.errors import UsageError
from cvtool.models.vocabulary import MOST_FILTERS
from cvtool.tuning.dimension import DIGITS

LEAST, MOST = 1e-12, 1e12
"""The smallest number above zero, and the largest, that are searched."""

HELD = frozenset(
    {
        *("dataset", "image_size", "exclude", "val_fraction", "split_seed", "limit"),
        *("seed", "threads", "folds"),
    }
)
"""What all trials of a study share: else their accuracies could not be compared."""

COUNTS = {"k": (1.0, float(MOST_NEIGHBORS)), "filters": (1.0, float(MOST_FILTERS))}
"""Settings that are text for the sake of lists, and can be one whole number, with their bounds."""


def searchable(name: str, model: type[Model], source: str) -> Field[Any]:
    """Return the declaration of a setting; ``source`` names what asks for it in errors.

    Raises
    ------
    UsageError
        If the model has no such setting, or a study cannot vary it.
    """
    if name == "epochs":
        raise UsageError(
            f"{source} cannot vary epochs, which the stages set: give --stages, as 30x2,20x10"
        )
    if name in HELD or name in UNSAID:
        remedy = f"give it as the option {flag(name)}" if name in HELD else "leave it out"
        raise UsageError(f"{source} cannot vary {name}, which is the whole study's: {remedy}")
    if name not in settable(model):
        raise UsageError(f"{source} names '{name}', which {_hint(name, model)}")
    return next(each for each in fields(model) if each.name == name)


def check_allowed(declared: Field[Any], values: Iterable[Any], model: type[Model]) -> None:
    """Hold values to the bounds of a setting, as far as these do not depend on other settings.

    Raises
    ------
    UsageError
        If one is out of bounds.
    """
    owner = next(each for each in model.__mro__ if declared.name in get_annotations(each))
    for value in values:
        owner(**{declared.name: str(value) if kind(declared) is str else value})


def bounds(declared: Field[Any], log: bool) -> tuple[float, float]:
    """Tell what may be searched, ends included, of a setting that is a number."""
    if kind(declared) is str:
        return COUNTS[declared.name]
    rules, step = declared.metadata, int(is_whole(declared))
    low, high = rules["low"], rules["high"]
    if low is None:
        low = -MOST if rules["above"] is None else rules["above"] + (step or LEAST)
    if high is None:
        below = rules["below"]
        high = MOST if below is None else below - (step or abs(below) * 10**-DIGITS)
    return float(max(low, step or LEAST) if log else low), float(high)


def is_whole(declared: Field[Any]) -> bool:
    """Tell whether the numbers of a setting are whole."""
    return kind(declared) is not float


def _hint(name: str, model: type[Model]) -> str:
    """Say who has not the setting, and what was meant perhaps."""
    this = next(other for other, config in MODELS.items() if config is model)
    others = [other for other, config in MODELS.items() if name in settable(config)]
    near = get_close_matches(name, sorted(settable(model) - HELD), n=1)
    if others:
        hint = f"take --model {' or '.join(others)}, or leave it out"
    elif near:
        hint = f"did you mean '{near[0]}'?"
    else:
        hint = "take one of the options of its own command, as learning_rate"
    return f"--model {this} has not: {hint}"
