"""How a run went, epoch by epoch: curves, the layers' signs of trouble, and every number."""

from collections.abc import Iterator, Sequence

from cvtool.records import EpochRecord
from cvtool.render.quantities import count, duration, loss, share
from cvtool.render.report.blocks import Charts, Section, Table
from cvtool.render.report.charts.curves import best_epoch, curve_charts, rate_chart
from cvtool.render.report.charts.health import health_charts


def epoch_sections(history: Sequence[EpochRecord], group: str) -> Iterator[Section]:
    """Lay out a history, if there is one; charts of a ``group`` follow one pointer."""
    if not history:
        return
    took = sum(each.seconds for each in history)
    epochs = f"{count(len(history))} epoch{'s' * (len(history) > 1)}"
    charts = (*curve_charts(history, group), rate_chart(history, group))
    yield Section(
        "curves", f"Over {epochs}, in {duration(took)}", (Charts(charts), _table(history))
    )
    health = health_charts(history, group)
    if health:
        yield Section("health", "How the layers fare", (Charts(health),))


def _table(history: Sequence[EpochRecord]) -> Table:
    heads = ("epoch", "train loss", "val loss", "train acc.", "val acc.", "learning rate", "time")
    rows = tuple(
        (
            str(each.epoch),
            loss(each.train_loss),
            loss(each.val_loss),
            share(each.train_accuracy),
            share(each.val_accuracy),
            f"{each.learning_rate:.3g}",
            duration(each.seconds),
        )
        for each in history
    )
    best = best_epoch(history)
    place = None if best is None else list(history).index(best)
    return Table("Epoch by epoch", heads, rows, best=place, folded="every number", is_titled=True)
