"""Many files into one array: the same bytes whoever decodes them, and nothing left when stopped."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from reference.processes import TESTS

from cvtool.datasets.pixels import decoding_workers, parallel_decoding
from cvtool.datasets.pixels.decoding_pieces import Job, decode_piece
from cvtool.datasets.pixels.decoding_workers import decode_with_workers
from cvtool.datasets.pixels.parallel_decoding import SizesDifferError, decode_files
from cvtool.datasets.request import Request
from cvtool.errors import DataError


def save_images(folder, count, *, mode="RGB", size=(7, 5), form="png"):
    """Write random pictures of (width, height); return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(0)
    paths = [folder / f"{number:04}.{form}" for number in range(count)]
    for path in paths:
        pixels = random.integers(0, 256, (size[1], size[0], 3), np.uint8)
        Image.fromarray(pixels).convert(mode).save(path)
    return [str(path) for path in paths]


@pytest.fixture
def workers(monkeypatch):
    """Have everything decoded by so many workers."""

    def use(count):
        monkeypatch.setattr(decoding_workers, "WORKERS", count)
        monkeypatch.setattr(parallel_decoding, "WORKERS", count)
        monkeypatch.setattr(parallel_decoding, "_SECONDS_TRIED", -1 if count > 1 else 1e9)
        monkeypatch.setattr(parallel_decoding, "_SECONDS_WORTH_WORKERS", -1)

    return use


def decode_to(target, paths, **options):
    request = Request(target.parent, **options)
    seen = decode_files(paths, target, request)
    return np.load(target), seen


def pixels_of(paths):
    return np.stack([np.asarray(Image.open(path)) for path in paths])


def test_any_number_of_workers_gives_the_same(tmp_path, workers):
    paths = save_images(tmp_path / "images", 150) + save_images(tmp_path / "more", 50, form="jpg")
    Path(paths[70]).write_bytes(b"no image")
    Path(paths[199]).unlink()
    results = []
    for count in (1, 2):
        workers(count)
        progress = []
        pixels, seen = decode_to(tmp_path / f"{count}.npy", paths, progress=progress.append)
        results.append((tmp_path / f"{count}.npy").read_bytes())
        assert seen.damaged == {70: "no known image format", 199: "no such file"}
        assert seen.modes.tolist() == ["" if at in (70, 199) else "RGB" for at in range(200)]
        assert (seen.sizes == np.where([[at in (70, 199)] for at in range(200)], 0, (5, 7))).all()
        assert [record.done for record in progress] == [64, 128, 192, 200]
    assert results[0] == results[1]
    assert not pixels[[70, 199]].any()
    whole = [at for at in range(200) if at not in (70, 199)]
    np.testing.assert_array_equal(pixels[whole], pixels_of([paths[at] for at in whole]))


@pytest.mark.parametrize("count", [1, 2])
def test_what_is_too_large_for_all_workers_together_is_decoded_alone(
    tmp_path, workers, monkeypatch, count
):
    paths = save_images(tmp_path / "images", 70)
    large = save_images(tmp_path / "large", 1, size=(70, 50))
    huge = save_images(tmp_path / "huge", 1, size=(100, 100))
    for module in (decoding_workers, parallel_decoding):
        monkeypatch.setattr(module, "MOST_PIXELS", 5000)
    monkeypatch.setattr("cvtool.datasets.pixels.decoding_pieces.MOST_PIXELS", 5000)
    workers(count)
    progress = []
    paths = [*paths, *large, *huge]
    _, seen = decode_to(tmp_path / "it.npy", paths, image_size=8, progress=progress.append)
    assert list(seen.damaged) == [71]
    assert seen.damaged[71].startswith("claims 100×100 pixels")
    assert seen.sizes[70].tolist() == [50, 70]
    assert progress[-1].done == 72


@pytest.mark.parametrize("count", [1, 2])
def test_color_and_sizes_are_noticed_late(tmp_path, workers, count):
    gray = save_images(tmp_path / "gray", 130, mode="L")
    color = save_images(tmp_path / "color", 1)
    workers(count)
    pixels, seen = decode_to(tmp_path / "it.npy", gray + color)
    assert pixels.shape == (131, 5, 7, 3)
    np.testing.assert_array_equal(pixels[:130], np.stack([pixels_of(gray)] * 3, axis=-1))
    np.testing.assert_array_equal(pixels[130:], pixels_of(color))
    assert seen.modes[129:].tolist() == ["L", "RGB"]
    other = save_images(tmp_path / "other", 1, size=(9, 8))
    with pytest.raises(SizesDifferError, match=r"come in 2, from 5×7 to 8×9 .*: pass --image-size"):
        decode_to(tmp_path / "it.npy", gray + color + other)


def test_a_damaged_first_file_decides_nothing(tmp_path):
    paths = save_images(tmp_path / "images", 3)
    large = Path(save_images(tmp_path / "large", 1, size=(60, 50))[0])
    Path(paths[0]).write_bytes(large.read_bytes()[:-5000])
    pixels, seen = decode_to(tmp_path / "it.npy", paths)
    assert pixels.shape == (3, 5, 7, 3)
    assert list(seen.damaged) == [0]


def test_where_nothing_can_be_read_the_first_file_is_told(tmp_path):
    (tmp_path / "a.png").write_bytes(b"no image")
    with pytest.raises(DataError, match=r"cannot read .*a\.png as an image \(no known image form"):
        decode_to(tmp_path / "it.npy", [str(tmp_path / name) for name in ("a.png", "b.png")])


def test_names_that_are_no_text_reach_the_workers(tmp_path, workers):
    paths = save_images(tmp_path / os.fsdecode(b"caf\xe9"), 3)
    workers(2)
    pixels, seen = decode_to(tmp_path / "it.npy", paths)
    assert not seen.damaged
    np.testing.assert_array_equal(pixels, pixels_of(paths))


@pytest.mark.parametrize("executable", ["", "/nowhere/python", "/bin/false"])
def test_without_workers_it_goes_on_here(tmp_path, workers, monkeypatch, executable):
    paths = save_images(tmp_path / "images", 200)
    monkeypatch.setattr(sys, "executable", executable)
    workers(2)
    pixels, _ = decode_to(tmp_path / "it.npy", paths)
    np.testing.assert_array_equal(pixels, pixels_of(paths))


def make_job(tmp_path, paths):
    target = tmp_path / "raw"
    target.write_bytes(bytes(len(paths) * 105))
    return Job(str(target), 0, (5, 7, 3), False, 10**6)


def children():
    """List the processes that this one has started and that are still there."""
    found = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return " ".join(file.read_text() for file in found).split()


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc")


@needs_proc
def test_whoever_stops_listening_leaves_no_worker_behind(tmp_path):
    paths = save_images(tmp_path / "images", 300)
    starts = range(0, 300, 10)
    before = set(children())
    job = make_job(tmp_path, paths)
    with closing(decode_with_workers(job, starts, lambda at: paths[at : at + 10])) as told:
        next(told)
        assert len(set(children()) - before) == decoding_workers.WORKERS
    assert set(children()) == before


@needs_proc
def test_a_worker_that_dies_is_missed_by_nobody(tmp_path):
    paths = save_images(tmp_path / "images", 300)
    starts = range(0, 300, 10)
    before = set(children())
    job = make_job(tmp_path, paths)
    with closing(decode_with_workers(job, starts, lambda at: paths[at : at + 10])) as told:
        next(told)
        for process in set(children()) - before:
            os.kill(int(process), signal.SIGKILL)
        assert len(list(told)) == 29
    pixels = np.fromfile(job.target, np.uint8).reshape(300, 5, 7, 3)
    np.testing.assert_array_equal(pixels, pixels_of(paths))


def test_a_disk_that_fills_up_is_an_error_of_the_disk(tmp_path):
    paths = save_images(tmp_path / "images", 70)
    job = make_job(tmp_path, paths)._replace(target=str(tmp_path / "gone" / "raw"))
    with pytest.raises(FileNotFoundError):
        decode_piece(job, 0, paths)
    with (
        closing(decode_with_workers(job, range(0, 70, 10), lambda at: paths[at : at + 10])) as told,
        pytest.raises(FileNotFoundError),
    ):
        list(told)


KILLED = """
import sys
from pathlib import Path
from cvtool.datasets.pixels import parallel_decoding
from cvtool.datasets.request import Request

def tell(record):
    print(record.done, flush=True)
    sys.stdin.readline()

parallel_decoding.WORKERS = 2
parallel_decoding._SECONDS_TRIED = parallel_decoding._SECONDS_WORTH_WORKERS = -1
paths = [sys.argv[2]] * 20_000
parallel_decoding.decode_files(paths, Path(sys.argv[1]), Request(Path(), progress=tell))
"""  # no guard of __main__, as in many a user's script


@needs_proc
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_whoever_has_started_them(tmp_path, ending):
    (path,) = save_images(tmp_path / "images", 1)
    script = tmp_path / "script.py"
    script.write_text(KILLED)
    program = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "it.npy"), path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS.parent), *sys.path])},
    )
    with program:
        assert program.stdout.readline() == b"64\n"
        tasks = Path(f"/proc/{program.pid}/task").glob("*/children")
        found = " ".join(file.read_text() for file in tasks).split()
        assert len(found) == 2
        program.send_signal(ending)
        _, complaint = program.communicate()
        assert program.returncode != 0
        assert (ending == signal.SIGINT) == (b"KeyboardInterrupt" in complaint)
    patience = time.monotonic() + 20
    while any(is_running(process) for process in found):
        assert time.monotonic() < patience
        time.sleep(0.01)


def is_running(process):
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
