"""Blind searches never make a batch cost more, and go on after an interruption bit for bit."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from cvtool.config import BLIND_SEARCHES as NAMES
from cvtool.config import TrainConfig
from cvtool.datasets.dataset import Examples
from cvtool.datasets.split import whole
from cvtool.datasets.stored_batches import StoredBatcher
from cvtool.layers.scaled_pixels import ScaledPixels
from cvtool.losses.regularization import penalty
from cvtool.models.architecture import Formula
from cvtool.models.network import Network
from cvtool.records import StepRecord
from cvtool.training import checkpoint
from cvtool.training.loop import Learner, fit
from cvtool.training.optimizers import BLIND_SEARCHES, OPTIMIZERS, make_optimizer
from cvtool.training.progress import Progress

CONFIG = TrainConfig(
    batch_size=40, epochs=40, learning_rate=0.05, schedule="constant", strength=0.01, seed=3
)


@pytest.fixture(params=BLIND_SEARCHES)
def name(request):
    return request.param


def make_learner(name, config=CONFIG, progress=None):
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (40, 4, 4, 1), np.uint8)
    labels = (images.mean(axis=(1, 2, 3)) > 127).astype(np.int64)
    batches = StoredBatcher(whole(Examples(images, labels)))
    layer = ScaledPixels(2, np.float32(0.5), np.float32(0.3))
    formula = Formula([layer], "softmax", "fc-2 + softmax")
    network = Network(formula, (4, 4, 1), seed=config.seed, init="auto", dtype="f4")
    optimizer = make_optimizer(name, seed=config.seed)
    return Learner(network, optimizer, batches, batches, config, progress or Progress())


def take_steps(learner, count):
    """Take steps, and close the epochs between them; yield after each step."""
    records = fit(learner)
    while count:
        if isinstance(next(records), StepRecord):
            count -= 1
            yield


def cost(learner):
    network, config = learner.network, learner.config
    images = network.room(40)
    labels = learner.train.fill(np.arange(40), images)
    weights = [each.values for each in network.parameters if each.regularized]
    pairs = [(each, np.zeros_like(each)) for each in weights]
    price = penalty(config.regularization, config.strength, config.elastic_beta, pairs)
    return network.judge(images, labels)[0] + price


def test_every_choice_is_known():
    assert set(BLIND_SEARCHES) == set(NAMES)
    assert not set(BLIND_SEARCHES) & set(OPTIMIZERS)


def test_a_batch_never_costs_more_and_in_the_end_less(name):
    learner = make_learner(name)
    costs = [cost(learner), *(cost(learner) for _ in take_steps(learner, 40))]
    # The batch of a step has the images in another order, and sums have other last bits.
    assert all(later <= earlier + 1e-6 for earlier, later in pairwise(costs))
    assert costs[-1] < costs[0]
    assert len(set(costs)) < len(costs)  # some proposals were refused


def test_refused_proposals_leave_every_bit(name):
    learner = make_learner(name, replace(CONFIG, learning_rate=1e4))  # far too wild
    before = learner.network.checksum()
    list(take_steps(learner, 5))
    assert learner.network.checksum() == before
    assert learner.optimizer.steps == 5


def test_random_search_forgets_where_it_was_and_local_search_does_not():
    proposals = {}
    for name in BLIND_SEARCHES:
        learner, other = make_learner(name), make_learner(name)
        for parameter in other.network.parameters:
            parameter.values += 1
        for each in (learner, other):
            each.optimizer.step(each.network.parameters, 0.1)
        pairs = zip(learner.network.parameters, other.network.parameters, strict=True)
        proposals[name] = [float(np.abs(b.values - a.values).max()) for a, b in pairs]
    assert proposals["random-search"] == [0, 0]
    assert proposals["local-search"] == pytest.approx([1, 1], abs=1e-6)


def test_the_rate_is_the_deviation_of_what_is_drawn(name):
    learner = make_learner(name)
    parameters = learner.network.parameters
    for parameter in parameters:
        parameter.values[...] = 0
    drawn = []
    for _ in range(200):
        learner.optimizer.step(parameters, 0.25)
        drawn.append(parameters[0].values.copy())
        if name == "local-search":
            parameters[0].values[...] = 0
    assert np.std(drawn) == pytest.approx(0.25, rel=0.05)
    assert abs(np.mean(drawn)) < 0.02


def test_an_interruption_changes_no_bit(name, tmp_path):
    config = replace(CONFIG, batch_size=10)
    unbroken = make_learner(name, config)
    list(take_steps(unbroken, 11))

    first, path = make_learner(name, config), tmp_path / "last.safetensors"
    list(take_steps(first, 6))  # within the second epoch
    checkpoint.save(path, first.network, first.optimizer, {}, first.progress)
    saved = checkpoint.load(path)
    second = make_learner(name, config, saved.progress)
    saved.restore(second.network, second.optimizer)
    list(take_steps(second, 5))
    assert second.network.checksum() == unbroken.network.checksum()
    assert second.optimizer.steps == unbroken.optimizer.steps


def test_another_seed_searches_elsewhere(name):
    checksums = set()
    for seed in (1, 2):
        learner = make_learner(name, replace(CONFIG, seed=seed))
        learner.optimizer.step(learner.network.parameters, 1.0)
        checksums.add(learner.network.checksum())
    assert len(checksums) == 2
