"""What a chart says of the mark that is pointed at."""

from collections.abc import Callable, Iterable
from typing import Any

from cvtool.render.quantities import loss, share
from cvtool.render.report.charts.axes import Format

Rows = Iterable[tuple[str, str]]


def told(head: str, rows: Rows) -> list[Any]:
    """Put a head above names and their values; ``report.js`` shows them as text."""
    return [head, [list(each) for each in rows]]


def value_words(value: float, form: Format) -> str:
    """Write a value as tables do."""
    return WRITERS[form](value)


WRITERS: dict[Format, Callable[[float], str]] = {
    "share": share,
    "loss": loss,
    "number": "{:.3g}".format,
}
