"""The words of an architecture formula: VGG's names of layers and the numbers they take."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from cvtool.errors import UsageError
from cvtool.layers.activations import ELU, LeakyReLU, PReLU, ReLU, Sigmoid, Tanh
from cvtool.layers.base import Layer
from cvtool.layers.batch_norm import BatchNorm
from cvtool.layers.convolution import Convolution
from cvtool.layers.dropout import Dropout
from cvtool.layers.flatten import Flatten
from cvtool.layers.fully_connected import FullyConnected
from cvtool.layers.maxout import Maxout
from cvtool.layers.pooling import AveragePool, GlobalAveragePool, MaxPool
from cvtool.models.formula_parts import Make
from cvtool.models.formula_text import Word

WIDEST_WINDOW = 99
MOST_FILTERS = 65_536
MOST_NEURONS = 999_999


@dataclass(frozen=True)
class Entry:
    """How a word is read, and an example to show to those who wrote it otherwise."""

    read: Callable[[Word, str], Make]
    example: str


def read_word(word: Word, conv: str) -> Make:
    """Take a word apart.

    Parameters
    ----------
    word
        The word, its numbers not yet read.
    conv
        Method of convolutions, ``direct`` or ``im2col``.

    Raises
    ------
    UsageError
        If the word is unknown, or its numbers are missing, out of bounds or too many.
    """
    entry = VOCABULARY.get(word.name)
    if entry is None:
        raise word.error(f"is no layer: {_suggestion(word)}")
    word.example = entry.example
    make = entry.read(word, conv)
    word.end()
    try:
        make()
    except UsageError as error:
        raise word.error(f"cannot be: {error}") from None
    return make


def _suggestion(word: Word) -> str:
    near = get_close_matches(word.name, [*VOCABULARY, "res", "softmax", "svm"], n=1)
    if near:
        return f"did you mean '{near[0]}{word.rest[:12]}'?"
    if not word.name:
        return "a layer begins with its name and repeats come after it, as in (conv3-32 + relu)*2"
    return f"known are {', '.join(entry.example for entry in VOCABULARY.values())}, res(…)"


def _convolution(word: Word, conv: str) -> Make:
    height = word.whole("a kernel size", high=WIDEST_WINDOW)
    width = word.whole("a kernel width", high=WIDEST_WINDOW) if word.take("x") else height
    word.expect("-", "a dash and a number of filters")
    filters = word.whole("a number of filters after the dash", high=MOST_FILTERS)
    stride, padding = _stride(word), None
    if word.take("p"):
        padding = word.whole("a padding less than the kernel", low=0, high=max(height, width) - 1)
    stride = stride or _stride(word) or 1
    return partial(Convolution, filters, (height, width), stride, padding, conv)


def _pool(word: Word, layer: Callable[[int, int | None], Layer]) -> Make:
    size = word.whole("a window size", high=WIDEST_WINDOW)
    return partial(layer, size, _stride(word))


def _stride(word: Word) -> int | None:
    return word.whole("a stride after the slash", high=WIDEST_WINDOW) if word.take("/") else None


def _fully_connected(word: Word, _conv: str) -> Make:
    word.expect("-", "a dash and a number of neurons")
    return partial(
        FullyConnected, word.whole("a number of neurons after the dash", high=MOST_NEURONS)
    )


def _scaled(word: Word, layer: Callable[..., Layer]) -> Make:
    return partial(layer, word.real("a number")) if word.rest else layer


def _plain(layer: Make, example: str) -> Entry:
    return Entry(lambda _word, _conv: layer, example)


VOCABULARY = {
    "conv": Entry(_convolution, "conv3-32"),
    "maxpool": Entry(lambda word, _: _pool(word, MaxPool), "maxpool2"),
    "avgpool": Entry(lambda word, _: _pool(word, AveragePool), "avgpool2"),
    "gap": _plain(GlobalAveragePool, "gap"),
    "fc": Entry(_fully_connected, "fc-256"),
    "relu": _plain(ReLU, "relu"),
    "leaky-relu": Entry(lambda word, _: _scaled(word, LeakyReLU), "leaky-relu0.1"),
    "prelu": Entry(lambda word, _: _scaled(word, PReLU), "prelu"),
    "elu": Entry(lambda word, _: _scaled(word, ELU), "elu"),
    "sigmoid": _plain(Sigmoid, "sigmoid"),
    "tanh": _plain(Tanh, "tanh"),
    "maxout": Entry(
        lambda word, _: partial(Maxout, word.whole("a number of pieces", high=99)), "maxout2"
    ),
    "bn": _plain(BatchNorm, "bn"),
    "dropout": Entry(lambda word, _: partial(Dropout, word.real("a rate")), "dropout0.5"),
    "flatten": _plain(Flatten, "flatten"),
}
