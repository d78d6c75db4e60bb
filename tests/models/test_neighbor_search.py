"""However queries and training images are cut up, their neighbors and the votes are the same."""

import numpy as np
import pytest

import cvtool.models.neighbor_search as search_module
from cvtool.datasets.dataset import Examples
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.rows import Rows
from cvtool.datasets.split import Subset, whole
from cvtool.kernels.nearest import nearest
from cvtool.models.nearest_neighbors import vote
from cvtool.models.neighbor_search import Poll, classifying
from cvtool.records import finish

POLL = Poll((1, 4, 7), ("l1", "l2", "cosine"), "smallest", 3)
KINDS = ("none", "mean-image")


def rows(count, seed, kind="none"):
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (count, 4, 3, 2), np.uint8)
    examples = whole(Examples(images, random.integers(0, 3, count)))
    return Rows.of(examples, Preprocessing.fit(kind, examples))


@pytest.fixture(params=["at once", "in pieces"])
def cut(request, monkeypatch):
    if request.param == "in pieces":
        monkeypatch.setattr(search_module, "_BLOCK_BYTES", 5_000)
        monkeypatch.setattr(search_module, "_CHUNK_BYTES", 500)


@pytest.mark.usefixtures("cut")
@pytest.mark.parametrize("kind", KINDS)
def test_all_neighbors_are_those_of_one_search(kind):
    queries, train = rows(33, 0, kind), rows(70, 1, kind)
    everything = np.arange(33)
    tally = finish(classifying(queries, train, POLL, kept=everything))
    for row, metric in enumerate(POLL.metrics):
        found = nearest(queries.at(everything), train.at(np.arange(70)), 7, metric=metric)
        kept = tally.neighbors_of_kept(metric)
        np.testing.assert_array_equal(kept.indices, found.indices)
        np.testing.assert_array_equal(kept.distances, found.distances)
        votes = vote(train.labels[found.indices], POLL.ks, classes=3)
        right = votes.winners == queries.labels[:, None]
        np.testing.assert_array_equal(tally.right[row], right.sum(axis=0))
        np.testing.assert_array_equal(tally.tied[row], votes.tied.sum(axis=0))
        np.testing.assert_array_equal(tally.winners_of_kept(metric, 4), votes.winners[:, 1])


@pytest.mark.usefixtures("cut")
@pytest.mark.parametrize("kept", [[], [0], [3, 11, 32]], ids=str)
def test_the_neighbors_of_some_queries_are_kept(kept):
    queries, train, kept = rows(33, 0), rows(70, 1), np.array(kept, np.int64)
    tally = finish(classifying(queries, train, POLL, kept=kept))
    found = nearest(queries.at(kept), train.at(np.arange(70)), 7, metric="l1")
    np.testing.assert_array_equal(tally.neighbors_of_kept("l1").indices, found.indices)


@pytest.mark.usefixtures("cut")
def test_progress_climbs_to_all_training_images():
    told = []
    finish(classifying(rows(33, 0), rows(70, 1), POLL, kept=np.arange(0)), told.append)
    done = [each.done for each in told]
    assert done == sorted(done)
    assert (done[-1], told[-1].total) == (70, 70)


def test_bytes_stay_bytes_unless_something_is_done_to_them():
    plain, centered = rows(5, 0), rows(5, 0, "mean-image")
    some = np.array([3, 1])
    assert plain.at(some).dtype == np.uint8
    np.testing.assert_array_equal(plain.at(some), plain.subset.images_at(some).reshape(2, 24))
    assert centered.at(some).dtype == np.float32
    assert (centered.row_bytes, plain.row_bytes) == (96, 24)
    np.testing.assert_allclose(centered.at(np.arange(5)).mean(axis=0), 0, atol=1e-7)


def test_each_image_is_its_own_nearest_and_votes_for_itself():
    train = rows(70, 1)
    one = Poll((1,), ("l1", "l2", "cosine"), "smallest", 3)
    assert (finish(classifying(train, train, one, kept=np.arange(0))).right == 70).all()


def test_the_order_of_training_images_does_not_matter():
    queries, train = rows(33, 0), rows(70, 1)
    order = np.random.default_rng(2).permutation(70)
    shuffled = Rows(Subset(train.subset.examples, order), None)
    kept = np.arange(33)
    one, other = (finish(classifying(queries, each, POLL, kept=kept)) for each in (train, shuffled))
    # Pixels of noise have no equal distances, between which the order decides.
    np.testing.assert_array_equal(
        one.neighbors_of_kept("l2").indices, order[other.neighbors_of_kept("l2").indices]
    )
    np.testing.assert_array_equal(one.right, other.right)
