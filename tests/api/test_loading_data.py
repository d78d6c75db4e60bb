"""What becomes a data set, and what is refused in words."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import cvtool
from cvtool.errors import CvtoolError, DataError, UsageError

GRAY = np.arange(6 * 4 * 5, dtype=np.uint8).reshape(6, 4, 5)
LABELS = [3, 7, 3, 7, 7, 3]


@pytest.mark.parametrize(
    ("labels", "classes", "names", "positions"),
    [
        (LABELS, None, ("3", "7"), [0, 1, 0, 1, 1, 0]),
        (np.array(LABELS, np.uint8)[:, None], None, ("3", "7"), [0, 1, 0, 1, 1, 0]),
        ([-1, 1, -1, 1, 1, -1], None, ("-1", "1"), [0, 1, 0, 1, 1, 0]),
        (np.array([*"bababa"], object), None, ("a", "b"), [1, 0, 1, 0, 1, 0]),
        ([True, False] * 3, None, ("False", "True"), [1, 0, 1, 0, 1, 0]),
        ([*"bababa"], ["b", "c", "a"], ("b", "c", "a"), [0, 2, 0, 2, 0, 2]),
        ([0, 1, 2, 0, 1, 2], ["z", "y", "x"], ("z", "y", "x"), [0, 1, 2, 0, 1, 2]),
    ],
    ids=str,
)
def test_labels_become_positions(
    labels: Any, classes: Any, names: tuple[str, ...], positions: list[int]
) -> None:
    data = cvtool.load_data(GRAY, labels, classes=classes)
    assert data.classes == names
    assert data.train.labels.tolist() == positions
    assert data.image_shape == (4, 5, 1)


def test_arrays_are_not_copied_and_lists_are_arrays() -> None:
    assert np.shares_memory(cvtool.load_data(GRAY, LABELS).train.images, GRAY)
    data = cvtool.load_data(GRAY.tolist(), LABELS)
    assert data.image_type == "uint8"
    np.testing.assert_array_equal(data.train.images[..., 0], GRAY)


def test_points_in_the_plane() -> None:
    points = np.random.default_rng(0).normal(size=(40, 2))
    data = cvtool.load_data(points, points[:, 0] > 0)
    model = cvtool.build(data, model="linear", threads=1)
    assert cvtool.fit(model).val_accuracy > 0.7
    assert cvtool.predict(model, [[9.0, 0.0]])[0].label == "True"
    with pytest.raises(DataError, match="points in the plane, which no image file shows"):
        cvtool.predict(model, "seven.png")


def test_files_are_read_with_their_choices(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    for name, value in (("cat", 0), ("dog", 255)):
        (photos / name).mkdir(parents=True)
        for number in range(4):
            image = Image.fromarray(np.full((9, 9), value, np.uint8))
            image.save(photos / name / f"{number}.png")
    told: list[Any] = []
    data = cvtool.load_data(photos, image_size=6, tell=told.append)
    assert (data.image_shape, data.classes) == ((6, 6, 1), ("cat", "dog"))
    assert told
    model = cvtool.build(data, model="knn", k=1)
    seen = cvtool.predict(model, [photos / "dog" / "0.png", str(photos / "cat" / "1.png")])
    assert [each.label for each in seen] == ["dog", "cat"]
    assert cvtool.predict(model, photos / "dog" / "1.png")[0].label == "dog"


@pytest.mark.parametrize(
    ("arguments", "more", "words"),
    [
        ((GRAY,), {}, "needs the labels"),
        ((GRAY, LABELS[:5]), {}, "6 images in images but 5 labels in labels"),
        ((GRAY.reshape(6, 20), LABELS), {}, r"images.reshape\(-1, height, width\)"),
        ((np.full((6, 4, 5), np.nan), LABELS), {}, "images must hold .* finite floats"),
        ((GRAY[:0], np.zeros(0, int)), {}, "give at least one image"),
        ((GRAY, [1.5] * 6), {}, "one whole number or word"),
        ((GRAY, [1] * 6), {}, "has the one class '1'"),
        ((GRAY, [[1], [2, 3]]), {}, "labels cannot be an array"),
        ((GRAY, LABELS), {"test": GRAY}, r"as test=\(images, labels\)"),
        ((GRAY, LABELS), {"test": (GRAY, LABELS[:3])}, r"images in test\[0\] but 3 labels"),
        ((GRAY, LABELS), {"test": (GRAY, [9] * 6)}, r"test\[1\] has the class '9' that labels"),
        ((GRAY, LABELS), {"validation": (GRAY[:, 1:], LABELS)}, "make them alike"),
        ((GRAY, LABELS), {"classes": ["a", "b"]}, "labels has the class '3' that classes lacks"),
        ((GRAY, LABELS), {"classes": ["a", "a"]}, "classes has 'a' more than once"),
        ((GRAY, LABELS), {"image_size": 8}, "'image_size' is for image files"),
        (("digits", LABELS), {}, "'labels' comes with arrays"),
        (("digts",), {}, "did you mean 'digits'"),
    ],
)
def test_what_does_not_fit_is_told(
    arguments: tuple[Any, ...], more: dict[str, Any], words: str
) -> None:
    with pytest.raises(CvtoolError, match=words) as caught:
        cvtool.load_data(*arguments, **more)
    assert "\n" not in str(caught.value)


def test_arrays_make_no_run_that_could_not_find_them_again() -> None:
    data = cvtool.load_data(GRAY, LABELS)
    with pytest.raises(UsageError, match="save them by numpy"):
        cvtool.build(data, model="linear", name="mine")
