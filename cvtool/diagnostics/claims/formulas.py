"""Claims that are formulas, decided by central differences (notes §4.1, §6.1)."""

import numpy as np

from cvtool.diagnostics.claims.claim import Bench, Claim, Measurement, holds
from cvtool.diagnostics.claims.samples import Matrix
from cvtool.layers.activations import Activation, Sigmoid, Tanh
from cvtool.seeds import stream

_STEP = 1e-5


def _reciprocal(bench: Bench) -> Measurement:
    """Let central differences decide between −1/y² and the notes' ln y."""
    y = stream(bench.seed, "claims", "reciprocal").uniform(0.5, 4, 1_000)
    slopes = (1 / (y + _STEP) - 1 / (y - _STEP)) / (2 * _STEP)
    right = float(np.abs(slopes + 1 / y**2).max())
    wrong = float(np.abs(slopes - np.log(y)).min())
    measured = {"error of −1/y²": right, "least error of ln y": wrong}
    if right > 1e-6 or wrong < 1e-2:
        return Measurement(measured, "holds", "central differences do not refute ln y")
    return Measurement(
        measured,
        "the notes are in error",
        f"at {y.size:,} points central differences are −1/y² up to {right:.0e}, and at least "
        f"{wrong:.2f} away from ln y, which is an integral of 1/y and no derivative",
    )


def _chain_rule(bench: Bench) -> Measurement:
    """Go from x to f by several ways: f = Σ tanh(aᵢx)·sin(bᵢx) with two ways each."""
    random = stream(bench.seed, "claims", "chain-rule")
    x, a, b = (random.normal(0, 1, (200, each)) for each in (1, 5, 5))

    def f(x: Matrix) -> Matrix:
        total: Matrix = (np.tanh(a * x) * np.sin(b * x)).sum(axis=1)
        return total

    ways = np.sin(b * x) * (1 - np.tanh(a * x) ** 2) * a, np.tanh(a * x) * np.cos(b * x) * b
    summed = np.concatenate(ways, axis=1).sum(axis=1)
    slopes = (f(x + _STEP) - f(x - _STEP)) / (2 * _STEP)
    error = float((np.abs(summed - slopes) / np.maximum(np.abs(slopes), 1)).max())
    one_way = float(np.median(np.abs(ways[0].sum(axis=1) - slopes)))
    return holds(
        error < 1e-7,
        {"largest relative error": error, "typical error of half the ways": one_way},
        f"products of local derivatives, summed over ten ways from x to f, agree with central "
        f"differences up to {error:.0e}; half of the ways alone are typically {one_way:.2f} off",
    )


def _node_boundaries(bench: Bench) -> Measurement:
    """Go back through 1/(1 + exp(−z)) as one node, and as four."""
    z = stream(bench.seed, "claims", "nodes").normal(0, 3, (1, 1_000))
    outputs, joined = _through(Sigmoid(), z)
    negated = -z
    powers = np.exp(negated)
    sums = 1 + powers
    apart = -1 / sums**2  # of the reciprocal
    apart = apart * 1.0  # of adding one
    apart = apart * powers  # of the exponential
    apart = apart * -1.0  # of the sign
    error = float(np.abs(joined - apart).max())
    return holds(
        error < 1e-12 and np.allclose(outputs, 1 / sums, rtol=1e-12, atol=0),
        {"largest difference": error},
        f"the sigmoid as one node, and as sign, exponential, sum and reciprocal, has the same "
        f"gradient at {z.size:,} points up to {error:.0e}",
    )


def _sigmoid_at_10(_bench: Bench) -> Measurement:
    at = np.array([[10.0, 0.0]])
    _, slopes = _through(Sigmoid(), at)
    ten, zero = (float(each) for each in slopes[0])
    higher, lower = (_through(Sigmoid(), at + step)[0][0, 0] for step in (_STEP, -_STEP))
    numeric = float((higher - lower) / (2 * _STEP))
    return holds(
        abs(ten / 4.5e-5 - 1) < 0.02 and abs(numeric / ten - 1) < 1e-4,
        {"at 10": ten, "numeric at 10": numeric, "at 0": zero},
        f"{ten:.3g} at 10 (central difference {numeric:.3g}), where it is {zero:.3g} at 0",
    )


def _tanh_of_sigmoid(bench: Bench) -> Measurement:
    x = stream(bench.seed, "claims", "tanh").normal(0, 5, (1, 10_000))
    one, _ = _through(Tanh(), x)
    other, _ = _through(Sigmoid(), 2 * x)
    error = float(np.abs(one - (2 * other - 1)).max())
    return holds(
        error < 1e-14,
        {"largest difference": error},
        f"at {x.size:,} points tanh(x) and 2σ(2x) − 1 differ by {error:.0e} at most",
    )


def _through(layer: Activation, x: Matrix) -> tuple[Matrix, Matrix]:
    """Return a layer's outputs and its derivative at each input."""
    layer.bind(x.shape[1:])
    outputs = layer.forward(x, training=True).copy()
    return outputs, layer.backward(np.ones_like(x)).copy()


CLAIMS: tuple[Claim, ...] = (
    Claim("derivative-of-reciprocal", "§4.1", "the derivative of 1/y is ln y", _reciprocal),
    Claim(
        "chain-rule-sums-products",
        "§4.1",
        "the chain rule multiplies along each way and adds up the ways",
        _chain_rule,
    ),
    Claim(
        "node-boundaries-free",
        "§4.1",
        "where one node ends and the next begins leaves gradients as they are",
        _node_boundaries,
    ),
    Claim("sigmoid-derivative-at-10", "§6.1.1", "σ′(10) is 4.5·10⁻⁵", _sigmoid_at_10),
    Claim("tanh-is-scaled-sigmoid", "§6.1.2", "tanh(x) = 2σ(2x) − 1", _tanh_of_sigmoid),
)
