"""Architectures by name and by the numbers of the notes' pattern, and the one that fits by itself.

``resolve`` is the one door from what a user chose to a formula.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from itertools import groupby

from cvtool.config import ClassifierConfig, NetworkConfig, flag
from cvtool.errors import UsageError
from cvtool.layers.base import Shape
from cvtool.models.architecture import Formula, complete, parse
from cvtool.models.dropping_out import drop
from cvtool.models.vocabulary import MOST_FILTERS

HIDDEN_NEURONS = 128
MOST_STAGES = 3

SMALLEST_MAP = 2
"""Pixels a side that the default's last pooling leaves at least, to tell where things are."""

LARGE_IMAGE = 64
"""Images with longer sides are first shrunk to a quarter, as by ResNets for ImageNet."""


def resolve(config: NetworkConfig | ClassifierConfig, image_shape: Shape, classes: int) -> Formula:
    """Turn what a user chose into a formula with one score a class.

    Parameters
    ----------
    config
        A formula or a name (``arch``), the numbers of the pattern, or nothing of these, and the
        share to drop in any of them; or the loss of a linear classifier.
    image_shape
        ``(height, width, channels)``.
    classes
        How many classes there are.

    Raises
    ------
    UsageError
        If choices contradict each other, or the formula is none.
    """
    if isinstance(config, ClassifierConfig):
        return complete(parse(ARCHITECTURES["linear"], loss=config.loss), classes)
    numbers = [name for name in ("n", "m", "k", "filters") if getattr(config, name) is not None]
    if config.arch is None:
        text = _pattern_of(config, image_shape) if numbers else default_formula(image_shape)
    elif numbers:
        options = ", ".join(map(flag, numbers))
        raise UsageError(f"--arch already says all of the network: leave it out, or {options}")
    else:
        text = _named(config.arch)
    formula = complete(parse(text, conv=config.conv, loss=config.loss), classes)
    if config.dropout is None:
        return formula
    return parse(drop(formula.text, config.dropout), conv=config.conv)


def pattern(n: int, m: int, k: int, filters: Sequence[int]) -> str:
    """Write the notes' ``((CONV + RELU)*N + POOL)*M + (FC + RELU)*K`` (§5) out as a formula.

    Parameters
    ----------
    n, m, k
        Convolutions in each stage, stages, and fully-connected layers before the classifier.
    filters
        Filters of each stage, at least of the first; where there are fewer numbers than stages, the
        last is doubled from stage to stage.

    Raises
    ------
    UsageError
        If there are more numbers of filters than stages, or there would be too many filters.
    """
    if len(filters) > m:
        raise UsageError(
            f"--filters takes at most one number for each of --m {m} stages, not {len(filters)}: "
            f"give --m {len(filters)}"
        )
    each = list(filters)
    while len(each) < m:
        each.append(2 * each[-1])
    if max(each, default=0) > MOST_FILTERS:
        raise UsageError(
            f"--filters takes at most {MOST_FILTERS:,}, not {max(each):,}, which {m} stages would "
            "reach by doubling: give the filters of each stage"
        )
    return " + ".join([*_stages(each, f"(conv3-{{}} + relu)*{n} + maxpool2"), _hidden(k)])


def default_formula(image_shape: Shape) -> str:
    """Choose a network of the notes' pattern that fits the images and learns well on them.

    Each stage has twice the filters of the one before; there are up to three, as long as 2×2 pixels
    remain.
    """
    side = min(image_shape[:2])
    stem = []
    if side > LARGE_IMAGE:
        stem, side = ["conv5-32/2 + bn + relu + maxpool2"], side // 4
    filters = [32 * 2**stage for stage in range(_fitting_stages(side))]
    stages = _stages(filters, "(conv3-{} + bn + relu)*2 + maxpool2")
    # Without batch norm most of the hidden neurons die in the first epochs on CIFAR-10.
    return " + ".join([*stem, *stages, f"fc-{HIDDEN_NEURONS} + bn + relu"])


def _pattern_of(config: NetworkConfig, image_shape: Shape) -> str:
    filters = _filters(config.filters) if config.filters is not None else []
    m = config.m if config.m is not None else len(filters) or _fitting_stages(min(image_shape[:2]))
    n = 2 if config.n is None else config.n
    k = 1 if config.k is None else config.k
    return pattern(n, m, k, filters or [32][:m])


def _named(arch: str) -> str:
    """Look a name up; what is no name is a formula."""
    name = arch.strip().lower()
    near = get_close_matches(name, ARCHITECTURES, n=1, cutoff=0.75)
    if name not in ARCHITECTURES and near:
        raise UsageError(f"--arch does not know '{arch.strip()}': did you mean '{near[0]}'?")
    return ARCHITECTURES.get(name, arch)


def _filters(text: str) -> list[int]:
    numbers = [number.strip() for number in text.split(",")]
    if not all(re.fullmatch("[1-9][0-9]{0,5}", number) for number in numbers):
        raise UsageError(f"--filters takes numbers with commas between, as 32,64, not '{text}'")
    return [int(number) for number in numbers]


def _stages(filters: Sequence[int], stage: str) -> list[str]:
    """Write stages out, equal ones as a repeat."""
    repeats = [(each, len(list(equal))) for each, equal in groupby(filters)]
    return [f"({stage.format(each)})" + (f"*{m}" if m > 1 else "") for each, m in repeats]


def _hidden(layers: int) -> str:
    return f"(fc-{HIDDEN_NEURONS} + relu)*{layers}"


def _fitting_stages(side: int) -> int:
    halvings = (side // SMALLEST_MAP).bit_length() - 1
    return min(max(0, halvings), MOST_STAGES)


ARCHITECTURES = {
    "linear": "flatten",
    "mlp": "fc-256 + relu + fc-128 + relu",
    # LeCun et al. (1998), padded also in the second convolution so that 8×8 images fit.
    "lenet": (
        "conv5-6 + tanh + avgpool2 + conv5-16 + tanh + avgpool2 + fc-120 + tanh + fc-84 + tanh"
    ),
    "lenet-bn": (
        "conv5-6 + bn + relu + maxpool2 + conv5-16 + bn + relu + maxpool2"
        " + fc-120 + bn + relu + fc-84 + bn + relu"
    ),
    "vgg-small": (
        "((conv3-32 + bn + relu)*2 + maxpool2) + ((conv3-64 + bn + relu)*2 + maxpool2)"
        " + ((conv3-128 + bn + relu)*2 + maxpool2) + dropout0.5 + fc-256 + relu + dropout0.5"
    ),
    # Springenberg et al. (2015) at half the width: strides instead of pooling.
    "all-conv": (
        "(conv3-48 + bn + relu)*2 + conv3-48/2 + bn + relu"
        " + (conv3-96 + bn + relu)*2 + conv3-96/2 + bn + relu"
        " + conv3-96 + bn + relu + conv1-96 + bn + relu + gap"
    ),
    # He et al. (2016), §4.2, with 1 and 2 blocks a stage; they are named after layers with weights.
    "resnet8": (
        "conv3-16 + bn + relu + res(conv3-16 + bn + relu + conv3-16 + bn) + relu"
        " + res(conv3-32/2 + bn + relu + conv3-32 + bn) + relu"
        " + res(conv3-64/2 + bn + relu + conv3-64 + bn) + relu + gap"
    ),
    "resnet14": (
        "conv3-16 + bn + relu + (res(conv3-16 + bn + relu + conv3-16 + bn) + relu)*2"
        " + res(conv3-32/2 + bn + relu + conv3-32 + bn) + relu"
        " + res(conv3-32 + bn + relu + conv3-32 + bn) + relu"
        " + res(conv3-64/2 + bn + relu + conv3-64 + bn) + relu"
        " + res(conv3-64 + bn + relu + conv3-64 + bn) + relu + gap"
    ),
}
