"""How a trained run does on images: of a whole part of the data, or one by one."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from cvtool.records import Evaluation, Prediction
from cvtool.render.narrow import Table
from cvtool.render.quantities import count, loss, share

BAR = 30


def evaluation_table(evaluation: Evaluation) -> RenderableType:
    """Lay out the accuracy as a whole and class by class."""
    heading = Text.assemble(
        (share(evaluation.accuracy), "bold green"),
        f" of {count(evaluation.images)} {evaluation.part} images of {evaluation.dataset}, "
        f"loss {loss(evaluation.loss)}\n",
        (evaluation.run, "dim"),
    )
    classes = _score_grid()
    for name, accuracy in evaluation.class_accuracies.items():
        classes.add_row(name, share(accuracy), _bar(accuracy))
    return Group(
        heading, Text(), classes, *openings(evaluation.part, evaluation.opened, "this run")
    )


def openings(part: str, opened: int, who: str) -> list[Text]:
    """Say how often the test set has been looked at by somebody, where it was."""
    if part != "test":
        return []
    if opened == 1:
        return [Text(f"\nthe test set was opened for the first time by {who}", style="dim")]
    times = f"the test set was opened {opened} times by {who}"
    return [Text(f"\n{times}: it is no longer unseen", style="yellow")]


def predictions_table(predictions: Sequence[Prediction], top: int) -> RenderableType:
    """Lay out the ``top`` most probable classes of each image."""
    table = Table.headed()
    table.add_column("image", overflow="fold")
    table.add_column("class", no_wrap=True)
    table.add_column("probability", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for prediction in predictions:
        ranked = sorted(prediction.probabilities.items(), key=lambda item: -item[1])[:top]
        for place, (label, probability) in enumerate(ranked):
            style = "bold" if place == 0 else "dim"
            file = prediction.file if place == 0 else ""
            table.add_row(
                file, Text(label, style), Text(share(probability), style), _bar(probability)
            )
    return table


def _score_grid() -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(no_wrap=True)
    return grid


def _bar(part: float) -> Text:
    filled = round(BAR * part) if part == part else 0
    return Text("━" * filled, style="green")
