"""Who won: the identity of all winners at the corners of a network's function.

ReLU, max and hinge have corners where a central difference averages two slopes. Whether a step
crosses one is told by who wins on its two sides, not by how wrong the difference looks.
"""

import numpy as np

from cvtool.layers.activations import ELU, LeakyReLU, PReLU, ReLU
from cvtool.layers.base import Array, Layer
from cvtool.layers.chain import Chain
from cvtool.layers.maxout import Maxout
from cvtool.layers.pooling import MaxPool
from cvtool.layers.residual import Residual


def forward(chain: Chain, inputs: Array, *, training: bool) -> tuple[Array, bytes]:
    """Pass inputs through a chain; return its outputs, which it owns, and who won on the way."""
    won = []
    for layer, outputs in chain.outputs(inputs, training=training):
        won.append(_winners(layer, inputs, outputs, training))
        inputs = outputs
    return inputs, b"".join(won)


def hinge_winners(scores: Array, labels: Array, margin: float) -> bytes:
    """Say which classes are within the margin (notes §3.1)."""
    right = scores[np.arange(len(labels)), labels][:, np.newaxis]
    return signs(scores - right + margin)


def signs(numbers: Array) -> bytes:
    """Say which numbers are positive."""
    return bytes(np.packbits(numbers > 0))


def _winners(layer: Layer, inputs: Array, outputs: Array, training: bool) -> bytes:
    match layer:
        case Residual():
            # Both ways are gone once more, since a block shows no more than their sum.
            ways = (layer.branch, layer.shortcut)
            return b"".join(forward(way, inputs, training=training)[1] for way in ways)
        case ReLU():
            return signs(outputs)  # the layer before may have rectified the inputs already
        case LeakyReLU() | ELU() | PReLU():
            return signs(inputs)
        case MaxPool():
            return _pooled(layer, inputs, outputs)
        case Maxout():
            pieces = inputs.reshape(*outputs.shape, layer.pieces)
            return bytes(pieces.argmax(axis=-1).astype(np.uint8))
        case _:
            return b""


def _pooled(layer: MaxPool, images: Array, outputs: Array) -> bytes:
    """Say which pixel of every window is the largest."""
    (size, _), stride = layer.window.size, layer.window.stride
    rows, columns = (stride * (length - 1) + 1 for length in outputs.shape[1:3])
    taps = [
        images[:, down : down + rows : stride, right : right + columns : stride]
        for down in range(size)
        for right in range(size)
    ]
    return bytes(np.argmax(taps, axis=0).astype(np.uint16))
