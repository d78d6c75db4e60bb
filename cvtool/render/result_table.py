"""How a training run ended, and what its verdicts advise to try next."""

from statistics import fmean

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from cvtool.records import LinearResult, TrainResult
from cvtool.render.narrow import Table
from cvtool.render.quantities import count, duration, loss, rate, share
from cvtool.render.verdict_lines import verdict_lines
from cvtool.render.ways_on import Way, to_explanations, to_report, ways_on

OUTCOME_STYLES = {"finished": "green", "diverged": "red"}


def result_table(result: TrainResult) -> RenderableType:
    """Lay out a run: what was trained, how well it does, the verdicts."""
    style = OUTCOME_STYLES.get(result.outcome, "yellow")
    title = Text.assemble((result.outcome, style), " · ", (result.run, "bold"))
    parts: list[RenderableType] = [_facts(result), Text(), _scores(result)]
    run = Panel(Group(*parts), title=title, title_align="left", border_style="dim")
    return Group(run, verdict_lines(result.verdicts), *ways_on(_ways_on(result)))


def _ways_on(result: TrainResult) -> list[Way]:
    ways = to_explanations(result.verdicts)
    if result.outcome in ("interrupted", "time limit"):
        return [("to go on", f"cvtool {result.command} --resume {result.run}"), *ways]
    return ways + (to_report(result.run) if result.outcome == "finished" else [])


def _facts(result: TrainResult) -> Table:
    facts = _grid()
    facts.add_row("data", f"{result.dataset}, seed {result.seed}")
    what = "one matrix" if isinstance(result, LinearResult) else "network"
    facts.add_row(what, Text(result.arch, overflow="fold"))
    facts.add_row("parameters", count(result.parameters))
    if isinstance(result, LinearResult) and result.template_mean_correlation:
        average = fmean(result.template_mean_correlation)
        facts.add_row("templates", f"r = {average:.2f} with what sets class means apart")
    facts.add_row("epochs", count(result.epochs))
    facts.add_row(
        "time", f"{duration(result.seconds)} at {rate(result.images_per_second)} images/s"
    )
    facts.add_row("weights", Text(result.weights_checksum, overflow="fold"))
    return facts


def _scores(result: TrainResult) -> Table:
    scores = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    scores.add_column("", style="dim", no_wrap=True)
    for title in ("images", "loss", "accuracy"):
        scores.add_column(title, justify="right", no_wrap=True)
    for part, images in ("train", result.train_images), ("val", result.val_images):
        scores.add_row(
            {"train": "training", "val": "validation"}[part],
            count(images),
            loss(getattr(result, f"{part}_loss")),
            share(getattr(result, f"{part}_accuracy")),
        )
    best = Text(share(result.best_val_accuracy), style="bold green")
    scores.add_row(f"best, epoch {result.best_epoch}", "", "", best)
    return scores


def _grid() -> Table:
    grid = Table.grid(padding=(0, 3, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    return grid
