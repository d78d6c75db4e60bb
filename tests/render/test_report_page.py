"""A report is one file that loads nothing, whatever runs and classes are called."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from render.reports import (
    EVERY_RESULT,
    EVIL,
    NAN,
    findings,
    one,
    plain_run,
    several,
    trained,
    training_run,
)
from render.studies import settings, study

from cvtool.diagnostics.explanations.registry import find
from cvtool.experiments.run_kinds import KINDS
from cvtool.records import Gallery, Picture, ReportedRun, TrialRecord, Verdict
from cvtool.render.report import write_report
from cvtool.render.report.blocks import Pictures
from cvtool.render.report.galleries import FEW, inside_section
from cvtool.render.report.page import advice, embedded, page
from cvtool.render.report.results import RESULTS
from cvtool.runs.stored import STOPPED

PUBLISHED = "b66b25aeb4df84e33199dc21694014d336d222cbd9deb0e5a7c14bd6aa0d0fd0"
"""The SHA-256 sum of echarts.min.js in the package echarts 6.1.0 as it is published."""


class Parsed(HTMLParser):
    """What a browser would see: elements with their attributes, words, and scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.words += " "
        self._open.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script":
            self.scripts[-1] += data
        elif not self._open or self._open[-1] != "style":
            self.words += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        """Find the attributes of all elements of a kind."""
        return [found for name, found in self.elements if name == tag]


def test_echarts_is_as_it_is_published() -> None:
    library = files("cvtool.render.report").joinpath("echarts/echarts.min.js").read_bytes()
    assert hashlib.sha256(library).hexdigest() == PUBLISHED


def test_every_kind_of_run_can_be_told() -> None:
    assert {kind.result for kind in KINDS.values()} <= set(RESULTS)


@pytest.mark.parametrize("run", EVERY_RESULT.values(), ids=EVERY_RESULT)
def test_nothing_is_loaded_and_no_name_becomes_markup(run: ReportedRun) -> None:
    parsed = Parsed(page(one(run)))
    assert EVIL in parsed.words
    _check_harmless(parsed)


def test_nothing_is_loaded_where_runs_are_compared() -> None:
    parsed = Parsed(page(several()))
    _check_harmless(parsed)
    # Two runs of one name are told apart by their paths, in the contents as in their titles.
    assert "elsewhere/second" in parsed.words
    ids = [found["id"] for _, found in parsed.elements if "id" in found]
    assert len(ids) == len(set(ids))


def _check_harmless(parsed: Parsed) -> None:
    for tag, found in parsed.elements:
        assert tag not in ("iframe", "object", "embed", "base")
        for name, value in found.items():
            assert not name.startswith("on"), (tag, name)
            if name in ("src", "href", "srcset", "data", "action", "poster"):
                assert str(value).startswith(("data:", "#")), (tag, name, value)
    assert len(parsed.scripts) == 4
    assert all("src" not in found for found in parsed.of("script"))
    links = {found["href"] for found in parsed.of("a") if str(found["href"]).startswith("#")}
    ids = {f"#{found['id']}" for _, found in parsed.elements if "id" in found}
    assert links <= ids


def test_the_policy_lets_the_two_scripts_run_and_no_other() -> None:
    parsed = Parsed(page(one(training_run())))
    [policy] = [
        str(found["content"]) for found in parsed.of("meta") if found.get("http-equiv") is not None
    ]
    said = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    assert said["default-src"] == "'none'"
    sums = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in parsed.scripts[2:]
    ]
    assert said["script-src"].split() == sums


@pytest.mark.parametrize("words", [EVIL, "<!-- <script>", "a\u2028b & c", "\udcff", '"\\'])
def test_json_in_a_page_says_what_it_was_made_of(words: str) -> None:
    text = embedded({words: [words]})
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == {words: [words]}


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("once", "again"):
        write_report(several(), tmp_path / name)
    assert (tmp_path / "once").read_bytes() == (tmp_path / "again").read_bytes()


def test_a_report_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "report.html"
    to.write_text("earlier")
    monkeypatch.setattr("cvtool.files.os.fsync", _full)
    with pytest.raises(OSError, match=r"report\.html"):
        write_report(one(training_run()), to)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert to.read_text() == "earlier"


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_names_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    run = training_run("caf\udce9")
    write_report(one(run), tmp_path / "report.html")
    assert "runs/caf?/config.toml" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_commands_can_be_typed_whatever_the_folder_is_called() -> None:
    words = Parsed(page(one(training_run("my first")))).words
    assert "cvtool train-cnn --config 'runs/my first/config.toml'" in words


def test_what_is_advised_stands_out_and_the_rest_is_text() -> None:
    assert advice("<b>, try --strength 0.001, or --arch") == (
        "&lt;b&gt;, try <code>--strength 0.001</code>, or <code>--arch</code>"
    )
    assert advice('search next --search "strength=1e-4..1 log, dropout=0..0.5", with --arch') == (
        'search next <code class="wraps">--search &#34;strength=1e-4..1 log, dropout=0..0.5&#34;'
        "</code>, with <code>--arch</code>"
    )


def test_the_head_says_what_matters() -> None:
    words = " ".join(Parsed(page(one(training_run()))).words.split())
    for said in (
        "best validation accuracy 98.3 % epoch 11",
        "validation loss nan",
        "parameters 1.25 M",
        "test set opened once",
        "started 2026-11-01 10:00:00 UTC",
        "its data is not there any more: no examples",
        "cvtool train-cnn --config runs/first/config.toml",
    ):
        assert said in words


def test_a_run_that_has_not_ended_says_how_far_it_is() -> None:
    words = " ".join(Parsed(page(one(EVERY_RESULT["unfinished"]))).words.split())
    assert STOPPED in words
    assert "epochs so far 3" in words


def test_a_run_of_which_nothing_is_known_is_still_a_page() -> None:
    bare = plain_run(None, "train-cnn", STOPPED)
    nothing = replace(bare.shown, settings=(), environment={})
    words = Parsed(page(one(replace(bare, shown=nothing)))).words
    assert "All settings are their defaults." in words


def test_a_study_shows_its_best_trials_and_folds_the_others_away() -> None:
    result = study()
    more = tuple(
        TrialRecord(0, number, settings(number % 10), 2, 1, "finished", val_accuracy=0.2)
        for number in range(10, 30)
    )
    run = plain_run(replace(result, trials=(*result.trials, *more)), "tune")
    parsed = Parsed(page(one(run)))
    assert "all 34" in parsed.words
    assert "1 trial is broken: [no]" in parsed.words
    assert "98.3 %" in parsed.words


def test_a_study_without_a_winner_says_so() -> None:
    result = replace(study(), best=None, candidates=(), winner=None, trials=(), stages=())
    words = Parsed(page(one(plain_run(result, "tune")))).words
    assert "No trial came to its end." in words


def test_numbers_that_are_not_finite_leave_gaps() -> None:
    run = training_run()
    lost = replace(run.history[-1], train_loss=NAN, val_loss=float("inf"), val_accuracy=NAN)
    history = (*run.history[:-1], lost)
    parsed = Parsed(page(one(replace(run, history=history))))
    charts = json.loads(parsed.scripts[0])
    series = {each["name"]: each["data"] for each in charts["chart-1"]["option"]["series"]}
    assert series["training"][-1] is None
    assert series["validation"][-1] is None


def test_a_hundred_classes_have_their_matrix() -> None:
    classes = tuple(f"class {number}" for number in range(100))
    confusion = np.random.default_rng(0).integers(0, 3, (100, 100))
    found = replace(findings(), classes=classes, confusion=confusion, mistakes=(), examples=())
    text = page(one(replace(training_run(), seen=(found,))))
    assert len(text) < 3_000_000
    assert 'class="matrix large"' in text


def test_the_matrix_says_recall_and_precision() -> None:
    parsed = Parsed(page(one(replace(training_run(), seen=(findings(),)))))
    cells = [found for found in parsed.of("button") if "data-cell" in found]
    labels = [each["aria-label"] for each in cells]
    assert labels == [
        "5 cat taken for what it is",
        "1 cat taken for dog",
        "6 dog taken for what it is",
        f"2 {EVIL} taken for cat",
        f"4 {EVIL} taken for what it is",
    ]
    words = " ".join(parsed.words.split())
    assert "83 %" in words  # of 6 cats 5 are recalled
    assert "precision 71 % 86 % 100 %" in words
    examples: Any = json.loads(parsed.scripts[1])["matrix-1"]
    assert {key: len(each) for key, each in examples.items()} == {
        "0,0": 2, "0,1": 1, "1,1": 2, "2,0": 2, "2,2": 2,
    }  # fmt: skip


def test_examples_take_no_more_than_their_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cvtool.render.report.confusion.ROOM", 1000)
    parsed = Parsed(page(one(replace(training_run(), seen=(findings(),)))))
    examples: Any = json.loads(parsed.scripts[1])["matrix-1"]
    assert sum(len(source) for each in examples.values() for source, _ in each) <= 1000
    assert f"There is room for images of {len(examples)} of 5 cells." in parsed.words


def test_a_page_is_not_much_larger_than_what_it_shows() -> None:
    library = files("cvtool.render.report").joinpath("echarts/echarts.min.js").read_bytes()
    assert len(page(one(training_run()))) - len(library) < 200_000


def test_the_outcome_has_a_sign_as_well_as_a_color() -> None:
    failed = replace(trained(), outcome="diverged")
    run = plain_run(failed, "train-cnn", "diverged")
    assert "✗ diverged" in Parsed(page(one(run))).words


def test_the_inside_of_a_network_shows_few_pictures_at_once_and_the_many_when_asked_for() -> None:
    tile = Picture(np.zeros((2, 2, 1), np.uint8))
    many = Gallery("patches", "What excites them", (("filter 0", (tile,) * (FEW + 1)),))
    few = Gallery("decisions", "Where it looked", (("cat", (tile,) * FEW),))
    none = Gallery("maps", "Nothing", ())
    section = inside_section([many, none, few])
    assert section is not None
    blocks = [each for each in section.blocks if isinstance(each, Pictures)]
    shown = [(each.caption, each.is_folded) for each in blocks]
    assert shown == [("Where it looked", False), ("What excites them", True)]
    assert inside_section([none]) is None


def test_how_to_read_pictures_is_said_once_and_again_where_they_are_folded_away() -> None:
    tile = Picture(np.zeros((2, 2, 1), np.uint8))

    def gallery(name: str, pictures: int) -> Gallery:
        return Gallery(name, name, (("", (tile,) * pictures),), note="bright is much")

    section = inside_section(
        [gallery("first", 1), gallery("second", 2), gallery("many", FEW + 1), gallery("more", 99)]
    )
    assert section is not None
    notes = [each.note for each in section.blocks if isinstance(each, Pictures)]
    assert notes == ["bright is much", "", "bright is much", "bright is much"]


def test_a_page_says_what_its_checks_mean() -> None:
    checks = [
        Verdict("generalizes", False, 0.5, "it overfits"),
        Verdict("of another version", True, 0.0, "nobody knows"),
    ]
    run = plain_run(replace(trained(), verdicts=tuple(checks)), "train-cnn")
    words = Parsed(page(one(run))).words
    assert "what these checks mean" in words
    assert find("generalizes").meaning in words
    assert words.count("of another version") == 1
    unknown = replace(trained(), verdicts=(checks[1],))
    assert "what these checks mean" not in Parsed(page(one(plain_run(unknown, "train-cnn")))).words
