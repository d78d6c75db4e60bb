"""A look inside whole runs: what is said, what is drawn, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import safetensors.numpy
from matplotlib.figure import Figure

import cvtool.render.inspecting
from cvtool.diagnostics.inspection import ascent
from cvtool.models.network import checksum
from cvtool.runs import RunFolder
from cvtool.runs.pictures import kept_pictures

Run = Callable[..., Any]
FEW = ("--filters", "2", "--patches", "3", "--examples", "2", "--limit", "20")


@pytest.fixture(autouse=True)
def _save_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do without drawing, and climb only a little."""
    monkeypatch.setattr(Figure, "savefig", lambda _, file, **__: file.write(b"picture"))
    monkeypatch.setattr(ascent, "STEPS", 2)


def kept(run: str) -> list[Any]:
    """Read the galleries that are kept beside the pictures."""
    return list(kept_pictures(RunFolder.open(run).inside_pictures))


@pytest.fixture
def mine(train: Run) -> Any:
    """Train a run called ``mine`` that is right sometimes."""
    arch = "conv3-4 + bn + relu + res(conv3-6/2 + relu) + relu + conv1-3 + relu"
    return train("--arch", arch, "--limit", "200", "--epochs", "2", "--name", "mine").json


def files_in(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


@pytest.mark.usefixtures("mine")
def test_everything_that_is_named_is_there(command: Run) -> None:
    said = command("inspect", "mine", *FEW, "--json").json
    assert (said["run"], said["folder"]) == ("runs/mine", "runs/mine/inspect")
    assert said["images_looked_at"] == 20
    names = ["conv1", "res1/conv1", "res1/shortcut/conv1", "conv2"]
    assert [each["name"] for each in said["layers"]] == names
    assert [each["filters"] for each in said["layers"]] == [4, 6, 6, 3]
    assert [each["shown"] for each in said["layers"]] == [2] * 4
    assert [each["receptive_field"] for each in said["layers"]] == [3, 5, 3, 5]
    assert len(said["images"]) == 2
    slugs = [f"validation-{each['position']}" for each in said["images"]]
    of_filters = [
        f"{name.replace('/', '-')}-{what}" for name in names for what in ("patches", "pattern")
    ]
    expected = [*of_filters, *(f"maps-{slug}" for slug in slugs), "decisions"]
    assert [gallery.name for gallery in kept("mine")] == expected
    assert said["pictures"] == [f"runs/mine/inspect/{name}.png" for name in expected]
    pngs = [f"{name}.png" for name in expected]
    assert files_in("runs/mine/inspect") == sorted([*pngs, "pictures.safetensors"])
    assert all(
        len(dict(gallery.rows)) == 2 for gallery in kept("mine") if "patches" in gallery.name
    )


@pytest.mark.usefixtures("mine")
def test_what_is_looked_into_is_judged_as_everywhere(command: Run) -> None:
    said = command("inspect", "mine", *FEW, "--examples", "60", "--limit", "999", "--json").json
    assert said["images_looked_at"] == 40
    assert len(said["images"]) == 40  # there are no more
    right = [each["label"] == each["predicted"] for each in said["images"]]
    accuracy = command("evaluate", "mine", "--json").json["accuracy"]
    assert sum(right) / len(right) == pytest.approx(accuracy)
    assert right == sorted(right, reverse=True)
    assert len({each["position"] for each in said["images"]}) == 40


@pytest.mark.usefixtures("mine")
def test_examples_are_right_and_wrong_and_the_same_every_time(command: Run) -> None:
    first, again = (command("inspect", "mine", *FEW, "--limit", "40", "--json").json for _ in "12")
    assert first == again
    assert [each["label"] == each["predicted"] for each in first["images"]] == [True, False]


@pytest.mark.usefixtures("mine")
def test_named_files_are_looked_into_and_a_later_look_replaces_all(
    command: Run, draw_image: Run, tmp_path: Path
) -> None:
    command("inspect", "mine", *FEW)
    files = [
        str(draw_image(tmp_path / "one" / "cat 1.png", 100, (8, 8), "L")),
        str(draw_image(tmp_path / "two" / "Cat 1.jpg", 200, (30, 20), "RGB")),
    ]
    said = command("inspect", "mine", *files, *FEW, "--json").json
    assert [each["file"] for each in said["images"]] == files
    assert [each["label"] for each in said["images"]] == [None, None]
    predicted = command("predict", "mine", *files, "--json").json
    for one, other in zip(said["images"], predicted, strict=True):
        assert one["predicted"] == other["label"]
        assert one["probability"] == pytest.approx(other["probability"], rel=1e-5)
    maps = [name for name in files_in("runs/mine/inspect") if name.startswith("maps")]
    assert maps == ["maps-Cat-1-2.png", "maps-cat-1.png"]
    assert not list(Path("runs/mine").glob(".inspect*"))


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_what_goes_wrong_leaves_the_earlier_pictures(
    command: Run, monkeypatch: pytest.MonkeyPatch, error: Any
) -> None:
    command("inspect", "mine", *FEW)
    before = {path: path.read_bytes() for path in Path("runs/mine/inspect").iterdir()}

    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(cvtool.render.inspecting, "keep_pictures", fail)
    ending = command("inspect", "mine", *FEW, "--patches", "1")
    assert (ending.code, ending.out) == (130 if error is KeyboardInterrupt else 3, "")
    assert {path: path.read_bytes() for path in Path("runs/mine/inspect").iterdir()} == before
    assert not list(Path("runs/mine").glob(".inspect*"))


@pytest.mark.usefixtures("mine")
def test_people_see_the_folder_first_then_layers_images_and_verdicts(command: Run) -> None:
    lines = command("inspect", "mine", *FEW).out.splitlines()
    assert lines[0] == "runs/mine/inspect"
    text = "\n".join(lines)
    for words in ("res1/shortcut/conv1", "validation", "filters live", "20 validation images"):
        assert words in text


def test_networks_without_convolution_show_what_decisions_hang_on(command: Run, train: Run) -> None:
    train("--arch", "fc-8 + relu", "--name", "flat")
    said = command("inspect", "flat", *FEW, "--json").json
    assert (said["layers"], said["verdicts"]) == ([], [])
    assert "no convolution" in said["left_out"][0]
    command("linear", "--limit", "60", "--epochs", "1", "--name", "matrix", "--threads", "1")
    assert command("inspect", "matrix", *FEW, "--json").json["left_out"] == said["left_out"]
    assert [gallery.name for gallery in kept("matrix")] == ["decisions"]
    assert "left out: the network has no convolution" in command("inspect", "flat", *FEW).out


@pytest.mark.parametrize("preprocess", ["zca", "pca-whiten", "none"])
def test_every_preprocessing_is_seen_through(command: Run, train: Run, preprocess: str) -> None:
    train("--preprocess", preprocess, "--name", "white")
    said = command("inspect", "white", *FEW, "--json").json
    names = [gallery.name for gallery in kept("white")]
    assert ("conv1-pattern" in names) == (preprocess != "pca-whiten")
    assert bool(said["left_out"]) == (preprocess == "pca-whiten")
    assert sum(name.startswith("maps") for name in names) == 2


def kill(run: str, layer: str, filters: list[int]) -> None:
    """Give filters of a trained network a bias that no image makes up for."""
    path = Path("runs", run, "checkpoint", "best.safetensors")
    with safetensors.safe_open(path, "np") as file:
        facts = file.metadata()
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    arrays[f"network/{layer}/bias"][filters] = -1e6
    facts["checksum"] = checksum(dict(sorted(arrays.items())))
    safetensors.numpy.save_file(arrays, path, facts)


@pytest.mark.parametrize(("filters", "ok"), [([2], True), ([0, 1, 3], False)])
def test_dead_filters_are_told_of(command: Run, train: Run, filters: list[int], ok: bool) -> None:
    train("--arch", "conv3-4 + relu + conv3-3 + relu", "--name", "hurt")
    kill("hurt", "conv1", filters)
    said = command("inspect", "hurt", "--json").json
    assert said["layers"][0]["dead"] == filters
    (verdict,) = said["verdicts"]
    assert (verdict["check"], verdict["ok"]) == ("filters live", ok)
    assert verdict["value"] == len(filters) / 4
    count = f"{len(filters)} of the 4 filters of conv1 are zero on all of 12 images"
    assert count in verdict["message"]
    patches = dict(next(each for each in kept("hurt") if each.name == "conv1-patches").rows)
    marked = [number for number in range(4) if patches[f"filter {number}"][0].below == "dead"]
    assert marked == filters
    maps = dict(next(each for each in kept("hurt") if each.name.startswith("maps")).rows)
    assert [number for number in range(4) if "dead" in maps["conv1, 8×8"][number].below] == filters


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--dataset", "spiral", "--arch", "mlp"), "learned points in the plane"),
        (
            ("--dataset", "digits", "--features", "hog:cell=4", "--arch", "mlp"),
            "hog:cell=4 features of images",
        ),
    ],
)
def test_what_has_no_pictures_is_refused(
    command: Run, train: Run, words: tuple[str, ...], sentence: str
) -> None:
    train(*words, "--name", "other")
    ending = command("inspect", "other")
    assert (ending.code, ending.out) == (3, "")
    assert sentence in ending.sentence
    assert not Path("runs/other/inspect").exists()


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("mien",), 3, "did you mean 'mine'?"),
        (("mine", "there.png"), 3, "there.png"),
        (("mine", "--filters", "0"), 2, "--filters takes a number of at least 1, not 0"),
        (("mine", "--patches", "many"), 2, "--patches takes a whole number, not 'many'"),
    ],
)
def test_wrong_words_are_told_and_nothing_is_left(
    command: Run, words: tuple[str, ...], code: int, sentence: str
) -> None:
    ending = command("inspect", *words)
    assert (ending.code, ending.out) == (code, "")
    assert sentence in ending.sentence
    assert not [path for path in Path("runs/mine").iterdir() if "inspect" in path.name]
