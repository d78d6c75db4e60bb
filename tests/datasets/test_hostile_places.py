"""Paths, names and links that lead astray end in one sentence, and nothing waits for ever."""

import os
import stat
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cvtool.datasets.opening import open_dataset
from cvtool.datasets.request import Request
from cvtool.errors import CvtoolError, DataError, UsageError

NOT_UTF8 = os.fsdecode(b"caf\xe9")


def save_image(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.zeros((2, 2), np.uint8)).save(path, "png")
    return path


def save_classes(root, names=("cat", "dog")):
    for name in names:
        save_image(root / name / "one.png")
    return root


def names_that_are_bytes(tmp_path):
    try:
        (tmp_path / NOT_UTF8).touch()
    except OSError:
        pytest.skip("names must be text on this disk")
    return tmp_path


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_pipes_and_devices_are_never_opened(tmp_path, make):
    make(tmp_path / "thing")
    with pytest.raises(DataError, match="thing is a device, pipe or socket"):
        open_dataset(str(tmp_path / "thing"))
    for name in ("data_batch_1.bin", "train", "train-images-idx3-ubyte", "some.npz", "list.csv"):
        folder = tmp_path / name.replace(".", "-")
        folder.mkdir()
        make(folder / name)
        with pytest.raises(DataError, match=r"is no data set|is a device"):
            open_dataset(str(folder))
        with pytest.raises(DataError, match="is a device"):
            open_dataset(str(folder / name))


def test_lists_of_images_to_leave_out_are_files(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(DataError, match="is no file"):
            open_dataset("digits", excluded=str(path))


def test_pipes_among_images_are_passed_over(tmp_path):
    save_classes(tmp_path)
    os.mkfifo(tmp_path / "cat" / "pipe.png")
    assert len(open_dataset(str(tmp_path)).train) == 2


def test_links_in_circles_are_told(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(DataError, match=r"cannot read .*/a \(Too many levels of symbolic links\)"):
        open_dataset(str(tmp_path / "a"))
    assert Request(tmp_path / "a").name == "a"
    save_classes(tmp_path / "set")
    (tmp_path / "set" / "cat" / "two.png").symlink_to("two.png")
    with pytest.raises(DataError, match=r"two\.png \(Too many levels"):
        open_dataset(str(tmp_path / "set"))


def test_folders_in_circles_are_not_followed(tmp_path):
    save_classes(tmp_path)
    (tmp_path / "cat" / "up").symlink_to("..")
    assert len(open_dataset(str(tmp_path)).train) == 2
    (tmp_path / "self").symlink_to(".")
    with pytest.raises(DataError, match=r"class folder 'self' .* holds no images"):
        open_dataset(str(tmp_path))


def test_very_deep_folders_are_no_matter(tmp_path, monkeypatch):
    save_classes(tmp_path)
    monkeypatch.chdir(tmp_path / "cat")
    for _ in range(500):  # deeper than any path may be long
        Path("deep-folder").mkdir()
        os.chdir("deep-folder")
    assert len(open_dataset(str(tmp_path)).train) == 2
    with pytest.raises(DataError, match="File name too long"):
        open_dataset(str(tmp_path / "cat" / Path(*["deep-folder"] * 500)))


@pytest.mark.parametrize(
    "text", ["n" * 5000, "/" * 5000 + "x", "~nobody-of-that-name", "~/there/is/none", "x:y=z", ":"]
)
def test_paths_that_lead_nowhere_are_told(tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CvtoolError, match=": "):
        open_dataset(text)


def test_paths_that_are_no_text_are_told(tmp_path):
    for text in (f"{names_that_are_bytes(tmp_path)}/{NOT_UTF8}", "a\0b"):
        with pytest.raises(UsageError, match="is no text in UTF-8"):
            open_dataset(text)


def test_names_that_are_no_text_can_be_shown(tmp_path, monkeypatch):
    root = names_that_are_bytes(tmp_path) / "set" / f"\x1b[2J{NOT_UTF8}"
    save_classes(root, (NOT_UTF8, "b\n"))
    save_image(root / "b\n" / NOT_UTF8)
    monkeypatch.chdir(root)
    dataset = open_dataset(".")
    assert dataset.name == r"\x1b[2Jcaf\udce9"
    assert dataset.classes == (r"b\n", r"caf\udce9")
    assert dataset.train.files.names[0] == f"b\n/{NOT_UTF8}"


def test_no_sentence_can_move_the_cursor():
    assert (
        str(DataError("red \x1b[31m\r\nline\u2028 ü × 🙂")) == r"red \x1b[31m\r\nline\u2028 ü × 🙂"
    )


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may look into any folder"
)
def test_what_must_not_be_read_is_told_or_passed_over(tmp_path):
    save_classes(tmp_path)
    locked = tmp_path / "cat" / "one.png"
    locked.chmod(0)
    with pytest.raises(DataError, match="Permission denied"):
        open_dataset(str(tmp_path))
    locked.chmod(stat.S_IRUSR)
    (tmp_path / "cat").chmod(0)
    with pytest.raises(DataError, match="Permission denied"):
        open_dataset(str(tmp_path))
    (tmp_path / "cat").chmod(stat.S_IRWXU)
