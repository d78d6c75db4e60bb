"""Tables that stand in narrow terminals: where columns have no room, rows become lists."""

from typing import Any, Self, cast

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

LONGEST_WORD = 16
"""Characters of a word that a column keeps together; names of files may be longer, and fold."""

UNBOUNDED = 10_000


class Table(RichTable):
    """A table of rich's that is never so narrow that numbers are cut.

    Where it would be, each row becomes a list: the first cell, and under it every other that has
    something in it, with the title of its column.
    """

    @classmethod
    def grid(cls, *headers: Any, **settings: Any) -> Self:
        """Make a table without lines and titles, as rich's."""
        return cast(Self, super().grid(*headers, **settings))

    @classmethod
    def headed(cls, gap: int | None = None) -> Self:
        """Make a table with a line below its titles, set off from what is around it.

        Where a ``gap`` is said it is not set off, and has so many blanks between its columns.
        """
        looks: dict[str, Any] = {"box": box.SIMPLE_HEAD, "pad_edge": False, "header_style": "dim"}
        return (
            cls(**looks) if gap is None else cls(**looks, show_edge=False, padding=(0, gap, 0, 0))
        )

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if not self.show_header or options.max_width >= self._needed(console, options):
            yield from super().__rich_console__(console, options)
        else:
            yield from self._lists()

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        if self.show_header and options.max_width < self._needed(console, options):
            return Measurement(options.max_width, options.max_width)
        return super().__rich_measure__(console, options)

    def _needed(self, console: Console, options: ConsoleOptions) -> int:
        """Count the characters that numbers take whole, and texts without breaking words."""
        roomy = options.update(max_width=UNBOUNDED)
        widths = []
        for column in self.columns:
            measures = [
                Measurement.get(console, roomy, cell) for cell in (column.header, *column.cells)
            ]
            kept = [
                each.maximum if column.no_wrap else min(each.minimum, LONGEST_WORD)
                for each in measures
            ]
            widths.append(max(kept))
        _, right, _, left = self.padding
        frame = 2 if self.box is not None and options.ascii_only else 0
        return sum(widths) + (left + right) * (len(widths) - 1) + frame

    def _lists(self) -> RenderResult:
        titles = [str(column.header).replace("\n", " ") for column in self.columns]
        name: RenderableType = ""
        for first, *others in zip(*(list(column.cells) for column in self.columns), strict=True):
            name = first if str(first) else name  # which tables do not repeat
            yield Text()
            yield name
            grid = RichTable.grid(padding=(0, 2, 0, 0))
            grid.add_column(style="dim", overflow="fold")
            grid.add_column(overflow="fold")
            for title, cell in zip(titles[1:], others, strict=True):
                if str(cell):
                    grid.add_row(title, cell)
            yield Padding(grid, (0, 0, 0, 2))
