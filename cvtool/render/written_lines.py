"""What was written, and where."""

from rich.text import Text

from cvtool.records import Exported, ExportedModel, ReportWritten
from cvtool.render.quantities import count, size


def exported_line(exported: Exported) -> Text:
    """Say what runs have measured, and where it is."""
    epochs = f"{count(exported.epochs)} epochs of {_runs(exported.runs)}"
    facts = f"{epochs}, {exported.format}, {size(exported.bytes)}"
    if exported.left_out:
        facts = f"{facts}\nleft out, as there are no epochs: {', '.join(exported.left_out)}"
    return _written(exported.path, facts)


def exported_model_lines(exported: ExportedModel) -> Text:
    """Say where a network is, what it takes and gives; the file with the weights comes first."""
    sides = ", ".join(map(str, exported.input_shape))
    return _written(
        "\n".join(exported.files),
        f"{exported.format}, {count(exported.parameters)} parameters, {size(exported.bytes)}, "
        f"(batch, {sides}) {exported.input_type} → (batch, {len(exported.classes)})",
    )


def report_line(written: ReportWritten) -> Text:
    """Say where a report is, and of how many runs."""
    return _written(written.path, f"{_runs(len(written.runs))}, {size(written.bytes)}")


def _written(path: str, facts: str) -> Text:
    """Begin with the path alone on its line, for whoever reads nothing else."""
    return Text.assemble((path, "bold"), "\n", (facts, "dim"))


def _runs(number: int) -> str:
    return f"{number:,} run{'s' if number > 1 else ''}"
