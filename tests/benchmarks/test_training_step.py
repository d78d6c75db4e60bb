"""Whole training steps of the same network against PyTorch, in both of its layouts.

Ours are steps of the real loop: a batch is gathered from stored pixels and standardized, losses and
accuracies are tallied. PyTorch is handed its batch ready made.
"""

from collections.abc import Callable

import numpy as np
import pytest
from pairs import compare

from cvtool.config import TrainConfig
from cvtool.datasets.batches import Batcher
from cvtool.datasets.dataset import Examples
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import whole
from cvtool.experiments.preparation import build
from cvtool.training.loop import Learner, fit
from cvtool.training.optimizers import make_optimizer
from cvtool.training.progress import Progress

torch = pytest.importorskip("torch", reason="PyTorch is the peer of this benchmark")
pytestmark = pytest.mark.benchmark

PLAIN = (
    "((conv3-32 + relu)*2 + maxpool2) + ((conv3-64 + relu)*2 + maxpool2) + fc-256 + relu + fc-10"
)
NORMALIZED = PLAIN.replace("+ relu)*2", "+ bn + relu)*2")
ROUNDS = 31


def our_steps(arch: str, batch_size: int) -> Callable[[], object]:
    random = np.random.default_rng(0)
    count = batch_size * (ROUNDS + 10)
    images = random.integers(0, 256, (count, 32, 32, 3), dtype=np.uint8)
    examples = Examples(images, random.integers(0, 10, count))
    config = TrainConfig(
        arch=arch, batch_size=batch_size, optimizer="momentum", learning_rate=0.01,
        regularization="none", schedule="constant",
    )  # fmt: skip
    everything = whole(examples)
    batcher = Batcher(everything, Preprocessing.fit("standardize", everything))
    network = build(config, (32, 32, 3), 10)
    learner = Learner(network, make_optimizer("momentum"), batcher, batcher, config, Progress())
    return fit(learner).__next__


def their_steps(arch: str, batch_size: int, *, channels_last: bool) -> Callable[[], object]:
    torch.manual_seed(0)
    layout = torch.channels_last if channels_last else torch.contiguous_format
    network = torch_network("bn" in arch).to(memory_format=layout)
    images = torch.randn(batch_size, 3, 32, 32).to(memory_format=layout)
    labels = torch.randint(0, 10, (batch_size,))
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9)

    def step() -> float:
        optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.cross_entropy(network(images), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def torch_network(normalized: bool):
    nn, layers, channels = torch.nn, [], 3
    for filters in (32, 64):
        for _ in range(2):
            layers.append(nn.Conv2d(channels, filters, 3, padding=1))
            layers += [nn.BatchNorm2d(filters)] if normalized else []
            layers.append(nn.ReLU())
            channels = filters
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(4096, 256), nn.ReLU(), nn.Linear(256, 10))


@pytest.mark.parametrize("batch_size", [64, 128])
@pytest.mark.parametrize("arch", [PLAIN, NORMALIZED], ids=["plain", "batch-norm"])
def test_training_step(arch: str, batch_size: int, capsys: pytest.CaptureFixture[str]) -> None:
    timing = compare(
        our_steps(arch, batch_size),
        {
            "PyTorch": their_steps(arch, batch_size, channels_last=False),
            "PyTorch channels last": their_steps(arch, batch_size, channels_last=True),
        },
        rounds=ROUNDS,
    )
    with capsys.disabled():
        print(f"\nbatch {batch_size}: cvtool {batch_size / timing.ours:,.0f} images/s", end="")
        for name, seconds in timing.peers.items():
            print(f", {name} {batch_size / seconds:,.0f} ({timing.ratio(name):.2f}×)", end="")
