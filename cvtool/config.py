"""Everything a user can choose, once: its name, default, bounds and help.

The command line is generated from these dataclasses, ``config.toml`` is written and read through
them, and the experiments take them as they are. Nothing here imports more than the standard
library, so that ``--help`` stays instant.
"""

import operator
from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from typing import Any, Self, get_args

from cvtool.errors import UsageError

PREPROCESSINGS = ("none", "mean-image", "channel-mean", "standardize", "pca-whiten", "zca")
AUGMENTATIONS = ("none", "flip", "shift")
LOSSES = ("softmax", "svm")
REGULARIZATIONS = ("none", "l2", "l1", "elastic-net")
INITIALIZATIONS = ("auto", "zero", "constant", "normal", "xavier", "he", "sigmoid")
OPTIMIZERS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")
SCHEDULES = ("constant", "step", "cosine", "one-cycle")
CONVOLUTIONS = ("direct", "im2col")
DTYPES = ("float32", "float64")


def option(
    default: Any,
    help: str,
    *,
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
    below: float | None = None,
    choices: Iterable[str] | None = None,
    metavar: str | None = None,
) -> Any:
    """Declare one choice; ``low`` and ``high`` belong to the allowed range, the others do not."""
    return field(
        default=default,
        metadata={
            "help": help,
            "low": low,
            "high": high,
            "above": above,
            "below": below,
            "choices": tuple(choices) if choices else None,
            "metavar": metavar,
        },
    )


@dataclass(frozen=True, kw_only=True)
class Config:
    """A frozen set of choices; wrong values never become one."""

    def __post_init__(self) -> None:
        """Hold every field to its declared bounds.

        Raises
        ------
        UsageError
            Naming the option, its rule, the value given and what would do.
        """
        for each in fields(self):
            value = getattr(self, each.name)
            if value is not None:
                _check(self.spell(each.name), value, each.metadata)

    @staticmethod
    def spell(name: str) -> str:
        """Spell a field as the user does who sets it."""
        return flag(name)

    def to_dict(self) -> dict[str, Any]:
        """All choices by name, without those left open (TOML has no word for None)."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in values.items() if value is not None}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], *, source: str = "the configuration") -> Self:
        """Build a configuration from plain values, as read from TOML.

        Raises
        ------
        UsageError
            If a name is unknown, a type does not fit, or a value is out of bounds.
        """
        known = {each.name: each for each in fields(cls)}
        for name, value in values.items():
            if name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(known)}"
                raise UsageError(f"{source} has no setting '{name}': {hint}")
            if not _fits(value, known[name].type):
                wanted = _words(known[name].type)
                raise UsageError(f"{source}: '{name}' takes {wanted}, not {value!r}")
        return cls(**values)

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> dict[str, Any]:
        """Read what was said of some fields, as text, into values of their types.

        Raises
        ------
        UsageError
            If a text is no number where one is needed.
        """
        known = {each.name: each for each in fields(cls)}
        return {name: cls._read(known[name], text) for name, text in texts.items()}

    @classmethod
    def _read(cls, declared: Field[Any], text: str) -> Any:
        try:
            return text.lower() == "true" if kind(declared) is bool else kind(declared)(text)
        except ValueError:
            words = _words(kind(declared))
            raise UsageError(f"{cls.spell(declared.name)} takes {words}, not '{text}'") from None


def kind(declared: Field[Any]) -> type:
    """Tell the type of a field without the None that says it may be left open."""
    first: type = (get_args(declared.type) or (declared.type,))[0]
    return first


def flag(name: str) -> str:
    """Spell a field as on the command line: ``batch_size`` is ``--batch-size``."""
    return "--" + name.replace("_", "-")


def _fits(value: Any, annotation: Any) -> bool:
    allowed = get_args(annotation) or (annotation,)
    if float in allowed and isinstance(value, int) and not isinstance(value, bool):
        return True
    return type(value) in allowed


def _words(annotation: Any) -> str:
    names = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}
    allowed = get_args(annotation) or (annotation,)
    return " or ".join(names[each] for each in allowed if each in names)


def _check(option_name: str, value: Any, rules: Mapping[str, Any]) -> None:
    choices = rules["choices"]
    if choices and value not in choices:
        near = get_close_matches(str(value), choices, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"choose one of {', '.join(choices)}"
        raise UsageError(f"{option_name} does not know '{value}': {hint}")
    if isinstance(value, float) and value != value:
        raise UsageError(f"{option_name} takes a number, not nan")
    for rule, broken, words in (
        ("low", operator.lt, "at least"),
        ("high", operator.gt, "at most"),
        ("above", operator.le, "more than"),
        ("below", operator.ge, "less than"),
    ):
        bound = rules[rule]
        if bound is not None and broken(value, bound):
            raise UsageError(f"{option_name} takes a number of {words} {bound}, not {value}")


@dataclass(frozen=True, kw_only=True)
class DataConfig(Config):
    """Which images, and what is done to them before a network sees them."""

    dataset: str = option("digits", "name of a data set, or a path", metavar="NAME|PATH")
    image_size: int | None = option(None, "resize image files to this side", low=1, high=4096)
    exclude: str | None = option(None, "leave out the images that this file lists", metavar="FILE")
    val_fraction: float = option(
        0.2, "share of the training images held out to choose on", above=0, below=1
    )
    limit: int | None = option(None, "use at most this many images before splitting", low=2)
    preprocess: str = option(
        "standardize",
        "what is done to pixels: none, or mean-image, channel-mean, standardize, pca-whiten, zca "
        "in a row, as channel-mean,zca",
        metavar="WORD,…",
    )
    whiten_epsilon: float = option(
        0.1,
        "added to variances before whitening, as share of their mean",
        low=1e-6,
        high=100,
    )
    augment: str = option("none", "changes to training images: none, flip, shift, or flip,shift")


@dataclass(frozen=True, kw_only=True)
class NetworkConfig(Config):
    """The network: a formula, or the notes' pattern by its numbers."""

    arch: str | None = option(None, "formula or name of an architecture", metavar="FORMULA|NAME")
    n: int | None = option(None, "(CONV + RELU)*n in each stage", low=1, high=50)
    m: int | None = option(None, "stages, each halved by POOL", low=0, high=12)
    k: int | None = option(None, "(FC + RELU)*k before the classifier", low=0, high=12)
    filters: str | None = option(None, "filters of each stage, as 32,64", metavar="F,F,…")
    loss: str | None = option(None, "softmax unless the formula says svm", choices=LOSSES)
    init: str = option(
        "auto", "how weights start; auto follows the activation", choices=INITIALIZATIONS
    )
    conv: str = option(
        "direct", "direct, or write the im2col matrix down to learn from it", choices=CONVOLUTIONS
    )
    dtype: str = option("float32", "precision of weights and activations", choices=DTYPES)


@dataclass(frozen=True, kw_only=True)
class LearningConfig(Config):
    """How the weights are learned."""

    epochs: int = option(10, "passes over the training images", low=1, high=100_000)
    batch_size: int = option(64, "images a step", low=1, high=65_536)
    learning_rate: float = option(1e-3, "step size at its highest", low=0, high=1e6)
    optimizer: str = option("adam", "how gradients become steps", choices=OPTIMIZERS)
    momentum: float = option(
        0.9, "share of the last step kept (momentum, nesterov)", low=0, below=1
    )
    schedule: str = option("cosine", "how the rate changes over the run", choices=SCHEDULES)
    warmup: float = option(0.0, "epochs over which the rate rises from zero", low=0)
    step_every: int = option(10, "epochs between drops of the step schedule", low=1)
    step_factor: float = option(0.1, "what each drop multiplies the rate by", above=0, high=1)
    clip: float | None = option(None, "scale gradients down to this total norm", above=0)
    regularization: str = option("l2", "penalty on weights, not on biases", choices=REGULARIZATIONS)
    strength: float = option(1e-4, "λ of the penalty: λΣw², λΣ|w|, λΣ(βw² + |w|)", low=0)
    elastic_beta: float = option(0.5, "β of the elastic net", low=0)
    max_norm: float | None = option(None, "largest norm of a neuron's incoming weights", above=0)
    patience: int | None = option(None, "stop after this many epochs without improvement", low=1)
    time_limit: float | None = option(None, "stop after this many seconds", above=0)


@dataclass(frozen=True, kw_only=True)
class RunConfig(Config):
    """What surrounds the learning."""

    seed: int = option(0, "the same seed gives the same bits", low=0, high=2**63 - 1)
    threads: int | None = option(None, "processor threads; all unless said", low=1, high=1024)
    name: str | None = option(None, "name of the run folder")


@dataclass(frozen=True, kw_only=True)
class TrainConfig(RunConfig, LearningConfig, NetworkConfig, DataConfig):
    """All that ``train-cnn`` needs to know."""


def same(config: type[Config], name: str, **changes: Any) -> Any:
    """Declare a choice that another configuration has too, but for some changes."""
    declared = next(each for each in fields(config) if each.name == name)
    rules = {**declared.metadata, "default": declared.default} | changes
    return option(rules.pop("default"), rules.pop("help"), **rules)


@dataclass(frozen=True, kw_only=True)
class LookConfig(Config):
    """What to look at, and where to keep what was seen."""

    dataset: str = same(DataConfig, "dataset", help="name or path of a data set")
    image_size: int | None = same(DataConfig, "image_size")
    exclude: str | None = same(DataConfig, "exclude")
    threads: int | None = same(RunConfig, "threads")
    name: str | None = same(RunConfig, "name")


@dataclass(frozen=True, kw_only=True)
class CheckConfig(LookConfig):
    """All that ``data check`` needs to know."""

    fix: bool = option(False, "write a list of images to leave out, for --exclude")


@dataclass(frozen=True, kw_only=True)
class ShowConfig(LookConfig):
    """All that ``data show`` needs to know."""

    per_class: int = option(8, "images to show of each class", low=1, high=100)
    preprocess: str = same(DataConfig, "preprocess", default="none")
    augment: str = same(DataConfig, "augment")
    whiten_epsilon: float = same(DataConfig, "whiten_epsilon")
    augmented: bool = option(False, "show what a network sees: preprocessed, augmented")
    val_fraction: float = same(DataConfig, "val_fraction")
    seed: int = same(RunConfig, "seed")


@dataclass(frozen=True, kw_only=True)
class ImportConfig(Config):
    """All that ``data import`` needs to know."""

    dataset: str = same(
        DataConfig, "dataset", default="", help="path of a data set, or a name with choices"
    )
    name: str | None = option(None, "name to give it; that of its file or folder unless said")
    image_size: int | None = same(DataConfig, "image_size")
    exclude: str | None = same(DataConfig, "exclude")


@dataclass(frozen=True, kw_only=True)
class PredictConfig(Config):
    """How predictions are shown."""

    top: int = option(3, "classes to show for each image", low=1)
