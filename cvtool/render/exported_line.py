"""What was written for other programs, and where."""

from rich.text import Text

from cvtool.records import Exported, ExportedModel
from cvtool.render.quantities import count, size


def exported_line(exported: Exported) -> Text:
    """Begin with the path alone on its line, for whoever reads nothing else."""
    runs = f"{exported.runs:,} run{'s' if exported.runs > 1 else ''}"
    facts = f"{count(exported.epochs)} epochs of {runs}, {exported.format}, {size(exported.bytes)}"
    return Text.assemble((exported.path, "bold"), "\n", (facts, "dim"), overflow="fold")


def exported_model_lines(exported: ExportedModel) -> Text:
    """Begin with the paths, each alone on its line, the one with the weights first."""
    paths = [part for path in exported.files for part in ((path, "bold"), "\n")]
    sides = ", ".join(map(str, exported.input_shape))
    facts = (
        f"{exported.format}, {count(exported.parameters)} parameters, {size(exported.bytes)}, "
        f"(batch, {sides}) {exported.input_type} → (batch, {len(exported.classes)})"
    )
    return Text.assemble(*paths, (facts, "dim"), overflow="fold")
