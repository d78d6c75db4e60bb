"""Activations and gradients of every layer before the first step (§6.3, §6.6)."""

from dataclasses import dataclass

import numpy as np

from cvtool.diagnostics.layer_health import DEAD, SATURATED
from cvtool.diagnostics.sanity.setup import Setup
from cvtool.layers.activations import ReLU
from cvtool.layers.base import Array, Layer, Parameter
from cvtool.models.network import Network
from cvtool.records import Histogram, Histograms, LayerAtStart, SanityCheck
from cvtool.training.health import saturation

IMAGES = 256
BINS = 60
VANISHING, EXPLODING = 0.02, 50.0
"""Deviation of activations, as a share of the inputs', that no suitable initialization reaches."""
UNEVEN = 3000.0
"""Gradients per weight that differ by more between two layers learn at different speeds."""


@dataclass(frozen=True, eq=False)
class Start:
    """The layers as they were seen, and what is drawn of them."""

    layers: tuple[LayerAtStart, ...]
    pictures: tuple[Histograms, ...]
    input_std: float
    symmetric: tuple[str, ...]


def look_inside(setup: Setup) -> Start:
    """Pass a batch forward and back through a fresh network, and note what every layer does."""
    images, labels = setup.first_batch(IMAGES)
    network = setup.silent()
    setup.procedure.learn(network, images, labels)
    gradients = {
        each.name.rpartition("/")[0]: each.gradient.copy()
        for each in network.parameters
        if each.regularized
    }
    layers, drawn = [], []
    for layer, outputs in network.chain.outputs(images.copy(), training=True):
        layers.append(_seen(layer, outputs, gradients.get(layer.name)))
        drawn.append(_histogram(layer.name, outputs))
    inner = [each for each in gradients if each not in {layer.layer for layer in layers}]
    layers += [_inner(name, gradients[name]) for name in inner]
    slopes = [_histogram(name, values) for name, values in gradients.items()]
    pictures = (
        Histograms("activations", "activations before the first step", tuple(drawn)),
        Histograms("gradients", "gradients of the weights before the first step", tuple(slopes)),
    )
    spread = float(images.std(dtype=np.float64))
    return Start(tuple(layers), pictures, spread, tuple(_symmetric(network)))


def _seen(layer: Layer, outputs: Array, gradient: Array | None) -> LayerAtStart:
    axes = tuple(range(outputs.ndim - 1))
    dead = float((outputs <= 0).all(axis=axes).mean()) if isinstance(layer, ReLU) else None
    return LayerAtStart(
        layer.name,
        float(outputs.mean(dtype=np.float64)),
        float(outputs.std(dtype=np.float64)),
        dead,
        saturation(layer, outputs),
        None if gradient is None else float(gradient.std(dtype=np.float64)),
    )


def _inner(name: str, gradient: Array) -> LayerAtStart:
    """Tell of weights inside a block what can be told from outside."""
    nan = float("nan")
    return LayerAtStart(name, nan, nan, None, None, float(gradient.std(dtype=np.float64)))


def _histogram(name: str, values: Array) -> Histogram:
    finite = values[np.isfinite(values)].astype(np.float64)
    counts, edges = np.histogram(finite, bins=BINS)
    return Histogram(name, tuple(edges.tolist()), tuple(counts.tolist()))


def _symmetric(network: Network) -> list[str]:
    """Name weights whose neurons are all the same; those of the last layer are told apart."""
    weights = [each for each in network.parameters if each.regularized and each.values.ndim > 1]
    return [each.name for each in weights[:-1] if _all_equal(each)]


def _all_equal(weights: Parameter) -> bool:
    neurons = weights.values.reshape(-1, weights.values.shape[-1])
    return neurons.shape[1] > 1 and bool((neurons == neurons[:, :1]).all())


def activations(start: Start) -> SanityCheck:
    """Activations keep their scale from layer to layer."""
    known = [each for each in start.layers if np.isfinite(each.std)]
    shares = [(each.std / max(start.input_std, 1e-12), each.layer) for each in known[:-1] or known]
    low, high = min(shares), max(shares)
    vanish, explode = low[0] < VANISHING, high[0] > EXPLODING
    share = high[0] if explode else low[0]
    message = f"deviations are {low[0]:.2g} ({low[1]}) to {high[0]:.2g} ({high[1]}) of the inputs'"
    if vanish or explode:
        message += ": activations " + ("explode" if explode else "vanish")
        message += ", try --init auto, or bn in --arch"
    expected = f"{VANISHING:g} to {EXPLODING:g}"
    return SanityCheck("activations", not (vanish or explode), expected, share, message)


def gradients(start: Start) -> SanityCheck:
    """Gradients reach every layer, at comparable size."""
    found = [
        (each.gradient_std, each.layer) for each in start.layers if each.gradient_std is not None
    ]
    low, high = min(found), max(found)
    ratio = high[0] / low[0] if low[0] > 0 else np.inf
    ok = bool(np.isfinite(ratio) and ratio <= UNEVEN)
    message = f"deviations from {low[0]:.2g} ({low[1]}) to {high[0]:.2g} ({high[1]})"
    if not ok:
        message += ": gradients vanish on their way, try --init auto, relu or bn in --arch"
    return SanityCheck("gradients", ok, f"≤ {UNEVEN:g}", float(ratio), message)


def units_live(start: Start) -> SanityCheck:
    """Few rectified units are zero for every image."""
    return _share_within(
        "units live",
        DEAD,
        [(each.dead, each.layer) for each in start.layers if each.dead is not None],
        "zero for every image",
        "they are dead, try --init auto, or leaky-relu in --arch",
    )


def units_respond(start: Start) -> SanityCheck:
    """Few sigmoid and tanh outputs are at the ends of their range."""
    return _share_within(
        "units respond",
        SATURATED,
        [(each.saturated, each.layer) for each in start.layers if each.saturated is not None],
        "at the ends of their range",
        "hardly any gradient passes, try --init auto, or bn in --arch",
    )


def _share_within(
    name: str, most: float, shares: list[tuple[float, str]], what: str, remedy: str
) -> SanityCheck:
    """Judge the layer with the largest share."""
    worst, layer = max(shares, default=(0.0, "no layer"))
    message = f"at most {worst:.0%} are {what} ({layer})"
    if worst > most:
        message += f": {remedy}"
    return SanityCheck(name, worst <= most, f"≤ {most:g}", worst, message)


def asymmetry(start: Start) -> SanityCheck:
    """No layer begins with neurons that are all the same, and would stay so."""
    same = start.symmetric
    message = "neurons of a layer differ"
    if same:
        message = f"all neurons of {', '.join(same)} are equal and will stay so: try --init auto"
    return SanityCheck("asymmetry", not same, 0, len(same), message)
