"""An epoch of softmax regression on stored pixels beside PyTorch's Linear and scikit-learn.

Ours are steps of the real loop: bytes are gathered, multiplied as they are, losses and accuracies
tallied. PyTorch is timed on floats that are ready in memory, and on the same bytes; scikit-learn on
the floats. All take batches of 1,024 images with plain steps, in turn.
"""

from collections.abc import Callable

import numpy as np
import pytest
from pairs import compare

from cvtool.config import TrainConfig
from cvtool.datasets.batches import batch_order
from cvtool.datasets.dataset import Examples
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import Subset, whole
from cvtool.datasets.stored_batches import StoredBatcher
from cvtool.layers.scaled_pixels import ScaledPixels
from cvtool.models.architecture import Formula
from cvtool.models.network import Network
from cvtool.records import StepRecord
from cvtool.training.loop import Learner, fit
from cvtool.training.optimizers import make_optimizer
from cvtool.training.progress import Progress

torch = pytest.importorskip("torch", reason="PyTorch is a peer of this benchmark")
linear_model = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is a peer, too")
pytestmark = pytest.mark.benchmark

IMAGES, BATCH, CLASSES, RATE = 20_480, 1024, 10, 1e-3
STEPS = IMAGES // BATCH
CIFAR = 50_000


@pytest.fixture(scope="module")
def subset() -> Subset:
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (IMAGES, 32, 32, 3), dtype=np.uint8)
    return whole(Examples(images, random.integers(0, CLASSES, IMAGES)))


@pytest.fixture(scope="module")
def pixels(subset: Subset) -> np.ndarray:
    """All images, standardized: four times the memory."""
    fitted = Preprocessing.fit("standardize", subset)
    ready = (subset.examples.images / np.float32(255) - fitted.mean) / fitted.scale
    return ready.reshape(IMAGES, -1)


def our_epoch(subset: Subset) -> Callable[[], object]:
    fitted = Preprocessing.fit("standardize", subset)
    layer = ScaledPixels(CLASSES, fitted.mean, fitted.scale)
    formula = Formula([layer], "softmax", f"fc-{CLASSES} + softmax")
    network = Network(formula, (32, 32, 3), seed=0, init="auto", dtype=np.float32)
    config = TrainConfig(
        batch_size=BATCH, optimizer="sgd", learning_rate=RATE, regularization="l2",
        schedule="constant", epochs=1000,
    )  # fmt: skip
    few = StoredBatcher(Subset(subset.examples, subset.indices[:1]))  # looked at after each epoch
    batches = StoredBatcher(subset)
    learner = Learner(network, make_optimizer("sgd"), batches, few, config, Progress())
    records = fit(learner)

    def epoch() -> None:
        steps = 0
        while steps < STEPS:
            steps += isinstance(next(records), StepRecord)

    return epoch


def torch_epoch(inputs: np.ndarray, labels: np.ndarray, moments: tuple) -> Callable[[], object]:
    torch.manual_seed(0)
    layer = torch.nn.Linear(inputs.shape[1], CLASSES)
    optimizer = torch.optim.SGD(layer.parameters(), lr=RATE, weight_decay=2e-4)
    inputs, labels = torch.from_numpy(inputs), torch.from_numpy(labels)

    def epoch() -> None:
        for positions in torch.randperm(IMAGES).split(BATCH):
            images, wanted = inputs[positions], labels[positions]
            if images.dtype == torch.uint8:
                images = (images.float() - moments[0]) / moments[1]
            optimizer.zero_grad(set_to_none=True)
            scores = layer(images)
            loss = torch.nn.functional.cross_entropy(scores, wanted)
            loss.backward()
            optimizer.step()
            (scores.argmax(dim=1) == wanted).sum().item()
            loss.item()

    return epoch


def sklearn_epoch(inputs: np.ndarray, labels: np.ndarray) -> Callable[[], object]:
    model = linear_model.SGDClassifier(
        loss="log_loss", learning_rate="constant", eta0=RATE / BATCH, alpha=2e-4
    )

    def epoch() -> None:
        for positions in batch_order(IMAGES, BATCH, 0):
            model.partial_fit(inputs[positions], labels[positions], classes=np.arange(CLASSES))

    return epoch


def test_an_epoch_of_softmax(
    subset: Subset, pixels: np.ndarray, capsys: pytest.CaptureFixture[str]
) -> None:
    stored, labels = subset.examples.images.reshape(IMAGES, -1), subset.examples.labels
    moments = (float(stored.mean()), float(stored.std()))
    timing = compare(
        our_epoch(subset),
        {
            "PyTorch": torch_epoch(pixels, labels, moments),
            "PyTorch from bytes": torch_epoch(stored, labels, moments),
            "scikit-learn": sklearn_epoch(pixels, labels),
        },
        rounds=7,
        warmup=1,
    )
    with capsys.disabled():
        scale = CIFAR / IMAGES
        print(f"\n{CIFAR:,} images: cvtool {timing.ours * scale:.3f} s", end="")
        for name, seconds in timing.peers.items():
            print(f", {name} {seconds * scale:.3f} s ({timing.ratio(name):.1f}×)", end="")
