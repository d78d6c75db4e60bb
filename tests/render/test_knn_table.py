"""The table of nearest neighbors shows every setting with its error, and marks the best."""

from io import StringIO

import pytest
from rich.console import Console

from cvtool.records import CrossValidatedSetting, HeldOutSetting, KnnResult, Setting, Verdict
from cvtool.render.knn_table import knn_table


def result(*settings: Setting) -> KnnResult:
    return KnnResult(
        run="runs/[red]mine",
        dataset="my [pets]",
        features="pixels",
        preprocess="none",
        seed=7,
        split="val",
        queries=10_000,
        train_images=50_000,
        seconds=12.5,
        comparing_seconds=11.0,
        ties=123,
        tie_rule="nearest",
        results=settings,
        best=settings[1],
        verdicts=(Verdict("ties are few", False, 0.2, "ties, try --ties nearest"),),
    )


def shown(record: KnnResult, width: int = 80) -> str:
    console = Console(file=StringIO(), width=width, markup=False)
    console.print(knn_table(record))
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    assert max(map(len, text.splitlines())) <= width
    return text


def test_the_page_and_the_meaning_of_a_check_are_named(held_out: KnnResult) -> None:
    text = shown(held_out)
    assert "what a check means:  cvtool explain ties are few" in text
    assert "all on one page:     cvtool report '[red]mine' --open" in text


@pytest.fixture
def held_out() -> KnnResult:
    return result(
        HeldOutSetting(k=1, metric="cosine", accuracy=0.9, ties=0, low=0.8, high=0.95),
        HeldOutSetting(k=100, metric="cosine", accuracy=0.925, ties=12, low=0.85, high=0.96),
        HeldOutSetting(k=1, metric="l2", accuracy=0.5, ties=0, low=0.4, high=0.6),
    )


@pytest.fixture
def folded() -> KnnResult:
    folds = tuple(0.9 + number / 100 for number in range(5))
    return result(
        CrossValidatedSetting(k=1, metric="l1", accuracy=0.9, ties=0, folds=folds, std=0.014),
        CrossValidatedSetting(k=3, metric="l1", accuracy=0.92, ties=11_111, folds=folds, std=0.02),
    )


def test_the_best_and_its_interval_stand_out(held_out: KnnResult) -> None:
    lines = shown(held_out).splitlines()
    assert "92.5 % with k = 100, cosine · runs/[red]mine" in lines[0]
    [best] = [line for line in lines if "← best" in line]
    assert best.split()[1:4] == ["100", "92.5", "%"]
    assert "85.0 – 96.0 %" in best
    assert sum("cosine" in line for line in lines) == 2  # the title and the first row of its own


def test_what_was_compared_is_said(held_out: KnnResult, folded: KnnResult) -> None:
    assert "10,000 validation images with 50,000 training images" in shown(held_out, 100)
    assert "10,000 images in 5 folds, each with at least 50,000" in shown(folded, 100)
    assert "won by the nearest neighbor" in shown(folded, 100)


def test_folds_have_their_deviation_and_range(folded: KnnResult) -> None:
    text = shown(folded)
    assert "± deviation" in text
    assert "± 2.0 %" in text
    assert "90.0 – 94.0 %" in text
    assert "11,111" in text


def test_verdicts_follow(held_out: KnnResult) -> None:
    lines = [line.rstrip() for line in shown(held_out).splitlines()]
    assert lines[-3].endswith("try --ties nearest")
