"""What a study found: the winner, the best settings, the stages, what mattered, what to do next."""

from math import isfinite
from pathlib import Path
from shlex import quote

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from cvtool.records import Importance, StagePlan, StageResult, TuneResult
from cvtool.records.chance import CHANCE, chance_words
from cvtool.records.params import setting_name, setting_words
from cvtool.render.best_settings import best_settings
from cvtool.render.narrow import Table
from cvtool.render.quantities import count, duration, share
from cvtool.render.result_table import OUTCOME_STYLES
from cvtool.render.verdict_lines import verdict_lines
from cvtool.render.ways_on import Way, to_explanations, to_report, ways_on

COMMANDS = {"cnn": "train-cnn", "linear": "linear", "knn": "knn"}
"""What does once what a model's study does many times."""

BAR = 20
INDENT = 2
ROOM_FOR_COUNTS = 76
"""Characters a terminal needs to be wide to have a column for each way a trial can end."""


def tune_table(result: TuneResult, width: int) -> RenderableType:
    """Lay out a study for a terminal so many characters wide."""
    style = OUTCOME_STYLES.get(result.outcome, "yellow")
    title = Text.assemble((result.outcome, style), " · ", (result.study, "bold"))
    parts: list[RenderableType] = [
        Panel(_facts(result), title=title, title_align="left", border_style="dim")
    ]
    settings = best_settings(result, width - 2 * INDENT)
    if settings is not None:
        parts += _section("best settings", settings)
    if result.stages:
        has_room = width >= ROOM_FOR_COUNTS
        stages = _counted(result.stages) if has_room else _told(result.stages)
        parts += _section("stages", stages, Text(), _searched(result.stages))
    if result.importance:
        parts += _section("what mattered", *_importance(result.importance))
    if result.verdicts:
        parts += [Text(), verdict_lines(result.verdicts)]
    parts += [Padding(Text(f"! {each}", "yellow"), (0, INDENT)) for each in result.warnings]
    ways = ways_on(_ways_on(result))
    return Group(*parts, *([Text()] if ways else []), *ways)


def plan_table(plan: StagePlan) -> RenderableType:
    """Lay out what a study would do."""
    facts = _grid()
    facts.add_row("model", plan.model)
    facts.add_row("searched", Text(plan.space))
    stages = _table("stage", "runs", "epochs")
    stages.add_column("what", overflow="fold")
    for each in plan.stages:
        stages.add_row(Text(each.name), count(each.runs), _epochs(each.epochs), Text(each.what))
    return Padding(Group(facts, Text(), stages), (0, INDENT))


def _facts(result: TuneResult) -> Table:
    facts = _grid()
    facts.add_row("data", Text(f"{result.dataset}, seed {result.seed}"))
    facts.add_row("model", Text(result.model))
    ended = len(result.trials)
    facts.add_row("trials", f"{count(ended)}, together {duration(result.seconds)}")
    if result.best is None:
        has_ended = any(each.outcome == "finished" for each in result.trials)
        words = "none yet" if has_ended else "none: no trial came to its end"
        facts.add_row("winner", Text(words, "yellow"))
        return facts
    best, runs = result.best, len(result.best.val_accuracies)
    facts.add_row("winner", Text(setting_words(best.params)))
    accuracy = Text(share(best.val_accuracy), "bold green")
    if runs > 1:
        accuracy.append(f" ± {100 * best.std:.1f} %").append(f" over {runs} seeds", "not bold")
    facts.add_row("validation", accuracy)
    return facts


def _counted(stages: tuple[StageResult, ...]) -> Table:
    table = _table(
        "stage", "trials", "epochs", *(word for word, _ in stage_ends(stages[0])), "best"
    )
    for each in stages:
        counts = (count(number) if number else "–" for _, number in stage_ends(each))
        table.add_row(*_begin(each), *counts, share(each.best_val_accuracy))
    return table


def _told(stages: tuple[StageResult, ...]) -> Table:
    """Lay out stages with how their trials ended in words, which may be folded."""
    table = _table("stage", "trials", "epochs", "best")
    table.add_column("of them", overflow="fold")
    for each in stages:
        said = ", ".join(f"{count(number)} {word}" for word, number in stage_ends(each) if number)
        table.add_row(*_begin(each), share(each.best_val_accuracy), said)
    return table


def _begin(stage: StageResult) -> tuple[Text, str, str]:
    return Text(stage.name), count(stage.trials), _epochs(stage.epochs)


def stage_ends(stage: StageResult) -> tuple[tuple[str, int], ...]:
    """Count the trials of a stage by how they ended."""
    return (
        ("finished", stage.finished),
        ("stopped", stage.stopped_early),
        ("diverged", stage.diverged),
        ("broken", stage.broken),
    )


def _searched(stages: tuple[StageResult, ...]) -> RenderableType:
    """Say where each stage drew from, as ``--search`` takes it, if not from where others did."""
    lines = _grid()
    names: dict[str, str] = {}
    for each in stages:
        names.setdefault(each.space, each.name)
    for space, name in names.items():
        if space:
            lines.add_row(Text(name), Text(space, "dim"))
    return lines


def _importance(importance: tuple[Importance, ...]) -> list[RenderableType]:
    """Lay out shares as bars, dim where chance explains as much."""
    lines = Table.grid(padding=(0, 2, 0, 0))
    lines.add_column(overflow="fold")
    lines.add_column(no_wrap=True)
    lines.add_column(no_wrap=True, justify="right")
    lines.add_column(no_wrap=True)
    for each in importance:
        part = min(max(each.share, 0.0), 1.0) if isfinite(each.share) else 0.0
        bar = Text("━" * round(BAR * part), "green" if each.is_sure else "bright_black")
        words = (Text(setting_name(each.name)), bar, share(each.share), chance_words(each.p_value))
        lines.add_row(*words, style="" if each.is_sure else "dim")
    if all(each.is_sure for each in importance):
        return [lines]
    return [lines, Text(f"where p is above {CHANCE}, it may be chance", "dim")]


def _ways_on(result: TuneResult) -> list[Way]:
    if result.outcome == "interrupted":
        return [("to go on", f"cvtool tune --resume {quote(Path(result.study).name)}")]
    if result.winner is None:
        return []
    command = f"cvtool {COMMANDS[result.model]} --config {result.winner}"
    return [("to go on", command), *to_explanations(result.verdicts), *to_report(result.study)]


def _section(heading: str, *parts: RenderableType) -> list[RenderableType]:
    return [Text(f"\n{heading}", "bold"), Padding(Group(*parts), (0, INDENT))]


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    return grid


def _table(first: str, *numbers: str) -> Table:
    """Begin a table of a name and numbers."""
    table = Table.headed(gap=1)
    table.add_column(first, overflow="fold")
    for title in numbers:
        table.add_column(title, justify="right", no_wrap=True)
    return table


def _epochs(epochs: int) -> str:
    return count(epochs) if epochs else "–"
