"""What the checks of a set-up say."""

from cvtool.records import LayerAtStart, SanityResult
from cvtool.render.quantities import duration
from cvtool.render.report.blocks import Facts, Figure, Line, Section, Summary, Table
from cvtool.render.sanity_table import brief_number, brief_share


def sanity(result: SanityResult) -> Summary:
    """Tell which checks passed, and what to do about those that did not."""
    passed = sum(each.ok for each in result.checks)
    figures = [Figure(f"{passed} of {len(result.checks)}", "checks passed")]
    if result.usable_rates:
        low, high = result.usable_rates
        figures.append(Figure(f"{low:.1g} to {high:.1g}", "usable learning rates"))
    figures.append(Figure(duration(result.seconds), "time"))
    lines = tuple(
        Line("well" if each.ok else "ill", each.name, each.message) for each in result.checks
    )
    facts = Facts((("data", result.dataset), ("network", result.arch)))
    layers = (_layers(result.layers),) if result.layers else ()
    section = Section("set-up", "What was checked", (facts, *layers))
    return Summary(tuple(figures), lines, (section,))


def _layers(layers: tuple[LayerAtStart, ...]) -> Table:
    heads = ("layer", "mean", "deviation", "dead", "saturated", "gradients")
    rows = tuple(
        (
            each.layer,
            brief_number(each.mean),
            brief_number(each.std),
            brief_share(each.dead),
            brief_share(each.saturated),
            brief_number(each.gradient_std),
        )
        for each in layers
    )
    return Table("Layers at the start, before the first step", heads, rows)
