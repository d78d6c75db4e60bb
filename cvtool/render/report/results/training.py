"""What a training run says of itself."""

from collections.abc import Sequence
from statistics import fmean

from cvtool.records import EpochRecord, LinearResult, TrainResult
from cvtool.render.quantities import count, duration, loss, rate, share
from cvtool.render.report.blocks import Facts, Figure, Section, Summary
from cvtool.render.report.charts.curves import best_epoch
from cvtool.render.report.results.verdicts import verdict_lines


def trained(result: TrainResult) -> Summary:
    """Tell how well a network, or one matrix of weights, does."""
    best = Figure(
        share(result.best_val_accuracy), "best validation accuracy", f"epoch {result.best_epoch}"
    )
    losses = Figure(
        loss(result.val_loss), "validation loss", f"{loss(result.train_loss)} in training"
    )
    accuracies = Figure(
        share(result.val_accuracy),
        "last validation accuracy",
        f"{share(result.train_accuracy)} in training",
    )
    images = Figure(
        count(result.train_images), "training images", f"{count(result.val_images)} to validate"
    )
    pace = f"{rate(result.images_per_second)} images/s"
    figures = (
        best,
        accuracies,
        losses,
        Figure(count(result.parameters), "parameters"),
        images,
        Figure(duration(result.seconds), "time", pace),
    )
    return Summary(figures, verdict_lines(result.verdicts), (_set_up(result),))


def _set_up(result: TrainResult) -> Section:
    is_matrix = isinstance(result, LinearResult)
    facts = [
        ("data", f"{result.dataset}, seed {result.seed}"),
        ("one matrix" if is_matrix else "network", result.arch),
        ("epochs", count(result.epochs)),
        ("weights", result.weights_checksum),
    ]
    if isinstance(result, LinearResult) and result.template_mean_correlation:
        average = fmean(result.template_mean_correlation)
        facts.append(("templates", f"r = {average:.2f} with what sets class means apart"))
    return Section("set-up", "What was trained", (Facts(tuple(facts)),))


def under_way(history: Sequence[EpochRecord]) -> Summary:
    """Tell how far a run is that has not ended."""
    if not history:
        return Summary()
    last, best = history[-1], best_epoch(history)
    figures = [Figure(count(last.epoch), "epochs so far")]
    if best is not None:
        words = share(best.val_accuracy)
        figures.insert(0, Figure(words, "best validation accuracy", f"epoch {best.epoch}"))
    figures.append(
        Figure(loss(last.val_loss), "validation loss", f"{loss(last.train_loss)} in training")
    )
    figures.append(Figure(duration(sum(each.seconds for each in history)), "time"))
    return Summary(tuple(figures))
