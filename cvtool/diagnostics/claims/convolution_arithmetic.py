"""Claims on convolutions and pooling, held against the real layers (notes §5.1, §5.2)."""

from itertools import product

import numpy as np

from cvtool.diagnostics.claims.claim import Bench, Claim, Measurement, holds
from cvtool.layers.base import Array, Layer
from cvtool.layers.convolution import Convolution
from cvtool.layers.fully_connected import FullyConnected
from cvtool.layers.initialization import he
from cvtool.layers.pooling import MaxPool
from cvtool.seeds import stream


def _filter_parameters(bench: Bench) -> Measurement:
    layer = _bound(Convolution(1, (5, 5)), (32, 32, 3), bench)
    seen = sum(parameter.values.size for parameter in layer.parameters)
    return holds(
        seen == 76,
        {"parameters": seen},
        f"a bound layer with one such filter holds {seen} numbers: 5·5·3 weights and a bias",
    )


def _size_free(_: Bench) -> Measurement:
    sides = (8, 32, 128, 512)
    counts = {_parameters(Convolution(1, (5, 5)), (side, side, 3)) for side in sides}
    return holds(
        len(counts) == 1,
        {"fewest": min(counts), "most": max(counts)},
        f"for images of {', '.join(map(str, sides))} pixels a side it is {max(counts)}",
    )


def _neuron_weights(_: Bench) -> Measurement:
    weights = _parameters(FullyConnected(1), (128 * 128 * 3,)) - 1
    filters = weights // _parameters(Convolution(1, (5, 5)), (128, 128, 3))
    return holds(
        (weights, filters) == (49_152, 646),
        {"weights": weights, "filters": filters},
        f"{weights:,} weights, as many as {filters} filters of 76 parameters need",
    )


def _output_size(bench: Bench) -> Measurement:
    tried = wrong = 0
    random = stream(bench.seed, "claims", "output-size")
    for side, size, stride, padding in product((7, 12, 32), (1, 2, 3, 5), (1, 2, 3), (0, 1, 2)):
        if (side + 2 * padding - size) % stride:
            continue
        layer = _bound(Convolution(2, (size, size), stride, padding), (side, side, 1), bench)
        outputs = layer.forward(random.random((1, side, side, 1)))
        expected = (side + 2 * padding - size) // stride + 1
        tried, wrong = tried + 1, wrong + (outputs.shape != (1, expected, expected, 2))
    return holds(
        wrong == 0,
        {"layers": tried, "other sizes": wrong},
        f"{tried - wrong} of {tried} layers give images of (W − F + 2P)/S + 1 pixels a side",
    )


def _channel_order(bench: Bench) -> Measurement:
    random = stream(bench.seed, "claims", "channel-order")
    images = random.normal(0, 1, (4, 16, 16, 6))
    layer, mixed = (_bound(Convolution(8, (3, 3)), (16, 16, 6), bench) for _ in range(2))
    order = random.permutation(6)
    mixed.parameters[0].values[...] = layer.parameters[0].values[:, :, order]
    before = layer.forward(images).copy()
    consistent = _difference(mixed.forward(np.ascontiguousarray(images[..., order])), before)
    alone = _difference(layer.forward(np.ascontiguousarray(images[..., order])), before)
    return holds(
        consistent < 1e-12,
        {"difference": consistent, "images alone": alone},
        f"channels of images and filters in another order, the same for both, change outputs by "
        f"{consistent:.0e} of the largest; those of the images alone by {alone:.2f}",
    )


def _equivariance(bench: Bench) -> Measurement:
    random = stream(bench.seed, "claims", "equivariance")
    images = random.normal(0, 1, (4, 24, 24, 3))
    layer = _bound(Convolution(8, (5, 5)), (24, 24, 3), bench)
    before = layer.forward(images).copy()
    after = layer.forward(np.roll(images, 3, axis=2))
    # Away from the border, which sees zeros, and from what was rolled over it.
    inside = _difference(after[:, 2:-2, 5:-2], before[:, 2:-2, 2:-5])
    return holds(
        inside < 1e-12,
        {"difference": inside},
        f"images moved by three pixels have outputs moved by three, up to {inside:.0e} of the "
        f"largest, wherever the border is not met",
    )


def _matrix_product(bench: Bench) -> Measurement:
    random = stream(bench.seed, "claims", "matrix-product")
    images = random.normal(0, 1, (4, 12, 12, 3))
    layer = _bound(Convolution(8, (3, 3), padding=0), (12, 12, 3), bench)
    weights = layer.parameters[0].values
    windows = np.lib.stride_tricks.sliding_window_view(images, (3, 3), axis=(1, 2))
    matrix = windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, 27)
    outputs = layer.forward(images)
    error = _difference((matrix @ weights.reshape(27, 8)).reshape(outputs.shape), outputs)
    return holds(
        error < 1e-12,
        {"difference": error, "rows": len(matrix)},
        f"{len(matrix):,} windows written down as rows, times the filters as columns, are its "
        f"outputs up to {error:.0e} of the largest",
    )


def _pooling(bench: Bench) -> Measurement:
    random = stream(bench.seed, "claims", "pooling")
    images = random.normal(0, 1, (8, 16, 16, 4))
    layer = _bound(MaxPool(2), (16, 16, 4), bench)
    outputs = layer.forward(images)
    kept = outputs.size / images.size
    chosen = float(np.isin(outputs, images).mean())
    return holds(
        kept == 0.25 and chosen == 1 and not layer.parameter_count(),
        {"kept": kept, "parameters": layer.parameter_count()},
        f"2×2 windows with stride 2 keep {kept:.0%} of the numbers, the depth of "
        f"{outputs.shape[3]} and learn {layer.parameter_count()} parameters",
    )


def _parameters(layer: Layer, input_shape: tuple[int, ...]) -> int:
    layer.bind(input_shape)
    return layer.parameter_count()


def _bound(layer: Layer, input_shape: tuple[int, ...], bench: Bench) -> Layer:
    """Bind a layer and draw its weights, in double precision."""
    layer.name = layer.formula
    layer.bind(input_shape)
    layer.initialize(he, stream(bench.seed, "claims", "layer", layer.formula), np.float64)
    return layer


def _difference(one: Array, other: Array) -> float:
    return float(np.abs(one - other).max() / (np.abs(other).max() or 1.0))


CLAIMS: tuple[Claim, ...] = (
    Claim("filter-parameters", "§5.1", "a filter of 5×5×3 has 76 parameters", _filter_parameters),
    Claim(
        "filters-any-image-size",
        "§5.1",
        "the parameters of a filter do not depend on the size of images",
        _size_free,
    ),
    Claim(
        "neuron-weights",
        "§5.1",
        "a fully-connected neuron on 128×128×3 has 49,152 weights, 646 filters' worth",
        _neuron_weights,
    ),
    Claim("output-size", "§5.1", "outputs have (W − F + 2P)/S + 1 pixels a side", _output_size),
    Claim(
        "channel-order-free",
        "§5.1",
        "a consistent permutation of channels leaves a convolution as it is",
        _channel_order,
    ),
    Claim("translation-equivariant", "§5.1", "a convolution of a moved image moves", _equivariance),
    Claim(
        "convolution-is-product",
        "§5.1",
        "a convolution is a product of two matrices",
        _matrix_product,
    ),
    Claim(
        "pooling-keeps-a-quarter",
        "§5.2",
        "2×2 pooling discards three quarters, keeps the depth and learns nothing",
        _pooling,
    ),
)
