"""What a preprocessing does can be looked at: pairs of images, components, filters."""

import numpy as np
import pytest

from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import whole
from cvtool.experiments.preprocessing_pictures import preprocessing_galleries


def dataset_of(shape=(6, 5, 3), stored="u1"):
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (60, *shape)).astype(stored)
    images = images if stored == "u1" else images / 255
    return Dataset("mine", ("cat", "dog", "owl"), Examples(images, np.arange(60) % 3))


def galleries_of(kind, dataset):
    subset = whole(dataset.train)
    galleries = preprocessing_galleries(dataset, subset, Preprocessing.fit(kind, subset))
    return {gallery.name: gallery for gallery in galleries}


@pytest.mark.parametrize("shape", [(6, 5, 3), (6, 5, 1)])
@pytest.mark.parametrize("stored", ["u1", "f8"])
@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("none", set()),
        ("standardize", set()),
        ("pca-whiten", {"principal-components"}),
        ("channel-mean,zca", {"principal-components", "zca-filters"}),
    ],
)
def test_there_are_pictures_of_all_there_is_to_see(kind, more, shape, stored):
    galleries = galleries_of(kind, dataset_of(shape, stored))
    assert set(galleries) == {"preprocessing", *more}
    for gallery in galleries.values():
        for _, pictures in gallery.rows:
            assert pictures
            for picture in pictures:
                assert (picture.image.shape, picture.image.dtype) == (shape, np.uint8)
    assert kind in galleries["preprocessing"].title


def test_every_class_is_shown_before_and_after():
    dataset = dataset_of()
    rows = galleries_of("mean-image", dataset)["preprocessing"].rows
    assert [name for name, _ in rows] == ["cat", "dog", "owl"]
    mean = dataset.train.images.mean(axis=0)
    for number, (_, pictures) in enumerate(rows):
        before, after = pictures[0].image, pictures[1].image
        np.testing.assert_array_equal(before, dataset.train.images[number])
        darker = before < mean
        assert (after[darker] <= 128).all()
        assert (after[~darker] >= 127).all()
        assert {int(after.min()), int(after.max())} & {0, 255}


def test_a_pixel_is_the_middle_of_its_filter():
    filters = galleries_of("zca", dataset_of((12, 11, 3)))["zca-filters"]
    assert [name for name, _ in filters.rows] == ["red", "green", "blue"]
    for channel, (_, pictures) in enumerate(filters.rows):
        for picture in pictures:
            row, column = (int(word.split()[1]) for word in picture.above.split(", "))
            middle = (min(row, 4), min(column, 4), channel)
            assert picture.image[middle] == picture.image.max() == 255
            assert picture.image.shape[0] == min(row, 4) + 1 + min(11 - row, 4)


def test_shares_of_components_are_written_above_them():
    rows = galleries_of("zca", dataset_of())["principal-components"].rows
    assert [name for name, _ in rows] == ["1–8", "9–16", "17–24", "25–32"]
    shares = [float(picture.above.rstrip("%")) for _, row in rows for picture in row]
    assert shares == sorted(shares, reverse=True)


def test_a_constant_image_is_gray_and_points_are_no_pictures():
    still = Dataset("still", ("a", "b"), Examples(np.full((4, 2, 2, 1), 9, "u1"), np.arange(4) % 2))
    pictures = galleries_of("zca", still)["preprocessing"].rows[0][1]
    assert (pictures[1].image == 128).all()
    points = Examples(np.random.default_rng(0).normal(size=(9, 1, 1, 2)), np.arange(9) % 2)
    assert not galleries_of("zca", Dataset("points", ("a", "b"), points))
