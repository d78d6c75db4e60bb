"""What is wrong with a data set, the worst first, and what to do about it."""

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from cvtool.records import Conflict, DataCheck, Duplicate
from cvtool.render.data_tables import counts_table
from cvtool.render.narrow import Table
from cvtool.render.quantities import count, duration
from cvtool.render.verdict_lines import verdict_lines

MOST = 10
"""Finds of each kind that are shown; the JSON and the run folder hold all."""


def check_table(check: DataCheck) -> RenderableType:
    """Lay out a check: what there is, the verdicts, the finds, the way on."""
    parts: list[RenderableType] = [_overview(check), verdict_lines(check.verdicts)]
    for title, lines in finds(check):
        if lines:
            parts.append(_listed(title, lines))
    return Group(*parts, _way_on(check))


def _overview(check: DataCheck) -> RenderableType:
    style = "green" if check.ok else "red"
    words = "can be trusted" if check.ok else "must be fixed"
    title = Text.assemble((words, style), " · ", (check.run, "bold"))
    facts = Table.grid(padding=(0, 3, 0, 0))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    facts.add_row("data", f"{check.dataset}: {count(check.images)} images, {check.classes} classes")
    for name, counts in (("sizes", check.sizes), ("modes", check.modes)):
        if counts:
            facts.add_row(name, tally_words(counts))
    facts.add_row("mean", number_words(check.mean))
    facts.add_row("deviation", number_words(check.std))
    facts.add_row("time", duration(check.seconds))
    body = Group(facts, counts_table(check.class_counts))
    return Panel(body, title=title, title_align="left", border_style="dim")


def tally_words(counts: Mapping[str, int]) -> str:
    """Write how often there is what, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    words = [f"{name} ({number:,})" for name, number in ordered[:MOST]]
    more = f" and {len(ordered) - MOST:,} more" if len(ordered) > MOST else ""
    return ", ".join(words) + more


def number_words(values: Sequence[float]) -> str:
    """Write numbers beside each other."""
    return "  ".join(f"{value:.4f}" for value in values)


def finds(check: DataCheck) -> list[tuple[str, list[str]]]:
    """Name what is wrong, kind by kind, a line each."""
    worst_first = sorted(check.duplicates, key=lambda each: (not each.across, each.kind != "exact"))
    return [
        ("damaged", [f"{each.file}  {each.reason}" for each in check.damaged]),
        ("without a label", [f"{each.file}  {each.label}" for each in check.unlabeled]),
        ("equal images, different labels", [_conflict(each) for each in check.conflicts]),
        ("duplicates", [_duplicate(each) for each in worst_first]),
    ]


def _conflict(conflict: Conflict) -> str:
    pairs = zip(conflict.files, conflict.labels, strict=True)
    return "  =  ".join(f"{file} ({label})" for file, label in pairs)


def _duplicate(duplicate: Duplicate) -> str:
    if duplicate.kind == "exact":
        return "  =  ".join(duplicate.files)
    mirrored = ", mirrored" if duplicate.mirrored else ""
    return f"{'  ≈  '.join(duplicate.files)}  ({duplicate.distance:.1f} gray levels{mirrored})"


def _listed(title: str, lines: list[str]) -> RenderableType:
    shown = [Text(line, overflow="fold") for line in lines[:MOST]]
    if len(lines) > MOST:
        shown.append(Text(f"… and {len(lines) - MOST:,} more", style="dim"))
    return Padding(Group(Text(f"{title}: {len(lines):,}", "bold"), *shown), (1, 2, 0, 2))


def _way_on(check: DataCheck) -> RenderableType:
    """Say how to leave out what was found, or how to get the list that does."""
    if check.exclude:
        words = Text.assemble("to leave these out: ", (f"--exclude {check.exclude}", "bold cyan"))
    elif not check.ok:
        command = f"cvtool data check {check.dataset} --fix"
        words = Text.assemble("to have a list of what to leave out: ", (command, "bold cyan"))
    else:
        return Text()
    words.overflow = "fold"
    return Padding(words, (1, 2, 0, 2))
