"""``cvtool report`` gathers all that runs have kept, says what they lack, and writes one file."""

import os
import shlex
import sys
import webbrowser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from stored_runs import store_run, trained

import cvtool.render.report
import cvtool.render.reporting
from cvtool.errors import DataError, UsageError
from cvtool.experiments.report import place, report
from cvtool.records import (
    Findings,
    Gallery,
    Note,
    Picture,
    Points,
    Report,
    Scatters,
    WorkRecord,
)
from cvtool.render.browser import show_in_browser
from cvtool.runs import RunFolder
from cvtool.runs.pictures import keep_pictures

Run = Any
STUDY = (
    *("tune", "--limit", "60", "--threads", "1", "--study", "study", "--random", "3"),
    *("--arch", "fc-8 + relu", "--epochs", "1", "--workers", "1"),
)


@pytest.fixture(autouse=True)
def written(monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    """Remember what would be written, and write a line in its place: a page takes a while."""
    reports: list[Report] = []

    def write(given: Report, to: Path) -> None:
        reports.append(given)
        to.write_text("a page\n")

    monkeypatch.setattr(cvtool.render.reporting, "write_report", write)
    monkeypatch.setattr(cvtool.render.plots, "draw_pictures", lambda *_: None)
    return reports


@pytest.fixture
def pixels() -> Picture:
    return Picture(np.zeros((4, 4, 3), np.uint8))


def gathered(*names: str) -> Report:
    *told, result = report(names)
    assert all(isinstance(each, Note | WorkRecord) for each in told)
    assert isinstance(result, Report)
    return result


def missing(name: str) -> tuple[str, ...]:
    return gathered(name).runs[0].missing


def test_all_that_a_run_kept_is_there(train: Run) -> None:
    result = train("--name", "mine", "--epochs", "2").json
    (run,) = gathered("mine").runs
    assert run.shown.run == result["run"]
    assert run.shown.result.weights_checksum == result["weights_checksum"]
    assert [each.epoch for each in run.history] == [1, 2]
    assert run.network is not None
    assert run.network.parameters == result["parameters"]
    (found,) = run.seen
    assert isinstance(found, Findings)
    assert found.history == run.history
    assert run.inside == ()
    assert run.missing == ("nobody has looked inside its network yet: cvtool inspect mine",)


def test_what_inspect_found_is_there(train: Run, pixels: Picture) -> None:
    train("--name", "mine")
    folder = RunFolder.open("mine")
    gallery = Gallery("filters", "Filters", (("conv1", (pixels,)),))
    keep_pictures(folder.path / "inspect" / "pictures.safetensors", [gallery])
    (run,) = gathered("mine").runs
    assert [each.name for each in run.inside] == ["filters"]
    assert run.missing == ()


def test_studies_and_runs_stand_beside_each_other(train: Run, command: Run) -> None:
    train("--name", "net")
    assert command(*STUDY, "--json").code == 0
    both = gathered("study", "net")
    study, net = both.runs
    assert isinstance(study.seen[0], Scatters)
    assert (study.history, study.network, study.missing) == ((), None, ())
    assert net.network is not None
    assert both.comparison is not None
    assert both.comparison.runs == (study.shown.run, net.shown.run)
    assert "study is of tune" in both.comparison.verdict


def test_networks_are_held_against_each_other(train: Run, command: Run) -> None:
    train("--name", "a")
    train("--name", "b", "--epochs", "2")
    found = gathered("a", "b").comparison
    assert found is not None
    compared = command("runs", "compare", "a", "b", "--json").json
    assert (found.difference, found.p_value) == (compared["difference"], compared["p_value"])
    assert found.pairs[0].images


def test_a_run_that_is_named_twice_is_one(train: Run) -> None:
    train("--name", "a")
    found = gathered("a", "runs/a", str(Path("runs/a").absolute()))
    assert len(found.runs) == 1
    assert found.comparison is None


def test_what_is_no_run_is_told_before_anything_is_written(command: Run) -> None:
    store_run("mine")
    ending = command("report", "mine", "main", "--to", "it.html")
    assert (ending.code, ending.sentence) == (
        *(3, "cvtool: there is no run 'main': did you mean 'mine'?"),
    )
    assert not Path("it.html").exists()


# What is missing


def test_a_run_without_an_end_says_how_to_go_on() -> None:
    store_run("going", config={"epochs": 10})
    (told,) = missing("going")
    assert told.startswith("it is stopped, so there is no result yet; to go on: ")
    assert told.endswith("cvtool train-cnn --resume going")
    store_run("near", "knn")
    assert missing("near")[0].endswith(
        f"; to begin anew: cvtool knn --config {Path('runs/near/config.toml')}"
    )
    store_run("study", "tune")
    assert missing("study")[0].endswith("; to go on: cvtool tune --resume study")


@pytest.mark.parametrize(
    ("name", "what", "words"),
    [
        ("train-cnn", "pictures and layers", "cvtool train-cnn --resume old"),
        ("knn", "pictures", "cvtool knn --config"),
        ("data check", "pictures", "cvtool data check --config"),
    ],
)
def test_a_run_of_an_earlier_version_says_how_to_make_its_pictures(
    command: Run, name: str, what: str, words: str
) -> None:
    run = {
        "train-cnn": ("train-cnn", "--arch", "fc-4 + relu", "--epochs", "1"),
        "knn": ("knn",),
        "data check": ("data", "check", "shapes:images=20,size=8"),
    }[name]
    limit = ("--limit", "60") if name != "data check" else ()
    command(*run, *limit, "--name", "old", "--threads", "1", "--json")
    for file in ("pictures.safetensors", "network.json"):
        Path("runs/old", file).unlink(missing_ok=True)
    told = missing("old")[0]
    assert told.startswith(
        f"it has no {what}, as it was made from Python or by an earlier version; to make them: "
        f"{words}"
    )
    again = shlex.split(told.partition("to make them: ")[2])
    made = command(*again[1:], "--json").json["run"]
    assert RunFolder.open(made).pictures.exists()
    assert "kept" not in " ".join(missing(made))


def test_a_finished_run_that_is_resumed_for_its_pictures_ends_as_it_had(train: Run) -> None:
    train("--name", "old")
    result = Path("runs/old/result.json").read_text()
    RunFolder.open("old").pictures.unlink()
    assert train("--resume", "old").code == 0
    assert Path("runs/old/result.json").read_text() == result
    assert "kept" not in " ".join(missing("old"))


@pytest.mark.parametrize(
    "words", [("--features", "hog:cell=4"), ("--dataset", "blobs")], ids=["features", "points"]
)
def test_nobody_is_told_to_look_where_inspect_would_refuse(
    command: Run, words: tuple[str, ...]
) -> None:
    quick = ("--limit", "60", "--epochs", "1", "--threads", "1")
    assert command("linear", *quick, *words, "--name", "flat", "--json").code == 0
    assert command("inspect", "flat").code == 3
    assert missing("flat") == ()


def test_a_run_that_diverged_has_nothing_to_be_seen(train: Run) -> None:
    rash = ("--learning-rate", "1e6", "--optimizer", "sgd", "--init", "he", "--name", "rash")
    assert train(*rash).code == 5
    assert missing("rash") == ("it diverged, so there was nothing to be seen",)


def test_what_is_damaged_is_told_beside_what_is_whole(train: Run) -> None:
    train("--name", "mine")
    (Path("runs/mine/inspect")).mkdir()
    for file in ("pictures.safetensors", "network.json", "inspect/pictures.safetensors"):
        Path("runs/mine", file).write_bytes(b"{")
    with Path("runs/mine/metrics.jsonl").open("a") as lines:
        lines.write("{}\n")
    (run,) = gathered("mine").runs
    assert (run.seen, run.inside, run.history, run.network) == ((), (), (), None)
    assert run.shown.result is not None
    files = ("metrics.jsonl", "network.json", "pictures.safetensors", "inspect")
    assert len(run.missing) == len(files)
    assert all(file in each for file, each in zip(files, run.missing, strict=True))


def test_a_result_that_cannot_be_read_is_no_report(command: Run) -> None:
    store_run("cut", result=trained(0.5))
    ending = command("report", "cut")
    assert (ending.code, "does not hold what its command reports" in ending.sentence) == (3, True)


def test_other_things_that_inspect_may_keep_are_left_out(train: Run) -> None:
    train("--name", "mine")
    points = Points("p", "P", np.zeros((1, 2)), np.zeros(1, np.int64), ("a",))
    keep_pictures(Path("runs/mine/inspect/pictures.safetensors"), [points])
    assert gathered("mine").runs[0].inside == ()


# Where to


def test_one_run_has_its_report_in_its_folder(command: Run, written: list[Report]) -> None:
    store_run("mine")
    ending = command("report", "mine")
    assert ending.out.splitlines() == [str(Path("runs/mine/report.html")), "1 run, 7 B"]
    assert Path("runs/mine/report.html").read_text() == "a page\n"
    assert len(written) == 1


def test_several_have_theirs_where_one_works(command: Run) -> None:
    store_run("a")
    store_run("b")
    ending = command("report", "a", "b", "--json")
    assert ending.json == {
        **{"path": "report.html", "bytes": 7},
        "runs": [str(Path("runs", name)) for name in ("a", "b")],
    }


def test_a_report_that_is_there_is_replaced(command: Run) -> None:
    store_run("mine")
    Path("it.html").write_text("an earlier one, longer than the new one is going to be")
    long = "x" * 150 + ".html"
    for to in ("it.html", long):
        assert command("report", "mine", "--to", to).out.splitlines()[0] == to
    assert Path("it.html").read_text() == "a page\n"


@pytest.mark.parametrize(
    ("to", "words"),
    [
        (".", "--to takes a file, and . is a folder: say --to report.html"),
        ("runs/mine", "is a folder: say --to "),
        ("nowhere/it.html", "there is no folder nowhere: make it, or choose another --to"),
        ("it.pdf", "does not end in .html: say --to it.html"),
        ("it", "does not end in .html: say --to it.html"),
        ("file/it.html", "there is no folder file: make it"),
        (os.devnull, "is none: choose another name"),
    ],
)
def test_a_place_where_no_file_can_be_is_told_at_once(
    command: Run, written: list[Report], to: str, words: str
) -> None:
    store_run("mine")
    Path("file").write_text("")
    ending = command("report", "mine", "--to", to)
    assert (ending.code, words in ending.sentence) == (2, True)
    assert written == []


def test_a_folder_that_cannot_be_written_is_told_at_once(
    command: Run, written: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: Any) -> None:
        raise PermissionError(13, "Permission denied", "some/hidden/name")

    store_run("mine")
    monkeypatch.setattr("cvtool.experiments.report.TemporaryFile", refuse)
    ending = command("report", "mine", "--to", "it.html")
    assert (ending.code, ending.sentence.startswith("cvtool: .: Permission denied")) == (3, True)
    assert written == []
    with pytest.raises(OSError, match="Permission"):
        place(["mine"], None)
    with pytest.raises(DataError):
        place(["other"], None)
    with pytest.raises(UsageError):
        place(["mine"], Path())


# The browser


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    addresses: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: addresses.append(address) or True)
    return addresses


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_the_browser_shows_it_where_that_is_asked_for(
    command: Run, opened: list[str], words: tuple[str, ...]
) -> None:
    store_run("mine")
    assert command("report", "mine").code == 0
    assert opened == []
    ending = command("report", "mine", "--to", "naïve name.html", "--open", *words)
    assert ending.code == 0
    (address,) = opened
    assert address == Path("naïve name.html").resolve().as_uri()
    assert address.startswith("file:///")
    assert " " not in address
    assert not words or ending.json["path"] == "naïve name.html"


@pytest.mark.parametrize("is_terminal", [True, False])
def test_only_a_terminal_is_shared_with_the_browser(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, is_terminal: bool
) -> None:
    def browse(_: str) -> bool:
        os.write(1, b"a page in letters")
        return True

    monkeypatch.setattr(webbrowser, "open", browse)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal, raising=False)
    show_in_browser(Path("it.html"))
    os.write(1, b".")
    assert capfd.readouterr().out == ("a page in letters." if is_terminal else ".")


def test_where_there_is_no_browser_the_report_is_there_all_the_same(
    command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_run("mine")
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    ending = command("report", "mine", "--open", "--json")
    assert (ending.code, ending.json["bytes"]) == (0, 7)
    assert "no browser was found to show" in ending.err
