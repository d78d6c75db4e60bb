"""What pixel distances do not see, in numbers and in words."""

from dataclasses import replace

import pytest
from rich.console import Console

from cvtool.records import Changed, Checkerboard, Explanation, PredictionTime
from cvtool.render.explanation_table import explanation_table

EXPLANATION = Explanation(
    metric="l1",
    queries=200,
    images=5_000,
    nearest_distance=112_853.4,
    another_class_distance=115_349.1,
    changes=(
        Changed("shifted by 2 pixels", 65_977.2, 0.834, 0.7),
        Changed("darkened", 0.0396, 0.5, 0.25),
    ),
    checkerboard=Checkerboard(783_360, 1.0),
    prediction_times=(PredictionTime(2_500, 0.001), PredictionTime(5_000, 0.0021)),
    growth=1.04,
)


def words(explanation: Explanation) -> str:
    console = Console(width=100, color_system=None)
    with console.capture() as captured:
        console.print(explanation_table(explanation))
    return captured.get()


def test_every_change_has_its_line_and_the_worst_its_sentence() -> None:
    text = words(EXPLANATION)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "its nearest other image 112,853" in lines
    assert "itself shifted by 2 pixels 65,977 83.4 % 70.0 %" in lines
    assert "itself darkened 0.0396 50.0 % 25.0 %" in lines
    flowing = " ".join(text.split())
    assert (
        "shifted by 2 pixels, an image is farther from itself than from its nearest other image "
        "in 83.4 % of cases" in flowing
    )
    assert "checkerboard is as far from its negative as images can be apart (783,360)" in flowing
    assert "a prediction takes 2.1 ms with 5,000 training images" in flowing
    assert "to the power 1.04" in flowing


@pytest.mark.parametrize("field", ["growth", "another_class_distance"])
def test_what_could_not_be_measured_is_left_open(field: str) -> None:
    text = words(replace(EXPLANATION, **{field: float("nan")}))
    assert "nan" not in text
