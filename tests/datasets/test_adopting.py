"""Files that people bring themselves are taken in if they are what they should be."""

from hashlib import sha256

import pytest

from cvtool.datasets.downloads.adopting import adopt
from cvtool.datasets.downloads.catalog import KNOWN, KnownDataset, KnownFile
from cvtool.errors import DataError, UsageError

FILES = {"images.gz": b"images" * 1000, "labels.gz": b"labels" * 100}


@pytest.fixture(autouse=True)
def known(monkeypatch):
    files = tuple(
        KnownFile(name, len(content), sha256(content).hexdigest())
        for name, content in FILES.items()
    )
    for name, some in {"tiny": files[:1], "pair": files}.items():
        monkeypatch.setitem(KNOWN, name, KnownDataset("", 1, 1, 1, (1, 1, 1), some, ()))


@pytest.fixture
def brought(tmp_path):
    folder = tmp_path / "brought"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    return folder


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_file_is_copied_whatever_it_is_called(tmp_path, brought):
    given = (brought / "images.gz").rename(brought / "images (1).gz")
    assert adopt("tiny", tmp_path / "data", given) == [tmp_path / "data" / "images.gz"]
    assert contents(tmp_path / "data") == {"images.gz": FILES["images.gz"]}
    assert given.exists()


def test_a_folder_gives_all_its_files(tmp_path, brought):
    paths = adopt("pair", tmp_path / "data", brought)
    assert [path.name for path in paths] == list(FILES)
    assert contents(tmp_path / "data") == FILES
    assert contents(brought) == FILES


def test_files_can_be_brought_one_by_one(tmp_path, brought):
    data = tmp_path / "data"
    with pytest.raises(DataError, match=r"pair needs labels\.gz too: .* all 2 files"):
        adopt("pair", data, brought / "images.gz")
    assert contents(data) == {"images.gz": FILES["images.gz"]}
    adopt("pair", data, brought / "labels.gz")
    assert contents(data) == FILES


def test_files_may_lie_where_they_belong_already(brought):
    adopt("pair", brought, brought)
    adopt("tiny", brought, brought / "images.gz")
    assert contents(brought) == FILES


def test_damage_is_told_and_nothing_is_taken(tmp_path, brought):
    path = brought / "images.gz"
    path.write_bytes(FILES["images.gz"][:-1] + b"x")
    wanted, seen = (sha256(each).hexdigest() for each in (FILES["images.gz"], path.read_bytes()))
    with pytest.raises(
        DataError, match=rf"images\.gz, or is damaged \(sha256 wanted {wanted}, seen {seen}\)"
    ):
        adopt("tiny", tmp_path / "data", path)
    assert contents(tmp_path / "data") == {}


def test_a_damaged_file_is_replaced_by_a_whole_one_only(tmp_path, brought):
    data = tmp_path / "data"
    data.mkdir()
    (data / "images.gz").write_bytes(b"damaged")
    (brought / "cut.gz").write_bytes(FILES["images.gz"][:-1])
    with pytest.raises(DataError, match=r"has 6,000 bytes, not 5,999: download it again"):
        adopt("tiny", data, brought / "cut.gz")
    assert contents(data) == {"images.gz": b"damaged"}
    adopt("tiny", data, brought)
    assert contents(data) == {"images.gz": FILES["images.gz"]}


def test_what_is_no_file_of_the_set_is_told(tmp_path, brought):
    (brought / "images").write_bytes(b"unpacked")
    (tmp_path / "empty").mkdir()
    for given, words in {
        brought / "images": r"images has 8 bytes and is none of them",
        tmp_path / "empty": r"the folder .*empty holds none of them",
        tmp_path / "nowhere": r"there is no file or folder '.*nowhere'",
    }.items():
        with pytest.raises(DataError, match=rf"images\.gz \(6,000 bytes\), .*{words}.*unpacked"):
            adopt("pair", tmp_path / "data", given)
    assert not (tmp_path / "data").exists()


def test_an_unknown_name_gets_a_hint(tmp_path, brought):
    with pytest.raises(UsageError, match="did you mean 'mnist'"):
        adopt("mnits", tmp_path, brought)
