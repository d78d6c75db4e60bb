"""What a known mistake is, and ways to write one down."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from cvtool.layers.base import Array

Function = Callable[..., Any]


@dataclass(frozen=True)
class Fault:
    """A mistake in one function.

    Parameters
    ----------
    name, what
        In a word, and in words.
    owner, method
        The class or module, and the name of the function in it.
    spoil
        Makes the wrong function of the right one.
    cases
        Names of the cases that have to notice, every one of them.
    """

    name: str
    what: str
    owner: Any
    method: str
    spoil: Callable[[Function], Function]
    cases: tuple[str, ...]


def afterwards(change: Callable[[Any, Array, Array], None]) -> Callable[[Function], Function]:
    """Go back rightly, then change what came of it: ``change(layer, grad_outputs, grad_inputs)``.

    What it gets of ``grad_outputs`` is a copy from before, as layers may work in place.
    """

    def spoil(right: Function) -> Function:
        def backward(layer: Any, grad_outputs: Array, *, out: Array | None = None) -> Array:
            before = np.copy(grad_outputs)
            grad_inputs: Array = right(layer, grad_outputs, out=out)
            change(layer, before, grad_inputs)
            return grad_inputs

        return backward

    return spoil


def with_other(attribute: str, other: Callable[[Any], Any]) -> Callable[[Function], Function]:
    """Go back while something that the layer has kept is another."""

    def spoil(right: Function) -> Function:
        def backward(layer: Any, grad_outputs: Array, *, out: Array | None = None) -> Array:
            kept = getattr(layer, attribute)
            setattr(layer, attribute, other(layer))
            try:
                grad_inputs: Array = right(layer, grad_outputs, out=out)
            finally:
                setattr(layer, attribute, kept)
            return grad_inputs

        return backward

    return spoil


def slope(
    wrong: Callable[[Any, Array, Array], Array],
) -> Callable[[Function], Function]:
    """Give an activation another derivative: ``wrong(layer, grad_outputs, outputs)``."""

    def spoil(_right: Function) -> Function:
        def differentiate(layer: Any, grads: Array, outputs: Array, grad_inputs: Array) -> None:
            grad_inputs[...] = wrong(layer, np.copy(grads), outputs)

        return differentiate

    return spoil
