"""What the checks of a set-up found, the layers at its start, and what to do."""

from math import isfinite

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from cvtool.records import LayerAtStart, SanityCheck, SanityResult
from cvtool.render.narrow import Table
from cvtool.render.quantities import duration
from cvtool.render.verdict_lines import OPTION


def sanity_table(result: SanityResult) -> RenderableType:
    """Lay out a line for every check below the set-up, and the layers below these."""
    parts: list[RenderableType] = [_overview(result), _checks(result.checks)]
    if result.layers:
        parts.append(Padding(_layers(result.layers), (1, 2, 0, 2)))
    return Group(*parts)


def _overview(result: SanityResult) -> RenderableType:
    failed = sum(not each.ok for each in result.checks)
    style = "green" if result.ok else "red"
    words = "sane" if result.ok else f"{failed} of {len(result.checks)} checks fail"
    title = Text.assemble((words, style), " · ", (result.run, "bold"))
    facts = Table.grid(padding=(0, 3, 0, 0))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    facts.add_row("data", result.dataset)
    facts.add_row("network", Text(result.arch))
    if result.usable_rates:
        low, high = result.usable_rates
        facts.add_row("usable rates", f"{low:.1g} to {high:.1g}")
    facts.add_row("time", duration(result.seconds))
    return Panel(facts, title=title, title_align="left", border_style="dim")


def _checks(checks: tuple[SanityCheck, ...]) -> RenderableType:
    lines = Table.grid(padding=(0, 2, 0, 0))
    lines.add_column(no_wrap=True)
    lines.add_column(no_wrap=True)
    lines.add_column(overflow="fold", ratio=1)
    lines.add_column(no_wrap=True, justify="right", style="dim")
    for check in checks:
        mark = Text("✓", style="green") if check.ok else Text("✗", style="bold red")
        name = Text(check.name, style="dim" if check.ok else "bold")
        message = Text(check.message)
        message.highlight_regex(OPTION, "bold cyan")
        lines.add_row(mark, name, message, f"{check.seconds:.1f} s")
    return Padding(lines, (0, 2))


def _layers(layers: tuple[LayerAtStart, ...]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("at the start", no_wrap=True)
    for heading in ("mean", "deviation", "dead", "saturated", "gradients"):
        table.add_column(heading, justify="right", no_wrap=True)
    for each in layers:
        shares = [brief_share(each.dead), brief_share(each.saturated)]
        table.add_row(
            each.layer,
            brief_number(each.mean),
            brief_number(each.std),
            *shares,
            brief_number(each.gradient_std),
        )
    return table


def brief_number(value: float | None) -> str:
    """Write a number in two digits, nothing where there is none."""
    return "" if value is None or not isfinite(value) else f"{value:.2g}"


def brief_share(value: float | None) -> str:
    """Write a share in whole percents, nothing where there is none."""
    return "" if value is None else f"{value:.0%}"
