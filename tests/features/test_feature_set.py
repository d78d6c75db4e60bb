"""Features are asked for in words, stand beside each other, and can be kept."""

import numpy as np
import pytest
from reference.feature_images import fitted, random_images, written
from reference.threads import assert_same_bits

from cvtool.datasets.opening import open_dataset
from cvtool.datasets.split import split
from cvtool.errors import UsageError
from cvtool.features import levels
from cvtool.features.feature_set import FEATURES, FeatureSet
from cvtool.records import finish

WORDS = "words:words=12,patch=4,patches=200,passes=2"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("hog", "hog"),
        ("hog+color", "hog+color"),
        (" hog + color ", "hog+color"),
        ("hog:orientations=9,signed=true+color:bins=8", "hog:signed=true+color:bins=8"),
        ("hog:signed=TRUE,cell=4", "hog:signed=true,cell=4"),
        ("hog:signed=false", "hog"),
        ("words:epsilon=0.10", "words"),
        ("words:epsilon=1e-2,words=1600", "words:words=1600,epsilon=0.01"),
        ("hog+hog:cell=4", "hog+hog:cell=4"),
    ],
)
def test_the_text_has_a_normal_form(text, normal):
    parsed = FeatureSet.parse(text)
    assert parsed.text == normal
    assert FeatureSet.parse(normal).text == normal


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hogg", "--features does not know 'hogg': did you mean 'hog'"),
        ("zzz", "take pixels, color, hog, words"),
        ("hog+", "does not know ''"),
        ("hog:orientation=9", "the feature hog has no choice 'orientation=': did you mean"),
        ("hog:zzz=9", "choose among orientations, signed"),
        ("pixels:bins=3", "the feature pixels has no choice 'bins=': leave it out"),
        ("hog:signed", "needs hog:CHOICE=VALUE,… but got 'signed'"),
        ("hog:signed=", "add the value"),
        ("hog:signed=yes", "'signed=' takes true or false, not 'yes'"),
        ("hog:cell=many", "'cell=' takes a whole number, not 'many'"),
        ("hog:cell=0", "'cell=' takes a number of at least 1, not 0"),
        ("hog:norm=l2hys", "'norm=' does not know 'l2hys': did you mean 'l2-hys'"),
        ("hog+color+hog:cell=8", "has hog twice: drop one"),
        ("words:words=500,patches=100", "at least as many patches as there are words, 500"),
    ],
)
def test_what_makes_no_sense_is_told_in_words(text, message):
    with pytest.raises(UsageError, match=message):
        FeatureSet.parse(text)


@pytest.mark.parametrize(
    ("text", "shape", "size"),
    [
        ("pixels", (3, 4, 3), 36),
        ("pixels", (1, 1, 2), 2),
        ("color", (8, 8, 3), 4 * 64),
        ("color:cells=1,bins=8", (1, 1, 1), 8),
        ("color:space=hue,cells=3,bins=16", (8, 8, 3), 144),
        ("hog", (32, 32, 3), 3 * 3 * 4 * 9),
        ("hog:signed=true,block=1", (17, 25, 1), 2 * 3 * 18),
        ("hog+color:cells=1", (32, 32, 3), 324 + 64),
        ("words:words=1600", (32, 32, 3), 6400),
    ],
)
def test_sizes_are_told_beforehand(text, shape, size):
    assert FeatureSet.parse(text).size(shape) == size


@pytest.mark.parametrize(
    ("text", "shape", "message"),
    [
        ("hog", (1, 1, 2), "hog looks at pixels but points in the plane have none"),
        ("color", (1, 1, 2), "color looks at pixels"),
        ("words", (1, 1, 2), "words looks at pixels"),
        ("hog", (8, 8, 1), "at least 16×16 but gets 8×8: choose a cell of 4 or less, as hog:cell"),
        ("hog", (1, 1, 3), "gets 1×1: choose larger images, or smaller blocks"),
        ("hog+pixels", (100, 8, 3), "gets 100×8"),
        ("color:cells=4", (3, 9, 3), "at least 4×4 but gets 3×9: choose color:cells=3"),
        ("color:space=hue", (8, 8, 1), "these are gray and have no hue: choose space=rgb"),
        ("words", (6, 32, 3), "at least 7×7 but gets 6×32"),
    ],
)
def test_images_that_do_not_fit_are_refused_in_words(text, shape, message):
    with pytest.raises(UsageError, match=message):
        FeatureSet.parse(text).size(shape)


@pytest.mark.parametrize("shape", [(16, 20, 3), (16, 20, 1)])
def test_features_beside_each_other_are_those_alone(shape):
    images = random_images(5, shape)
    texts = ["hog", "color", "pixels", "hog:cell=4", WORDS]
    alone = [written(fitted(text, images), images) for text in texts]
    together = written(fitted("+".join(texts), images), images)
    np.testing.assert_array_equal(together, np.hstack(alone))


def test_bytes_and_floats_of_the_same_pixels_give_the_same():
    images = random_images(4)
    features = fitted(f"hog+color+pixels+{WORDS}", images)
    expected = written(features, images)
    for dtype in (np.float32, np.float64):
        found = written(features, images.astype(dtype) / 255)
        # Floats are a little beside whole numbers, hence now and then in a neighboring bin.
        assert np.quantile(np.abs(found - expected), 0.95) < 1e-3


def test_images_do_not_depend_on_each_other_nor_on_chunks(monkeypatch):
    images = random_images(9)
    features = fitted(f"hog+color+{WORDS}", images)
    expected = written(features, images)
    monkeypatch.setattr(levels, "_NUMBERS_AT_ONCE", 2 * 16 * 16 * 3)
    assert written(features, images).tobytes() == expected.tobytes()
    again = fitted(f"hog+color+{WORDS}", images)
    np.testing.assert_array_equal(written(again, images), expected)
    order = np.random.default_rng(0).permutation(9)
    assert written(features, images[order]).tobytes() == expected[order].tobytes()


def test_images_that_lie_apart_or_may_not_be_written_to_are_taken():
    images = random_images(6, (32, 16, 3))
    apart = images[::2, ::2]
    expected = written(FeatureSet.parse("hog+color"), apart.copy())
    images.flags.writeable = False
    np.testing.assert_array_equal(
        written(FeatureSet.parse("hog+color"), images[::2, ::2]), expected
    )


def test_threads_change_no_bit():
    images = random_images(30)

    def compute():
        features = fitted(f"hog+color+{WORDS}", images)
        return [written(features, images), *features.to_arrays().values()]

    assert_same_bits(compute)


def test_what_was_learned_can_be_kept():
    images = random_images(20)
    features = fitted(f"hog+{WORDS}+words:words=5,patch=3,patches=50,coding=hard", images)
    arrays = features.to_arrays()
    assert all(array.dtype == np.float32 for array in arrays.values())
    again = FeatureSet.from_arrays(features.text, arrays)
    assert again.text == features.text
    assert written(again, images).tobytes() == written(features, images).tobytes()


def test_only_words_learn():
    assert [word for word in FEATURES if FeatureSet.parse(word).learns] == ["words"]
    assert FeatureSet.parse("hog+words").learns
    assert FeatureSet.parse("hog+color").to_arrays() == {}
    images = random_images(3)
    expected = written(FeatureSet.parse("hog+color"), images)
    np.testing.assert_array_equal(written(fitted("hog+color", images), images), expected)
    with pytest.raises(RuntimeError, match="after they have been learned"):
        written(FeatureSet.parse(WORDS), images)


def test_wrong_types_and_shapes_are_refused():
    features, images = FeatureSet.parse("pixels"), random_images(2, (2, 2, 1))
    with pytest.raises(TypeError, match="not int64"):
        features.write(images.astype(np.int64), np.empty((2, 4), np.float32))
    with pytest.raises(TypeError, match="as float32, not float64"):
        features.write(images, np.empty((2, 4)))
    with pytest.raises(ValueError, match="do not fit"):
        features.write(images, np.empty((2, 5), np.float32))


def test_pixels_are_shares_of_white_and_points_stay_as_they_are():
    images = np.array([0, 51, 255, 102], np.uint8).reshape(1, 2, 2, 1)
    np.testing.assert_allclose(written(FeatureSet.parse("pixels"), images), [[0, 0.2, 1, 0.4]])
    points = np.array([[-1.5, 2.5]]).reshape(1, 1, 1, 2)
    np.testing.assert_array_equal(written(FeatureSet.parse("pixels"), points), [[-1.5, 2.5]])


def test_pixels_that_are_no_numbers_or_out_of_range_do_no_harm_to_others():
    images = random_images(3).astype(np.float32) / 255
    features = fitted(f"hog+color+color:space=hue+{WORDS}+{WORDS},coding=hard", images)
    expected = written(features, images)
    images[1, 3:9] = np.array([np.nan, np.inf, -np.inf, 1e30, -1e30, -0.1])[:, None, None]
    found = written(features, images)
    np.testing.assert_array_equal(found[[0, 2]], expected[[0, 2]])


def test_a_subset_of_a_data_set_can_be_learned_from():
    parts = split(open_dataset("digits"), val_fraction=0.5, limit=40, seed=0)
    features = FeatureSet.parse("words:words=5,patch=3,patches=60+hog:cell=4")
    fitted_features = finish(features.fitting(parts.train, seed=0))
    images = parts.validation.images_at(slice(None))
    assert written(fitted_features, images).shape == (20, 20 + 36)
