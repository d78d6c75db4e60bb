"""One run: what stands at its head, then its sections in the order in which one asks for them."""

from collections.abc import Iterator
from dataclasses import dataclass

from cvtool.records import Findings, ReportedRun, RunShown
from cvtool.render.report.blocks import Figure, Section, Summary, Table, Tone
from cvtool.render.report.confusion import confusion_section
from cvtool.render.report.drawn import drawn_section
from cvtool.render.report.epochs import epoch_sections
from cvtool.render.report.galleries import filters_section, inside_section, mistakes_section
from cvtool.render.report.layers import layers_section
from cvtool.render.report.results import summary
from cvtool.render.report.results.verdicts import meanings
from cvtool.render.report.surroundings import surroundings

TONES: dict[str, Tone] = {
    "finished": "well",
    "passed": "well",
    "diverged": "ill",
    "failed": "ill",
}
"""How well a run ended; all other outcomes leave doubt."""


@dataclass(frozen=True)
class RunPage:
    """A run as a template writes it down; ``id`` is unique in the page."""

    id: str
    name: str
    facts: tuple[str, ...]
    outcome: str
    tone: Tone
    summary: Summary
    meanings: Table | None
    missing: tuple[str, ...]
    sections: tuple[Section, ...]


def run_page(run: ReportedRun, name: str, number: int) -> RunPage:
    """Lay a run out; ``number`` counts the runs of the page from 1."""
    identifier = f"run-{number}"
    said = summary(run)
    shown = run.shown
    figures = (*said.figures, *_openings(shown))
    return RunPage(
        id=identifier,
        name=name,
        facts=tuple(_facts(shown)),
        outcome=shown.outcome,
        tone=TONES.get(shown.outcome, "doubt"),
        summary=Summary(figures, said.lines, (), said.warnings),
        meanings=meanings(said.lines),
        missing=run.missing,
        sections=tuple(_sections(run, said, identifier)),
    )


def _facts(shown: RunShown) -> Iterator[str]:
    yield f"cvtool {shown.command}"
    dataset = _dataset(shown)
    if dataset:
        yield dataset
    started = shown.environment.get("started")
    if isinstance(started, str):
        yield f"started {started.replace('T', ' ').replace('+00:00', ' UTC')}"


def _dataset(shown: RunShown) -> str:
    found = getattr(shown.result, "dataset", None)
    if found is None:
        found = next((each.value for each in shown.settings if each.name == "dataset"), "")
    return str(found)


def _openings(shown: RunShown) -> tuple[Figure, ...]:
    if shown.command.startswith("data") or shown.command in ("sanity-check", "tune"):
        return ()
    times = shown.test_openings
    words = {0: "never", 1: "once"}.get(times, f"{times} times")
    return (Figure(words, "test set opened"),)


def _sections(run: ReportedRun, said: Summary, group: str) -> Iterator[Section]:
    findings = [each for each in run.seen if isinstance(each, Findings)]
    history = run.history or next((each.history for each in findings), ())
    yield from said.sections
    yield from epoch_sections(history, group)
    if run.network is not None:
        yield layers_section(run.network)
    for found in findings:
        seen = filters_section(found), confusion_section(found), mistakes_section(found)
        yield from (each for each in seen if each is not None)
    for drawn in run.seen:
        if not isinstance(drawn, Findings):
            section = drawn_section(drawn)
            if section is not None:
                yield section
    inside = inside_section(run.inside)
    if inside is not None:
        yield inside
    yield from surroundings(run.shown)
