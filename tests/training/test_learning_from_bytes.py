"""A run on stored bytes learns what a run on preprocessed floats learns, and reads its weights."""

import numpy as np
import pytest

from cvtool.config import TrainConfig
from cvtool.datasets.batches import Batcher
from cvtool.datasets.dataset import Examples
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import whole
from cvtool.datasets.stored_batches import StoredBatcher
from cvtool.layers.scaled_pixels import ScaledPixels
from cvtool.losses.registry import LOSSES
from cvtool.models.architecture import Formula, parse
from cvtool.models.network import Network
from cvtool.records import EpochRecord
from cvtool.training import checkpoint
from cvtool.training.loop import Learner, fit
from cvtool.training.optimizers import make_optimizer
from cvtool.training.progress import Progress

CONFIG = TrainConfig(batch_size=16, epochs=3, learning_rate=0.01, strength=0.01)
SHAPE = (6, 6, 3)


def make_learner(kind, loss):
    random = np.random.default_rng(0)
    labels = np.arange(50) % 3
    images = random.integers(0, 200, (50, *SHAPE)) + 20 * labels[:, None, None, None]
    everything = whole(Examples(images.astype(np.uint8), labels))
    fitted = Preprocessing.fit("mean-image,standardize", everything)
    layers = parse("fc-3").layers
    batches = Batcher(everything, fitted)
    if kind == "bytes":
        layers = [ScaledPixels(3, fitted.mean, fitted.scale)]
        batches = StoredBatcher(everything)
    formula = Formula(layers, loss, f"fc-3 + {loss}")
    network = Network(formula, SHAPE, seed=0, init="auto", dtype="f4", margin=0.5)
    optimizer = make_optimizer("momentum")
    return Learner(network, optimizer, batches, batches, CONFIG, Progress())


@pytest.mark.parametrize("loss", LOSSES)
def test_epochs_are_alike_and_either_reads_the_others_checkpoint(loss, tmp_path):
    learners = [make_learner(kind, loss) for kind in ("bytes", "floats")]
    runs = [[each for each in fit(one) if isinstance(each, EpochRecord)] for one in learners]
    for ours, theirs in zip(*runs, strict=True):
        assert ours.train_loss == pytest.approx(theirs.train_loss, rel=1e-4)
        assert ours.val_loss == pytest.approx(theirs.val_loss, rel=1e-4)
    assert runs[0][-1].train_loss < runs[0][0].train_loss

    for one, other in (learners, learners[::-1]):
        path = tmp_path / "last.safetensors"
        checkpoint.save(path, one.network, one.optimizer, {}, one.progress)
        checkpoint.load(path).restore(other.network, other.optimizer)
        assert other.network.checksum() == one.network.checksum()
