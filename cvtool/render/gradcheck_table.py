"""Gradients beside central differences: a line for every check, and the doubtful ones in detail."""

from math import isfinite, log10

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from cvtool.records import GradcheckResult, GradientCheck, SweepPoint, TensorCheck
from cvtool.render.narrow import Table
from cvtool.render.quantities import count, duration

STYLES = {"happy": "green", "fine": "green", "uncomfortable": "yellow", "wrong": "bold red"}
BARS = "▁▂▃▄▅▆▇█"
FEW = 4
"""Checks of which each array is shown."""


def gradcheck_table(result: GradcheckResult) -> RenderableType:
    """Lay out all checks, the sweeps of those in doubt, and the sum of it."""
    lines = Table.grid(padding=(0, 2, 0, 0))
    lines.add_column(no_wrap=True)
    lines.add_column(overflow="fold")
    lines.add_column(no_wrap=True, justify="right")
    lines.add_column(no_wrap=True)
    lines.add_column(no_wrap=True, style="dim")
    for each in result.checks:
        lines.add_row(
            _mark(each), each.name, f"{each.max_relative_error:.1e}", _verdict(each), _numbers(each)
        )
        for tensor in each.tensors if len(result.checks) <= FEW else ():
            lines.add_row(
                "", f"  {tensor.name}", f"{tensor.max_relative_error:.1e}", "", _numbers(tensor)
            )
    doubts = [_doubt(each, tensor) for each in result.checks for tensor in _swept(each)]
    parts = [Padding(lines, (1, 2, 0, 2))]
    parts += [Padding(Group(*doubts), (1, 2, 0, 2))] if doubts else []
    return Group(*parts, Padding(_sum(result), (1, 2)))


def sweep_bars(sweep: tuple[SweepPoint, ...]) -> str:
    """Draw errors over steps, largest step first: a full bar is 1 or worse, a kink a cross."""
    return "".join("×" if each.error is None else _bar(each.error) for each in sweep)


def _bar(error: float) -> str:
    digits = log10(error) if 0 < error < float("inf") else (-12.0 if error == 0 else 0.0)
    return BARS[max(0, min(len(BARS) - 1, round((digits + 12) / 12 * (len(BARS) - 1))))]


def _swept(check: GradientCheck) -> list[TensorCheck]:
    """Pick the worst arrays of a check that were in doubt."""
    doubtful = [each for each in check.tensors if each.sweep]
    doubtful.sort(key=lambda each: -each.max_relative_error)
    return doubtful[: 1 if check.ok else 2]


def _doubt(check: GradientCheck, tensor: TensorCheck) -> Text:
    steps = f"h {tensor.sweep[0].step:.0e} … {tensor.sweep[-1].step:.0e}"
    place = ", ".join(map(str, tensor.index))
    numbers = f"analytic {tensor.analytic:.6g}, numeric {tensor.numeric:.6g}"
    best = f"best {tensor.max_relative_error:.1e}"
    style = STYLES.get(check.verdict, "")
    return Text.assemble(
        (sweep_bars(tensor.sweep), style),
        f"  {steps}, {best}: {check.name}, {tensor.name}[{place}]: {numbers}",
    )


def _mark(check: GradientCheck) -> Text:
    return Text("✓", style="green") if check.ok else Text("✗", style="bold red")


def _verdict(check: GradientCheck) -> Text:
    return Text(check.verdict, style=STYLES.get(check.verdict, "yellow"))


def _numbers(looked_at: GradientCheck | TensorCheck) -> str:
    kinks = f", {looked_at.kinks} at kinks" if looked_at.kinks else ""
    return f"{count(looked_at.coordinates)} numbers{kinks}"


def _sum(result: GradcheckResult) -> Text:
    right = sum(each.ok for each in result.checks)
    worst = (
        f"{result.max_relative_error:.1e}" if isfinite(result.max_relative_error) else "no number"
    )
    return Text(
        f"{right} of {len(result.checks)} gradients are right: worst smooth error {worst} at "
        f"{count(result.coordinates)} numbers, {result.kinks} more at kinks, h = {result.step:g}, "
        f"{result.dtype}, {duration(result.seconds)}",
        style="bold",
    )
