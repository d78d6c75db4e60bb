"""Archives are read as the library's own modules read them, and never further than is safe."""

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cvtool.datasets.layouts import archives, expanding, tar
from cvtool.datasets.layouts.archives import entries, files_in_archive, is_archive
from cvtool.errors import DataError

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=130)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
FORMATS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]
PACKINGS = {"": bytes, "gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


def tar_of(files, format=tarfile.PAX_FORMAT, **attributes):
    """Write an archive of files into memory; attributes are given to each member."""
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w", format=format) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            for attribute, value in attributes.items():
                setattr(member, attribute, value)
            archive.addfile(member, io.BytesIO(content))
    return memory.getvalue()


def zip_of(files, method=zipfile.ZIP_DEFLATED):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return memory.getvalue()


def save(tmp_path, content, name="some.archive"):
    (tmp_path / name).write_bytes(content)
    return tmp_path / name


def read_all(path):
    return {entry.path: entry.read() for entry in entries(path)}


def by_the_library(content):
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return {each.name: archive.extractfile(each).read() for each in archive if each.isfile()}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(PATHS, st.binary(max_size=1500), max_size=4),
    st.sampled_from(FORMATS),
    st.sampled_from(sorted(PACKINGS)),
)
def test_a_tar_holds_what_the_library_finds_in_it(tmp_path, files, format, packing):
    try:
        content = tar_of(files, format)
    except ValueError:  # a name that the oldest format has no room for
        return
    path = save(tmp_path, PACKINGS[packing](content))
    assert read_all(path) == by_the_library(content)
    assert is_archive(path) == bool(files)


def test_comments_and_what_is_no_file_are_passed_over(tmp_path):
    memory = io.BytesIO()
    headers = {"comment": "one"}
    with tarfile.open(fileobj=memory, mode="w", pax_headers=headers) as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            member = tarfile.TarInfo("batch")
            member.type, member.linkname, member.size = kind, "/etc/passwd", 0
            archive.addfile(member)
        member = tarfile.TarInfo("batch")
        member.size, member.mtime = 3, 1.5
        archive.addfile(member, io.BytesIO(b"abc"))
    path = save(tmp_path, memory.getvalue())
    assert list(files_in_archive(path, ["batch"])) == [("batch", b"abc")]


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("at_once", [16, 33, 8192])
def test_packed_files_one_after_another_are_one(tmp_path, monkeypatch, packing, at_once):
    monkeypatch.setattr(expanding, "_AT_ONCE", at_once)
    content = tar_of({"a": np.random.default_rng(0).bytes(3000)})
    parts = [content[:0], content[:1], *(content[at : at + 100] for at in range(1, 10_240, 100))]
    packed = b"".join(map(PACKINGS[packing], parts)) + b"\0" * 9
    assert read_all(save(tmp_path, packed)) == by_the_library(content)


def test_packed_files_of_nothing_end(tmp_path):
    path = save(tmp_path, gzip.compress(b"") * 2000 + gzip.compress(tar_of({"a": b""})))
    assert not is_archive(path)
    with pytest.raises(DataError, match="its parts are empty"):
        read_all(path)


@pytest.mark.parametrize("packing", PACKINGS)
def test_tars_cut_anywhere_are_told(tmp_path, packing):
    noise = np.random.default_rng(0).bytes(3000)
    content = PACKINGS[packing](tar_of({"a": noise, "b": noise}))
    content = content[:7000] if packing == "" else content  # without the zeros at the end
    for stop in range(1, len(content), 97):
        path = save(tmp_path, content[:stop])
        if is_archive(path):
            with pytest.raises(DataError, match=r"is damaged|is cut off"):
                read_all(path)


def test_zips_cut_anywhere_are_told(tmp_path):
    content = zip_of({"a": b"a" * 3000, "b": b"b" * 3000})
    for stop in range(4, len(content)):
        with pytest.raises(DataError, match="is damaged"):
            read_all(save(tmp_path, content[:stop]))


def test_what_expands_to_too_much_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST", 2000)
    files = {"a": bytes(1500), "b": bytes(1500)}
    for content in (tar_of(files), gzip.compress(tar_of(files)), zip_of(files)):
        with pytest.raises(DataError, match=r"b in .* makes more than .* too large for batches"):
            list(files_in_archive(save(tmp_path, content), ["a", "b"]))
    monkeypatch.setattr(archives, "_WHOLE", 2000)
    for packing in PACKINGS.values():
        with pytest.raises(DataError, match="once expanded, more than the 2,000 bytes"):
            read_all(save(tmp_path, packing(tar_of(files))))


def test_a_size_that_is_a_lie_is_told(tmp_path):
    content = bytearray(tar_of({"a": b"abc"}))
    for size in (b"77777777777\0", b"\x80" + b"\xff" * 11, b"\xff" * 12, b"-1".ljust(12, b"\0")):
        content[124:136] = size
        content[148:156] = b" " * 8
        content[148:156] = f"{sum(content[:512]):06o}\0 ".encode()
        with pytest.raises(DataError, match=r"is cut off|more than the|is damaged"):
            read_all(save(tmp_path, content))


@pytest.mark.parametrize(
    ("kind", "words"),
    [(b"x", "a name or comment of"), (b"L", "a name or comment of"), (b"S", "sparse file")],
)
def test_headers_that_claim_much_are_refused(tmp_path, kind, words):
    content = tar_of({"a": bytes(100_000)}, type=kind)
    with pytest.raises(DataError, match=words):
        read_all(save(tmp_path, content))


def test_chains_of_headers_end(tmp_path, monkeypatch):
    chain = b"".join(tar_of({"n": b"name"}, type=b"L")[:1024] for _ in range(3000))
    assert list(read_all(save(tmp_path, chain + tar_of({"a": b""})))) == ["name"]
    monkeypatch.setattr(tar, "_MOST_HEADERS", 2999)
    with pytest.raises(DataError, match="more than 2,999 members"):
        read_all(save(tmp_path, chain + tar_of({"a": b""})))


def test_an_xz_that_wants_much_memory_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(expanding, "_XZ_MEMORY", 2**16)
    path = save(tmp_path, lzma.compress(tar_of({"a": b""}), preset=9))
    assert not is_archive(path)


def test_a_name_that_is_there_twice_is_told(tmp_path):
    files = {"one/a": b"", "two/a": b""}
    for content in (tar_of(files), zip_of(files)):
        with pytest.raises(DataError, match="holds a twice"):
            list(files_in_archive(save(tmp_path, content), ["a"]))


def test_zips_that_are_locked_or_packed_oddly_are_told(tmp_path):
    locked = bytearray(zip_of({"a": b"abc"}))
    for start in (locked.index(b"PK\x03\x04") + 6, locked.index(b"PK\x01\x02") + 8):
        locked[start] |= 1
    with pytest.raises(DataError, match=r"a in .* is encrypted"):
        read_all(save(tmp_path, locked))
    with pytest.raises(DataError, match="by another method than deflate"):
        read_all(save(tmp_path, zip_of({"a": b"abc"}, zipfile.ZIP_LZMA)))


def test_a_zip_with_a_very_long_list_of_contents_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("cvtool.datasets.layouts.zips._CONTENTS", 100)
    with pytest.raises(DataError, match="has a list of contents over"):
        read_all(save(tmp_path, zip_of({f"{number}": b"" for number in range(5)})))


def test_nothing_is_unpacked_onto_the_disk(tmp_path):
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    files = {"../up": b"1", "/cvtool-was-here": b"2", "..\\windows": b"3"}
    before = sorted(tmp_path.rglob("*"))
    for number, content in enumerate((tar_of(files), zip_of(files))):
        path = save(folder, content, f"{number}")
        assert sorted(read_all(path).values()) == [b"1", b"2", b"3"]
        path.unlink()
    assert sorted(tmp_path.rglob("*")) == before
    assert not os.path.lexists("/cvtool-was-here")
