"""Pictures are drawn of what there is, and show what they should."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cvtool.records import EpochRecord, Findings
from cvtool.render.plots import draw
from cvtool.render.plots.confusion import draw_confusion
from cvtool.render.plots.curves import draw_curves
from cvtool.render.plots.filters import draw_filters
from cvtool.render.plots.mistakes import draw_mistakes

ALL = ["curves.png", "filters.png", "confusion.png", "mistakes.png"]


def test_all_pictures_are_drawn_and_can_be_read(findings: Findings, tmp_path: Path) -> None:
    folder = tmp_path / "plots"
    assert draw(findings, folder) == [folder / name for name in ALL]
    assert sorted(path.name for path in folder.iterdir()) == sorted(ALL)
    for name in ALL:
        with Image.open(folder / name) as image:
            assert image.width > 300
            assert np.asarray(image.convert("L")).std() > 5  # it is not blank


def test_what_is_missing_is_not_drawn(tmp_path: Path) -> None:
    nothing = Findings((), ("a", "b"), None, np.zeros((2, 2), np.int64), ())
    assert draw(nothing, tmp_path / "plots") == []


def test_curves_mark_the_best_epoch(findings: Findings, history: tuple[EpochRecord, ...]) -> None:
    figure = draw_curves(findings)
    assert figure is not None
    loss, accuracy = figure.axes
    assert figure.get_suptitle() == "Best validation accuracy 75.0%, epoch 2"
    shown = {line.get_label(): line.get_ydata() for line in accuracy.get_lines()}
    assert list(shown["training"]) == [record.train_accuracy for record in history]
    assert list(shown["validation"]) == [record.val_accuracy for record in history]
    assert list(shown["best epoch"]) == [0.75]
    assert len(loss.get_lines()) == len(accuracy.get_lines())


@pytest.mark.parametrize(
    ("channels", "count", "tiles"), [(3, 5, 5), (1, 40, 40), (4, 3, 12), (64, 64, 128)]
)
def test_filters_keep_their_pixels(
    findings: Findings, channels: int, count: int, tiles: int
) -> None:
    filters = np.random.default_rng(1).normal(size=(3, 3, channels, count))
    figure = draw_filters(replace(findings, filters=filters))
    assert figure is not None
    mosaic = np.asarray(figure.axes[0].get_images()[0].get_array())
    columns = 8 if tiles <= 32 else 16
    assert mosaic.shape == (-(-tiles // columns) * 66 + 6, columns * 66 + 6, 3)
    first = mosaic[6:66:20, 6:66:20]
    one = filters[:, :, :, 0] if channels == 3 else filters[:, :, :1, 0].repeat(3, axis=2)
    assert first == pytest.approx((one - one.min()) / (one.max() - one.min()))


def test_a_constant_filter_is_gray(findings: Findings) -> None:
    figure = draw_filters(replace(findings, filters=np.ones((3, 3, 3, 1))))
    assert figure is not None
    mosaic = np.asarray(figure.axes[0].get_images()[0].get_array())
    assert np.all(mosaic[6:66, 6:66] == 0.5)


def test_confusion_is_annotated_where_there_is_something(findings: Findings) -> None:
    figure = draw_confusion(findings)
    assert figure is not None
    written = {text.get_position()[::-1]: text.get_text() for text in figure.axes[0].texts}
    assert written == {
        (row, column): str(findings.confusion[row, column])
        for row, column in np.argwhere(findings.confusion)
    }
    assert figure.get_suptitle() == "15 of 18 validation images right"


def test_many_classes_are_drawn_without_numbers(findings: Findings) -> None:
    many = replace(
        findings, classes=tuple(map(str, range(100))), confusion=np.eye(100, dtype=np.int64)
    )
    figure = draw_confusion(many)
    assert figure is not None
    assert not figure.axes[0].texts


def test_mistakes_show_image_prediction_and_truth(findings: Findings) -> None:
    figure = draw_mistakes(findings)
    assert figure is not None
    (axes,) = figure.axes
    for shown, mistake in zip(axes.get_images(), findings.mistakes, strict=True):
        assert np.array_equal(shown.get_array(), mistake.image)
    assert [text.get_text() for text in axes.texts] == ["dog · 90%", "is cat"] * 3


def test_long_names_of_classes_stay_within_their_picture(findings: Findings) -> None:
    mistake = replace(findings.mistakes[0], label="x" * 30 + "cat", predicted="x" * 30 + "dog")
    figure = draw_mistakes(replace(findings, mistakes=(mistake,)))
    assert figure is not None
    (axes,) = figure.axes
    written = [text.get_text() for text in axes.texts]
    assert written == [f"…{'x' * 12}dog · 90%", f"is …{'x' * 12}cat"]
