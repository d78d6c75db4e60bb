"""One share of units to drop, whatever the formula: what ``--dropout`` does to it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from cvtool.layers.base import Layer
from cvtool.layers.dropout import Dropout
from cvtool.layers.pooling import GlobalAveragePool
from cvtool.models.formula_parts import Branch, Part, Repeat, Single
from cvtool.models.grammar import Parser

_DIGITS = 4
"""Digits that a share has in a formula."""
_MOST = 1 - 10**-_DIGITS


def drop(text: str, share: float) -> str:
    """Write a formula that drops a share of units wherever it drops any.

    Where it has no dropout, it is given one before the classifier. That is its last fully-connected
    layer, also behind ``gap``: all that was learned below is then dropped from, as where dropout
    comes from (Srivastava et al. 2014). In ``conv1-CLASSES + gap`` the convolution is what
    classifies, and dropout comes before it, as in SqueezeNet (Iandola et al. 2016).

    Parameters
    ----------
    text
        A formula that gives each class its score, in normal form.
    share
        From 0 to below 1, rounded to four digits, as formulas have no more; 0 takes dropout out.

    Returns
    -------
    The formula, in normal form but for parentheses around its last layers.
    """
    parser = Parser(text, "direct")
    parts: Sequence[Part] = parser.formula()
    rate = min(round(share, _DIGITS), _MOST)
    dropout = Single(partial(Dropout, rate))
    if any(isinstance(each, Dropout) for each in _layers(parts)):
        parts = _replaced(parts, dropout, keep=rate > 0)
    elif rate > 0:
        parts = _before_classifier(parts, dropout)
    return " + ".join([*(part.text for part in parts), parser.loss or "softmax"])


def _layers(parts: Sequence[Part]) -> Iterator[Layer]:
    for part in parts:
        for layer in part.layers():
            yield from layer.walk()


def _replaced(parts: Sequence[Part], dropout: Single, *, keep: bool) -> list[Part]:
    """Put one dropout in the place of every other, or leave all out."""
    replaced: list[Part] = []
    for part in parts:
        if isinstance(part, Repeat | Branch):
            inside = _replaced(part.parts, dropout, keep=keep)
            if not inside and isinstance(part, Branch):
                inside = [dropout]  # a branch cannot be empty
            replaced += [replace(part, parts=inside)] if inside else []
        elif keep or not isinstance(next(part.layers()), Dropout):
            replaced.append(dropout if isinstance(next(part.layers()), Dropout) else part)
    return replaced


def _before_classifier(parts: Sequence[Part], dropout: Single) -> list[Part]:
    rest, last = _split(parts)
    if not isinstance(next(last.layers()), GlobalAveragePool):
        return [*rest, dropout, last]
    rest, classifier = _split(rest)
    return [*rest, dropout, classifier, last]


def _split(parts: Sequence[Part]) -> tuple[list[Part], Part]:
    """Take the last layer out of the repeats it stands in; those without any layers are gone."""
    *rest, last = [part for part in parts if part.count]
    if not isinstance(last, Repeat):
        return rest, last
    if last.times is not None and last.times > 1:
        rest.append(replace(last, times=last.times - 1))
    inside, single = _split(last.parts)
    return [*rest, *inside], single
