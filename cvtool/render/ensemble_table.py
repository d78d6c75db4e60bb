"""What networks decide together, beside what each decides alone."""

from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from cvtool.records import Ensemble, EnsembleMember
from cvtool.records.chance import CHANCE
from cvtool.render.narrow import Table
from cvtool.render.quantities import count, loss, points, share, shares
from cvtool.render.score_tables import openings
from cvtool.render.verdict_lines import chance_mark


def ensemble_table(ensemble: Ensemble) -> RenderableType:
    """Lay out the members, their mean, and whether it is better than the best of them."""
    heading = Text.assemble(
        (share(ensemble.accuracy), "bold green"),
        f" of {count(ensemble.images)} {ensemble.part} images of {ensemble.dataset}, "
        f"loss {loss(ensemble.loss)}",
    )
    who = "these runs" if ensemble.opened == 1 else "one of these runs"
    return Group(
        *(heading, Text(), _members(ensemble), Text(), _verdict(ensemble)),
        *openings(ensemble.part, ensemble.opened, who),
    )


def _members(ensemble: Ensemble) -> Table:
    table = Table.headed(gap=2)
    table.add_column("member", overflow="fold")
    for title in ("epoch", "accuracy", "loss"):
        table.add_column(title, justify="right", no_wrap=True)
    for member in ensemble.members:
        style = "bold" if member == ensemble.best else ""
        table.add_row(
            Text(_name(member), style),
            Text(count(member.epoch), style),
            Text(share(member.accuracy), style),
            Text(loss(member.loss), style),
        )
    table.add_section()
    table.add_row(Text("mean of these", "dim"), "", Text(share(ensemble.mean_accuracy), "dim"), "")
    table.add_row(
        Text("all together", "bold green"),
        "",
        Text(share(ensemble.accuracy), "bold green"),
        Text(loss(ensemble.loss), "bold green"),
    )
    return table


def _name(member: EnsembleMember) -> str:
    return Path(member.run).name


def _verdict(ensemble: Ensemble) -> Table:
    """Say how much better it is, and on what that stands."""
    is_sure = ensemble.p_value <= CHANCE
    chosen_on = "these very images" if ensemble.part == "validation" else "validation images"
    facts = (
        f"{share(ensemble.accuracy)} ({shares(*ensemble.interval)}), "
        f"{points(ensemble.difference, *ensemble.difference_interval)} beside the best, "
        f"{_name(ensemble.best)} after epoch {count(ensemble.best.epoch)}, chosen on {chosen_on}; "
        f"all agree on {share(ensemble.agreement)} of the images"
    )
    lines = Table.grid(padding=(0, 2, 0, 0))
    lines.add_column(no_wrap=True)
    lines.add_column(overflow="fold")
    lines.add_row(chance_mark(ensemble.p_value), Text(ensemble.verdict, "bold" if is_sure else ""))
    lines.add_row("", Text(facts, "dim"))
    for warning in ensemble.warnings:
        lines.add_row(Text("!", "bold yellow"), Text(warning, "yellow"))
    return lines
