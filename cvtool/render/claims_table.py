"""Claims of the notes with what became of them, section by section."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from cvtool.records import ClaimResult, ClaimVerdict, ListedClaim
from cvtool.render.narrow import Table
from cvtool.render.quantities import duration

STYLES: dict[ClaimVerdict, str] = {
    "holds": "green",
    "does not hold here": "bold yellow",
    "the notes are in error": "bold red",
}
MARKS: dict[ClaimVerdict, str] = {
    "holds": "✓",
    "does not hold here": "✗",
    "the notes are in error": "!",
}


def claims_table(results: Sequence[ClaimResult]) -> RenderableType:
    """Lay out what was tested: the claim, the verdict, what was measured; then the counts."""
    parts: list[RenderableType] = []
    for section, group in groupby(results, key=lambda result: result.section):
        parts += [Text(section, "bold"), Padding(_verdicts(list(group)), (0, 0, 1, 2))]
    return Group(*parts, _counts(results))


def listed_claims_table(claims: Sequence[ListedClaim]) -> RenderableType:
    """Lay out what could be tested."""
    lines = Table.grid(padding=(0, 2, 0, 0))
    lines.add_column(no_wrap=True, style="dim")
    lines.add_column(no_wrap=True, style="bold cyan")
    lines.add_column(overflow="fold")
    for claim in claims:
        lines.add_row(claim.section, claim.id, Text(claim.claim))
    return lines


def _verdicts(results: Sequence[ClaimResult]) -> Table:
    lines = Table.grid(padding=(0, 2, 0, 0))
    lines.add_column(no_wrap=True)
    lines.add_column(overflow="fold", ratio=1)
    for result in results:
        style = STYLES[result.verdict]
        title = Text.assemble(
            (result.claim, "bold"), ": ", (result.verdict, style), (f"  {result.id}", "dim")
        )
        lines.add_row(Text(MARKS[result.verdict], style), Group(title, Text(result.message)))
    return lines


def _counts(results: Sequence[ClaimResult]) -> Text:
    """Count the verdicts: ``40 claims in 2 min 05 s: 36 hold, …``."""
    verdicts = Counter(result.verdict for result in results)
    took = duration(sum(result.seconds for result in results))
    claims = f"{len(results)} claim{'s' if len(results) != 1 else ''}"
    said = ", ".join(f"{verdicts[each]} × {each}" for each in STYLES if verdicts[each])
    return Text(f"{claims} in {took}: {said}", "bold")
