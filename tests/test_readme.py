"""The README tells the truth: its commands run, its words are those of the program."""

import re
import shlex
import sys
from dataclasses import Field, fields
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import cvtool.api
import cvtool.kernels.jit  # settles where compiled kernels are kept
from cvtool.cli.main import COMMANDS, GROUPS, main
from cvtool.config import (
    CheckConfig,
    ClaimsConfig,
    GradcheckConfig,
    ImportConfig,
    InspectConfig,
    KnnConfig,
    LinearConfig,
    ListConfig,
    PredictConfig,
    ShowConfig,
    TrainConfig,
    TuneConfig,
    flag,
)
from cvtool.datasets.embedded.digits import digits
from cvtool.datasets.embedded.registry import EMBEDDED
from cvtool.features.feature_set import FEATURES
from cvtool.models.architectures import ARCHITECTURES
from cvtool.models.vocabulary import VOCABULARY
from cvtool.records import (
    Candidate,
    Changed,
    Checkerboard,
    ChosenSetting,
    ClaimResult,
    Cleared,
    Compared,
    Conflict,
    CrossValidatedSetting,
    Curve,
    Damage,
    DamagedRun,
    DataCheck,
    DatasetEntry,
    DataShown,
    Doctor,
    Duplicate,
    Ensemble,
    EnsembleMember,
    Evaluation,
    Explained,
    Explanation,
    Exported,
    ExportedModel,
    FolderFacts,
    GradcheckResult,
    GradientCheck,
    GraphEdge,
    GraphInput,
    GraphNode,
    GraphResult,
    Healthy,
    HeldOutSetting,
    Importance,
    Imported,
    Injection,
    InspectedImage,
    InspectedLayer,
    Inspection,
    KnnResult,
    LayerAtStart,
    MemoryFacts,
    NetworkTable,
    PairCompared,
    PlannedStage,
    Prediction,
    PredictionTime,
    ProcessorFacts,
    ReportWritten,
    Rerun,
    RunComparison,
    RunList,
    RunShown,
    SanityCheck,
    SanityResult,
    SelfTestResult,
    Speed,
    StagePlan,
    StageResult,
    SweepPoint,
    TensorCheck,
    TerminalFacts,
    ThreadFacts,
    TrainResult,
    TrialRecord,
    TuneResult,
    Unlabeled,
)

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"(<!-- not run: [^>]+ -->\n)?```(sh|console)\n(.*?)```", re.DOTALL)
COMMAND_OPTIONS = {
    *("--config", "--resume", "--describe", "--json", "--test", "--help"),
    *("--from", "--mirror", "--dry-run", "--downloads"),
    *("--self-test", "--collapse", "--picture"),
    *("--quick", "--install-completion", "--show-completion"),
    *("--yes", "--to", "--format", "--checkpoints", "--open"),
}
CONFIGS = (
    *(TrainConfig, LinearConfig, KnnConfig, GradcheckConfig, ClaimsConfig),
    *(PredictConfig, CheckConfig, ShowConfig, ImportConfig, TuneConfig, ListConfig),
    InspectConfig,
)
ENDS_OTHERWISE = {
    "--learning-rate 1000": 5,
    "maxpol2": 2,
    "data check": 4,
    "sanity-check --arch mlp --learning-rate 10 ": 4,
}
"""Commands that are there to show how things go wrong, with their exit codes."""


def commands() -> list[str]:
    """All ``cvtool …`` lines of the blocks that are to be run, first to last."""
    found = []
    for skip, kind, text in BLOCK.findall(README):
        prompt = "$ " if kind == "console" else ""
        lines = [line.removeprefix(prompt) for line in text.splitlines() if line.startswith(prompt)]
        found += [line for line in lines if line.startswith("cvtool ") and not skip]
    return found


def test_the_commands_run_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda _: str(tmp_path / "cache"))
    _draw_the_images_it_speaks_of()
    assert len(commands()) > 9
    for line in commands():
        monkeypatch.setattr(sys, "argv", shlex.split(line))
        with pytest.raises(SystemExit) as end:
            main()
        expected = next((code for words, code in ENDS_OTHERWISE.items() if words in line), 0)
        assert (end.value.code or 0) == expected, f"{line}\n{capsys.readouterr().err}"
    for name in re.findall(r"`([\w-]+\.(?:toml|json|jsonl|txt)|plots/)`", README):
        runs = (tmp_path / "runs" / run for run in ("first", "look", "neighbors-search"))
        assert any((run / name).exists() for run in runs), name


PYTHON = [
    block
    for skipped, block in re.findall(
        r"(<!-- not run: [^>]+ -->\n)?```python\n(.*?)```", README, re.DOTALL
    )
    if not skipped
]


@pytest.mark.parametrize("block", PYTHON, ids=lambda block: block.splitlines()[-1])
def test_its_python_runs(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "sklearn" in block:
        pytest.importorskip("sklearn", reason="the estimators are shown in scikit-learn")
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "README.md", "exec"), {})


def test_its_python_names_all_there_is() -> None:
    section = README.partition("### Names from Python\n")[2].partition("\n### ")[0]
    rows = dict(re.findall(r"^\| `cvtool\.(\w+)` \| (.*) \|$", section, re.MULTILINE))
    assert {*rows} == {*cvtool.api.__all__} - {"Data", "Model"}
    for name, said in rows.items():
        for argument in signature(getattr(cvtool, name)).parameters.values():
            is_named = (
                argument.kind is argument.KEYWORD_ONLY or argument.default is not argument.empty
            )
            if is_named and argument.name not in ("tell", "labels"):
                assert f"`{argument.name}" in said, f"{argument.name} of {name}"


def _draw_the_images_it_speaks_of() -> None:
    test = digits().test
    assert test is not None
    seven = test.images[test.labels.tolist().index(7), :, :, 0]
    Image.fromarray(seven).resize((64, 64)).save("seven.png")
    random = np.random.default_rng(0)
    for number in range(20):
        path = Path("photos", "cat" if number % 2 else "dog", f"{number}.jpg")
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = random.integers(0, 99, (40, 40 + number, 3)) + 99 * (number % 2)
        Image.fromarray(pixels.astype(np.uint8)).save(path)
    Path("photos/dog/again.jpg").write_bytes(Path("photos/cat/1.jpg").read_bytes())
    Path("photos/cat/cut.jpg").write_bytes(Path("photos/cat/3.jpg").read_bytes()[:700])


def test_every_option_it_mentions_exists() -> None:
    known = {flag(each.name) for config in CONFIGS for each in fields(config)}
    mentioned = set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", README))
    assert mentioned <= known | COMMAND_OPTIONS


@pytest.mark.parametrize("field", fields(TrainConfig), ids=lambda each: each.name)
def test_every_option_has_its_row(field: Field[Any]) -> None:
    check_row(field, README)


@pytest.mark.parametrize(
    ("command", "config"),
    [
        ("linear", LinearConfig),
        ("knn", KnnConfig),
        ("tune", TuneConfig),
        ("gradcheck", GradcheckConfig),
        ("claims", ClaimsConfig),
        ("inspect", InspectConfig),
    ],
)
def test_what_another_command_has_of_its_own_has_its_row(command: str, config: type) -> None:
    section = README.partition(f"### Options of `{command}`\n")[2].partition("\n### ")[0]
    shared = {each.name: (each.default, each.metadata["choices"]) for each in fields(TrainConfig)}
    for each in fields(config):
        if shared.get(each.name) != (each.default, each.metadata["choices"]):
            check_row(each, section)


def check_row(field: Field[Any], text: str) -> None:
    name, rules, default = field.name, field.metadata, field.default
    row = re.search(rf"^\| `{flag(name)}[ `].*$", text, re.MULTILINE)
    assert row, f"{flag(name)} is not in the README's tables"
    said = row[0].replace("\\|", "|")
    assert rules["help"] in said
    assert all(word in said for word in rules["choices"] or ())
    spelled = f"{default:g}" if isinstance(default, float) else str(default)
    assert default in (None, False) or f"(default {spelled})" in said


@pytest.mark.parametrize(
    ("command", "config"),
    [
        ("data check", CheckConfig),
        ("data show", ShowConfig),
        ("data import", ImportConfig),
        ("runs list", ListConfig),
    ],
)
def test_every_option_of_a_grouped_command_is_in_its_row(command: str, config: type) -> None:
    row = re.search(rf"^\| `cvtool {command}[ `].*$", README, re.MULTILINE)
    assert row
    options = {flag(each.name) for each in fields(config) if each.name != "dataset"}
    assert set(re.findall(r"`(--[a-z-]+)", row[0])) - COMMAND_OPTIONS == options


@pytest.mark.parametrize("name", EMBEDDED)
def test_every_choice_behind_a_colon_is_there(name: str) -> None:
    rows = [line for line in README.splitlines() if line.startswith("|") and f"`{name}`" in line]
    for each in fields(EMBEDDED[name].choices):
        assert any(f"`{each.name}=`" in row for row in rows), each.name


@pytest.mark.parametrize("word", FEATURES)
def test_every_choice_of_a_feature_is_there(word: str) -> None:
    (row,) = [line for line in README.splitlines() if line.startswith(f"| `{word}` |")]
    for each in fields(FEATURES[word].declared):
        said = re.search(rf"`{each.name}=`[^(]*\((?:default )?([^)]*)\)", row)
        assert said, each.name
        assert said[1] == _spelled(each.default)


def _spelled(default: Any) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:,}" if isinstance(default, int) else str(default)


def test_every_word_of_formulas_and_every_name_is_there() -> None:
    words = [entry.example for entry in VOCABULARY.values()]
    for each in [*words, "softmax", "svm", *ARCHITECTURES, *EMBEDDED]:
        assert f"`{each}`" in README
    grouped = [f"{name} {each}" for name, group in GROUPS.items() for each in group.COMMANDS]
    for name in (*COMMANDS, *grouped):
        assert f"`cvtool {name}" in README or f"\ncvtool {name}" in README


RECORDS = (
    *(Ensemble, EnsembleMember),
    *(TrainResult, Evaluation, Prediction, NetworkTable, DatasetEntry, Imported, DataCheck),
    *(Damage, Unlabeled, Duplicate, Conflict, DataShown, Cleared),
    *(KnnResult, HeldOutSetting, CrossValidatedSetting),
    *(Explanation, Changed, Checkerboard, PredictionTime),
    *(TuneResult, StageResult, TrialRecord, Candidate, Importance, StagePlan, PlannedStage),
    *(GradcheckResult, GradientCheck, TensorCheck, SweepPoint),
    *(SanityResult, SanityCheck, LayerAtStart, SelfTestResult, Injection, Healthy),
    *(RunList, DamagedRun, RunShown, ChosenSetting, RunComparison, PairCompared, Compared, Curve),
    *(Rerun, Exported, ExportedModel, ReportWritten, Inspection, InspectedLayer, InspectedImage),
    *(GraphResult, GraphNode, GraphInput, GraphEdge, ClaimResult, Explained),
    *(Doctor, ProcessorFacts, ThreadFacts, Speed, MemoryFacts, FolderFacts, TerminalFacts),
)


@pytest.mark.parametrize("record", RECORDS)
def test_every_key_of_the_json_is_there(record: type) -> None:
    names = ", ".join(each.name for each in fields(record))
    assert any(f"`{form}`" in README for form in (names, f"{{{names}}}"))
