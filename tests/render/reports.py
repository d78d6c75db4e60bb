"""Reports as they would be gathered: every kind of run, and of what is drawn."""

from dataclasses import replace
from typing import Any

import numpy as np
from render.studies import SPACE, study

from cvtool.experiments.tune_pictures import study_pictures
from cvtool.records import (
    Changed,
    Checkerboard,
    ChosenSetting,
    Classified,
    Compared,
    Conflict,
    CrossValidatedSetting,
    Curve,
    DataCheck,
    DataShown,
    Drawn,
    Duplicate,
    EpochRecord,
    ExplainedKnnResult,
    Explanation,
    Findings,
    Gallery,
    HeatMap,
    HeldOutSetting,
    Histogram,
    Histograms,
    KnnResult,
    LayerAtStart,
    LayerHealth,
    LayerRow,
    Line,
    LinearResult,
    NetworkTable,
    PairCompared,
    Panel,
    Picture,
    Points,
    PredictionTime,
    Regions,
    Report,
    ReportedRun,
    RunComparison,
    RunShown,
    SanityCheck,
    SanityResult,
    Scores,
    TrainResult,
    Verdict,
)

EVIL = "</script><img src=x onerror=alert(1)>"
"""What a class, a run or a data set may be called."""

NAN = float("nan")
CLASSES = ("cat", "dog", EVIL)


def image(seed: int, side: int = 8, channels: int = 3) -> Any:
    """Draw an image at random."""
    random = np.random.default_rng(seed)
    return random.integers(0, 256, (side, side, channels), dtype=np.uint8)


def history(epochs: int = 12) -> tuple[EpochRecord, ...]:
    """Learn, ever more slowly, with the best epoch before the last."""
    made = []
    for epoch in range(1, epochs + 1):
        health = (
            LayerHealth("conv1", update_ratio=1e-2 / epoch),
            LayerHealth("relu1", dead=0.01 * epoch),
            LayerHealth("fc1", update_ratio=0.0 if epoch == epochs else 2e-3),
        )
        accuracy = 0.5 + 0.03 * epoch - (0.1 if epoch == epochs else 0)
        losses = 1.0 / epoch, 1.25 / epoch
        made.append(
            EpochRecord(
                *(epoch, 1e-3 / epoch, losses[0], 0.6 + 0.03 * epoch, losses[1], accuracy),
                *(1.5, 1950.4, epoch < epochs, health),
            )
        )
    return tuple(made)


def findings(epochs: int = 12) -> Findings:
    """See three classes, one of them evil."""
    confusion = np.array([[5, 1, 0], [0, 6, 0], [2, 0, 4]])
    pairs = [(int(row), int(column)) for row, column in np.argwhere(confusion)]
    examples = tuple(
        Classified(image(10 * row + column + turn), CLASSES[row], CLASSES[column], 0.9 - turn / 10)
        for row, column in pairs
        for turn in range(min(2, int(confusion[row, column])))
    )
    filters = np.random.default_rng(1).normal(size=(3, 3, 3, 5)).astype(np.float32)
    mistakes = tuple(each for each in examples if each.label != each.predicted)
    return Findings(history(epochs), CLASSES, filters, confusion, mistakes, examples)


def network() -> NetworkTable:
    """Lay two layers out."""
    rows = (
        LayerRow(
            "conv1", "conv3-8", (8, 8, 8), "(8 − 3 + 2·1)/1 + 1 = 8", 0, 0, 80, 3, 4608, 2048, 576
        ),
        LayerRow("pool1", "maxpool3", (3, 3, 8), "(8 − 3)/2 + 1 = 3", 1, 1, 0, 5, 0, 288, 0),
    )
    return NetworkTable("conv3-8 + maxpool3", (8, 8, 1), 64, "softmax", rows, 80, 4608, 2336, 576)


def drawn() -> tuple[Drawn, ...]:
    """Draw everything there is to draw, of a study and of other runs."""
    result = study()
    winners = np.array([[0, 0, 1, 1], [0, 2, 2, 1]])
    points = np.array([[-1.5, 0.5], [1.5, 0.5], [0.0, 1.5]])
    labels = np.array([0, 1, 2])
    panels = Panel("k = 1", winners), Panel(f"k = {EVIL}", winners[::-1])
    lines = ((1.0, 0.0, 0.5), (0.0, 0.0, 1.0))
    return (
        *study_pictures(SPACE, result.trials, result.stages, result.best, result.importance),
        Gallery("neighbors", "Neighbors", (("right", (Picture(image(1), EVIL, "→ cat"),)),)),
        Points("points", "Points", points, labels, CLASSES),
        Regions(
            *("regions", "Smoother", panels, (-2.0, 2.0), (0.0, 2.0)),
            *(points, labels, CLASSES, lines),
        ),
        Scores(
            "folds",
            "Accuracy of each fold",
            "k",
            (
                Line("l1", (1.0, 5.0, 20.0), ((0.2, 0.4), (0.5, 0.7), (0.3, 0.3))),
                Line(EVIL, (1.0, 5.0, 20.0), ((0.1, 0.3), (0.4, 0.4), (0.8, 0.2))),
            ),
        ),
        HeatMap(
            *("grid", "Best of the grid", "learning rate", "strength"),
            *((1e-4, 1e-3, 1e-2), (0.0, 0.1)),
            np.array([[0.25, 0.5, NAN], [0.125, 0.5, 0.3]]),
        ),
        Histograms("activations", "Activations", (Histogram("relu1", (0.0, 0.5, 2.0), (3, 40)),)),
    )  # fmt: skip


VERDICTS = (
    Verdict("loss changes", True, 0.9, "the loss fell"),
    Verdict("generalizes", False, 0.3, f"overfits {EVIL}, try --strength 0.001"),
)


def trained(run: str = "runs/first", kind: type[TrainResult] = TrainResult) -> TrainResult:
    """End a training run."""
    more: dict[str, Any] = {"template_mean_correlation": (0.5, 0.7)} if kind is LinearResult else {}
    return kind(
        *(run, "finished", EVIL, "conv3-8 + maxpool3 + fc-3 + softmax", 7, 12, 1_250_000),
        *(1437, 360, 0.0123, 0.998, NAN, 0.7, 0.983, 11, 1950.4, 125.0, "9f86d081", VERDICTS),
        **more,
    )


def shown(result: Any, run: str, command: str, outcome: str = "finished") -> RunShown:
    """Show a run as ``runs show`` does."""
    settings = (
        ChosenSetting("dataset", EVIL, "digits"),
        ChosenSetting("augment", True, None),
    )
    environment = {"started": "2026-11-01T10:00:00+00:00", "processor": EVIL, "threads": 2}
    return RunShown(run, command, outcome, settings, environment, 1, result)


def training_run(name: str = "first", kind: type[TrainResult] = TrainResult) -> ReportedRun:
    """Report a run with all that can be kept of it."""
    run = f"runs/{name}"
    inside = Gallery("maps", "What conv1 answers to", (("conv1", (Picture(image(4, 6, 1)),)),))
    result = trained(run, kind)
    return ReportedRun(
        shown(result, run, kind.command),
        history(),
        network(),
        (findings(), *drawn()),
        (inside,),
        ("its data is not there any more: no examples",),
    )


def plain_run(result: Any, command: str, outcome: str = "finished") -> ReportedRun:
    """Report what a run ended in, and nothing else."""
    return ReportedRun(shown(result, "runs/plain", command, outcome), (), None, (), (), ())


def neighbors() -> KnnResult:
    """End a cross-validation."""
    settings = (
        CrossValidatedSetting(k=1, metric="l1", accuracy=0.5, ties=0, folds=(0.4, 0.6), std=0.1),
        CrossValidatedSetting(k=5, metric="l1", accuracy=0.7, ties=3, folds=(0.7, 0.7), std=0.0),
    )
    return KnnResult(
        run="runs/plain", dataset=EVIL, features="pixels", preprocess="none", seed=0, split="val",
        queries=100, train_images=50, seconds=2.0, comparing_seconds=1.0, ties=3,
        tie_rule="smallest", results=settings, best=settings[1], verdicts=VERDICTS,
    )  # fmt: skip


def explained_neighbors() -> ExplainedKnnResult:
    """End with what distances do not see."""
    changes = (Changed("shifted by 1 pixel", 807.5, 1.0, 0.5),)
    times = (PredictionTime(100, 1e-5),)
    board = Checkerboard(2040.0, 1.0)
    explanation = Explanation("l2", 20, 100, 273.0, 481.0, changes, board, times, NAN)
    held_out = HeldOutSetting(k=1, metric="l2", accuracy=0.5, ties=0, low=0.4, high=0.6)
    values = {**vars(neighbors()), "results": (held_out,), "best": held_out}
    return ExplainedKnnResult(**values, explanation=explanation)


def sanity() -> SanityResult:
    """End a check of a set-up."""
    checks = (
        SanityCheck("labels", True, 0.0, 0.0, "0 labels are outside"),
        SanityCheck("learning rate", False, 0.1, 10.0, "chosen is 10: try --learning-rate 1e-02"),
    )
    layers = (LayerAtStart("fc1", 0.1, NAN, None, 0.5, None),)
    return SanityResult(False, EVIL, "mlp", checks, layers, (3e-4, 0.5), "runs/plain", 1.5)


def data_check() -> DataCheck:
    """End a check of data that must be fixed."""
    counts = {"train": {"cat": 3, EVIL: 2}}
    return DataCheck(
        ok=False, dataset=EVIL, images=5, classes=2, class_counts=counts, sizes={"8×8": 5},
        modes={"RGB": 5}, damaged=(), unlabeled=(),
        duplicates=tuple(Duplicate("near", (f"{at}.png", EVIL), False, 1.5) for at in range(25)),
        conflicts=(Conflict(("a", "b"), ("cat", EVIL)),), mean=(0.5,), std=(0.25,),
        verdicts=VERDICTS, run="runs/plain", exclude="runs/plain/exclude.txt", seconds=0.5,
    )  # fmt: skip


def data_shown() -> DataShown:
    """End a look at data."""
    counts = {"train": {"cat": 3, EVIL: 2}}
    return DataShown("runs/plain", EVIL, 5, 2, (8, 8, 3), counts, ("runs/plain/plots/a.png",))


def unfinished() -> ReportedRun:
    """Report a run that has not ended."""
    run = plain_run(None, "train-cnn", "stopped")
    return replace(run, history=history(3))


def comparison() -> RunComparison:
    """Compare two runs on the same images, and one on others."""
    runs = "runs/first", "runs/second", "elsewhere/second"
    pairs = (
        PairCompared(
            *("first", "second", 300, (0.997, 0.913), ((0.981, 0.999), (0.876, 0.94))),
            *(-0.083, (-0.115, -0.05), 26, 1, 0.0001, "the difference is more than chance"),
        ),
        PairCompared("first", EVIL, 0, None, None, None, None, 0, 0, None, "of other images"),
    )
    curves = tuple(
        Curve(run, name, values, values[-1], values[1], 2)
        for run in runs
        for name, values in (
            ("train_loss", (0.9, 0.2, None)),
            ("val_loss", (0.8, 0.3, 0.4)),
            ("train_accuracy", (0.5, 0.9, None)),
            ("val_accuracy", (0.6, 0.95, 0.9)),
        )
    )
    return RunComparison(
        runs=runs, difference=-0.083, interval=(-0.115, -0.05), p_value=0.0001,
        verdict=pairs[0].verdict, pairs=pairs,
        settings=(Compared("dataset", (EVIL, "digits", None)),),
        results=(
            Compared("val_accuracy", (0.95, NAN, None)),
            Compared("seconds", (125.0, 3.0, 4.0)),
        ),
        curves=curves,
    )  # fmt: skip


def one(run: ReportedRun) -> Report:
    """Report one run."""
    return Report((run,), None)


def several() -> Report:
    """Report three runs, two of which are called alike."""
    first, second = training_run("first"), training_run("second", LinearResult)
    third = replace(second, shown=replace(second.shown, run="elsewhere/second"))
    return Report((first, second, third), comparison())


EVERY_RESULT: dict[str, ReportedRun] = {
    "train-cnn": training_run(),
    "linear": training_run(kind=LinearResult),
    "knn": plain_run(neighbors(), "knn"),
    "knn explained": plain_run(explained_neighbors(), "knn"),
    "tune": plain_run(study(), "tune"),
    "sanity-check": plain_run(sanity(), "sanity-check", "failed"),
    "data check": plain_run(data_check(), "data check", "failed"),
    "data show": plain_run(data_shown(), "data show"),
    "unfinished": unfinished(),
}
"""A run for each kind of result, and one without."""
