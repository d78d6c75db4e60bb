"""``cvtool data`` as a user meets it: lists, names, pictures, room."""

import gzip
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import cvtool.render.plots
from cvtool.datasets.downloads.catalog import KNOWN, KnownDataset, KnownFile

Run = Any


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Remember what pictures would be drawn: matplotlib would take most of the time."""
    pictures: list[Any] = []

    def draw(given: list[Any], folder: Path) -> None:
        pictures.extend((folder, each) for each in given)

    monkeypatch.setattr(cvtool.render.plots, "draw_pictures", draw)
    return pictures


@pytest.fixture(autouse=True)
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the user's compiled kernels out of what is cleaned."""
    monkeypatch.setattr("cvtool.experiments.data_clean.CACHE", tmp_path / "cache/kernels/ours")
    return tmp_path / "cache/kernels"


@pytest.fixture
def photos(draw_image: Run) -> Path:
    for name in ("cat", "dog"):
        for number in range(6):
            draw_image(Path("photos", name, f"{number}.png"), 30 * number + 100 * (name == "dog"))
    return Path("photos")


def test_the_list_knows_what_is_embedded_imported_and_to_be_fetched(command: Run) -> None:
    command("data", "import", "digits", "--name", "mine")
    entries = {entry["name"]: entry for entry in command("data", "list", "--json").json}
    assert entries["digits"]["kind"] == "embedded"
    assert entries["mine"] == {
        "name": "mine",
        "kind": "imported",
        "state": "ready",
        "images": 1500,
        "test_images": 297,
        "classes": 10,
        "shape": [8, 8, 1],
        "bytes": entries["mine"]["bytes"],
        "summary": "from digits",
    }
    assert entries["mine"]["bytes"] > 1797 * 64
    assert entries["cifar-10"]["state"] == "not fetched"


def test_a_damaged_data_set_is_listed_and_stops_nobody(command: Run) -> None:
    command("data", "import", "digits", "--name", "mine")
    Path("data/mine/dataset.json").write_text("{")
    entries = {entry["name"]: entry for entry in command("data", "list", "--json").json}
    assert entries["mine"]["state"].startswith("damaged: ")
    assert entries["digits"]["state"] == "ready"


def test_an_import_is_used_by_its_name(command: Run, train: Run, photos: Path) -> None:
    imported = command("data", "import", str(photos), "--image-size", "8", "--json").json
    assert (imported["name"], imported["path"]) == ("photos", "data/photos")
    assert (imported["images"], imported["classes"], imported["shape"]) == (12, 2, [8, 8, 3])
    by_name = train("--dataset", "photos").json
    by_path = train("--dataset", "./photos", "--image-size", "8").json
    assert by_name["weights_checksum"] == by_path["weights_checksum"]


def test_the_data_folder_can_be_elsewhere(
    command: Run, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CVTOOL_DATA", str(tmp_path / "shared"))
    command("data", "import", str(photos), "--name", "mine", "--image-size", "8")
    assert (tmp_path / "shared/mine/dataset.json").is_file()
    assert command("data", "show", "mine", "--json").json["images"] == 12


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("import", "digits"), 2, "'digits' is the name of a data set already"),
        (("import", "digits", "--name", "cifar-10"), 2, "choose another --name"),
        (("import", "digits", "--name", "downloads"), 2, "choose another --name"),
        (("import", "digits", "--name", "../up"), 2, "--name takes up to 100 letters"),
        (("import", "digits", "--name", "photos"), 2, "there is a data set 'photos' already"),
        (("import", "nowhere/at.all"), 3, "there is no file or folder"),
        (("import",), 2, "missing argument"),
        (("show", "digits", "--per-class", "0"), 2, "--per-class takes a number of at least 1"),
        (("show", "digits", "--augment", "turn"), 2, "--augment does not know 'turn'"),
        (("show", "digits", "--exclude", "none.txt"), 3, "cannot read --exclude none.txt"),
        (("fetch", "cifar-11"), 2, "did you mean"),
        (("fetch", "cifar-10"), 2, "cifar-10 is there already"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_one_sentence_and_nothing_written(
    command: Run, words: tuple[str, ...], code: int, sentence: str
) -> None:
    for name in ("photos", "cifar-10"):
        Path("data", name).mkdir(parents=True)
    ending = command("data", *words)
    assert (ending.code, ending.out) == (code, "")
    assert sentence in ending.err
    assert sorted(path.name for path in Path("data").iterdir()) == ["cifar-10", "photos"]
    assert not Path("runs").exists()


def test_show_keeps_a_run_with_pictures(command: Run, photos: Path, drawn: list[Any]) -> None:
    shown = command(
        *("data", "show", str(photos), "--per-class", "3", "--augmented", "--json"),
    ).json
    assert shown["class_counts"] == {"train": {"cat": 6, "dog": 6}}
    assert shown["pictures"] == [f"{shown['run']}/plots/{name}.png" for name in NAMES]
    assert [picture.name for _, picture in drawn] == NAMES
    assert {folder for folder, _ in drawn} == {Path(shown["run"], "plots")}
    assert json.loads(Path(shown["run"], "result.json").read_text()) == shown
    means, examples, augmented = (picture for _, picture in drawn)
    assert [picture.above for _, row in means.rows for picture in row] == ["cat", "dog"]
    assert [(name, len(row)) for name, row in examples.rows] == [("cat", 3), ("dog", 3)]
    assert [(name, len(row)) for name, row in augmented.rows] == [("cat", 9), ("dog", 9)]


NAMES = ["means", "examples", "augmented"]


def test_show_repeats_itself_from_its_settings(
    command: Run, photos: Path, drawn: list[Any]
) -> None:
    first = command("data", "show", str(photos), "--seed", "3", "--per-class", "2", "--json").json
    again = command("data", "show", "--config", f"{first['run']}/config.toml", "--json").json
    assert (first["run"], again["run"]) == (
        "runs/data-show-photos-001",
        "runs/data-show-photos-002",
    )
    one, other = drawn[1][1], drawn[3][1]
    for (_, row), (_, same) in zip(one.rows, other.rows, strict=True):
        for picture, equal in zip(row, same, strict=True):
            np.testing.assert_array_equal(picture.image, equal.image)


def test_a_look_at_data_is_no_network(command: Run) -> None:
    run = command("data", "show", "digits", "--json").json["run"]
    for words in (("evaluate", run), ("train-cnn", "--resume", run)):
        ending = command(*words)
        assert ending.code == 3
        assert "is a run of 'data show', not of a network" in ending.sentence


def test_clean_removes_what_can_be_made_again(command: Run, photos: Path, kernels: Path) -> None:
    for version in ("ours", "older"):
        (kernels / version).mkdir(parents=True)
    command("data", "show", str(photos))
    command("data", "import", "digits", "--name", "mine")
    Path("data/.unfinished-x").mkdir()
    os.utime("data/.unfinished-x", (0, 0))
    Path("data/.unfinished-by-another").mkdir()
    Path("data/downloads/mnist").mkdir(parents=True)
    Path("data/downloads/mnist/images.gz.part").write_bytes(b"half")
    would = command("data", "clean", "--dry-run", "--json").json
    assert {each["what"] for each in would} == {
        "decoded images",
        "old kernels",
        "unfinished data set",
        "unfinished download",
    }
    assert not any(each["removed"] for each in would)
    assert all(Path(each["path"]).exists() for each in would)
    done = command("data", "clean", "--json").json
    assert [each["path"] for each in done] == [each["path"] for each in would]
    assert not any(Path(each["path"]).exists() for each in done)
    assert command("data", "clean", "--json").json == []
    assert Path("data/mine").is_dir()
    assert (kernels / "ours").is_dir()


def test_downloads_go_only_when_told_and_stored(command: Run) -> None:
    for name in ("stored", "not-yet"):
        Path("data/downloads", name).mkdir(parents=True)
        Path("data/downloads", name, "file").write_bytes(b"123")
    command("data", "import", "digits", "--name", "stored")
    assert command("data", "clean", "--json").json == []
    (gone,) = command("data", "clean", "--downloads", "--json").json
    assert gone == {
        "what": "download",
        "path": "data/downloads/stored",
        "bytes": 3,
        "removed": True,
    }
    assert Path("data/downloads/not-yet/file").exists()


def test_every_command_leaves_out_what_a_list_says(command: Run, train: Run, photos: Path) -> None:
    Path("list.txt").write_text("cat/0.png\tblurred\n")
    excluding = ("--exclude", "list.txt", "--image-size", "8")
    shown = command("data", "show", str(photos), *excluding, "--json").json
    assert shown["class_counts"] == {"train": {"cat": 5, "dog": 6}}
    imported = command("data", "import", str(photos), "--name", "fewer", *excluding, "--json").json
    assert imported["images"] == 11
    trained = train("--dataset", str(photos), *excluding).json
    assert trained["train_images"] + trained["val_images"] == 11
    assert command("evaluate", trained["run"], "--json").json["images"] == trained["val_images"]
    Path("list.txt").write_text("cat/1.png\n")
    resumed = command("train-cnn", "--resume", trained["run"], "--epochs", "2")
    assert "has changed since" in resumed.sentence
    Image.new("L", (3, 3)).save("photos/cat/0.png")


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Publish a tiny data set in the layout of MNIST, and bring its files along by hand."""
    random = np.random.default_rng(0)
    arrays = {
        "train-images-idx3-ubyte.gz": random.integers(0, 256, (60, 8, 8)),
        "train-labels-idx1-ubyte.gz": np.arange(60) % 3,
    }
    Path("given").mkdir()
    files = []
    for name, array in arrays.items():
        header = bytes((0, 0, 8, array.ndim)) + b"".join(n.to_bytes(4) for n in array.shape)
        content = gzip.compress(header + array.astype(np.uint8).tobytes())
        Path("given", name).write_bytes(content)
        files.append(KnownFile(name, len(content), hashlib.sha256(content).hexdigest()))
    published = KnownDataset("tiny", 60, 0, 3, (8, 8, 1), tuple(files), ("http://127.0.0.1:9/",))
    monkeypatch.setitem(KNOWN, "tiny", published)
    return Path("given")


def test_what_was_brought_by_hand_is_stored_and_used(command: Run, train: Run, given: Path) -> None:
    stored = command("data", "fetch", "tiny", "--from", str(given), "--json").json
    assert (stored["name"], stored["images"], stored["shape"]) == ("tiny", 60, [8, 8, 1])
    (entry,) = (each for each in command("data", "list", "--json").json if each["name"] == "tiny")
    assert (entry["kind"], entry["state"], entry["classes"]) == ("fetchable", "ready", 3)
    assert train("--dataset", "tiny").json["dataset"] == "tiny"
    assert "is there already" in command("data", "fetch", "tiny").sentence
    (gone,) = command("data", "clean", "--downloads", "--json").json
    assert gone["path"] == "data/downloads/tiny"
    assert train("--dataset", "tiny").code == 0


def test_a_damaged_file_is_told_with_both_hashes(command: Run, given: Path) -> None:
    name = "train-images-idx3-ubyte.gz"
    content = (given / name).read_bytes()
    (given / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    ending = command("data", "fetch", "tiny", "--from", str(given))
    assert (ending.code, ending.out) == (3, "")
    assert hashlib.sha256(content).hexdigest() in ending.err
    assert hashlib.sha256((given / name).read_bytes()).hexdigest() in ending.err
    assert not Path("data/tiny").exists()


@pytest.mark.usefixtures("given")
def test_without_a_network_it_says_where_to_put_the_files(command: Run) -> None:
    ending = command("data", "fetch", "tiny", "--mirror", "http://127.0.0.1:9/mine")
    assert ending.code == 3
    assert "http://127.0.0.1:9/mine/train-images-idx3-ubyte.gz could not be reached" in ending.err
    assert "put it at data/downloads/tiny/train-images-idx3-ubyte.gz" in ending.err


KEYS = {"ok", "images", "classes", "damaged", "duplicates", "conflicts", "mean", "std"}
"""What scripts rely on."""


def test_a_sound_data_set_passes(command: Run, photos: Path) -> None:
    ending = command("data", "check", str(photos), "--json")
    assert ending.code == 0
    assert set(ending.json) >= KEYS
    assert (ending.json["ok"], ending.json["images"], ending.json["classes"]) == (True, 12, 2)
    assert not any(ending.json[name] for name in ("damaged", "duplicates", "conflicts"))
    assert ending.json == json.loads(Path(ending.json["run"], "result.json").read_text())
    assert ending.json["exclude"] is None


@pytest.fixture
def spoiled(photos: Path) -> Path:
    """Spoil photos: a cut file, a copy under another label, a copy under the same."""
    (photos / "cat/cut.png").write_bytes((photos / "cat/1.png").read_bytes()[:80])
    (photos / "dog/again.png").write_bytes((photos / "cat/2.png").read_bytes())
    (photos / "dog/twice.png").write_bytes((photos / "dog/3.png").read_bytes())
    return photos


def test_what_is_wrong_is_found_named_and_left_out_by_the_list(
    command: Run, train: Run, spoiled: Path, drawn: list[Any]
) -> None:
    before = {path: path.read_bytes() for path in spoiled.rglob("*.png")}
    ending = command("data", "check", str(spoiled), "--fix", "--json")
    assert (ending.code, ending.json["ok"]) == (4, False)
    assert [each["file"] for each in ending.json["damaged"]] == ["cat/cut.png"]
    (conflict,) = ending.json["conflicts"]
    assert conflict == {"files": ["cat/2.png", "dog/again.png"], "labels": ["cat", "dog"]}
    (duplicate,) = ending.json["duplicates"]
    assert (duplicate["kind"], duplicate["files"]) == ("exact", ["dog/3.png", "dog/twice.png"])
    assert [picture.name for _, picture in drawn] == ["conflicts", "duplicates"]
    assert {path: path.read_bytes() for path in spoiled.rglob("*.png")} == before
    exclude = ending.json["exclude"]
    again = command("data", "check", str(spoiled), "--exclude", exclude, "--json")
    assert (again.code, again.json["ok"]) == (0, True)
    assert train("--dataset", str(spoiled)).code == 3
    trained = train("--dataset", str(spoiled), "--exclude", exclude, "--image-size", "8").json
    assert trained["train_images"] + trained["val_images"] == 11


def test_images_of_several_sizes_are_compared_at_one(command: Run, photos: Path) -> None:
    with Image.open(photos / "cat/1.png") as image:
        image.resize((48, 40)).save(photos / "dog/larger.png")
    ending = command("data", "check", str(photos), "--json")
    assert ending.json["sizes"] == {"10×12": 12, "40×48": 1}
    assert "compared at 64×64" in ending.err


def test_data_that_is_none_ends_in_3(command: Run) -> None:
    for path in ("nothing/here", "empty"):
        Path("empty").mkdir(exist_ok=True)
        assert command("data", "check", path, "--json").code == 3
    assert not Path("runs").exists()


def test_show_draws_what_a_whitening_does(command: Run, drawn: list[Any]) -> None:
    command("data", "show", "digits", "--preprocess", "channel-mean,zca", "--per-class", "1")
    names = [picture.name for _, picture in drawn]
    assert names[:2] == ["means", "examples"]
    assert names[2:] == ["preprocessing", "principal-components", "zca-filters"]
    for words in (("--preprocess", "zca,pca-whiten"), ("--preprocess", "whiten")):
        assert command("data", "show", "digits", *words).code == 2


@pytest.mark.parametrize("name", ["spiral", "shapes:images=20,test_images=5"])
def test_every_kind_of_data_can_be_shown_checked_and_imported(
    command: Run, name: str, drawn: list[Any]
) -> None:
    assert command("data", "show", name, "--per-class", "1").code == 0
    assert drawn
    assert command("data", "check", name).code in (0, 4)
    assert command("data", "import", name, "--name", "mine").code == 0
    checksums = [
        json.loads(Path(run, "environment.json").read_text())["data_checksum"]
        for run in (
            command("data", "check", "mine", "--json").json["run"],
            command("data", "check", name, "--json").json["run"],
        )
    ]
    assert checksums[0] == checksums[1]


def test_a_link_in_a_circle_is_told(command: Run) -> None:
    Path("circle").symlink_to("circle")
    ending = command("data", "import", "circle")
    assert (ending.code, ending.out) == (3, "")
    assert "cannot read circle" in ending.sentence
