"""A study as experiments would tell it."""

from collections.abc import Iterator
from typing import Any

from cvtool.records import (
    Candidate,
    Importance,
    Note,
    StageBegan,
    StageResult,
    TrialBegan,
    TrialMoved,
    TrialRecord,
    TuneResult,
    Verdict,
)
from cvtool.tuning.dimension import Choice, Range
from cvtool.tuning.space import Space

SPACE = Space(
    (
        Range("learning_rate", 1e-5, 1e-1, log=True),
        Range("dropout", 0.0, 0.6),
        Choice("filters", (16, 32, 64)),
        Choice("arch", ("$1 [red]", "conv3-32 + batchnorm + relu + maxpool2 + fc-10")),
    )
)
SPELLED = "learning_rate=1e-05..0.1 log, dropout=0..0.6, filters=16|32|64"


def settings(number: int) -> dict[str, Any]:
    """Draw settings whose learning rate grows with their number, from 0 to 9."""
    places = number / 9, (number * 0.37) % 1, (number * 0.61) % 1, number % 2 * 0.9
    return {each.name: each.at(place) for each, place in zip(SPACE, places, strict=True)}


def trial(stage: int, number: int) -> TrialRecord:
    """Try settings: the higher rates diverge, the lowest does not move, one is broken."""
    epochs, about = (2, 8)[min(stage, 1)], (stage, number, settings(number))
    if number >= 7:
        reason = f"the loss is {number}.5, more than 3 times the first"
        return TrialRecord(*about, epochs, 1, "diverged", reason, seconds=1.0)
    if number == 0:
        return TrialRecord(
            *about, epochs, 1, "stopped early", "does not move", val_accuracy=0.1, seconds=1.0
        )
    if number == 1:
        return TrialRecord(*about, epochs, 1, "broken", "ValueError: [no]", seconds=0.5)
    accuracy = 0.98 - 0.02 * abs(number - 4) + 0.005 * stage
    losses = 0.1, 1 - accuracy
    seconds = 2.0 * epochs
    return TrialRecord(
        *about, epochs, 1, "finished", "", accuracy, accuracy, *losses, epochs, seconds
    )


def study(study: str = "runs/[red]mine") -> TuneResult:
    """Search coarse and fine, and repeat the best two."""
    coarse = [trial(0, number) for number in range(10)]
    fine = [trial(1, number) for number in range(2, 6)]
    best = Candidate(settings(4), 0.9834, 0.0021, (0.981, 0.985, 0.9842))
    second = Candidate(settings(3), 0.9634, 0.0101, (0.95, 0.97, 0.97))
    return TuneResult(
        study=study,
        outcome="finished",
        model="cnn",
        dataset="my [pets]",
        seed=7,
        seconds=125.0,
        stages=(
            StageResult("coarse", "coarse", 10, 2, SPELLED, 5, 1, 3, 1, 0.98),
            StageResult("fine", "fine", 4, 8, SPELLED, 4, 0, 0, 0, 0.985),
        ),
        trials=(*coarse, *fine),
        best=best,
        candidates=(best, second),
        importance=(
            Importance("learning_rate", 0.63, 0.0002),
            Importance("dropout", 0.11, 0.03),
            Importance("filters", 0.04, 0.21),
            Importance("arch", float("nan"), float("nan")),
        ),
        verdicts=(Verdict("ranges", False, 0.9, "the best crowd an edge, try --search wider"),),
        warnings=("1 trial is broken: [no]",),
        winner=f"{study}/winner.toml",
    )


def stream(result: TuneResult) -> Iterator[Any]:
    """Tell a study, one trial after the other; it saves, and says so, when it is interrupted."""
    try:
        yield Note("compiling [once]")
        for number, stage in enumerate(result.stages):
            yield StageBegan(
                stage.name, stage.kind, number, 2, stage.trials, 0, stage.epochs, stage.space
            )
            for each in (each for each in result.trials if each.stage == number):
                yield TrialBegan(number, each.number, each.params, "first")
                for step in range(1, 4):
                    yield TrialMoved(number, each.number, step, 4, 0.5, 0.9)
                yield each
        yield result
    except KeyboardInterrupt:
        yield Note("saved")
        yield TuneResult(**{**vars(result), "outcome": "interrupted"})
