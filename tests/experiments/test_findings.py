"""Examples of a confusion matrix: a few of every pair of classes, fairly, in little room."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.datasets.looking import shrunk, shrunk_size
from cvtool.experiments.findings import shared_out

MOST = 6
classified = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from([0.25, 0.5, 1.0])),
    min_size=1,
    max_size=80,
)


def handed_out(images, room):
    """Hand out places round after round, as one would by hand."""
    piles = {}
    for at, (label, predicted, confidence) in enumerate(images):
        piles.setdefault((label, predicted), []).append((-confidence, at))
    for pile in piles.values():
        pile.sort()
    largest_first = sorted(piles, key=lambda pair: (-len(piles[pair]), pair))
    given = {pair: [] for pair in piles}
    for round_number in range(MOST):
        for pair in largest_first:
            if round_number < len(piles[pair]) and room > 0:
                given[pair].append(piles[pair][round_number][1])
                room -= 1
    return [at for pair in sorted(given) for at in given[pair]]


def chosen(images, room):
    labels, predictions, confidence = map(np.array, zip(*images, strict=True))
    return shared_out(labels, predictions, confidence, room).tolist()


@given(images=classified, room=st.integers(0, 100))
def test_images_are_chosen_as_by_hand(images, room):
    assert chosen(images, room) == handed_out(images, room)


@given(images=classified, room=st.integers(0, 100))
def test_there_are_as_many_as_there_is_room_for(images, room):
    pairs = [images[at][:2] for at in chosen(images, room)]
    wanted = sum(min(MOST, [i[:2] for i in images].count(pair)) for pair in {i[:2] for i in images})
    assert len(pairs) == min(room, wanted)
    numbers = [pairs.count(pair) for pair in {i[:2] for i in images}]
    sizes = [[i[:2] for i in images].count(pair) for pair in {i[:2] for i in images}]
    rounds = max(numbers)
    for number, size in zip(numbers, sizes, strict=True):
        assert number >= min(size, rounds - 1), "nobody is two rounds behind"


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    ("size", "side", "expected"),
    [
        ((64, 64), 64, (64, 64)),
        ((8, 8), 64, (8, 8)),
        ((128, 64), 64, (64, 32)),
        ((65, 65), 64, (64, 64)),
        ((1, 1000), 64, (1, 64)),
        ((1000, 3), 64, (64, 1)),
        ((300, 200), 64, (64, 43)),
        ((5, 5), 1, (1, 1)),
    ],
)
def test_large_images_are_shrunk_in_their_shape(size, side, expected, channels):
    random = np.random.default_rng(0)
    image = random.integers(0, 256, (*size, channels)).astype(np.uint8)
    small = shrunk(image, side)
    assert small.shape == (*shrunk_size(*size, side), channels) == (*expected, channels)
    assert small.dtype == np.uint8
    if expected == size:
        assert (small == image).all()
    mean = image.mean(axis=(0, 1)), small.mean(axis=(0, 1))
    np.testing.assert_allclose(*mean, atol=12)


@given(factor=st.integers(2, 4), height=st.integers(1, 9), width=st.integers(1, 9))
def test_shrinking_by_a_whole_number_averages_blocks(factor, height, width):
    side = max(height, width)
    pixels = np.random.default_rng(0).integers(0, 256, (height, factor, width, factor, 3))
    image = pixels.reshape(height * factor, width * factor, 3).astype(np.uint8)
    means = pixels.mean(axis=(1, 3))
    # It averages along rows, rounds, then along columns.
    np.testing.assert_allclose(shrunk(image, side), means, atol=1)
