"""One run again: how it ended, what was chosen for it, what it stands on."""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cvtool.records import ChosenSetting, RunShown

LEFT_OUT = ("command", "classes", "image_shape", "image_type")
"""What an environment holds for other commands to read."""


def run_shown_table(shown: RunShown, result: RenderableType | None) -> RenderableType:
    """Lay out a run; ``result`` is how its own command shows how it ended."""
    ended = result or Text.assemble(
        (shown.run, "bold"), f" is of {shown.command}, and ", (shown.outcome, "yellow")
    )
    parts = [ended, *_section("chosen", _settings(shown.settings))]
    parts += _section("stands on", _environment(shown.environment))
    return Group(*parts, *_openings(shown.test_openings))


def _section(heading: str, lines: RenderableType) -> list[RenderableType]:
    return [Text(f"\n  {heading}", "bold"), Padding(lines, (0, 2))]


def _settings(settings: tuple[ChosenSetting, ...]) -> RenderableType:
    if not settings:
        return Text("nothing: all settings are their defaults", "dim")
    lines = _grid()
    lines.add_column(style="dim", no_wrap=True)
    for each in settings:
        default = "" if each.default is None else f"instead of {spelled_setting(each.default)}"
        lines.add_row(each.name, Text(spelled_setting(each.value)), default)
    return lines


def _environment(environment: Mapping[str, Any]) -> RenderableType:
    lines = _grid()
    for name, value in environment.items():
        if name not in LEFT_OUT:
            lines.add_row(name.replace("_", " "), Text(spelled_setting(value)))
    return lines


def _openings(times: int) -> list[RenderableType]:
    if not times:
        return [Text("\n  the test set has not been opened", "dim")]
    words = "once" if times == 1 else f"{times} times"
    return [Text(f"\n  the test set was opened {words}", "dim" if times == 1 else "yellow")]


def spelled_setting(value: Any) -> str:
    """Write the value of a setting, or of a fact."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    return grid
