"""Single convolutions, forward and both gradients, against oneDNN as PyTorch calls it."""

import numpy as np
import pytest
from pairs import compare, peak

from cvtool.kernels.convolution import (
    convolve,
    convolve_grad_filters,
    convolve_grad_images,
    gradient_border,
)
from cvtool.kernels.memory import Bordered

torch = pytest.importorskip("torch", reason="PyTorch is the peer of this benchmark")
pytestmark = pytest.mark.benchmark

IMAGES = 64
LAYERS = [  # side, channels, filters, stride
    (32, 3, 32, 1),
    (32, 32, 32, 1),
    (16, 32, 64, 1),
    (16, 64, 64, 1),
    (8, 64, 128, 1),
    (8, 128, 128, 1),
    (32, 16, 16, 1),
    (32, 32, 64, 2),
]


def our_works(side: int, channels: int, filters: int, stride: int):
    random = np.random.default_rng(0)
    images = Bordered.around(draw(random, IMAGES, side, side, channels), 1)
    weights = draw(random, 3, 3, channels, filters)
    bias = np.zeros(filters, np.float32)
    out_side = (side - 1) // stride + 1
    outputs = Bordered.zeros((IMAGES, out_side, out_side, filters), 1, np.float32)
    border = gradient_border((side, side), (3, 3), stride, 1)
    grads = Bordered.around(draw(random, IMAGES, out_side, out_side, filters), border)
    grad_images = Bordered.zeros((IMAGES, side, side, channels), 1, np.float32).inside
    grad_weights, grad_bias = np.empty_like(weights), np.empty_like(bias)
    return {
        "forward": lambda: convolve(images, weights, bias, stride=stride, out=outputs.inside),
        "images": lambda: convolve_grad_images(
            grads, weights, stride=stride, padding=1, out=grad_images
        ),
        "filters": lambda: convolve_grad_filters(
            images, grads, stride=stride, out=grad_weights, bias=grad_bias
        ),
    }


def their_works(side: int, channels: int, filters: int, stride: int, layout):
    out_side = (side - 1) // stride + 1
    images = torch.randn(IMAGES, channels, side, side).to(memory_format=layout)
    weights = torch.randn(filters, channels, 3, 3).to(memory_format=layout)
    bias = torch.zeros(filters)
    grads = torch.randn(IMAGES, filters, out_side, out_side).to(memory_format=layout)

    def backward(by_images: bool):
        wanted = [by_images, not by_images, not by_images]
        return lambda: torch.ops.aten.convolution_backward(
            grads,
            images,
            weights,
            [filters],
            [stride] * 2,
            [1, 1],
            [1, 1],
            False,
            [0, 0],
            1,
            wanted,
        )

    def forward():
        with torch.no_grad():
            return torch.nn.functional.conv2d(images, weights, bias, stride=stride, padding=1)

    return {"forward": forward, "images": backward(True), "filters": backward(False)}


def draw(random: np.random.Generator, *shape: int) -> np.ndarray:
    return random.standard_normal(shape, dtype=np.float32)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: "-".join(map(str, layer)))
def test_convolution_layer(layer: tuple[int, ...], capsys: pytest.CaptureFixture[str]) -> None:
    side, channels, filters, stride = layer
    operations = 2 * IMAGES * ((side - 1) // stride + 1) ** 2 * 9 * channels * filters
    ours = our_works(*layer)
    default = their_works(*layer, torch.contiguous_format)
    last = their_works(*layer, torch.channels_last)
    for part, work in ours.items():
        peers = {"oneDNN": default[part], "channels last": last[part]}
        timing = compare(work, peers, rounds=15)
        speed = operations / timing.ours
        with capsys.disabled():
            print(
                f"\n{side}×{side}×{channels} → {filters} /{stride} {part:8}"
                f"{speed / 1e9:6.0f} GFLOP/s, {speed / peak():4.0%} of peak",
                *(f"{name} {timing.ratio(name):.2f}×" for name in peers),
                sep="   ",
                end="",
            )
