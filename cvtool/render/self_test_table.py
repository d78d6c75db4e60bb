"""What a tester found of the mistakes made to test it."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from cvtool.records import SelfTestResult
from cvtool.render.narrow import Table


def self_test_table(result: SelfTestResult) -> RenderableType:
    """Lay out a line for every mistake and every healthy set-up, and the rate below."""
    lines = Table.grid(padding=(0, 2, 0, 0))
    lines.add_column(no_wrap=True)
    lines.add_column(no_wrap=True)
    lines.add_column(overflow="fold")
    for each in result.injections:
        found = f"caught by {', '.join(each.caught_by)}" if each.caught_by else "not caught"
        lines.add_row(_mark(each.named), each.name, Text(f"{each.what}: {found}"))
    for healthy in result.healthy:
        said = f"false alarm of {', '.join(healthy.alarms)}" if healthy.alarms else "no alarm"
        lines.add_row(_mark(not healthy.alarms), healthy.name, Text(said))
    return Group(Padding(lines, (1, 2)), Padding(_rate(result), (0, 2)))


def _rate(result: SelfTestResult) -> Text:
    share = result.detected / max(result.injected, 1)
    return Text(
        f"{result.detected} of {result.injected} mistakes detected ({share:.0%}), "
        f"{result.false_alarms} false alarms on {len(result.healthy)} healthy set-ups, "
        f"{result.seconds:.0f} s",
        style="bold",
    )


def _mark(ok: bool) -> Text:
    return Text("✓", style="green") if ok else Text("✗", style="bold red")
