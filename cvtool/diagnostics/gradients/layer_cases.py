"""Every layer with all its options, each alone behind a projection, or in a block of its own."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from cvtool.diagnostics.gradients.case import Case, Setting, first_fitting
from cvtool.diagnostics.gradients.subjects import ChainSubject, Projection
from cvtool.errors import UsageError
from cvtool.layers.base import Shape
from cvtool.layers.chain import Chain
from cvtool.layers.dropout import Dropout
from cvtool.layers.initialization import he
from cvtool.layers.scaled_pixels import ScaledPixels
from cvtool.models.architecture import parse
from cvtool.seeds import stream

BATCH = 3
ODD: Shape = (5, 7, 4)
EVEN: Shape = (6, 8, 4)
VECTOR: Shape = (6,)

CONVOLUTIONS = (
    ("conv1-3", ODD),
    ("conv2-3p0", EVEN),
    ("conv3-4", ODD),
    ("conv3-4", EVEN),
    ("conv3-4p0", ODD),
    ("conv3-4p2", EVEN),
    ("conv3-4/2", ODD),
    ("conv3-4/2", EVEN),
    ("conv4-3/3p2", EVEN),
    ("conv2x3-2p0", ODD),
    ("conv3x1-2/2", EVEN),
    ("conv5-2/2", ODD),
    ("conv3-6 + relu + conv3-4", EVEN),
)
OTHERS = (
    ("maxpool2", EVEN),
    ("maxpool2", ODD),
    ("maxpool3/2", ODD),
    ("maxpool3/1", EVEN),
    ("maxpool2/3", EVEN),
    ("conv3-4 + relu + maxpool2", EVEN),
    ("avgpool2", EVEN),
    ("avgpool2", ODD),
    ("avgpool3/1", ODD),
    ("avgpool2/3", EVEN),
    ("gap", ODD),
    ("flatten", ODD),
    ("fc-5", VECTOR),
    ("fc-3", ODD),
    ("fc-8 + relu + fc-3", VECTOR),
)
ACTIVATIONS = (
    ("relu", ODD),
    ("leaky-relu", ODD),
    ("leaky-relu0.1", VECTOR),
    ("prelu", ODD),
    ("prelu0.1", VECTOR),
    ("elu", ODD),
    ("elu0.5", VECTOR),
    ("sigmoid", ODD),
    ("tanh", VECTOR),
    ("maxout2", ODD),
    ("maxout3", VECTOR),
)
NORMALIZING = (("bn", ODD), ("bn", VECTOR), ("conv3-4 + bn + relu", EVEN))
DROPPING = (("dropout0.5", ODD), ("fc-8 + dropout0.2 + relu", VECTOR))
BLOCKS = (
    ("res(conv3-4 + relu + conv3-4)", ODD),
    ("res(conv3-4 + bn + relu + conv3-4 + bn)", EVEN),
    ("res(conv3-6/2 + relu + conv3-6)", EVEN),
    ("res(bn + relu + conv3-6/2)", ODD),
    ("res(conv3-4 + bn) + relu", ODD),
    ("res(fc-6 + tanh)", VECTOR),
    ("res(res(conv1-4 + relu) + conv3-4)", ODD),
)
SOMETIMES = (("res0.5(conv3-4 + relu + conv3-4)", EVEN),)


def layer_cases() -> Iterator[Case]:
    """Name every layer in the lists above, with its shapes and what is held about it."""
    for text, shape in CONVOLUTIONS:
        for method in ("direct", "im2col"):
            yield _case("layer", text, shape, method, conv=method)
    for text, shape in OTHERS:
        yield _case("layer", text, shape)
    for text, shape in ACTIVATIONS:
        yield _case("activation", text, shape)
    for text, shape in NORMALIZING:
        yield _case("batch norm", text, shape, "training")
    for text, shape in NORMALIZING:
        yield _case("batch norm", text, shape, "inference", training=False)
    for text, shape in DROPPING:
        yield _case("mask held", text, shape)
    for text, shape in BLOCKS:
        yield _case("residual", text, shape)
    for text, shape in SOMETIMES:
        yield _case("mask held", text, shape, "branch kept", noise=_KEPT)
        yield _case("mask held", text, shape, "branch left out", noise=_LEFT_OUT)
    yield Case("pixels as stored + fc-3 on 5×7×4", "layer", stored_pixels)


def chosen_layers(text: str) -> list[Case]:
    """Check a formula of a user's, on images of the first size that it takes.

    Raises
    ------
    UsageError
        If it is no formula, or takes none of them.
    """
    try:
        shape = first_fitting(_SHAPES, lambda each: Chain(parse(text).layers).bind(each))
    except UsageError as error:
        raise UsageError(*str(error).replace("--arch", "--layer").splitlines()) from None
    methods = ("direct", "im2col") if "conv" in text.lower() else ("direct",)
    return [
        _case("layer", text, shape, *([method] if len(methods) > 1 else []), conv=method)
        for method in methods
    ]


def chain_on(
    text: str,
    shape: Shape,
    setting: Setting,
    *,
    conv: str = "direct",
    training: bool = True,
    noise: int = 0,
) -> ChainSubject:
    """Build layers on random images, none of whose parameters is left at the 0 or 1 it starts at.

    ``noise`` chooses the masks of dropout and the fate of branches, which hold from then on.
    """
    chain = Chain(parse(text, conv=conv).layers)
    chain.bind(shape)
    random = stream(setting.seed, "gradcheck", text)
    for layer in chain.walk():
        layer.initialize(he, stream(setting.seed, "weights", layer.name), setting.dtype)
    for parameter in chain.parameters:
        parameter.values[...] += random.normal(0, 0.1, parameter.values.shape)
    chain.reseed(lambda name: stream(noise, "gradcheck", name))
    hold(chain)
    inputs = random.normal(0, 1, (BATCH, *shape)).astype(setting.dtype)
    for _ in range(3):  # running statistics move away from 0 and 1
        chain.forward(
            inputs + random.normal(0.5, 1, inputs.shape).astype(setting.dtype), training=True
        )
    weights = random.normal(0, 1, (BATCH, *chain.output_shape)).astype(setting.dtype)
    return ChainSubject(chain, inputs, Projection(weights), training=training)


def hold(chain: Chain) -> None:
    """Keep the masks of dropout whatever happens: another mask is another function."""
    for layer in chain.walk():
        if isinstance(layer, Dropout):
            layer.hold = True


def stored_pixels(setting: Setting) -> ChainSubject:
    """Build the layer that reads bytes, which a step moves by 1: it is linear in them."""
    random = stream(setting.seed, "gradcheck", "stored pixels")
    mean, scale = random.uniform(0.3, 0.7, ODD[2]), random.uniform(0.1, 0.4, ODD[2])
    chain = Chain([ScaledPixels(3, mean, scale)])
    chain.bind(ODD)
    chain.layers[0].initialize(he, random, setting.dtype)
    images = random.integers(1, 255, (BATCH, *ODD), np.uint8)
    weights = random.normal(0, 1, (BATCH, *chain.output_shape)).astype(setting.dtype)
    return ChainSubject(chain, images, Projection(weights))


def _case(kind: str, text: str, shape: Shape, *held: str, **options: Any) -> Case:
    name = ", ".join([f"{text} on {'×'.join(map(str, shape))}", *held])
    return Case(name, kind, partial(chain_on, text, shape, **options))


_SHAPES = ((8, 8, 6), (32, 32, 6), (6,), (60,))
_KEPT, _LEFT_OUT = 1, 0
"""Seeds of noise by which the branch of ``SOMETIMES`` is kept and left out."""
