"""The notes' formula as a network: ``((conv3-32 + relu)*2 + maxpool2)*2 + fc-128 + softmax``."""

from dataclasses import dataclass

from cvtool.errors import UsageError
from cvtool.layers.base import Layer
from cvtool.layers.convolution import Convolution
from cvtool.layers.flatten import Flatten
from cvtool.layers.fully_connected import FullyConnected
from cvtool.layers.pooling import GlobalAveragePool
from cvtool.models.grammar import Parser

MOST_LAYERS = 1_000


@dataclass(frozen=True, eq=False)
class Formula:
    """What a formula says: its layers, not yet bound, its loss, and its text in normal form."""

    layers: list[Layer]
    loss: str
    text: str


def parse(text: str, *, conv: str = "direct", loss: str | None = None) -> Formula:
    """Read a formula; ``grammar`` tells how it is written.

    Parameters
    ----------
    text
        The formula; where it does not end in a loss, ``loss`` or else softmax is added.
    conv
        Method of the convolutions, ``direct`` or ``im2col``.
    loss
        The loss asked for elsewhere, if any.

    Returns
    -------
    Formula
        Every repeat has layers of its own. Images are flattened before the first fully-connected
        layer, said or not. The formula's text, read again, gives the same text.

    Raises
    ------
    UsageError
        If the text is no formula, with a marker under the place; if it ends in another loss than
        the one asked for; or if it stands for more than 1,000 layers.
    """
    parser = Parser(text, conv)
    parts = parser.formula()
    said = parser.loss or loss or "softmax"
    if loss is not None and loss != said:
        raise UsageError(f"--arch ends in {said} but --loss is {loss}: leave one of them out")
    count = sum(part.count for part in parts)
    if count > MOST_LAYERS:
        raise UsageError(f"--arch takes at most {MOST_LAYERS:,} layers, not {count:,}: repeat less")
    layers = [layer for part in parts for layer in part.layers()]
    return Formula(_flattened(layers), said, " + ".join([*(part.text for part in parts), said]))


def complete(formula: Formula, classes: int) -> Formula:
    """Give a formula the layer that turns its last activations into one score a class.

    A formula may already end in ``fc-CLASSES``, or in ``conv1-CLASSES + gap`` as all-convolutional
    networks do; otherwise ``fc-CLASSES`` is added.

    Raises
    ------
    UsageError
        If it ends in a fully-connected layer with another number of neurons.
    """
    last = formula.layers[-1] if formula.layers else None
    if isinstance(last, FullyConnected) and last.neurons != classes:
        raise UsageError(
            f"--arch ends in {last.formula}, which does not give one score to each of {classes} "
            f"classes: write fc-{classes}, or an activation such as relu after {last.formula}"
        )
    if isinstance(last, FullyConnected) or _pools_scores(formula.layers, classes):
        return formula
    body = formula.text.removesuffix(formula.loss)
    layers = _flattened([*formula.layers, FullyConnected(classes)])
    return Formula(layers, formula.loss, f"{body}fc-{classes} + {formula.loss}")


def _flattened(layers: list[Layer]) -> list[Layer]:
    """Insert a flatten before the first layer that takes vectors, unless they come as vectors."""
    for place, layer in enumerate(layers):
        if isinstance(layer, Flatten | GlobalAveragePool):
            break
        if any(isinstance(inner, FullyConnected) for inner in layer.walk()):
            return [*layers[:place], Flatten(), *layers[place:]]
    return layers


def _pools_scores(layers: list[Layer], classes: int) -> bool:
    match layers[-2:]:
        case [Convolution(filters=filters), GlobalAveragePool()]:
            return bool(filters == classes)
        case _:
            return False
