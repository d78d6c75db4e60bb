"""What distances between pixels do not see, in numbers and words."""

from math import isfinite, isnan

from rich.console import Group, RenderableType
from rich.text import Text

from cvtool.records import Explanation
from cvtool.render.narrow import Table
from cvtool.render.quantities import count, share


def explanation_table(explanation: Explanation) -> RenderableType:
    """Lay out mean distances and how often they mislead; say below what that means."""
    heading = Text.assemble(
        (f"what {explanation.metric} distances see", "bold"),
        f": {count(explanation.queries)} images, compared with themselves and with "
        f"{count(explanation.images)} images",
    )
    table = Table.headed()
    table.add_column("from an image to", overflow="fold")
    table.add_column("mean distance", justify="right", no_wrap=True)
    table.add_column("farther than\nnearest other", justify="right")
    table.add_column("farther than nearest\nof another class", justify="right")
    table.add_row("its nearest other image", spelled_distance(explanation.nearest_distance), "", "")
    table.add_row(
        "its nearest of another class", spelled_distance(explanation.another_class_distance), "", ""
    )
    table.add_section()
    for changed in explanation.changes:
        table.add_row(
            f"itself {changed.change}",
            spelled_distance(changed.distance),
            share(changed.farther_than_nearest),
            share(changed.farther_than_another_class),
        )
    return Group(
        heading, table, Text("\n".join(explanation_sentences(explanation)), overflow="fold")
    )


def explanation_sentences(explanation: Explanation) -> list[str]:
    """Say in words what distances do not see."""
    worst = max(explanation.changes, key=lambda changed: changed.farther_than_nearest)
    board = explanation.checkerboard
    return [
        f"{worst.change}, an image is farther from itself than from its nearest other image in "
        f"{share(worst.farther_than_nearest)} of cases",
        f"a checkerboard is as far from its negative as images can be apart "
        f"({spelled_distance(board.distance)}): {share(board.nearer)} of the images are nearer to "
        f"it",
        _time(explanation),
    ]


def _time(explanation: Explanation) -> str:
    last = explanation.prediction_times[-1]
    sentence = (
        f"training takes no time; a prediction takes {1000 * last.seconds:.3g} ms with "
        f"{count(last.train_images)} training images"
    )
    if isnan(explanation.growth):
        return sentence
    return f"{sentence}, and grows as their number to the power {explanation.growth:.2f}"


def spelled_distance(value: float) -> str:
    """Write a distance in few digits."""
    if not isfinite(value):
        return "–"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
