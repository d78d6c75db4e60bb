"""Pixels are decoded once, and what is kept is whole, of these very files, or made again."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cvtool.datasets.pixels import pixel_cache
from cvtool.datasets.pixels.pixel_cache import ImageFile, cached_pixels
from cvtool.datasets.request import Request
from cvtool.errors import DataError

COUNT = 6


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    for number in range(COUNT):
        pixels = np.random.default_rng(number).integers(0, 256, (8, 9, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")
    return folder


@pytest.fixture
def decodings(monkeypatch):
    """Count how often anything is decoded."""
    counted, decode_files = [], pixel_cache.decode_files

    def decode(*given):
        counted.append(given)
        return decode_files(*given)

    monkeypatch.setattr(pixel_cache, "decode_files", decode)
    return counted


def listed(root, *more):
    status = [(path.name, path.stat()) for path in sorted(root.iterdir())]
    return [ImageFile(name, each.st_size, each.st_mtime_ns) for name, each in status] + list(more)


def read(root, files=None, **options):
    return cached_pixels(root, files or listed(root), Request(root, **options))


def expected(root):
    return np.stack([np.asarray(Image.open(path)) for path in sorted(root.iterdir())])


def test_what_was_decoded_is_read_again(root, decodings):
    first, second = read(root), read(root)
    assert len(decodings) == 1
    for decoded in (first, second):
        np.testing.assert_array_equal(decoded.pixels, expected(root))
        assert isinstance(decoded.pixels, np.memmap)
        assert decoded.files.names == tuple(f"{number}.png" for number in range(COUNT))
        assert decoded.files.sizes.tolist() == [[8, 9]] * COUNT
        assert decoded.files.modes.tolist() == ["RGB"] * COUNT
        assert decoded.files.damaged == {}


def test_damage_is_remembered_until_the_file_changes(root, decodings):
    (root / "2.png").write_bytes(b"no image")
    for _ in range(2):
        assert read(root).files.damaged == {2: "no known image format"}
    assert len(decodings) == 1
    Image.new("RGB", (9, 8)).save(root / "2.png")
    assert read(root).files.damaged == {}


def test_a_file_that_is_only_named_is_damaged_until_it_is_there(root, decodings):
    nobody = ImageFile("nobody.png", 0, 0)
    for _ in range(2):
        assert read(root, listed(root, nobody)).files.damaged == {COUNT: "no such file"}
    assert len(decodings) == 1
    Image.new("RGB", (9, 8)).save(root / "nobody.png")
    assert read(root).files.damaged == {}


def test_a_file_that_may_be_read_by_now_is_read(root, decodings, monkeypatch):
    open_file = os.open

    def deny(path, *options, **more):
        if str(path).endswith("3.png"):
            raise PermissionError(13, "Permission denied")
        return open_file(path, *options, **more)

    with monkeypatch.context() as denied:
        denied.setattr("os.open", deny)
        denied.setattr("os.access", lambda *_: False)
        for _ in range(2):
            assert read(root).files.damaged == {3: "permission denied"}
    assert len(decodings) == 1
    decoded = read(root)
    assert decoded.files.damaged == {}
    np.testing.assert_array_equal(decoded.pixels, expected(root))


@pytest.mark.parametrize("name", ["pixels.npy", "sizes.npy", "modes.npy", "damaged.json"])
@pytest.mark.parametrize("length", [0, 20, -1, None])
def test_what_is_not_whole_is_made_again(root, name, length):
    (root / "4.png").write_bytes(b"no image")
    file = read(root).folder / name
    if length is None:
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:length])
    decoded = read(root)
    assert decoded.files.damaged == {4: "no known image format"}
    assert decoded.files.modes.tolist() == ["RGB"] * 4 + ["", "RGB"]
    assert (decoded.pixels[5] == np.asarray(Image.open(root / "5.png"))).all()
    assert len(list(decoded.folder.parent.iterdir())) == 1


@pytest.mark.parametrize("where", ["numpy.save", "pathlib.Path.write_text", "pathlib.Path.replace"])
def test_a_kill_leaves_nothing_that_is_taken_for_whole(root, decodings, monkeypatch, where):
    def kill(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(where, kill)
        killed.setattr("shutil.rmtree", lambda *_, **__: None)  # the dead clear nothing away
        with pytest.raises(KeyboardInterrupt):
            read(root)
    np.testing.assert_array_equal(read(root).pixels, expected(root))
    assert len(decodings) == 2


def test_what_the_dead_have_left_is_cleared_away_later(root):
    folder = read(root).folder
    for name, hours in ((".unfinished-new", 1), (".unfinished-old", 25), ("earlier state", 0)):
        (folder.parent / name).mkdir()
        then = folder.stat().st_mtime - hours * 3600
        os.utime(folder.parent / name, (then, then))
    (root / "0.png").unlink()
    after = read(root).folder
    assert {each.name for each in after.parent.iterdir()} == {".unfinished-new", after.name}


@pytest.mark.parametrize("room", [1000, 300])  # for the header but not the pixels; for neither
def test_a_full_disk_is_one_sentence_and_leaves_nothing(root, room, cache_folder):
    resource = pytest.importorskip("resource", reason="limits the size of files")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        with pytest.raises(DataError, match=r"cannot keep decoded images in .* \(.+\): make room"):
            read(root)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(cache_folder.glob("images/*/*")) == []


@pytest.mark.parametrize("failing", ["numpy.save", "pathlib.Path.write_text"])
def test_so_it_is_when_it_fills_up_at_the_end(root, monkeypatch, failing, cache_folder):
    def fill(*_):
        raise OSError("144 requested and 0 written")  # as NumPy says it

    monkeypatch.setattr(failing, fill)
    with pytest.raises(DataError, match=r"\(144 requested and 0 written\): make room"):
        read(root)
    assert list(cache_folder.glob("images/*/*")) == []


def test_sizes_are_kept_apart(root, decodings):
    assert read(root, image_size=4).pixels.shape == (COUNT, 4, 4, 3)
    assert read(root).pixels.shape == (COUNT, 8, 9, 3)
    assert read(root, image_size=4).pixels.shape == (COUNT, 4, 4, 3)
    assert len(decodings) == 2


def test_any_name_of_a_folder_will_do(root):
    for name in ("n" * 255, "ä" * 120, os.fsdecode(b"caf\xe9 " * 40)):
        renamed = root.rename(root.with_name(name))
        assert len(read(renamed).pixels) == COUNT
        root = Path(renamed)
