"""What was written for other programs, and where."""

from rich.text import Text

from cvtool.records import Exported
from cvtool.render.quantities import count, size


def exported_line(exported: Exported) -> Text:
    """Begin with the path alone on its line, for whoever reads nothing else."""
    runs = f"{exported.runs:,} run{'s' if exported.runs > 1 else ''}"
    facts = f"{count(exported.epochs)} epochs of {runs}, {exported.format}, {size(exported.bytes)}"
    return Text.assemble((exported.path, "bold"), "\n", (facts, "dim"), overflow="fold")
