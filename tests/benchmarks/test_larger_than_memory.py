"""A million mapped images train in little memory, and about as fast as images held in memory.

The peers are ourselves, with the first 50,000 of the same images in memory. Both take turns.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pytest

from cvtool.config import TrainConfig
from cvtool.datasets.batches import Batcher, batch_order
from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import Subset, split
from cvtool.experiments.preparation import build
from cvtool.training.evaluation import score
from cvtool.training.loop import Learner, fit
from cvtool.training.optimizers import make_optimizer
from cvtool.training.progress import Progress

pytestmark = pytest.mark.benchmark

IMAGES, IN_MEMORY, BATCH = 1_000_000, 50_000, 64
PICKED = 200_000  # of an epoch, for batches without a network
SHAPE = (32, 32, 3)
MOST_RESIDENT = 2 * 1024**3
NETWORKS = {
    "light": "conv3-8 + relu + maxpool2 + conv3-16 + relu + maxpool2 + fc-10",
    "ordinary": "((conv3-32 + relu)*2 + maxpool2) + ((conv3-64 + relu)*2 + maxpool2)"
    " + fc-256 + relu + fc-10",
}
STATUS = Path("/proc/self/status")

Say = Callable[[str], None]


class Memory:
    """Keeps the most that was resident whenever it was looked at."""

    def __init__(self) -> None:
        self.peak = 0

    def look(self) -> None:
        """Read what the system counts as this process's memory, mapped pages included."""
        line = next(each for each in STATUS.read_text().splitlines() if each.startswith("VmRSS"))
        self.peak = max(self.peak, int(line.split()[1]) * 1024)


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[np.ndarray]:
    """Write a million images of noise, 3 GB, and map them; all of them are in the file cache."""
    path = tmp_path_factory.mktemp("larger") / "images.npy"
    random, at_once = np.random.default_rng(0), 10_000
    with path.open("wb") as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": (IMAGES, *SHAPE)}
        np.lib.format.write_array_header_1_0(file, header)
        for _ in range(IMAGES // at_once):
            file.write(random.bytes(at_once * int(np.prod(SHAPE))))
    yield np.load(path, mmap_mode="r", allow_pickle=False)
    path.unlink()


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Print beside the dots of pytest."""

    def print_now(words: str) -> None:
        with capsys.disabled():
            print(f"\n  {words}", end="", flush=True)

    return print_now


@pytest.fixture(autouse=True)
def _needs_linux() -> None:
    if not STATUS.exists():
        pytest.skip("what is resident is read from Linux's /proc")


def parts_of(images: np.ndarray):
    labels = np.arange(len(images)) % 10
    dataset = Dataset("images", tuple("0123456789"), Examples(images, labels))
    return split(dataset, val_fraction=0.2, limit=None, seed=0)


def test_statistics_of_a_million(mapped: np.ndarray, say: Say) -> None:
    train, memory = parts_of(mapped).train, Memory()
    Preprocessing.fit("standardize", Subset(train.examples, train.indices[:1000]))
    for kind in ("mean-image", "standardize"):
        started = perf_counter()
        Preprocessing.fit(kind, train, progress=lambda _: memory.look())
        say(f"{kind} of {len(train):,} images in {perf_counter() - started:.2f} s")
    say(f"at most {memory.peak / 1e6:,.0f} MB resident")
    assert memory.peak < MOST_RESIDENT


def test_batches_alone(mapped: np.ndarray, say: Say) -> None:
    memory, seconds = Memory(), {"mapped": 0.0, "memory": 0.0}
    batchers = {
        "mapped": batcher(parts_of(mapped).train),
        "memory": batcher(parts_of(np.array(mapped[:IN_MEMORY])).train),
    }
    orders = {name: batch_order(len(each.subset), BATCH, seed=0) for name, each in batchers.items()}
    out = np.empty((BATCH, *SHAPE), np.float32)
    for at in range(PICKED // BATCH):
        for name, each in batchers.items():
            positions = orders[name][at % len(orders[name])]
            started = perf_counter()
            each.fill(positions, out[: len(positions)])
            seconds[name] += perf_counter() - started
        memory.look()
    speeds = {name: PICKED / taken for name, taken in seconds.items()}
    say(
        f"batches alone: mapped {speeds['mapped']:,.0f} images/s, in memory "
        f"{speeds['memory']:,.0f} ({speeds['mapped'] / speeds['memory']:.0%}); "
        f"at most {memory.peak / 1e6:,.0f} MB resident"
    )
    assert memory.peak < MOST_RESIDENT


def batcher(subset: Subset) -> Batcher:
    standardized = Preprocessing("standardize", np.full(3, 0.5, "f4"), np.full(3, 0.25, "f4"))
    return Batcher(subset, standardized)


@pytest.mark.parametrize("name", NETWORKS)
def test_training(mapped: np.ndarray, name: str, say: Say) -> None:
    """Take turns of ten steps; a turn's speed is compared with that of its neighbor."""
    memory, turns, steps = Memory(), 30, 10
    learners = {
        "mapped": steps_of(NETWORKS[name], mapped),
        "memory": steps_of(NETWORKS[name], np.array(mapped[:IN_MEMORY])),
    }
    seconds: dict[str, list[float]] = {each: [] for each in learners}
    for turn in range(turns + 1):
        for each, step in learners.items():
            started = perf_counter()
            for _ in range(steps):
                step()
                memory.look()
            if turn:  # the first compiles
                seconds[each].append(perf_counter() - started)
    ratio = median(b / a for a, b in zip(seconds["mapped"], seconds["memory"], strict=True))
    speeds = {each: BATCH * steps / median(taken) for each, taken in seconds.items()}
    say(
        f"{name} network: mapped {speeds['mapped']:,.0f} images/s, in memory "
        f"{speeds['memory']:,.0f} ({ratio:.0%}); at most {memory.peak / 1e6:,.0f} MB resident"
    )
    assert memory.peak < MOST_RESIDENT


def steps_of(arch: str, images: np.ndarray) -> Callable[[], object]:
    parts = parts_of(images)
    config = TrainConfig(arch=arch, batch_size=BATCH)
    network = build(config, SHAPE, 10)
    batchers = batcher(parts.train), batcher(parts.validation)
    return fit(Learner(network, make_optimizer("adam"), *batchers, config, Progress())).__next__


def test_looking_at_all_validation_images(mapped: np.ndarray, say: Say) -> None:
    memory, validation = Memory(), parts_of(mapped).validation
    network = build(TrainConfig(arch="fc-10"), SHAPE, 10)
    started = perf_counter()
    seen = score(network, batcher(validation), BATCH)
    memory.look()
    say(
        f"{len(seen.labels):,} validation images scored in {perf_counter() - started:.1f} s, "
        f"{memory.peak / 1e6:,.0f} MB resident after it"
    )
    assert memory.peak < MOST_RESIDENT
