"""How well nearest neighbors do: every setting with its error, the best of them marked."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from cvtool.records import (
    CrossValidatedSetting,
    ExplainedKnnResult,
    HeldOutSetting,
    KnnResult,
    Setting,
)
from cvtool.render.explanation_table import explanation_table
from cvtool.render.narrow import Table
from cvtool.render.quantities import count, duration, share, shares
from cvtool.render.verdict_lines import verdict_lines
from cvtool.render.ways_on import to_explanations, to_report, ways_on

PARTS = {"val": "validation", "test": "test"}
RULES = {"smallest": "the smallest label", "nearest": "the nearest neighbor"}


def knn_table(result: KnnResult) -> RenderableType:
    """Lay out what was compared, the accuracy of each setting, the verdicts."""
    title = Text.assemble(
        (share(result.best.accuracy), "bold green"),
        f" with k = {result.best.k}, {result.best.metric} · ",
        (result.run, "bold"),
    )
    body = Group(_facts(result), _settings(result))
    panel = Panel(body, title=title, title_align="left", border_style="dim")
    parts = [panel, verdict_lines(result.verdicts)]
    if isinstance(result, ExplainedKnnResult):
        parts.append(Padding(explanation_table(result.explanation), (1, 2, 0, 2)))
    ways = [*to_explanations(result.verdicts), *to_report(result.run)]
    return Group(*parts, *ways_on(ways))


def _facts(result: KnnResult) -> Table:
    facts = Table.grid(padding=(0, 3, 0, 0))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    facts.add_row("data", f"{result.dataset}, seed {result.seed}")
    facts.add_row("seen as", f"{result.features}, preprocessed: {result.preprocess}")
    facts.add_row("compared", compared_words(result))
    settings = len(result.results) * result.queries
    ties = f"{count(result.ties)} of {count(settings)} votes, won by {RULES[result.tie_rule]}"
    facts.add_row("tied", ties)
    comparing = f"{duration(result.comparing_seconds)} of it comparing"
    facts.add_row("time", f"{duration(result.seconds)}, {comparing}")
    return facts


def compared_words(result: KnnResult) -> str:
    """Say what was compared with what."""
    train = f"{count(result.train_images)} training images"
    if isinstance(result.best, CrossValidatedSetting):
        folds = len(result.best.folds)
        return f"{count(result.queries)} images in {folds} folds, each with at least {train}"
    return f"{count(result.queries)} {PARTS[result.split]} images with {train}"


def _settings(result: KnnResult) -> Table:
    table = Table.headed()
    table.add_column("metric", no_wrap=True)
    for title in ("k", "accuracy", *error_titles(result.best), "ties"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True, style="bold green")
    last = None
    for each in result.results:
        is_best = each == result.best and len(result.results) > 1
        cells = f"{each.k}", share(each.accuracy), *error_words(each), count(each.ties)
        table.add_row(
            "" if each.metric == last else each.metric,
            *(Text(words, "bold green" if is_best else "") for words in cells),
            "← best" if is_best else "",
        )
        last = each.metric
    return table


def error_titles(setting: Setting) -> tuple[str, ...]:
    """Name what is known of how sure an accuracy is."""
    if isinstance(setting, CrossValidatedSetting):
        return "± deviation", "lowest – highest"
    return ("95 % interval",) if isinstance(setting, HeldOutSetting) else ()


def error_words(setting: Setting) -> tuple[str, ...]:
    """Write how sure an accuracy is, as ``error_titles`` names it."""
    if isinstance(setting, CrossValidatedSetting):
        return f"± {100 * setting.std:.1f} %", shares(min(setting.folds), max(setting.folds))
    if isinstance(setting, HeldOutSetting):
        return (shares(setting.low, setting.high),)
    return ()
