"""What was chosen for a run, what it stands on, and how to do it again."""

from collections.abc import Iterator
from pathlib import Path

from cvtool.records import RunShown
from cvtool.render.report.blocks import Command, Facts, Section, Sentences, Table
from cvtool.render.run_shown_table import LEFT_OUT, spelled_setting


def surroundings(shown: RunShown) -> Iterator[Section]:
    """Lay out settings that are not their defaults, the environment, and the command line."""
    yield Section("chosen", "Settings that are not their defaults", (_settings(shown),))
    facts = tuple(
        (name.replace("_", " "), spelled_setting(value))
        for name, value in shown.environment.items()
        if name not in LEFT_OUT
    )
    if facts:
        yield Section("stands on", "What it stands on", (Facts(facts),))
    again = Command.with_settings(shown.command, Path(shown.run) / "config.toml")
    yield Section("again", "To do it again", (again,))


def _settings(shown: RunShown) -> Table | Sentences:
    if not shown.settings:
        return Sentences(("All settings are their defaults.",))
    rows = tuple(
        (
            each.name,
            spelled_setting(each.value),
            "–" if each.default is None else spelled_setting(each.default),
        )
        for each in shown.settings
    )
    return Table("Settings", ("setting", "value", "default"), rows, words=3, is_titled=True)
