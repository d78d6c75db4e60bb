"""``cvtool knn`` from the command line: the same neighbors every time, and what it says of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cvtool.datasets.mapped
import cvtool.render.plots
from cvtool.config import KnnConfig

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Remember what pictures would be drawn: matplotlib would take most of the time."""
    pictures: dict[str, Any] = {}

    def draw(given: list[Any], _: Path) -> None:
        pictures.update({each.name: each for each in given})

    monkeypatch.setattr(cvtool.render.plots, "draw_pictures", draw)
    return pictures


@pytest.fixture
def knn(command: Run) -> Run:
    """Classify with ``--json``, few images unless said otherwise."""

    def run(*words: str) -> Any:
        few = () if {"--limit", "--config"} & {*words} else ("--limit", "300")
        return command("knn", *few, *words, "--json")

    return run


ALWAYS = {
    *("run", "dataset", "features", "preprocess", "seed", "split", "queries", "train_images"),
    *("seconds", "comparing_seconds", "ties", "tie_rule", "results", "best", "verdicts"),
}


def answers(said: dict[str, Any]) -> dict[str, Any]:
    """Leave out what differs each time."""
    return {key: said[key] for key in ALWAYS - {"run", "seconds", "comparing_seconds"}}


def test_digits_are_known_by_their_neighbors(knn: Run) -> None:
    said = knn("--limit", "1500").json
    assert set(said) == ALWAYS
    assert (said["dataset"], said["split"]) == ("digits", "val")
    assert (said["queries"], said["train_images"]) == (300, 1200)
    [only] = said["results"]
    assert set(only) == {"k", "metric", "accuracy", "ties", "low", "high"}
    assert said["best"] == only
    assert (only["k"], only["metric"], only["ties"]) == (5, "l1", said["ties"])
    assert 0.97 < only["low"] <= only["accuracy"] <= only["high"] < 1
    assert all(verdict["ok"] for verdict in said["verdicts"])


def test_one_search_serves_every_k_and_metric(knn: Run) -> None:
    said = knn("--k", "5, 1,3", "--metric", "cosine,l1").json
    settings = [(each["metric"], each["k"]) for each in said["results"]]
    assert settings == [(metric, k) for metric in ("cosine", "l1") for k in (1, 3, 5)]
    for each in said["results"]:
        alone = knn("--k", str(each["k"]), "--metric", each["metric"]).json
        assert alone["results"] == [each]
    best = max(said["results"], key=lambda each: (each["accuracy"], -each["k"]))
    assert said["best"] == best
    assert said["ties"] == sum(each["ties"] for each in said["results"])


def test_folds_classify_every_image_once(knn: Run) -> None:
    said = knn("--folds", "7", "--k", "1,3", "--metric", "l2").json
    assert (said["split"], said["queries"], said["train_images"]) == ("val", 300, 257)
    for each in said["results"]:
        assert set(each) == {"k", "metric", "accuracy", "ties", "folds", "std"}
        assert len(each["folds"]) == 7
        assert each["accuracy"] == pytest.approx(np.mean(each["folds"]))
        assert each["std"] == pytest.approx(np.std(each["folds"]))


@pytest.mark.parametrize("words", [(), ("--folds", "3")], ids=["held out", "folds"])
def test_features_and_statistics_come_from_training_images_alone(
    knn: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    from cvtool.datasets.preprocessing import Preprocessing

    fitted: list[Any] = []
    fitting = Preprocessing.fitting

    def listen(kind: str, subset: Any, *, epsilon: float) -> Any:
        fitted.append(subset.indices)
        return fitting(kind, subset, epsilon=epsilon)

    monkeypatch.setattr(Preprocessing, "fitting", listen)
    assert knn("--preprocess", "standardize", *words).code == 0
    assert [len(each) for each in fitted] == ([200] * 3 if words else [240])
    if words:
        together = np.bincount(np.concatenate(fitted))
        assert set(together[together > 0]) == {2}  # each image is held out of one of three


def test_the_test_set_is_opened_by_its_one_door_and_all_else_learned_from(knn: Run) -> None:
    said = knn("--split", "test", "--name", "mine").json
    assert (said["split"], said["queries"], said["train_images"]) == ("test", 297, 300)
    assert len(Path("runs/mine/test-openings.txt").read_text().splitlines()) == 1
    assert knn("--name", "other").code == 0
    assert not Path("runs/other/test-openings.txt").exists()


def test_choosing_on_the_test_set_is_told(knn: Run) -> None:
    [said] = [
        verdict
        for verdict in knn("--split", "test", "--k", "1,3").json["verdicts"]
        if verdict["check"] == "keeps the test set"
    ]
    assert not said["ok"]
    assert "choose with --split val or --folds 5" in said["message"]


@pytest.mark.parametrize(
    "words",
    [
        ("--k", "1,3", "--metric", "l2,l1", "--ties", "nearest", "--seed", "3"),
        ("--folds", "3", "--preprocess", "channel-mean", "--metric", "cosine"),
    ],
    ids=["held out", "folds"],
)
def test_a_run_is_repeated_by_its_settings(knn: Run, words: tuple[str, ...]) -> None:
    first = knn(*words, "--threads", "1").json
    again = knn("--config", f"{first['run']}/config.toml", "--threads", "2").json
    assert answers(again) == answers(first)
    assert (first["run"], again["run"]) == ("runs/knn-digits-001", "runs/knn-digits-002")
    folder = Path(first["run"])
    assert json.loads((folder / "result.json").read_text()) == first
    environment = json.loads((folder / "environment.json").read_text())
    assert (environment["command"], environment["threads"]) == ("knn", 1)
    assert len(environment["data_checksum"]) == 32


def test_images_are_shown_with_their_neighbors(knn: Run, drawn: dict[str, Any]) -> None:
    said = knn("--k", "1,5,9", "--metric", "l1,l2").json
    assert set(drawn) == {"neighbors", "accuracy"}
    rows = drawn["neighbors"].rows
    assert {name for name, _ in rows} <= {"right", "wrong"}
    for name, (query, *neighbors) in rows:
        assert (query.below == f"→ {query.above}") == (name == "right")
        assert len(neighbors) == 8
        distances = [float(each.below.replace(",", "")) for each in neighbors]
        assert distances == sorted(distances)
    lines = drawn["accuracy"].lines
    assert [(line.name, line.x) for line in lines] == [("l1", (1, 5, 9)), ("l2", (1, 5, 9))]
    values = [value for line in lines for [value] in line.values]
    assert values == [each["accuracy"] for each in said["results"]]


def test_points_have_regions_and_no_neighbors_to_show(knn: Run, drawn: dict[str, Any]) -> None:
    ks = ",".join(str(k) for k in range(1, 16, 2))
    words = ("--dataset", "spiral:images=300", "--metric", "l2")
    assert knn(*words, "--k", ks, "--limit", "200").json["best"]["accuracy"] > 0.9
    assert set(drawn) == {"regions", "accuracy"}
    regions = drawn["regions"]
    titles = [panel.title for panel in regions.panels]
    assert (titles[0], titles[-1], len(titles)) == ("k = 1", "k = 15", 6)
    assert len(regions.points) == len(regions.labels) == 160
    # With one neighbor the places of training points belong to their own classes.
    height, width = regions.panels[0].winners.shape
    cells = [
        np.clip((regions.points[:, axis] - low) / (high - low) * size, 0, size - 1).astype(int)
        for axis, (low, high), size in ((0, regions.x, width), (1, regions.y, height))
    ]
    assert (regions.panels[0].winners[cells[1], cells[0]] == regions.labels).mean() > 0.95


def test_mapped_images_are_streamed(
    command: Run, knn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = answers(knn("--k", "1,3").json)
    command("data", "import", "digits", "--name", "mine")
    monkeypatch.setattr("cvtool.models.neighbor_search._CHUNK_BYTES", 64 * 50)
    monkeypatch.setattr("cvtool.models.neighbor_search._BLOCK_BYTES", 64 * 50)
    picked: list[int] = []
    picker = cvtool.datasets.picking.Picker
    read = picker._read

    def listen(self: Any, file: int, indices: Any) -> Any:
        picked.append(len(indices))
        return read(self, file, indices)

    monkeypatch.setattr(picker, "_read", listen)
    assert answers(knn("--dataset", "mine", "--k", "1,3").json) == expected | {"dataset": "mine"}
    assert max(picked) <= 256  # the neighbors that are kept to be shown
    assert len(picked) > 10


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--k", "0"), "--k takes numbers from 1 to 10,000, not 0"),
        (("--k", "1,,3"), "--k takes whole numbers with commas between them, as 1,3,5, not ''"),
        (("--k", "five"), "not 'five'"),
        (("--k", "3,1,3"), "--k names 3 more than once: keep one of them"),
        (("--metric", "l1,l3"), "--metric does not know 'l3': take l1, l2, cosine"),
        (("--metric", "cosin"), "did you mean 'cosine'?"),
        (("--metric", "manhattan"), "take l1, l2, cosine"),
        (("--metric", "l1,l1"), "--metric names l1 more than once"),
        (("--folds", "1"), "--folds takes a number of at least 2, not 1"),
        (("--folds", "5", "--split", "test"), "choose with the one first"),
        (("--cluster", "here"), "--cluster takes local:N with N from 1 to 99"),
        (("--cluster", "local:0"), "not 'local:0'"),
        (("--preprocess", "zcaa"), "did you mean 'zca'?"),
        (("--k", "241"), "--k 241 asks for more neighbors than the 240 training images"),
        (("--folds", "2", "--k", "151"), "the 150 training images that digits has for this"),
        (("--folds", "301"), "--folds 301 needs at least 301 images but digits has 300"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    knn: Run, words: tuple[str, ...], sentence: str
) -> None:
    ending = knn(*words)
    assert (ending.code, ending.out) == (2, "")
    assert sentence in ending.sentence
    assert not Path("runs").exists()


def test_without_test_images_there_is_no_door(knn: Run) -> None:
    images = np.random.default_rng(0).integers(0, 256, (20, 4, 4, 1), np.uint8)
    np.savez("arrays.npz", x_train=images, y_train=np.arange(20) % 2)
    ending = knn("--dataset", "arrays.npz", "--split", "test")
    assert (ending.code, ending.out) == (3, "")
    assert "has no test images: take --split val" in ending.sentence


def test_numbers_that_preprocessing_makes_too_large_are_refused(knn: Run) -> None:
    images, labels = 1e-25 * np.arange(80.0).reshape(20, 2, 2, 1), np.arange(20) % 2
    far = np.full((2, 2, 2, 1), 1e17)
    np.savez("arrays.npz", x_train=images, y_train=labels, x_val=far, y_val=labels[:2])
    ending = knn("--dataset", "arrays.npz", "--preprocess", "standardize")
    assert (ending.code, ending.out) == (3, "")
    assert "bring them to a range of 0 to 1" in ending.sentence


def test_other_commands_refuse_the_run(command: Run, knn: Run) -> None:
    assert knn("--name", "mine").code == 0
    ending = command("evaluate", "mine")
    assert (ending.code, ending.sentence.count("is a run of 'knn'")) == (3, 1)


def test_people_read_a_table(command: Run) -> None:
    out = command("knn", "--limit", "300", "--k", "1,40").out
    assert "60 validation images with 240 training images" in out
    assert "← best" in out


def test_settings_keep_their_order() -> None:
    config = KnnConfig(k="50,1,8", metric="l2,l1")
    assert (config.ks, config.metrics) == ((1, 8, 50), ("l2", "l1"))


@pytest.mark.slow
@pytest.mark.parametrize("words", [(), ("--folds", "2", "--preprocess", "standardize")], ids=str)
def test_a_cluster_finds_the_same(knn: Run, words: tuple[str, ...]) -> None:
    pytest.importorskip("distributed", reason="the cluster needs dask.distributed")
    words = ("--k", "1,5", "--metric", "l1,cosine", *words)
    assert answers(knn(*words, "--cluster", "local:2").json) == answers(knn(*words).json)


def test_pixels_are_explained_when_asked_for(knn: Run, drawn: dict[str, Any]) -> None:
    said = knn("--explain", "--limit", "100").json
    assert set(said) == ALWAYS | {"explanation"}
    assert (said["explanation"]["metric"], said["explanation"]["images"]) == ("l1", 80)
    assert {"explained", "prediction-time"} <= set(drawn)
    ending = knn("--explain", "--dataset", "spiral")
    assert (ending.code, "points in the plane" in ending.sentence) == (2, True)


def test_each_image_is_its_own_nearest(knn: Run) -> None:
    images = np.random.default_rng(0).integers(0, 256, (40, 4, 4, 1), np.uint8)
    labels = np.arange(40) % 3
    np.savez("arrays.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    words = ("--dataset", "arrays.npz", "--split", "test", "--limit", "100", "--k", "1")
    said = knn(*words, "--metric", "l1,l2,cosine").json
    assert [each["accuracy"] for each in said["results"]] == [1, 1, 1]


def test_features_that_learn_nothing_are_computed_once_for_all_folds(
    knn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cvtool.features.feature_set import FeatureSet

    written: list[int] = []
    write = FeatureSet.write

    def listen(self: Any, images: Any, out: Any) -> None:
        written.append(len(images))
        write(self, images, out)

    monkeypatch.setattr(FeatureSet, "write", listen)
    words = ("--features", "hog:cell=4", "--k", "1", "--metric", "cosine")
    said = knn(*words, "--folds", "3").json
    assert written == [300]
    assert said["best"]["accuracy"] > 0.8
    # Held-out images are seen as those of folds are.
    assert knn(*words).json["best"]["accuracy"] > 0.8
    assert written == [300, 240, 60]


@pytest.mark.slow
def test_features_that_learn_do_so_in_each_fold_anew(
    knn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cvtool.features.feature_set import FeatureSet

    learned: list[int] = []
    fitting = FeatureSet.fitting

    def listen(self: Any, images: Any, *, seed: int) -> Any:
        learned.append(len(images))
        return fitting(self, images, seed=seed)

    monkeypatch.setattr(FeatureSet, "fitting", listen)
    words = ("--features", "words", "--folds", "2", "--limit", "100")
    assert knn(*words).json["best"]["accuracy"] > 0.4
    assert learned == [50, 50]
