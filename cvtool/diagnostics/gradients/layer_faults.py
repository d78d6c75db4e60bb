"""Mistakes in layers that see more than one number at a time."""

from typing import Any

import numpy as np

from cvtool.diagnostics.gradients.fault import Fault, Function, afterwards, with_other
from cvtool.layers.base import Array, Window
from cvtool.layers.batch_norm import BatchNorm
from cvtool.layers.convolution import Convolution
from cvtool.layers.dropout import Dropout
from cvtool.layers.fully_connected import FullyConnected
from cvtool.layers.pooling import AveragePool, MaxPool
from cvtool.layers.residual import Residual
from cvtool.layers.scaled_pixels import ScaledPixels

CONVOLVED = ("conv3-4 on 5×7×4, direct", "conv3-4 on 6×8×4, im2col")
STRIDDEN = ("conv3-4/2 on 5×7×4, direct", "conv3-4/2 on 6×8×4, im2col")
POOLED = ("maxpool2 on 6×8×4", "maxpool3/1 on 6×8×4")
AVERAGED = ("avgpool2 on 6×8×4", "avgpool3/1 on 5×7×4")
NORMALIZED = ("bn on 5×7×4, training", "bn on 6, training")


def _negate(_layer: Any, _grads: Array, grad_inputs: Array) -> None:
    grad_inputs *= -1


def _forget_bias(layer: Any, _grads: Array, _grad_inputs: Array) -> None:
    layer.parameters[1].gradient[...] = 0


def _flip_filters(layer: Any, _grads: Array, _grad_inputs: Array) -> None:
    gradient = layer.parameters[0].gradient
    gradient[...] = gradient[::-1, ::-1].copy()


def _flip_in_the_way_back(layer: Any, grads: Array, grad_inputs: Array) -> None:
    """Correlate with the filters where the gradient of the images convolves, or the reverse."""
    weights = layer.parameters[0].values
    right = weights.copy()
    gradients = [each.gradient.copy() for each in layer.parameters]
    weights[...] = right[::-1, ::-1]
    try:
        grad_inputs[...] = _BACKWARD(layer, grads).copy()
    finally:
        weights[...] = right
    for parameter, gradient in zip(layer.parameters, gradients, strict=True):
        parameter.gradient[...] = gradient


_BACKWARD = Convolution.backward


def _shift_border(_layer: Any, _grads: Array, grad_inputs: Array) -> None:
    grad_inputs[...] = np.roll(grad_inputs, 1, axis=1)


def _lose_last_row(_layer: Any, _grads: Array, grad_inputs: Array) -> None:
    grad_inputs[:, -1] = 0


def _ignore_stride(layer: Any, grads: Array, _grad_inputs: Array) -> None:
    _correlate(layer, grads, stride=1, padding=layer.window.padding)


def _ignore_padding(layer: Any, grads: Array, _grad_inputs: Array) -> None:
    _correlate(layer, grads, stride=layer.window.stride, padding=0)


def _correlate(layer: Any, grads: Array, *, stride: int, padding: int) -> None:
    """Compute the filters' gradient by the book, as if windows lay where these numbers say."""
    window = Window(layer.window.size, stride, padding)
    rows, columns = grads.shape[1:3]
    reach = max(*layer.input_shape[:2], *window.size) + stride * max(rows, columns)
    sides = ((0, 0), (padding, reach), (padding, reach), (0, 0))
    images = np.pad(layer._bordered.inside, sides)
    for down, right in np.ndindex(*window.size):
        seen = images[
            :, down : down + stride * rows : stride, right : right + stride * columns : stride
        ]
        product = np.einsum("nhwi,nhwo->io", seen, grads)
        layer.parameters[0].gradient[down, right] = product


def _times_window(layer: Any, _grads: Array, grad_inputs: Array) -> None:
    rows, columns = layer.window.size
    grad_inputs *= rows * columns


def _forget_mean(layer: Any, grads: Array, grad_inputs: Array) -> None:
    means = grads.mean(axis=tuple(range(grads.ndim - 1)))
    grad_inputs += layer.parameters[0].values * layer._inverse * means


def _forget_variance(layer: Any, grads: Array, grad_inputs: Array) -> None:
    normalized = (layer._inputs - layer._mean) * layer._inverse
    means = (grads * normalized).mean(axis=tuple(range(grads.ndim - 1)))
    grad_inputs += layer.parameters[0].values * layer._inverse * normalized * means


def _forget_gamma(layer: Any, _grads: Array, grad_inputs: Array) -> None:
    grad_inputs /= layer.parameters[0].values


def _batch_inverse(layer: Any) -> Array:
    axes = tuple(range(layer._inputs.ndim - 1))
    inverse: Array = 1 / np.sqrt(layer._inputs.var(axis=axes) + layer.epsilon)
    return inverse


def _forget_scale(layer: Any, _grads: Array, grad_inputs: Array) -> None:
    grad_inputs *= 1 - layer.rate


def _lose_shortcut(_layer: Any, grads: Array, grad_inputs: Array) -> None:
    grad_inputs -= grads


def _overwrite_branch(_layer: Any, grads: Array, grad_inputs: Array) -> None:
    grad_inputs[...] = grads


def _bias_mean(layer: Any, grads: Array, _grad_inputs: Array) -> None:
    layer.parameters[1].gradient[...] = grads.mean(axis=0)


def _last_image(layer: Any, grads: Array, _grad_inputs: Array) -> None:
    layer.parameters[0].gradient[...] = layer._inputs[-1:].T @ grads[-1:]


def _forget_pixel_scale(right: Function) -> Function:
    def backward_parameters(layer: Any, grad_outputs: Array) -> None:
        right(layer, grad_outputs)
        layer.parameters[0].gradient[...] /= layer._inverse_scale[:, np.newaxis]

    return backward_parameters


def _back(owner: type, name: str, what: str, spoil: Any, *cases: str) -> Fault:
    return Fault(name, what, owner, "backward", spoil, cases)


LAYER_FAULTS = (
    _back(Convolution, "sign", "images' gradient negated", afterwards(_negate), *CONVOLVED),
    _back(Convolution, "bias", "biases' gradient forgotten", afterwards(_forget_bias), *CONVOLVED),
    _back(
        Convolution,
        "flipped filters' gradient",
        "as a true convolution would have it",
        afterwards(_flip_filters),
        *CONVOLVED,
    ),
    _back(
        Convolution,
        "transposed filter",
        "filters not turned on the way back",
        afterwards(_flip_in_the_way_back),
        *CONVOLVED,
    ),
    _back(
        Convolution,
        "off by one",
        "images' gradient a row too low",
        afterwards(_shift_border),
        *CONVOLVED,
    ),
    _back(
        Convolution,
        "border",
        "last row gets no gradient",
        afterwards(_lose_last_row),
        *CONVOLVED,
    ),
    _back(Convolution, "stride", "taken for 1 in filters", afterwards(_ignore_stride), *STRIDDEN),
    _back(
        Convolution, "padding", "taken for 0 in filters", afterwards(_ignore_padding), *CONVOLVED
    ),
    _back(
        FullyConnected,
        "bias mean",
        "mean over images, not sum",
        afterwards(_bias_mean),
        "fc-5 on 6",
    ),
    _back(
        FullyConnected,
        "one image",
        "weights see the last only",
        afterwards(_last_image),
        "fc-5 on 6",
    ),
    _back(
        MaxPool,
        "wrong winner",
        "gradient to the first of each window",
        with_other("_won", lambda layer: np.zeros_like(layer._won)),
        *POOLED,
    ),
    _back(
        AveragePool, "average", "not divided by the window", afterwards(_times_window), *AVERAGED
    ),
    _back(BatchNorm, "batch mean", "its gradient forgotten", afterwards(_forget_mean), *NORMALIZED),
    _back(
        BatchNorm,
        "batch variance",
        "its gradient forgotten",
        afterwards(_forget_variance),
        *NORMALIZED,
    ),
    _back(BatchNorm, "gamma", "not multiplied by", afterwards(_forget_gamma), *NORMALIZED),
    _back(
        BatchNorm,
        "running statistics",
        "the batch's variance at inference",
        with_other("_inverse", _batch_inverse),
        "bn on 5×7×4, inference",
        "bn on 6, inference",
    ),
    _back(
        Dropout,
        "mask",
        "drawn anew on the way back",
        with_other("_key", lambda layer: layer._key ^ 1),
        "dropout0.5 on 5×7×4",
    ),
    _back(
        Dropout,
        "dropout scale",
        "1/(1 − p) forgotten",
        afterwards(_forget_scale),
        "dropout0.5 on 5×7×4",
    ),
    _back(
        Residual,
        "shortcut",
        "its gradient lost",
        afterwards(_lose_shortcut),
        "res(conv3-4 + relu + conv3-4) on 5×7×4",
        "res(fc-6 + tanh) on 6",
    ),
    _back(
        Residual,
        "used twice",
        "the second gradient overwrites the first",
        afterwards(_overwrite_branch),
        "res(conv3-4 + relu + conv3-4) on 5×7×4",
        "res(fc-6 + tanh) on 6",
    ),
    _back(
        Residual,
        "stochastic depth",
        "fate of the branch drawn anew on the way back",
        with_other("_share", lambda layer: 1.0 - layer._share),
        "res0.5(conv3-4 + relu + conv3-4) on 6×8×4, branch kept",
    ),
    Fault(
        "pixel scale",
        "gradient not divided by the deviation",
        ScaledPixels,
        "backward_parameters",
        _forget_pixel_scale,
        ("pixels as stored + fc-3 on 5×7×4",),
    ),
)
