"""What is white has variance one in every direction, and is learned from training images alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import preprocessing as reference
from reference.threads import assert_same_bits, one_thread

from cvtool.config import DataConfig
from cvtool.datasets.augmentation import Augmentation
from cvtool.datasets.batches import Batcher
from cvtool.datasets.dataset import Examples
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import Subset
from cvtool.datasets.whitening import covariance
from cvtool.errors import UsageError

EPSILON = DataConfig.whiten_epsilon
KINDS = ["pca-whiten", "zca"]
PLAIN = ["none", "mean-image", "channel-mean", "standardize"]


@pytest.fixture(autouse=True)
def _alone():
    """Compute on one thread: so little work would only wait for the others."""
    with one_thread():
        yield


def textures(count, shape=(4, 4, 3), seed=0, stored="u1"):
    """Draw images whose pixels resemble their neighbors, as those of the world do."""
    random, numbers = np.random.default_rng(seed), int(np.prod(shape))
    mixing = np.cumsum(random.normal(size=(numbers, numbers)), axis=1)
    images = random.normal(size=(count, numbers)) @ mixing + random.normal(size=numbers) * 9
    images = 128 + images / np.abs(images).max() * 127
    images = images.reshape(count, *shape)
    return images.astype(np.uint8) if stored == "u1" else (images / 255).astype(stored)


def subset_of(images, indices=None):
    indices = np.arange(len(images)) if indices is None else np.asarray(indices)
    return Subset(Examples(images, np.zeros(len(images), np.int64)), indices)


def in_unit_range(images):
    return images / 255 if images.dtype == np.uint8 else images


def batch(subset, fitted, dtype=np.float64, **choices):
    batcher = Batcher(subset, fitted, dtype=dtype, **choices)
    out = np.empty((len(subset), *batcher.shape), dtype)
    batcher.fill(np.arange(len(subset)), out)
    return out


def covariance_of(images):
    rows = images.reshape(len(images), -1)
    return np.cov(rows.T, bias=True)


def drain(generator):
    told = []
    try:
        while True:
            told.append(next(generator))
    except StopIteration as end:
        return told, end.value


@pytest.mark.parametrize("stored", ["u1", "f4", "f8"])
@pytest.mark.parametrize("kind", KINDS)
def test_white_images_vary_by_one_in_every_direction(kind, stored):
    subset = subset_of(textures(300, stored=stored))
    white = covariance_of(batch(subset, Preprocessing.fit(kind, subset, epsilon=0)))
    np.testing.assert_allclose(white, np.eye(48), atol=2e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_epsilon_holds_down_what_varies_less_than_its_share(kind):
    subset = subset_of(textures(300))
    variances = np.linalg.eigvalsh(covariance_of(in_unit_range(subset.examples.images)))
    white = covariance_of(batch(subset, Preprocessing.fit(kind, subset, epsilon=0.1)))
    expected = variances / (variances + 0.1 * variances.mean())
    np.testing.assert_allclose(np.linalg.eigvalsh(white), expected, atol=1e-5)


def test_components_come_in_their_order_and_do_not_vary_together():
    subset = subset_of(textures(300))
    white = covariance_of(batch(subset, Preprocessing.fit("pca-whiten", subset, epsilon=0.5)))
    assert (np.diff(white.diagonal()) < 0).all()
    np.testing.assert_allclose(white, np.diag(white.diagonal()), atol=1e-5)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32))
def test_no_other_whitening_stays_as_close_to_the_images(seed):
    subset = subset_of(textures(200))
    centered = batch(subset, Preprocessing.fit("mean-image", subset)).reshape(200, -1)
    white = batch(subset, Preprocessing.fit("zca", subset, epsilon=0)).reshape(200, -1)
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(48, 48)))
    for other in (white @ turn, -white):
        assert ((white - centered) ** 2).sum() < ((other - centered) ** 2).sum()


CHAINS = st.tuples(
    st.lists(st.sampled_from(PLAIN[1:]), max_size=3),
    st.sampled_from(["", "zca", "pca-whiten"]),
    st.lists(st.sampled_from(PLAIN[1:]), max_size=2),
).map(
    lambda parts: [*parts[0], *([parts[1]] if parts[1] else []), *(parts[2] * (parts[1] == "zca"))]
)


@settings(max_examples=60)
@given(words=CHAINS.filter(bool), seed=st.integers(0, 999), stored=st.sampled_from(["u1", "f8"]))
def test_a_chain_is_one_step_after_the_other(words, seed, stored):
    images = textures(90, seed=seed, stored=stored)
    train, others = subset_of(images, range(0, 80)), subset_of(images, range(80, 90))
    found = batch(others, Preprocessing.fit(",".join(words), train, epsilon=EPSILON))
    pixels = in_unit_range(images)
    expected = reference.preprocess(words, pixels[:80], pixels[80:], EPSILON)
    np.testing.assert_allclose(found, expected, atol=2e-4)


@pytest.mark.parametrize("count", [999, 1000, 2345])
def test_a_covariance_of_bytes_has_no_error(count):
    images = np.random.default_rng(0).choice(np.array([0, 255], np.uint8), (count, 2, 2, 3))
    images[:, 0, 0] = 255  # the largest sums there can be
    _, found = drain(covariance(subset_of(images), images.mean(axis=0) / 255))
    rows = images.reshape(count, -1).astype(object)
    exact = count * (rows.T @ rows) - np.multiply.outer(rows.sum(axis=0), rows.sum(axis=0))
    assert found.tobytes() == ((exact / (count * 255) ** 2).astype(np.float64)).tobytes()


@pytest.mark.parametrize("stored", ["f4", "f8"])
def test_a_covariance_of_floats_is_numpys(stored):
    images = textures(1500, stored=stored) + np.array(1e3, stored)
    rows = images.reshape(1500, -1).astype(np.float64)
    _, found = drain(covariance(subset_of(images), rows.mean(axis=0).reshape(4, 4, 3)))
    np.testing.assert_allclose(found, np.cov(rows.T, bias=True), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_fewer_images_than_numbers_are_white_among_themselves(kind):
    images = textures(30)
    train, others = subset_of(images, range(20)), subset_of(images, range(20, 30))
    fitted = Preprocessing.fit(kind, train, epsilon=0)
    values = np.linalg.eigvalsh(covariance_of(batch(train, fitted)))[::-1]
    np.testing.assert_allclose(values, [1] * 19 + [0] * 29, atol=1e-3)
    pixels = in_unit_range(images)
    expected = reference.preprocess([kind], pixels[:20], pixels[20:])
    np.testing.assert_allclose(batch(others, fitted), expected, atol=1e-2)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stored", ["u1", "f8"])
def test_pixels_that_are_always_the_same_become_zero(kind, stored):
    images = textures(200, stored=stored)
    images[:150, 1, 1:3] = images[0, 0, 0, 0]
    fitted = Preprocessing.fit(kind, subset_of(images, range(150)))
    white = batch(subset_of(images, range(150, 200)), fitted)  # where they do vary
    unseen = white[:, 1, 1:3] if kind == "zca" else white.reshape(50, -1)[:, 42:]
    np.testing.assert_allclose(unseen, 0, atol=1e-6)
    assert np.isfinite(white).all()
    assert white.std() > 0.3


@pytest.mark.parametrize("images", [np.full((3, 2, 2, 3), 7, "u1"), np.full((7, 3, 3, 1), 0.1)])
@pytest.mark.parametrize("kind", KINDS)
def test_images_that_are_all_the_same_become_zero(images, kind):
    subset = subset_of(images)
    np.testing.assert_allclose(batch(subset, Preprocessing.fit(kind, subset)), 0, atol=1e-6)
    assert (batch(subset, Preprocessing.fit(kind, subset_of(images, [1]))) == 0).all()


@pytest.mark.parametrize("kind", ["pca-whiten", "channel-mean,zca", "standardize,zca,standardize"])
def test_what_is_held_out_has_no_say(kind):
    images = textures(120)
    before = Preprocessing.fit(kind, subset_of(images, range(100)))
    images[100:] = np.random.default_rng(1).integers(0, 256, images[100:].shape)
    after = Preprocessing.fit(kind, subset_of(images, range(100)))
    for name, array in before.to_arrays().items():
        assert array.tobytes() == after.to_arrays()[name].tobytes(), name


@pytest.mark.parametrize("kind", KINDS)
def test_arrays_rebuild_it(kind):
    subset = subset_of(textures(70))
    fitted = Preprocessing.fit(kind, subset)
    arrays = fitted.to_arrays()
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.float32)}
    again = Preprocessing.from_arrays(kind, arrays)
    assert batch(subset, again).tobytes() == batch(subset, fitted).tobytes()


@pytest.mark.parametrize("stored", ["u1", "f4"])
def test_threads_change_no_bit(stored):
    subset = subset_of(textures(1100, stored=stored))

    def compute():
        fitted = Preprocessing.fit("standardize,zca", subset)
        return [*fitted.to_arrays().values(), batch(subset, fitted, np.float32)]

    assert_same_bits(compute)


def test_an_image_is_treated_alike_alone_and_among_others():
    subset = subset_of(textures(70))
    fitted = Preprocessing.fit("zca", subset)
    among = batch(subset, fitted, np.float32)
    for at in (0, 7, 69):
        alone = batch(subset_of(subset.examples.images, [at]), fitted, np.float32)
        assert alone[0].tobytes() == among[at].tobytes()


def test_white_images_are_flipped_and_shifted_afterwards_into_any_room():
    subset = subset_of(textures(64))
    fitted = Preprocessing.fit("zca", subset)
    plain = batch(subset, fitted, np.float32)
    padded = np.full((64, 6, 6, 3), 7, np.float32)
    inside = padded[:, 1:5, 1:5]
    batcher = Batcher(subset, fitted, Augmentation(flip=True))
    batcher.fill(np.arange(64), inside, np.random.default_rng(0))
    flipped = [np.array_equal(a, b[:, ::-1]) for a, b in zip(inside, plain, strict=True)]
    same = [np.array_equal(a, b) for a, b in zip(inside, plain, strict=True)]
    assert all(a != b for a, b in zip(flipped, same, strict=True))
    assert 0 < sum(flipped) < 64
    inside[...] = 7
    assert (padded == 7).all()
    shifted = np.empty_like(plain)
    Batcher(subset, fitted, Augmentation(shift=True)).fill(
        np.arange(64), shifted, np.random.default_rng(0)
    )
    assert (shifted[:, 0] == 0).all(axis=(1, 2)).any()  # what is uncovered is the mean


def test_first_components_are_kept_to_be_looked_at():
    fitted = Preprocessing.fit("zca", subset_of(textures(200)))
    components, shares = fitted.whitening.components, fitted.whitening.shares
    assert components.shape == (32, 48)
    np.testing.assert_allclose(components @ components.T, np.eye(32), atol=1e-5)
    assert (np.diff(shares) <= 0).all()
    assert 0.9 < shares.sum() <= 1


def test_progress_is_told_to_the_end():
    told = []
    Preprocessing.fit("mean-image,zca", subset_of(textures(1200)), progress=told.append)
    assert {record.work for record in told} == {
        "adding up pixels, image",
        "whitening: covariance, image",
        "whitening: principal components,",
    }
    for work in {record.work for record in told}:
        done = [record.done for record in told if record.work == work]
        assert done == sorted(done)
        assert done[-1] == next(record.total for record in told if record.work == work)


def test_images_too_large_are_refused_before_they_are_looked_at():
    subset = subset_of(np.empty((2, 64, 64, 3), np.uint8))
    told = []
    with pytest.raises(UsageError, match="take --image-size 36"):
        Preprocessing.fit("zca", subset, progress=told.append)
    assert not told


@pytest.mark.peer
def test_components_are_those_of_scikit_learn():
    decomposition = pytest.importorskip("sklearn.decomposition", reason="the peer is scikit-learn")
    images = textures(300, stored="f8")
    rows = images.reshape(300, -1)
    theirs = decomposition.PCA(whiten=True).fit(rows[:250]).transform(rows[250:])
    fitted = Preprocessing.fit("pca-whiten", subset_of(images, range(250)), epsilon=0)
    ours = batch(subset_of(images, range(250, 300)), fitted).reshape(50, -1)
    # They divide by n − 1, and choose signs otherwise.
    theirs *= np.sqrt(250 / 249)
    np.testing.assert_allclose(np.abs(ours), np.abs(theirs), atol=1e-3)
