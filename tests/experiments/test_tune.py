"""``tune`` from the command line to the files it leaves: what is promised is there."""

import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cvtool.datasets.dataset import Examples
from cvtool.experiments import trial_data
from cvtool.records import TrialBegan, TrialMoved
from cvtool.tuning.executors import Here

Run = Callable[..., Any]

QUICK = {
    "cnn": {
        **{"--limit": "60", "--arch": "conv3-2 + relu + maxpool2", "--batch-size": "16"},
        **{"--epochs": "2", "--random": "6", "--workers": "1", "--threads": "1"},
    },
    "linear": {
        **{"--limit": "60", "--epochs": "2", "--random": "6", "--repeats": "2"},
        **{"--workers": "1", "--threads": "1"},
    },
    "knn": {"--limit": "60", "--random": "6", "--workers": "1", "--threads": "1"},
}
COMMANDS = {"cnn": "train-cnn", "linear": "linear", "knn": "knn"}
PROMISED = {"study", "trials", "stages", "best", "warnings"}


def forget_data() -> None:
    for cache in (trial_data._opened, trial_data._prepared, trial_data._compared):
        cache.cache_clear()


@pytest.fixture(autouse=True)
def _forget_data_of_others() -> Iterator[None]:
    yield
    forget_data()


@pytest.fixture(autouse=True)
def _draw_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cvtool.render.plots.draw_pictures", lambda *_: [])


@pytest.fixture
def tune(command: Run) -> Run:
    """Search with ``--json``, quickly unless said otherwise; words override the quick settings."""

    def run(*words: str) -> Any:
        model = words[words.index("--model") + 1] if "--model" in words else "cnn"
        missing = {} if {"--resume", "--config"} & {*words} else QUICK[model]
        quick = [each for pair in missing.items() if pair[0] not in words for each in pair]
        return command("tune", *quick, *words, "--json")

    return run


def timeless(trials: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: each[name] for name in each.keys() - {"seconds"}} for each in trials]


def found(said: dict[str, Any]) -> dict[str, Any]:
    """Everything a study says but how long it took, and what it is called."""
    own = {"seconds", "study", "winner"}
    return {name: said[name] for name in said.keys() - own} | {"trials": timeless(said["trials"])}


def winner(study: str) -> dict[str, Any]:
    return tomllib.loads(Path("runs", study, "winner.toml").read_text())


def lines(study: str) -> list[str]:
    return Path("runs", study, "trials.jsonl").read_text().splitlines()


def strict(text: str) -> Any:
    """Read JSON as those do who know no NaN."""

    def refuse(word: str) -> None:
        raise AssertionError(word)

    return json.loads(text, parse_constant=refuse)


def test_a_study_says_what_is_promised_and_leaves_a_whole_folder(tune: Run) -> None:
    ending = tune()
    assert ending.code == 0
    said = strict(ending.out)
    assert said.keys() >= PROMISED
    assert said["best"].keys() >= {"params", "val_accuracy", "std"}
    assert [each["name"] for each in said["stages"]][:2] == ["coarse", "fine"]
    assert said["stages"][-1]["name"] == "repeats"
    folder = Path(said["study"])
    assert {path.name for path in folder.iterdir()} == {
        *("config.toml", "environment.json", "trials.jsonl", "result.json", "winner.toml"),
        "pictures.safetensors",
    }
    assert strict((folder / "result.json").read_text()) == said
    written = [strict(line) for line in lines(folder.name)]
    assert sorted(written, key=lambda each: (each["stage"], each["number"])) == said["trials"]
    assert len(written) == sum(each["trials"] for each in said["stages"])


def test_the_best_is_the_mean_of_its_repeats(tune: Run) -> None:
    said = tune("--repeats", "2").json
    repeats = [
        each["val_accuracy"]
        for each in said["trials"]
        if each["stage"] == len(said["stages"]) - 1 and each["params"] == said["best"]["params"]
    ]
    assert said["best"]["val_accuracies"] == repeats
    assert said["best"]["val_accuracy"] == pytest.approx(np.mean(repeats))
    assert said["best"]["std"] == pytest.approx(np.std(repeats, ddof=1))
    assert max(each["val_accuracy"] for each in said["candidates"]) == said["best"]["val_accuracy"]


def test_people_get_tables_and_the_winning_command(command: Run) -> None:
    quick = [each for pair in QUICK["cnn"].items() for each in pair]
    ending = command("tune", *quick, "--study", "mine")
    assert ending.code == 0
    assert "cvtool train-cnn --config runs/mine/winner.toml" in " ".join(ending.out.split())
    assert "coarse 1/4" in ending.err


@pytest.mark.parametrize("model", QUICK)
def test_the_winner_is_a_file_that_its_command_takes(command: Run, tune: Run, model: str) -> None:
    said = tune("--model", model, "--repeats", "0", "--study", "mine").json
    config = "runs/mine/winner.toml"
    assert said["winner"] == config
    again = command(COMMANDS[model], "--config", config, "--json").json
    reached = again["best"]["accuracy"] if model == "knn" else again["best_val_accuracy"]
    assert reached == pytest.approx(said["best"]["val_accuracy"], abs=1e-12)
    if model == "knn":
        assert winner("mine")["k"] == str(said["best"]["params"]["k"])


@pytest.mark.parametrize("model", QUICK)
def test_bare_models_search_in_their_stages(tune: Run, model: str) -> None:
    ending = tune("--model", model)
    assert (ending.code, ending.json["model"]) == (0, model)
    names = [each["name"] for each in ending.json["stages"]]
    assert [each for each in names if each != "extension"] == ["coarse", "fine", "repeats"]
    assert {each["epochs"] == 0 for each in ending.json["stages"]} == {model == "knn"}


def test_halving_goes_on_with_the_best(tune: Run) -> None:
    said = tune("--halving", "--random", "12", "--epochs", "3").json
    stages = [(each["name"], each["trials"], each["epochs"]) for each in said["stages"]]
    assert stages[:2] == [("coarse", 12, 1), ("halving", 4, 3)]
    first = [each["params"] for each in said["trials"] if each["stage"] == 0]
    assert all(each["params"] in first for each in said["trials"] if each["stage"] == 1)


def test_a_grid_tries_all_combinations(tune: Run) -> None:
    search = "learning_rate=1e-3..1e-1 log, optimizer=sgd|adam"
    said = tune("--grid", "--points", "2", "--search", search).json
    assert [each["name"] for each in said["stages"]][:2] == ["coarse", "fine"]
    tried = [tuple(each["params"].values()) for each in said["trials"] if each["stage"] == 0]
    assert sorted(tried) == [
        *((0.001, "adam"), (0.001, "sgd"), (0.1, "adam"), (0.1, "sgd")),
    ]


def test_stages_are_what_is_said(tune: Run) -> None:
    said = tune("--stages", "5x1,3x2,2x3", "--repeats", "1", "--no-extend").json
    stages = [(each["trials"], each["epochs"]) for each in said["stages"]]
    assert stages == [(5, 1), (3, 2), (2, 3), (3, 3)]
    assert winner(Path(said["study"]).name)["epochs"] == 3


@pytest.mark.parametrize("words", [(), ("--halving",), ("--grid",), ("--model", "knn")], ids=str)
def test_showing_the_plan_tries_nothing_and_writes_nothing(
    command: Run, words: tuple[str, ...]
) -> None:
    ending = command("tune", *words, "--stages", "show")
    assert (ending.code, "repeats" in ending.out) == (0, True)
    said = command("tune", *words, "--stages", "show", "--json").json
    assert said.keys() == {"model", "space", "stages"}
    assert not Path("runs").exists()


def test_the_plan_is_what_a_study_does(tune: Run) -> None:
    for words in ((), ("--halving", "--epochs", "3"), ("--grid", "--points", "2")):
        shown = tune(*words, "--stages", "show").json
        done = tune(*words, "--no-extend").json
        assert shown["space"] == done["stages"][0]["space"]
        assert [(each["name"], each["kind"], each["runs"]) for each in shown["stages"]] == [
            (each["name"], each["kind"], each["trials"]) for each in done["stages"]
        ]
        assert [each["epochs"] for each in shown["stages"]] == [
            each["epochs"] for each in done["stages"]
        ]


# The test set


def test_the_test_set_is_not_opened(tune: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (80, 8, 8, 1), np.uint8)
    labels = np.arange(80) % 4
    tests = {"x_test": images[:16] ^ 255, "y_test": labels[:16]}
    np.savez("mine.npz", x_train=images, y_train=labels, **tests)
    seen: list[Any] = []
    pick = Examples.pick

    def listen(self: Examples, indices: Any) -> Any:
        seen.append(len(self))
        return pick(self, indices)

    monkeypatch.setattr(Examples, "pick", listen)
    for model in QUICK:
        assert tune("--model", model, "--dataset", "mine.npz", "--study", model).code == 0
        assert not Path("runs", model, "test-openings.txt").exists()
    assert set(seen) == {80}  # images of the 80 that there are to learn from, never of the 16


def test_other_test_images_change_nothing(tune: Run) -> None:
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (80, 8, 8, 1), np.uint8)
    labels = np.arange(80) % 4
    said = []
    for test in (images[:8], images[8:40]):
        tests = {"x_test": test, "y_test": labels[: len(test)]}
        np.savez("mine.npz", x_train=images, y_train=labels, **tests)
        said.append(found(tune("--dataset", "mine.npz").json))
        forget_data()
    assert said[0] == said[1]


# Again, and on


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--halving", "--epochs", "3"),
        ("--grid", "--points", "2"),
        ("--model", "linear", "--search", "learning_rate=0.01..1 log, loss=softmax|svm"),
        ("--model", "knn", "--metric", "l2"),
        ("--stages", "4x1,2x2", "--no-extend", "--repeats", "0", "--seed", "7"),
    ],
    ids=" ".join,
)
def test_a_configuration_repeats_its_study(tune: Run, words: tuple[str, ...]) -> None:
    first = tune(*words, "--study", "first").json
    again = tune("--config", "runs/first/config.toml").json
    assert again["study"] != first["study"]
    assert found(again) == found(first)
    assert winner(Path(again["study"]).name) == winner("first")
    read = [Path(each["study"], "config.toml").read_text() for each in (first, again)]
    assert read[0] == read[1]


def test_what_is_given_goes_before_the_configuration(tune: Run) -> None:
    first = tune("--study", "first").json
    other = tune("--config", "runs/first/config.toml", "--seed", "3").json
    assert other["trials"][0]["params"] != first["trials"][0]["params"]
    ending = tune("--config", "runs/first/config.toml", "--learning-rate", "0.1")
    assert (ending.code, "--learning-rate fixes what" in ending.sentence) == (2, True)


@pytest.mark.parametrize("words", [(), ("--halving",), ("--model", "knn")], ids=str)
def test_resuming_what_has_ended_tries_nothing(
    tune: Run, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tune(*words, "--study", "mine").json
    before, won = lines("mine"), winner("mine")

    def refuse(_: Here, trials: Any) -> Iterator[Any]:
        assert not list(trials)
        return iter(())

    monkeypatch.setattr(Here, "carry_out", refuse)
    again = tune("--resume", "mine").json
    assert {**again, "seconds": 0} == {**first, "seconds": 0}
    assert (lines("mine"), winner("mine")) == (before, won)


@pytest.mark.parametrize("kept", [0, 3, 4, 5, 9])
def test_a_journal_cut_anywhere_is_written_to_the_same_end(tune: Run, kept: int) -> None:
    first = tune("--study", "mine").json
    won = Path("runs/mine/winner.toml").read_text()
    journal = Path("runs/mine/trials.jsonl")
    whole = lines("mine")
    half = whole[kept][: len(whole[kept]) // 2]  # as a kill leaves it
    journal.write_text("".join(f"{line}\n" for line in whole[:kept]) + half)
    for name in ("result.json", "winner.toml"):
        Path("runs/mine", name).unlink()
    assert found(tune("--resume", "mine").json) == found(first)
    assert Path("runs/mine/winner.toml").read_text() == won
    assert len(lines("mine")) == len(whole)


def test_lines_may_lie_in_any_order(tune: Run) -> None:
    first = tune("--study", "mine").json
    order = np.random.default_rng(0).permutation(len(lines("mine")) - 3)
    mixed = [lines("mine")[place] for place in order]
    Path("runs/mine/trials.jsonl").write_text("".join(f"{line}\n" for line in mixed))
    assert found(tune("--resume", "mine").json) == found(first)


def test_a_journal_of_another_study_is_refused(tune: Run) -> None:
    tune("--study", "mine")
    tune("--study", "other", "--seed", "1")
    Path("runs/mine/trials.jsonl").write_bytes(Path("runs/other/trials.jsonl").read_bytes())
    ending = tune("--resume", "mine")
    assert (ending.code, ending.out) == (3, "")
    assert "was another one when the study began" in ending.sentence


@pytest.mark.parametrize(
    ("line", "words"),
    [("{broken", "line 1 of runs/mine/trials.jsonl is damaged"), ("{}", "is no trial")],
)
def test_damaged_journals_name_the_line(tune: Run, line: str, words: str) -> None:
    tune("--study", "mine", "--random", "1", "--repeats", "0")
    Path("runs/mine/trials.jsonl").write_text(f"{line}\n")
    ending = tune("--resume", "mine")
    assert (ending.code, words in ending.sentence) == (3, True)
    assert Path("runs/mine/result.json").exists()


@pytest.mark.parametrize(
    "words",
    [
        *(("--seed", "1"), ("--random", "9"), ("--search", "learning_rate=1..2"), ("--halving",)),
        *(("--epochs", "3"), ("--limit", "50"), ("--study", "other"), ("--stages", "show")),
        *(("--model", "linear"), ("--margin", "2"), ("--repeats", "0")),
    ],
    ids=" ".join,
)
def test_what_would_change_the_trials_is_refused(tune: Run, words: tuple[str, ...]) -> None:
    tune("--study", "mine", "--random", "1", "--repeats", "0")
    ending = tune("--resume", "mine", *words)
    assert (ending.code, ending.out) == (2, "")
    assert f"leave {words[0]} out (only --workers, --cluster, --threads" in ending.sentence
    assert Path("runs/mine/result.json").exists()


@pytest.mark.parametrize(
    "words", [("--workers", "0"), ("--threads", "2000"), ("--cluster", "here")], ids=" ".join
)
def test_a_start_that_fails_leaves_the_study_as_it_was(tune: Run, words: tuple[str, ...]) -> None:
    tune("--study", "mine", "--random", "1", "--repeats", "0")
    before = {path.name: path.read_bytes() for path in Path("runs/mine").iterdir()}
    assert tune("--resume", "mine", *words).code == 2
    assert {path.name: path.read_bytes() for path in Path("runs/mine").iterdir()} == before


def test_a_resumed_study_brings_its_own_configuration(tune: Run) -> None:
    tune("--study", "mine", "--random", "1", "--repeats", "0")
    ending = tune("--resume", "mine", "--config", "runs/mine/config.toml")
    assert (ending.code, "leave --config out" in ending.sentence) == (2, True)


def test_workers_and_a_cluster_contradict_each_other(tune: Run) -> None:
    ending = tune("--workers", "2", "--cluster", "local:2")
    assert (ending.code, "leave one of them out" in ending.sentence) == (2, True)
    assert not Path("runs").exists()


def test_changed_images_are_noticed(tune: Run) -> None:
    images = np.random.default_rng(0).integers(0, 255, (40, 8, 8, 1), np.uint8)
    np.savez("mine.npz", x_train=images, y_train=np.arange(40) % 4)
    tune("--dataset", "mine.npz", "--study", "mine", "--random", "2", "--repeats", "0")
    np.savez("mine.npz", x_train=images[::-1], y_train=np.arange(40) % 4)
    ending = tune("--resume", "mine")
    assert (ending.code, ending.out) == (3, "")
    assert "mine.npz has changed since" in ending.sentence


def test_other_commands_and_studies_refuse_each_other(command: Run, tune: Run, train: Run) -> None:
    tune("--study", "mine", "--random", "1", "--repeats", "0")
    train("--name", "run")
    for ending in (tune("--resume", "run"), train("--resume", "mine"), command("evaluate", "mine")):
        assert (ending.code, "is a run of" in ending.sentence) == (3, True)
    assert tune("--resume", "nowhere").code == 3
    ending = tune("--study", "run")
    assert (ending.code, "choose another --study" in ending.sentence) == (2, True)


# Endings


def test_where_nothing_learns_the_study_says_so(tune: Run) -> None:
    words = ("--search", "learning_rate=1e3..1e6 log", "--optimizer", "sgd", "--study", "mine")
    ending = tune(*words)
    assert (ending.code, ending.json["outcome"], ending.json["best"]) == (5, "diverged", None)
    assert [each["name"] for each in ending.json["stages"]] == ["coarse"]
    assert ending.json["winner"] is None
    assert not Path("runs/mine/winner.toml").exists()
    [verdict] = [each for each in ending.json["verdicts"] if not each["ok"]]
    assert "4 of 4 trials diverged" in verdict["message"]
    again = tune("--resume", "mine")
    assert (again.code, found(again.json)) == (5, found(ending.json))


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--search", "learning_rate=1..0.1"), 2, "learning_rate"),
        (("--search", "learnin_rate=0.1..1"), 2, "did you mean 'learning_rate'"),
        (("--search", "nowhere.toml"), 3, "nowhere.toml"),
        (("--search", "epochs=1..3"), 2, "give --stages"),
        (("--search", "dataset=digits|shapes"), 2, "give it as the option --dataset"),
        (("--search", "learning_rate=0.1..1", "--learning-rate", "1"), 2, "leave one of them out"),
        (("--search", "optimizer=adam|adem"), 2, "did you mean 'adam'"),
        (("--search", "filters=16|32"), 2, "--search filters=16: --arch already says all"),
        (("--margin", "2"), 2, "--margin is of --model linear, and --model cnn has none"),
        (("--model", "knn", "--epochs", "3"), 2, "--epochs is of --model cnn and linear"),
        (("--model", "knn", "--k", "1,3"), 2, 'with --search "k=1|3"'),
        (("--model", "knn", "--halving"), 2, "--model knn has none"),
        (("--split", "test"), 2, "--split"),
        (("--grid", "--halving"), 2, "leave one of them out"),
        (("--stages", "none"), 2, "--stages takes show, or trials"),
        (("--workers", "0"), 2, "--workers takes a number of at least 1"),
        (("--threads", "many"), 2, "--threads"),
        (("--random", "0"), 2, "--random takes a number of at least 1"),
        (("--study", "../mine"), 2, "--study takes"),
        (("--dataset", "nowhere"), 2, "nowhere"),
        (("--limit", "3"), 2, "--limit"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_before_anything_is_written(
    tune: Run, words: tuple[str, ...], code: int, sentence: str
) -> None:
    ending = tune(*words)
    assert (ending.code, ending.out) == (code, "")
    assert sentence in ending.sentence
    assert not Path("runs").exists()


@pytest.mark.parametrize("moment", [0, 3, 4, 7, 11])
def test_interrupted_studies_go_on_as_if_nothing_had_been(
    tune: Run, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    straight = tune("--study", "straight").json
    with monkeypatch.context() as patch:
        _interrupt_trial(patch, moment)
        ending = tune("--study", "stopped")
    total = len(straight["trials"])
    assert (ending.code, ending.json["outcome"]) == (130, "interrupted")
    assert moment < total
    assert json.loads(Path("runs/stopped/result.json").read_text()) == ending.json
    known = Path("runs/stopped/trials.jsonl")
    assert (len(lines("stopped")) if known.exists() else 0) == moment
    assert timeless(ending.json["trials"]) == timeless(straight["trials"])[:moment]
    assert found(tune("--resume", "stopped").json) == found(straight)
    assert winner("stopped") == winner("straight")


def _interrupt_trial(patch: pytest.MonkeyPatch, moment: int) -> None:
    """Press Ctrl-C in the middle of the trial that is begun after so many others."""
    carry_out, begun = Here.carry_out, iter(range(1000))
    stops: list[bool] = []

    def interrupted(self: Here, trials: Any) -> Iterator[Any]:
        for event in carry_out(self, trials):
            if isinstance(event, TrialMoved) and stops:
                raise KeyboardInterrupt
            if isinstance(event, TrialBegan) and next(begun) == moment:
                stops.append(True)
            yield event

    patch.setattr(Here, "carry_out", interrupted)


def test_interrupted_before_any_trial_ends_there_is_no_winner(
    tune: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _interrupt_trial(monkeypatch, 0)
    ending = tune()
    assert (ending.code, ending.json["best"], ending.json["trials"]) == (130, None, [])


def test_a_broken_trial_is_recorded_and_the_study_goes_on(tune: Run) -> None:
    # Another margin goes with svm alone, and breaks the other half of its trials.
    search = "margin=1|2, loss=softmax|svm"
    ending = tune("--model", "linear", "--grid", "--search", search)
    assert ending.code == 0
    broken = [each for each in ending.json["trials"] if each["outcome"] == "broken"]
    assert {tuple(each["params"].values()) for each in broken} == {(2, "softmax")}
    assert all("is the svm's" in each["reason"] for each in broken)
    assert ending.json["stages"][0]["broken"] == 1
    assert ending.json["best"]["params"] != broken[0]["params"]


def test_all_trials_broken_is_no_success(tune: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: Any) -> Iterator[Any]:
        raise AssertionError("a bug")
        yield

    monkeypatch.setattr("cvtool.experiments.learning_trials._learn", break_down)
    ending = tune()
    assert ending.code == 5
    assert {each["outcome"] for each in ending.json["trials"]} == {"broken"}
    assert all("AssertionError: a bug" in each["reason"] for each in ending.json["trials"])


def test_options_of_the_model_fix_what_is_not_searched(tune: Run) -> None:
    said = tune("--learning-rate", "0.01", "--dropout", "0.1").json
    assert said["trials"][0]["params"].keys() == {"strength"}
    assert winner(Path(said["study"]).name)["learning_rate"] == 0.01
    ending = tune("--learning-rate", "0.1", "--dropout", "0", "--strength", "0")
    assert (ending.code, "all of them are given" in ending.sentence) == (2, True)


def test_a_search_may_be_a_file(tune: Run) -> None:
    Path("space.toml").write_text('learning_rate = "1e-3..1e-1 log"\noptimizer = "sgd|adam"\n')
    said = tune("--search", "space.toml", "--study", "first").json
    assert said["trials"][0]["params"].keys() == {"learning_rate", "optimizer"}
    Path("space.toml").unlink()
    assert found(tune("--config", "runs/first/config.toml").json) == found(said)


def test_a_bounding_edge_is_told(tune: Run) -> None:
    words = ("--epochs", "1", "--random", "30", "--search", "learning_rate=1e-6..1e-3 log")
    said = tune("--model", "linear", *words, "--batch-size", "8").json
    assert [each["name"] for each in said["stages"]][-2:] == ["extension", "repeats"]
    assert 'the search went on with "learning_rate=' in said["warnings"][0]
    assert said["best"]["params"]["learning_rate"] > 1e-3
