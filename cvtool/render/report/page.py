"""The page: templates written down around the report's records, with all that it needs inside.

A content security policy lets nothing be loaded and no script run but the two that are in it,
by their checksums: what runs and classes are called can do no harm, whatever it is.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from cvtool.records import Report
from cvtool.render.report.blocks import Block, Chart, Charts, Matrix, Section
from cvtool.render.report.comparison import comparison_sections, run_names
from cvtool.render.report.palette import palette_css
from cvtool.render.report.run_page import RunPage, run_page
from cvtool.render.verdict_lines import OPTION

SIGNS = {"well": "✓", "ill": "✗", "doubt": "!", "plain": "≈", "differs": "≠"}
MEANINGS = {
    "well": "well",
    "ill": "not well",
    "doubt": "in doubt",
    "plain": "may be chance",
    "differs": "more than chance",
}
"""What a sign is read out as."""

MOST_TOGETHER = 30
"""Characters to be typed that are kept in one line, as a phone has room for them."""

HARMLESS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
"""How signs that could end a script, or a line of one, are written in its strings."""


def page(report: Report) -> str:
    """Write a report down as one HTML document; the same report gives the same document."""
    names = run_names([run.shown.run for run in report.runs])
    runs = [
        run_page(run, names[run.shown.run], number)
        for number, run in enumerate(report.runs, start=1)
    ]
    compared = () if report.comparison is None else comparison_sections(report.comparison)
    numbered = _Numbered([*compared, *(section for run in runs for section in run.sections)])
    scripts = [_asset("echarts/echarts.min.js"), _asset("assets/report.js")]
    template = _environment().get_template("page.html")
    return template.render(
        title=_title(runs),
        compared=compared,
        runs=runs,
        ids=numbered,
        style=Markup(palette_css()) + _asset("assets/style.css"),
        scripts=scripts,
        policy=_policy(scripts),
        charts=embedded(numbered.charts),
        examples=embedded(numbered.examples),
    )


def embedded(values: Any) -> Markup:
    """Write plain values as JSON that can stand in a page, whatever signs its strings hold."""
    text = json.dumps(values, sort_keys=True, allow_nan=False, separators=(",", ":"))
    return Markup(text.translate(HARMLESS))


def advice(words: str) -> Markup:
    """Let stand out what a sentence advises to type."""
    parts, end = Markup(), 0
    for found in re.finditer(OPTION, words):
        parts += escape(words[end : found.start()])
        typed = found[0].rstrip(",")
        kept = Markup("") if len(typed) <= MOST_TOGETHER else Markup(' class="wraps"')
        parts += Markup("<code{}>{}</code>").format(kept, typed)
        end = found.start() + len(typed)
    return parts + escape(words[end:])


def together(words: str) -> str:
    """Keep a percent sign beside its number."""
    return words.replace(" %", "\N{NO-BREAK SPACE}%")


class _Numbered:
    """What charts and matrices are called in the page, and what the script makes them of."""

    def __init__(self, sections: list[Section]) -> None:
        self.charts: dict[str, Mapping[str, Any]] = {}
        self.examples: dict[str, Any] = {}
        self._names: dict[int, str] = {}
        for block in _blocks(sections):
            if isinstance(block, Chart):
                name = f"chart-{len(self.charts) + 1}"
                self.charts[name] = {
                    "group": block.group,
                    "option": block.option,
                    "renderer": "canvas" if block.is_crowded else "svg",
                }
            else:
                name = f"matrix-{len(self.examples) + 1}"
                self.examples[name] = block.examples
            self._names[id(block)] = name

    def of(self, block: Chart | Matrix) -> str:
        """Name a block that was counted."""
        return self._names[id(block)]


def _blocks(sections: list[Section]) -> Iterator[Chart | Matrix]:
    blocks: list[Block] = [block for section in sections for block in section.blocks]
    for block in blocks:
        if isinstance(block, Charts):
            yield from block.charts
        elif isinstance(block, Chart | Matrix):
            yield block


def _title(runs: list[RunPage]) -> str:
    if len(runs) == 1:
        return runs[0].name
    return f"{len(runs)} runs: {', '.join(run.name for run in runs)}"


def _policy(scripts: list[Markup]) -> str:
    sums = " ".join(
        f"'sha256-{b64encode(sha256(each.encode()).digest()).decode()}'" for each in scripts
    )
    return (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {sums}; "
        f"base-uri 'none'; form-action 'none'"
    )


@cache
def _asset(name: str) -> Markup:
    """Read what is written into the page as it is."""
    return Markup(files("cvtool.render.report").joinpath(name).read_text(encoding="utf-8"))


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("cvtool.render.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"advice": advice, "together": together}
    environment.globals |= {"signs": SIGNS, "meanings": MEANINGS}
    return environment
