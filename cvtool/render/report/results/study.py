"""What a study says: the winner, the best settings, the stages, every trial."""

from math import isnan
from pathlib import Path

from cvtool.records import Importance, StageResult, TrialRecord, TuneResult
from cvtool.records.chance import CHANCE, chance_words
from cvtool.records.params import setting_name, setting_value
from cvtool.render.best_settings import MOST, settled
from cvtool.render.quantities import count, duration, share
from cvtool.render.report.blocks import (
    Block,
    Command,
    Facts,
    Figure,
    Section,
    Sentences,
    Summary,
    Table,
)
from cvtool.render.report.results.verdicts import verdict_lines
from cvtool.render.stage_tally import OUTCOMES
from cvtool.render.tune_table import COMMANDS, stage_ends

FIRST = 20
"""Trials that are shown at once; the others are folded away."""


def study(result: TuneResult) -> Summary:
    """Tell what a study found."""
    sections = (
        _winner(result),
        *_stages(result.stages),
        *_importance(result.importance),
        *_trials(result),
    )
    return Summary(_figures(result), verdict_lines(result.verdicts), sections, result.warnings)


def _figures(result: TuneResult) -> tuple[Figure, ...]:
    figures = [
        Figure(count(len(result.trials)), "trials", f"{len(result.stages)} stages"),
        Figure(result.model, "model", f"{result.dataset}, seed {result.seed}"),
        Figure(duration(result.seconds), "time", "of all trials together"),
    ]
    best = result.best
    if best is not None:
        runs = len(best.val_accuracies)
        note = f"± {100 * best.std:.1f} % over {runs} seeds" if runs > 1 else "one seed"
        figures.insert(0, Figure(share(best.val_accuracy), "validation of the winner", note))
    return tuple(figures)


def _winner(result: TuneResult) -> Section:
    if result.best is None:
        words = "No trial came to its end." if result.outcome != "interrupted" else "None yet."
        return Section("winner", "The winner", (Sentences((words,), "doubt"),))
    params = result.best.params
    facts = tuple((setting_name(name), setting_value(each)) for name, each in params.items())
    blocks: list[Block] = [Facts(facts), _best(result)]
    if result.winner is not None:
        blocks.append(Command.with_settings(COMMANDS[result.model], Path(result.winner)))
    return Section("winner", "The winner, and what comes after it", tuple(blocks))


def _best(result: TuneResult) -> Table:
    ranked = list(settled(result))[:MOST]
    names = list(ranked[0].params)
    rows = tuple(
        (each.how, each.accuracy, *(setting_value(each.params[name]) for name in names))
        for each in ranked
    )
    heads = ("from", "accuracy", *map(setting_name, names))
    return Table("Best settings, those that were repeated first", heads, rows, best=0)


def _stages(stages: tuple[StageResult, ...]) -> list[Section]:
    if not stages:
        return []
    ends = tuple(word for word, _ in stage_ends(stages[0]))
    rows = tuple(
        (
            each.name,
            count(each.trials),
            _or_dash(each.epochs),
            *(_or_dash(number) for _, number in stage_ends(each)),
            share(each.best_val_accuracy),
        )
        for each in stages
    )
    table = Table("Trials of each stage", ("stage", "trials", "epochs", *ends, "best"), rows)
    spaces = {each.space: each.name for each in reversed(stages) if each.space}
    searched = Facts(tuple((name, space) for space, name in reversed(spaces.items())))
    return [Section("stages", "Stages, and what they searched", (table, searched))]


def _importance(importance: tuple[Importance, ...]) -> list[Section]:
    if not importance:
        return []
    rows = tuple(
        (setting_name(each.name), share(each.share), chance_words(each.p_value) or "–")
        for each in importance
    )
    blocks: list[Block] = [
        Table("Share of the differences in accuracy", ("setting", "share", "chance"), rows)
    ]
    if not all(each.is_sure for each in importance):
        blocks.append(Sentences((f"Where p is above {CHANCE}, it may be chance.",)))
    return [Section("what mattered", "What mattered", tuple(blocks))]


def _trials(result: TuneResult) -> list[Section]:
    if not result.trials:
        return []
    ranked = sorted(result.trials, key=_rank)
    names = list(dict.fromkeys(name for each in ranked for name in each.params))
    rows = tuple(_row(each, result, names) for each in ranked)
    heads = ("stage", "trial", "outcome", "accuracy", "epochs", *map(setting_name, names))
    shown = min(FIRST, len(rows))
    words = f"The best {shown} trials" if len(rows) > shown else "All trials, the best first"
    blocks: list[Block] = [Table(words, heads, rows[:FIRST])]
    if len(rows) > shown:
        blocks.append(Table(f"All {len(rows):,} trials", heads, rows, folded=f"all {len(rows):,}"))
    return [Section("trials", "Trials", tuple(blocks))]


def _rank(trial: TrialRecord) -> tuple[bool, float, int, int]:
    has_none = trial.outcome != "finished" or isnan(trial.val_accuracy)
    accuracy = 0.0 if isnan(trial.val_accuracy) else trial.val_accuracy
    return has_none, -accuracy, trial.stage, trial.number


def _row(trial: TrialRecord, result: TuneResult, names: list[str]) -> tuple[str, ...]:
    stages = result.stages
    ended = OUTCOMES[trial.outcome]
    return (
        stages[trial.stage].name if trial.stage < len(stages) else "unfinished",
        f"#{trial.number}",
        f"{ended}: {trial.reason}" if trial.reason else ended,
        share(trial.val_accuracy),
        _or_dash(trial.epochs),
        *(setting_value(trial.params[name]) if name in trial.params else "–" for name in names),
    )


def _or_dash(number: int) -> str:
    return count(number) if number else "–"
