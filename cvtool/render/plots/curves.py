"""Loss and accuracy over the epochs (§6.5: the first thing to look at)."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from cvtool.records import EpochRecord, Findings
from cvtool.render.plots.style import BEST, INK, TRAINING, VALIDATION, figure, soften


def draw_curves(findings: Findings) -> Figure | None:
    """Draw training and validation side by side with the best epoch marked."""
    history = findings.history
    if not history:
        return None
    best = max(history, key=lambda record: record.val_accuracy)
    curves = figure(10, 4, f"Best validation accuracy {best.val_accuracy:.1%}, epoch {best.epoch}")
    loss, accuracy = curves.subplots(1, 2)
    _draw(loss, history, "loss", best)
    _draw(accuracy, history, "accuracy", best)
    accuracy.yaxis.set_major_formatter(PercentFormatter(1.0))
    loss.legend(frameon=False, labelcolor=INK, fontsize=9)
    return curves


def _draw(axes: Axes, history: tuple[EpochRecord, ...], what: str, best: EpochRecord) -> None:
    epochs = [record.epoch for record in history]
    for part, name, color in (
        ("train", "training", TRAINING),
        ("val", "validation", VALIDATION),
    ):
        values = [getattr(record, f"{part}_{what}") for record in history]
        marker = "o" if len(history) < 20 else None
        axes.plot(epochs, values, color=color, linewidth=2, marker=marker, ms=4, label=name)
    axes.axvline(best.epoch, color=BEST, linewidth=1, linestyle=":", zorder=1)
    axes.plot(
        best.epoch,
        getattr(best, f"val_{what}"),
        "o",
        color=BEST,
        ms=7,
        label="best epoch",
        zorder=3,
    )
    axes.set_title(what, loc="left", fontsize=10, color=INK)
    axes.set_xlabel("epoch", fontsize=9, color=INK)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    soften(axes)
