"""What is looked at between steps: scores, signs of trouble, and where the run stands."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.datasets.batches import Batcher
from cvtool.datasets.dataset import Examples
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import whole
from cvtool.layers.base import Parameter
from cvtool.losses.softmax import softmax_loss
from cvtool.models.architecture import parse
from cvtool.models.network import Network
from cvtool.training.evaluation import Scored, score
from cvtool.training.health import UpdateRatios, examine
from cvtool.training.progress import Progress


@pytest.fixture
def images():
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (23, 6, 6, 1)).astype(np.uint8)
    subset = whole(Examples(pixels, np.arange(23) % 3))
    return Batcher(subset, Preprocessing.fit("standardize", subset))


def make(formula):
    return Network(parse(formula), (6, 6, 1), seed=0, init="auto", dtype="f4")


def test_scores_do_not_depend_on_the_size_of_batches(images):
    network = make("conv3-4 + bn + relu + maxpool2 + fc-3")
    expected = score(network, images, 23)
    for batch_size in (1, 5, 22, 64):
        found = score(network, images, batch_size)
        assert found.scores.tobytes() == expected.scores.tobytes()
        assert found.loss == expected.loss
    assert expected.loss == pytest.approx(softmax_loss(expected.scores, np.arange(23) % 3)[0])


def test_accuracy_and_confusion_count_the_same():
    scores = np.array([[3, 1, 0], [1, 1, 0], [0, 0, 5], [2, 9, 4]], np.float32)
    scored = Scored(scores, np.array([0, 1, 2, 2]), 0.5)
    assert scored.predictions.tolist() == [0, 0, 2, 1]  # of equal scores the first
    assert scored.accuracy == 0.5
    assert scored.confusion(3).tolist() == [[1, 0, 0], [1, 0, 0], [0, 1, 1]]
    np.testing.assert_allclose(scored.probabilities.sum(axis=1), 1)


def test_the_dead_and_the_saturated_are_found(images):
    network = make("conv3-4 + relu + fc-5 + sigmoid + fc-4 + tanh + fc-3")
    arrays = network.arrays()
    arrays["conv1/weights"][..., 0] = 0
    arrays["conv1/bias"][:] = [-1, 1, 1, 1]  # the first filter never fires
    arrays["fc1/weights"][...] = 0
    arrays["fc1/bias"][:] = [50, -50, 0, 0, 0]
    arrays["fc2/weights"][...] = 0
    arrays["fc2/bias"][:] = [9, 0, 0, 0]
    health = {each.layer: each for each in examine(network, images, 5, {"conv1": 0.001})}
    assert health["relu1"].dead == 0.25
    assert health["sigmoid1"].saturated == pytest.approx(0.4)
    assert health["tanh1"].saturated == pytest.approx(0.25)
    assert health["conv1"].update_ratio == 0.001


def test_updates_are_measured_against_the_weights():
    weights, bias = Parameter("fc1/weights", np.full(4, 2.0)), Parameter("fc1/bias", np.ones(1))
    still, zero = Parameter("fc2/weights", np.ones(3)), Parameter("fc3/weights", np.zeros(3))
    bias.regularized = False
    ratios = UpdateRatios((weights, bias, still, zero))
    weights.values -= 0.002
    bias.values += 5
    zero.values += 1
    assert ratios.measure() == pytest.approx({"fc1": 0.001, "fc2": 0})


@given(st.lists(st.tuples(st.floats(0, 9), st.integers(0, 8), st.integers(8, 9)), min_size=1))
def test_tallies_are_means_over_images(steps):
    progress = Progress()
    for loss, correct, count in steps:
        progress.tally(loss, correct, count, 0.5, timed=True)
    images = sum(count for _, _, count in steps)
    expected = sum(loss * count for loss, _, count in steps) / images
    assert progress.train_loss == pytest.approx(expected)
    assert progress.train_accuracy == sum(correct for _, correct, _ in steps) / images
    assert progress.images_per_second == pytest.approx(images / (0.5 * len(steps)))
    assert progress.initial_loss == steps[0][0]
    progress.next_epoch()
    assert (progress.epoch, progress.step, progress.images) == (2, 0, 0)
    assert progress.initial_loss == steps[0][0]


def test_the_first_step_after_a_start_does_not_tell_the_speed():
    progress = Progress()
    progress.tally(1.0, 3, 8, 4.0, timed=False)
    assert progress.images_per_second == 2  # until there is a better measure
    progress.tally(1.0, 3, 8, 0.5, timed=True)
    assert progress.images_per_second == progress.run_images_per_second == 16
    assert progress.train_accuracy == 6 / 16
    progress.next_epoch()
    assert progress.run_images_per_second == 16


def test_the_best_epoch_has_the_highest_accuracy_then_the_lowest_loss():
    progress = Progress()
    assert progress.is_better(0.0, 99.0)
    progress.best_val_accuracy, progress.best_val_loss = 0.5, 1.0
    assert progress.is_better(0.6, 2.0)
    assert progress.is_better(0.5, 0.9)
    assert not progress.is_better(0.5, 1.0)
    assert not progress.is_better(0.4, 0.1)


def test_a_position_survives_being_written_down():
    progress = Progress(epoch=3, step=5, initial_loss=None)
    assert Progress.from_dict(progress.to_dict()) == progress
