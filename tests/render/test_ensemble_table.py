"""The table of an ensemble says who decides, what came of it, and what that is worth."""

from dataclasses import replace

import pytest
from render.writing import written

from cvtool.records import Ensemble, EnsembleMember
from cvtool.render import show
from cvtool.render.ensemble_table import ensemble_table

MEMBERS = (
    EnsembleMember("runs/[red]one", "epoch-0004", 4, 0.9, 0.41),
    EnsembleMember("runs/two", "best", 1200, 0.95, 0.31),
)
ENSEMBLE = Ensemble(
    dataset="my [pets]",
    part="validation",
    images=2000,
    members=MEMBERS,
    accuracy=0.97,
    interval=(0.961, 0.977),
    loss=0.25,
    mean_accuracy=0.925,
    best=MEMBERS[1],
    difference=0.02,
    difference_interval=(0.012, 0.028),
    only_best=10,
    only_ensemble=50,
    p_value=1e-7,
    agreement=0.88,
    opened=0,
    verdict="the ensemble is right on 40 images more",
    warnings=("one learned by an SVM loss",),
)


@pytest.mark.parametrize("width", [40, 80, 160])
def test_it_says_all_there_is(width: int) -> None:
    flowing = " ".join(written(ensemble_table(ENSEMBLE), width).split())
    for words in (
        "97.0 % of 2,000 validation images of my [pets], loss 0.2500",
        "[red]one 4 90.0 % 0.4100",
        "two 1,200 95.0 % 0.3100",
        "all together 97.0 % 0.2500",
        "≠ the ensemble is right on 40 images more",
        "97.0 % (96.1 – 97.7 %), +2.0 points (+1.2 to +2.8) beside the best, two after epoch "
        "1,200, chosen on these very images; all agree on 88.0 % of the images",
        "! one learned by an SVM loss",
    ):
        assert words in flowing
    assert "test set" not in flowing
    assert "92.5 %" in flowing


def test_what_chance_may_have_made_is_marked_so() -> None:
    assert "≈  the ensemble" in written(ensemble_table(replace(ENSEMBLE, p_value=0.06)))


@pytest.mark.parametrize(
    ("opened", "words"),
    [(1, "for the first time by these runs"), (3, "3 times by one of these runs")],
)
def test_the_open_door_is_told(opened: int, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    show(replace(ENSEMBLE, part="test", opened=opened), as_json=False)
    flowing = " ".join(capsys.readouterr().out.split())
    assert words in flowing
    assert "chosen on validation images" in flowing
