"""A file that was fetched is whole, whatever mirrors and kills do; what cannot be had is told."""

import errno
import signal
import subprocess
import sys
import time
import warnings
from hashlib import sha256
from pathlib import Path

import pytest
from flawed_mirror import CONTENT, PIECE, FlawedMirror
from hypothesis import given, settings
from hypothesis import strategies as st

from cvtool.datasets.downloads import catalog
from cvtool.datasets.downloads.catalog import KNOWN, KnownDataset, KnownFile
from cvtool.datasets.downloads.fetching import fetch
from cvtool.datasets.downloads.workshop import workshop_in
from cvtool.errors import DataError, UsageError

pytest.importorskip("pooch", reason="fetching needs pooch")

SIZE, DIGEST = len(CONTENT), sha256(CONTENT).hexdigest()
TIMEOUT = (0.5, 0.3)
PROGRAM = """
import sys
from pathlib import Path
from cvtool.datasets.downloads.catalog import KNOWN, KnownDataset, KnownFile
from cvtool.datasets.downloads.fetching import fetch
address, folder, size, digest = sys.argv[1:]
file = KnownFile("one.tar.gz", int(size), digest)
KNOWN["tiny"] = KnownDataset("", 1, 1, 1, (1, 1, 1), (file,), (address,))
print(fetch("tiny", Path(folder)))
"""


@pytest.fixture(scope="module")
def server():
    mirror = FlawedMirror()
    yield mirror
    mirror.close()


@pytest.fixture
def mirror(server):
    server.requests.clear()
    server.served = 0
    return server


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    """Two data sets of a known file: one by itself, one twice under two names."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    one, two = (KnownFile(name, SIZE, DIGEST) for name in ("one.tar.gz", "two.tar.gz"))
    monkeypatch.setitem(catalog.KNOWN, "tiny", KnownDataset("", 1, 1, 1, (1, 1, 1), (one,), ()))
    pair = KnownDataset("", 1, 1, 1, (1, 1, 1), (one, two), ())
    monkeypatch.setitem(catalog.KNOWN, "pair", pair)


def fetch_tiny(folder, *mirrors, progress=None):
    return fetch("tiny", folder, mirrors=mirrors, progress=progress, timeout=TIMEOUT)


def leave_part(folder, content):
    (folder / "one.tar.gz.part").write_bytes(content)


def program(folder, address):
    command = [sys.executable, "-c", PROGRAM, address, str(folder), str(SIZE), DIGEST]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def assert_fetched(folder, name="one.tar.gz"):
    assert (folder / name).read_bytes() == CONTENT
    assert sorted(each.name for each in folder.iterdir()) == [name]


@pytest.mark.parametrize("way", ["whole", "rangeless", "redirects", "encoded", "drips"])
def test_a_file_arrives_whole(tmp_path, mirror, capfd, way):
    folder = tmp_path / "new" / "folder"
    with warnings.catch_warnings(record=True) as warned:
        assert fetch_tiny(folder, mirror.at(way)) == [folder / "one.tar.gz"]
    assert_fetched(folder)
    assert capfd.readouterr() == ("", "")
    assert not warned


@pytest.mark.parametrize(
    ("flaw", "words"),
    [
        ("lacks", "answered 404 Not Found"),
        ("busy", "answered 503 Service Unavailable"),
        ("silent", r"did not answer within 0\.3 s"),
        ("goes_round", "could not be reached .Exceeded 30 redirects"),
        ("page", "answered with a web page"),
        ("other_size", r"has a file of 7 bytes, not of 300,000"),
        ("endless", r"sent more than the 300,000 bytes of the file"),
        ("corrupts", rf"sent a damaged file \(sha256 wanted {DIGEST}, seen [0-9a-f]{{64}}\)"),
        ("truncates_unsaid", "broke off after 100,000 of 300,000 bytes"),
        ("truncates", "broke off after 200,000 of 300,000 bytes"),
        ("stalls", r"was silent for 0\.3 s after [1-9]\d+,\d+ of 300,000 bytes"),
    ],
)
def test_every_flaw_is_told_and_the_next_mirror_asked(tmp_path, mirror, flaw, words):
    alone, helped = tmp_path / "alone", tmp_path / "helped"
    with pytest.raises(DataError, match=words) as caught:
        fetch_tiny(alone, mirror.at(flaw))
    assert f"{mirror.at(flaw)}one.tar.gz " in str(caught.value)
    assert not (alone / "one.tar.gz").exists()
    assert len(mirror.ranges(flaw)) <= (31 if flaw == "goes_round" else 2)
    fetch_tiny(helped, mirror.at(flaw), mirror.at("whole"))
    assert_fetched(helped)


def test_nobody_listening_is_told(tmp_path, mirror):
    closed = FlawedMirror()
    closed.close()
    with pytest.raises(DataError, match=r"could not be reached \(Connection refused\)"):
        fetch_tiny(tmp_path, closed.at("whole"))
    fetch_tiny(tmp_path, closed.at("whole"), mirror.at("whole"))
    assert_fetched(tmp_path)


def test_failing_says_what_to_do(tmp_path, mirror):
    with pytest.raises(DataError) as caught:
        fetch_tiny(tmp_path, mirror.at("truncates"), mirror.at("lacks"))
    assert str(caught.value).splitlines() == [
        "one.tar.gz of tiny is missing, and no mirror gave it:",
        f"  {mirror.at('truncates')}one.tar.gz broke off after 200,000 of 300,000 bytes",
        f"  {mirror.at('lacks')}one.tar.gz answered 404 Not Found",
        "200,000 of 300,000 bytes are kept for the next try.",
        "Try again later, or download it yourself and run 'cvtool data fetch tiny --from FILE', "
        f"or put it at {tmp_path / 'one.tar.gz'}",
    ]


def test_a_mirror_that_breaks_off_is_gone_on_with(tmp_path, mirror):
    fetch_tiny(tmp_path, mirror.at("truncates"), mirror.at("stalls"))
    assert_fetched(tmp_path)
    assert mirror.ranges("truncates") == [None, "bytes=100000-"]
    assert mirror.ranges("stalls") == ["bytes=200000-"]
    assert mirror.served == SIZE


@given(have=st.integers(0, SIZE))
@settings(max_examples=20)
def test_only_missing_bytes_are_asked_for(tmp_path_factory, server, have):
    folder = tmp_path_factory.mktemp("resumed")
    leave_part(folder, CONTENT[:have])
    server.served = 0
    fetch_tiny(folder, server.at("whole"))
    assert_fetched(folder)
    assert server.served == SIZE - have


@given(part=st.binary(min_size=1) | st.integers(SIZE, 2 * SIZE).map(bytes))
@settings(max_examples=20)
@pytest.mark.parametrize(
    "way", ["whole", "rangeless", "misplaces", "forbids_ranges", "unsatisfiable"]
)
def test_whatever_an_earlier_try_has_left_the_file_is_whole(tmp_path_factory, server, way, part):
    folder = tmp_path_factory.mktemp("garbage")
    leave_part(folder, part)
    fetch_tiny(folder, server.at(way))
    assert_fetched(folder)


@pytest.mark.parametrize("flaw", ["lacks", "busy", "page", "other_size", "silent", "misplaces"])
def test_a_mirror_without_the_file_costs_no_bytes_that_are_here(tmp_path, mirror, flaw):
    leave_part(tmp_path, CONTENT[:PIECE])
    others = () if flaw == "misplaces" else (mirror.at("whole"),)
    fetch_tiny(tmp_path, mirror.at(flaw), *others)
    assert_fetched(tmp_path)
    assert mirror.ranges("whole") == ["bytes=100000-"] * len(others)


def test_whole_files_are_not_fetched_again_nor_is_anything_written(tmp_path, mirror, monkeypatch):
    fetch_tiny(tmp_path, mirror.at("whole"))
    monkeypatch.setattr("cvtool.datasets.downloads.fetching.workshop_in", None)
    assert fetch_tiny(tmp_path) == [tmp_path / "one.tar.gz"]
    assert len(mirror.requests) == 1


def test_a_damaged_file_is_replaced_or_refused_but_never_used(tmp_path, mirror):
    path = tmp_path / "one.tar.gz"
    path.write_bytes(CONTENT[:-1] + b"x")
    seen = sha256(path.read_bytes()).hexdigest()
    told = rf"one\.tar\.gz of tiny is damaged \(sha256 wanted {DIGEST}, seen {seen}\)"
    with pytest.raises(DataError, match=told):
        fetch_tiny(tmp_path, mirror.at("lacks"))
    works = []
    fetch_tiny(tmp_path, mirror.at("whole"), progress=lambda record: works.append(record.work))
    assert set(works) == {"fetching one.tar.gz, because the one here is damaged"}
    assert_fetched(tmp_path)


def test_all_files_come_and_dead_mirrors_are_asked_once(tmp_path, mirror):
    mirrors = [mirror.at("lacks"), mirror.at("whole")]
    paths = fetch("pair", tmp_path, mirrors=mirrors, timeout=TIMEOUT)
    assert paths == [tmp_path / "one.tar.gz", tmp_path / "two.tar.gz"]
    assert sorted(tmp_path.iterdir()) == paths
    assert mirror.requests == [("lacks", None), ("whole", None), ("whole", None)]


def test_progress_counts_bytes(tmp_path, mirror):
    leave_part(tmp_path, CONTENT[:PIECE])
    told = []
    fetch_tiny(tmp_path, mirror.at("whole"), progress=told.append)
    assert {(record.work, record.total) for record in told} == {("fetching one.tar.gz", SIZE)}
    done = [record.done for record in told]
    assert done == sorted(done)
    assert PIECE < done[0] < done[-1] == SIZE


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("mine"), OSError("mine")])
def test_stopping_leaves_what_has_come(tmp_path, mirror, error):
    def stop(record):
        if record.done > PIECE:
            raise error

    with pytest.raises(type(error)) as caught:
        fetch_tiny(tmp_path, mirror.at("whole"), progress=stop)
    assert caught.value is error
    [part] = tmp_path.iterdir()
    assert part.name == "one.tar.gz.part"
    kept = part.stat().st_size
    assert part.read_bytes() == CONTENT[:kept]
    fetch_tiny(tmp_path, mirror.at("whole"))
    assert_fetched(tmp_path)
    assert mirror.ranges("whole") == [None, f"bytes={kept}-"]


def test_a_full_disk_is_told_with_the_file(tmp_path, mirror, monkeypatch):
    opened = Path.open

    def open_on_full_disk(path, *arguments, **options):
        file = opened(path, *arguments, **options)
        if path.suffix == ".part":
            file.flush = fill
        return file

    def fill():
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "open", open_on_full_disk)
    with pytest.raises(OSError, match="No space left") as caught:
        fetch_tiny(tmp_path, mirror.at("whole"))
    assert caught.value.errno == errno.ENOSPC
    assert caught.value.filename == str(tmp_path / "one.tar.gz.part")


def test_a_folder_that_cannot_be_made_is_told(tmp_path, mirror):
    (tmp_path / "data").write_bytes(b"no folder")
    with pytest.raises(NotADirectoryError) as caught:
        fetch_tiny(tmp_path / "data", mirror.at("whole"))
    assert caught.value.filename == str(tmp_path / "data" / ".unfinished")
    assert mirror.requests == []


def test_a_killed_download_leaves_nothing_to_be_taken_for_whole(tmp_path, mirror):
    process = program(tmp_path, mirror.at("drips"))
    part = tmp_path / "one.tar.gz.part"
    while process.poll() is None and not (part.exists() and part.stat().st_size > PIECE):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert not (tmp_path / "one.tar.gz").exists()
    kept = part.stat().st_size
    assert PIECE < kept < SIZE
    fetch_tiny(tmp_path, mirror.at("whole"))
    assert_fetched(tmp_path)
    assert mirror.ranges("whole") == [f"bytes={kept}-"]


def test_what_a_killed_process_was_making_is_swept(tmp_path, mirror):
    fetch_tiny(tmp_path, mirror.at("whole"))
    (tmp_path / ".unfinished").mkdir()
    (tmp_path / ".unfinished" / "tmp0123").write_bytes(CONTENT)
    fetch_tiny(tmp_path)
    assert_fetched(tmp_path)


def test_processes_at_once_fetch_once(tmp_path, mirror):
    processes = [program(tmp_path, mirror.at("drips")) for _ in range(3)]
    for process in processes:
        assert process.communicate()[1] == b""
        assert process.returncode == 0
    assert_fetched(tmp_path)
    assert mirror.ranges("drips") == [None]


def test_waiting_for_another_is_told_and_can_be_stopped(tmp_path, mirror):
    def stop(record):
        assert record.work == "waiting for another process to fetch tiny"
        raise KeyboardInterrupt

    with workshop_in(tmp_path, lambda: None), pytest.raises(KeyboardInterrupt):
        fetch_tiny(tmp_path, mirror.at("whole"), progress=stop)
    assert mirror.requests == []
    fetch_tiny(tmp_path, mirror.at("whole"))
    assert_fetched(tmp_path)


@pytest.mark.parametrize("address", ["file:///data", "ftp://host/data", "host/data", "", "http://"])
def test_only_web_addresses_are_mirrors(tmp_path, address):
    with pytest.raises(UsageError, match=f"not '{address}': for files on this computer use --from"):
        fetch_tiny(tmp_path, address)


def test_an_unknown_name_gets_a_hint(tmp_path):
    with pytest.raises(UsageError, match="'cifar10' can be fetched: did you mean 'cifar-10'"):
        fetch("cifar10", tmp_path)
    with pytest.raises(UsageError, match="known are cifar-10, cifar-100, mnist, fashion-mnist"):
        fetch("birds", tmp_path)


def test_mirrors_and_files_of_the_catalog_are_well_formed():
    for name in ("cifar-10", "cifar-100", "mnist", "fashion-mnist"):
        dataset = KNOWN[name]
        assert len(dataset.mirrors) > 1
        assert all(address.endswith("/") for address in dataset.mirrors)
        assert len({file.size for file in dataset.files}) == len(dataset.files)
        assert all(len(bytes.fromhex(file.sha256)) == 32 for file in dataset.files)
        assert dataset.size > 10_000_000
