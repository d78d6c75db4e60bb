"""Lists of files and labels, as people and programs write them."""

import os

import numpy as np
import pytest
from PIL import Image

from cvtool.datasets.opening import damaged, open_as_it_is, open_dataset, unlabeled
from cvtool.errors import DataError

NAMES = ("a.png", "sub/b.png", "c d.png", "ü.png")


@pytest.fixture
def pixels(tmp_path):
    (tmp_path / "sub").mkdir()
    images = np.random.default_rng(0).integers(0, 256, (4, 3, 2, 3)).astype(np.uint8)
    for name, image in zip(NAMES, images, strict=True):
        Image.fromarray(image).save(tmp_path / name)
    return images


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return str(path)


def table(separator, *, quote="", end="\n", header=True):
    rows = [(f"{quote}{name}{quote}", f"k{at % 2}") for at, name in enumerate(NAMES)]
    rows = [("File", "Label"), *rows] if header else rows
    return "".join(separator.join(row) + end for row in rows)


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_every_kind_of_table(tmp_path, pixels, encoding, quote, end, header):
    for name, separator in (("l.csv", ","), ("l.CSV", ";"), ("l.csv", "\t"), ("l.tsv", "\t")):
        text = table(separator, quote=quote, end=end, header=header)
        dataset = open_dataset(write(tmp_path / name, text, encoding))
        np.testing.assert_array_equal(dataset.train.images, pixels)
        assert dataset.train.labels.tolist() == [0, 1, 0, 1]
        assert dataset.classes == ("k0", "k1")
        assert dataset.train.files.names == NAMES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_plain_lines(tmp_path, pixels, encoding):
    lines = ["# files and labels", "", *(f"  ./{name}\t {at}" for at, name in enumerate(NAMES))]
    dataset = open_dataset(write(tmp_path / "l.txt", "\r\n".join(lines), encoding))
    np.testing.assert_array_equal(dataset.train.images, pixels)
    assert dataset.train.labels.tolist() == [0, 1, 2, 3]


def test_columns_are_found_by_name_and_parts_are_kept(tmp_path, pixels):
    text = "id,target,Subset,image_path\n1,x,train,a.png\n2,y,TEST,c d.png\n3,y,,ü.png\n"
    dataset = open_dataset(write(tmp_path / "l.csv", text + "4,x,val,sub/b.png"))
    assert dataset.train.files.names == ("a.png", "ü.png")
    np.testing.assert_array_equal(dataset.test.images[0], pixels[2])
    np.testing.assert_array_equal(dataset.validation.images[0], pixels[1])
    unnamed = open_dataset(
        write(tmp_path / "l.csv", "a.png,x,train\nü.png,y,train\nc d.png,x,test")
    )
    assert unnamed.test.files.names == ("c d.png",)


@pytest.mark.usefixtures("pixels")
def test_a_file_may_be_called_like_a_column(tmp_path):
    (tmp_path / "name").write_bytes((tmp_path / "a.png").read_bytes())
    dataset = open_dataset(write(tmp_path / "l.csv", "name,class\na.png,k"))
    assert dataset.train.files.names == ("name", "a.png")


@pytest.mark.usefixtures("pixels")
def test_classes_are_in_natural_order(tmp_path):
    for labels, order in (
        (("10", "9", "2", "01"), ("01", "2", "9", "10")),
        (("b10", "a", "b9", "b"), ("a", "b", "b9", "b10")),
    ):
        rows = [f"{name},{label}" for name, label in zip(NAMES, labels, strict=True)]
        assert open_dataset(write(tmp_path / "l.csv", "\n".join(rows))).classes == order


def test_paths_may_leave_the_folder_of_the_list(tmp_path, pixels):
    (tmp_path / "lists").mkdir()
    text = f"{tmp_path / 'a.png'},x\n../c d.png,y"
    dataset = open_dataset(write(tmp_path / "lists" / "l.csv", text))
    np.testing.assert_array_equal(dataset.train.images, pixels[[0, 2]])


@pytest.mark.usefixtures("pixels")
def test_files_that_are_missing_and_labels_that_are_keep_their_places(tmp_path):
    (tmp_path / "loop.png").symlink_to("loop.png")
    long = "n" * 5000
    text = f"a.png,x\ngone.png,y\nc d.png,\nloop.png,y\n{long},x\nü.png,y"
    path = write(tmp_path / "l.csv", text)
    train = open_as_it_is(path).train
    assert [train.files.names[at] for at in damaged(train)] == ["gone.png", "loop.png", long]
    assert unlabeled(train, 2).tolist() == [2]
    with pytest.raises(DataError, match=r"gone\.png and 2 more files .*data check --fix"):
        open_dataset(path)
    path = write(tmp_path / "l.csv", "a.png,x\nc d.png,\nü.png,y")
    with pytest.raises(DataError, match=r"c d\.png of l\.csv has no label: mend that"):
        open_dataset(path)


@pytest.mark.usefixtures("pixels")
@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("l.csv", "", "gives no label to any training image"),
        ("l.csv", "file,label\n", "gives no label to any training image"),
        ("l.csv", "a.png,\n", "gives no label"),
        ("l.csv", "a.png,x,test", "gives no label to any training image"),
        ("l.csv", "gone.png,x\nlost.png,y", r"none of the 2 files .* \(the first is 'gone.png'\)"),
        ("l.csv", "a.png,x\nb.png,y,train,1", "line 2 of .* has 4 columns"),
        ("l.csv", "a.png\n", "line 1 of .* has 1 columns"),
        ("l.csv", "image,breed\na.png,x", "line 1 of .* but none of them 'label'"),
        ("l.csv", "breed,label\na.png,x", "line 1 of .* but none of them 'file'"),
        ("l.csv", "a.png,x\n\n,y", "line 3 of .* names no file"),
        ("l.csv", "a.png,x\n./a.png,y", r"line 2 of .* lists a\.png again, which line 1 does"),
        ("l.csv", "a.png,x,train\nü.png,y,later", "line 2 of .* has the part 'later'"),
        ("l.csv", "a.png,x,train\nü.png,y,test", "line 2 of .* has the class 'y', which no train"),
        ("l.csv", 'a.png,x\n"ü.png,y', "line 2 of .* is damaged"),
        ("l.csv", "a.png,x\n" + "ü" * 200_000 + ",y", "line 2 of .* is damaged"),
        ("l.csv", "a.png,x\nü\0.png,y", "line 2 of .* no path"),
        ("l.csv", "a.png,x\nsub,y", "line 2 of .* leads to sub, which is no file"),
        ("l.csv", "a.png,x\npipe,y", "line 2 of .* leads to pipe, which is no file"),
        ("l.txt", "a.png x\n/dev/zero y", "line 2 of .* leads to /dev/zero, which is no file"),
        ("l.txt", "a.png x\nc d.png x", "has the one class 'x'"),
        ("l.txt", "just_a_word", "is no data set that is known"),
    ],
)
def test_what_is_not_understood_is_told_with_its_line(tmp_path, name, text, words):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError, match=words):
        open_dataset(write(tmp_path / name, text))


@pytest.mark.usefixtures("pixels")
def test_lists_that_are_too_long_are_told(tmp_path, monkeypatch):
    path = write(tmp_path / "l.csv", table(","))
    monkeypatch.setattr("cvtool.datasets.layouts.tables._MOST_LINES", 3)
    with pytest.raises(DataError, match="has more than 3 lines"):
        open_dataset(path)
    monkeypatch.setattr("cvtool.datasets.layouts.tables._LARGEST", 30)
    with pytest.raises(DataError, match="too many for a list"):
        open_dataset(path)
