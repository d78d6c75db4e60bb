"""What is too much for memory is drawn once, into a mapped file that is whole or not there."""

import shutil
from collections import namedtuple

import numpy as np
import pytest

from cvtool.datasets import in_the_making
from cvtool.datasets.embedded import generated
from cvtool.datasets.opening import open_dataset
from cvtool.errors import DataError

TEXT = "shapes:images=1200,test_images=30,size=8"


@pytest.fixture
def little_memory(monkeypatch):
    monkeypatch.setattr(generated, "MOST_IN_MEMORY", 1000)


def parts_of(data):
    return [(part.images.tobytes(), part.labels.tobytes()) for part in data.parts.values()]


@pytest.fixture
def in_memory():
    return open_dataset(TEXT)


def test_mapped_images_are_those_in_memory(in_memory, monkeypatch):
    assert in_memory.checksum_file is None
    monkeypatch.setattr(generated, "MOST_IN_MEMORY", 1000)
    mapped = open_dataset(TEXT)
    assert isinstance(mapped.train.images, np.memmap)
    assert not mapped.train.images.flags.writeable
    assert parts_of(mapped) == parts_of(in_memory)
    assert mapped.checksum == in_memory.checksum
    assert mapped.checksum_file.read_text() == mapped.checksum


@pytest.mark.usefixtures("little_memory")
def test_a_second_start_draws_nothing(monkeypatch):
    first = parts_of(open_dataset(TEXT))
    monkeypatch.setattr("cvtool.kernels.drawing.draw", None)
    assert parts_of(open_dataset(TEXT)) == first


@pytest.mark.usefixtures("little_memory")
def test_other_choices_are_kept_beside_and_another_version_takes_the_place(
    cache_folder, monkeypatch
):
    for text in (TEXT, TEXT + ",occlusion=0.9", TEXT + ",seed=5"):
        open_dataset(text)
    earlier = set((cache_folder / "generated").glob("*/*"))
    monkeypatch.setattr("cvtool.datasets.embedded.shapes.generator._version", lambda: "another")
    open_dataset(TEXT)
    later = set((cache_folder / "generated").glob("*/*"))
    assert (len(earlier), len(later), len(later - earlier)) == (3, 3, 1)


@pytest.mark.usefixtures("little_memory")
def test_a_part_without_images_is_no_file():
    data = open_dataset("shapes:images=50,test_images=0,size=8")
    assert list(data.parts) == ["train"]


@pytest.mark.usefixtures("little_memory")
def test_damaged_images_are_drawn_again(cache_folder):
    whole = parts_of(open_dataset(TEXT))
    [file] = (cache_folder / "generated").glob("shapes-*/*/train.npy")
    file.write_bytes(file.read_bytes()[:-5])
    assert parts_of(open_dataset(TEXT)) == whole


@pytest.mark.usefixtures("little_memory")
def test_whoever_stops_on_the_way_leaves_nothing(cache_folder):
    def stop(record):
        if record.done >= 500:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_dataset(TEXT, progress=stop)
    assert not list((cache_folder / "generated").glob("*/*"))


@pytest.mark.usefixtures("little_memory")
def test_what_a_killed_start_left_is_removed_after_a_day(cache_folder, monkeypatch):
    open_dataset(TEXT)
    [whole] = (cache_folder / "generated").glob("*/*")
    for day, exists in ((86_400, True), (-1, False)):
        shutil.rmtree(whole)
        left = whole.with_name(".unfinished-1")
        left.mkdir(exist_ok=True)
        monkeypatch.setattr(in_the_making, "_ABANDONED", day)
        open_dataset(TEXT)
        assert left.exists() == exists


@pytest.mark.usefixtures("little_memory")
def test_a_disk_without_room_is_told_before_anything_is_drawn(cache_folder, monkeypatch):
    usage = namedtuple("usage", "total used free")(10**6, 10**6 - 10, 10)
    monkeypatch.setattr(generated, "disk_usage", lambda _: usage)
    with pytest.raises(DataError, match=r"drawn images need .* MB .* ask for fewer with 'images='"):
        open_dataset(TEXT)
    assert not list((cache_folder / "generated").glob("*/*"))


@pytest.mark.usefixtures("little_memory")
def test_a_cache_that_cannot_be_written_is_told(cache_folder):
    (cache_folder / "generated").write_text("in the way")
    with pytest.raises(DataError, match=r"cannot keep drawn images in .*XDG_CACHE_HOME"):
        open_dataset(TEXT)


@pytest.mark.parametrize("memory", [2**28, 1000])
def test_progress_runs_through_all_parts(monkeypatch, memory):
    monkeypatch.setattr(generated, "MOST_IN_MEMORY", memory)
    told = []
    open_dataset(TEXT, progress=told.append)
    assert [(record.done, record.total) for record in told] == [
        (500, 1230),
        (1000, 1230),
        (1200, 1230),
        (1230, 1230),
    ]
    assert {record.work for record in told} == {"drawing image"}
