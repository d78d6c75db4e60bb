"""What looking at a data set, and checking it, says."""

from collections.abc import Mapping

from cvtool.records import DataCheck, DataShown
from cvtool.render.check_table import MOST, finds, number_words, tally_words
from cvtool.render.quantities import count, duration, shape
from cvtool.render.report.blocks import Block, Facts, Figure, Section, Sentences, Summary, Table
from cvtool.render.report.results.verdicts import verdict_lines


def checked(check: DataCheck) -> Summary:
    """Tell what is wrong with a data set."""
    found = [(title, lines) for title, lines in finds(check) if lines]
    figures = (
        Figure(count(check.images), "images"),
        Figure(count(check.classes), "classes"),
        Figure(count(sum(len(lines) for _, lines in found)), "finds"),
        Figure(duration(check.seconds), "time"),
    )
    facts = [(name, tally_words(each)) for name, each in _tallies(check) if each]
    facts += [("mean", number_words(check.mean)), ("deviation", number_words(check.std))]
    if check.exclude:
        facts.append(("to leave these out", f"--exclude {check.exclude}"))
    sections = [Section("data", "What there is", (Facts(tuple(facts)), *_counts(check)))]
    sections += [_found(title, lines) for title, lines in found]
    return Summary(figures, verdict_lines(check.verdicts), tuple(sections))


def looked_at(shown: DataShown) -> Summary:
    """Tell how many images there are, class by class."""
    figures = (
        Figure(count(shown.images), "images"),
        Figure(count(shown.classes), "classes"),
        Figure(shape(shown.shape), "size"),
    )
    section = Section("data", "What there is", tuple(_counts(shown)))
    return Summary(figures, sections=(section,))


def _tallies(check: DataCheck) -> tuple[tuple[str, Mapping[str, int]], ...]:
    return ("sizes", check.sizes), ("modes", check.modes)


def _counts(of: DataCheck | DataShown) -> list[Block]:
    parts = of.class_counts
    if not parts:
        return []
    names = next(iter(parts.values()))
    rows = tuple((name, *(f"{counts[name]:,}" for counts in parts.values())) for name in names)
    foot = ("all", *(f"{sum(counts.values()):,}" for counts in parts.values()))
    return [Table("Images by class", ("class", *parts), rows, foot=foot)]


def _found(title: str, lines: list[str]) -> Section:
    shown = lines[: 2 * MOST]
    blocks: list[Block] = [Table(title, ("what",), tuple((line,) for line in shown))]
    if len(lines) > len(shown):
        blocks.append(Sentences((f"And {len(lines) - len(shown):,} more.",)))
    return Section(title, f"{title[0].upper()}{title[1:]}: {len(lines):,}", tuple(blocks))
