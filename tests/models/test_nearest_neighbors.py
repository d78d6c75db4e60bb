"""Votes are counted as on paper, for every number of neighbors at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.voting import vote as vote_on_paper

from cvtool.kernels.nearest import nearest
from cvtool.models.nearest_neighbors import vote, vote_shares

CLASSES = 4


def draw(seed, queries, neighbors):
    return np.random.default_rng(seed).integers(0, CLASSES, (queries, neighbors))


neighbors = st.builds(draw, st.integers(0, 2**32), st.integers(0, 6), st.integers(1, 9))
rules = st.sampled_from(["smallest", "nearest"])


@given(neighbors, rules, st.data())
def test_every_number_of_neighbors_votes_as_on_paper(labels, ties, data):
    ks = sorted(data.draw(st.sets(st.integers(1, labels.shape[1]), min_size=1)))
    votes = vote(labels, ks, classes=CLASSES, ties=ties)
    assert votes.winners.shape == votes.tied.shape == (len(labels), len(ks))
    for query, own in enumerate(labels.tolist()):
        for column, k in enumerate(ks):
            winner, is_tied = vote_on_paper(own[:k], ties)
            assert votes.winners[query, column] == winner
            assert votes.tied[query, column] == is_tied


@given(neighbors, rules)
def test_one_neighbor_decides_alone(labels, ties):
    votes = vote(labels, [1], classes=CLASSES, ties=ties)
    np.testing.assert_array_equal(votes.winners[:, 0], labels[:, 0])
    assert not votes.tied.any()


@given(neighbors)
def test_only_tied_votes_depend_on_the_rule(labels):
    ks = list(range(1, labels.shape[1] + 1))
    smallest, nearest = (vote(labels, ks, classes=CLASSES, ties=ties) for ties in RULES)
    differ = smallest.winners != nearest.winners
    assert not differ[~smallest.tied].any()
    np.testing.assert_array_equal(smallest.tied, nearest.tied)


RULES = ("smallest", "nearest")


def test_the_nearest_of_the_tied_wins_not_the_nearest_of_all():
    labels = np.array([[3, 2, 1, 2, 1]])
    assert vote(labels, [5], classes=4, ties="smallest").winners.item() == 1
    assert vote(labels, [5], classes=4, ties="nearest").winners.item() == 2


def test_shares_are_votes_counted():
    labels = np.array([[0, 2, 2, 1], [1, 1, 1, 1]])
    assert vote_shares(labels, 4).tolist() == [[0.25, 0.25, 0.5, 0], [0, 1, 0, 0]]
    assert vote_shares(labels[:0], 4).shape == (0, 4)


@pytest.mark.parametrize("ks", [[0], [4], [2, 1], [1, 1]], ids=str)
def test_only_neighbors_that_there_are_can_vote(ks):
    with pytest.raises(ValueError, match="3 neighbors cannot vote"):
        vote(np.zeros((2, 3), np.int64), ks, classes=1)


@pytest.mark.peer
@pytest.mark.parametrize(("metric", "name"), [("l1", "manhattan"), ("l2", "euclidean")])
def test_predictions_are_those_of_scikit_learn(metric, name):
    neighbors = pytest.importorskip("sklearn.neighbors", reason="the peer is scikit-learn")
    random = np.random.default_rng(0)
    rows, queries = random.random((200, 5)), random.random((60, 5))
    labels = random.integers(0, CLASSES, 200)
    found = nearest(queries, rows, 9, metric=metric)
    ks = [1, 2, 4, 9]
    votes = vote(labels[found.indices], ks, classes=CLASSES)
    for k, winners in zip(ks, votes.winners.T, strict=True):
        peer = neighbors.KNeighborsClassifier(k, metric=name, algorithm="brute").fit(rows, labels)
        np.testing.assert_array_equal(winners, peer.predict(queries))
