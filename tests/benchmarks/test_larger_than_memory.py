"""A million mapped images train in little memory, and about as fast as images held in memory.

The peers are ourselves, with the first 50,000 of the same images in memory. Both take turns.
"""

from collections.abc import Callable, Iterator
from itertools import cycle
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
from cvtool.datasets.whitening import Whitening
from cvtool.experiments.preparation import build
from cvtool.training.evaluation import score
from cvtool.training.loop import Learner, fit
from cvtool.training.optimizers import make_optimizer
from cvtool.training.progress import Progress

pytestmark = pytest.mark.benchmark

IMAGES, IN_MEMORY, BATCH = 1_000_000, 50_000, 64
TURNS, STEPS = 30, 10
SHAPE = (32, 32, 3)
MOST_RESIDENT = 2 * 1024**3
NETWORKS = {
    "light": "conv3-8 + relu + maxpool2 + conv3-16 + relu + maxpool2 + fc-10",
    "ordinary": "((conv3-32 + relu)*2 + maxpool2) + ((conv3-64 + relu)*2 + maxpool2)"
    " + fc-256 + relu + fc-10",
}
STATUS = Path("/proc/self/status")

Say = Callable[[str], None]
Step = Callable[[], object]


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


@pytest.mark.parametrize("kind", ["standardize", "zca"])
def test_batches_alone(mapped: np.ndarray, kind: str, say: Say) -> None:
    """Pick batches in random order, as nothing else than training does."""
    say(f"{kind} batches alone: {take_turns(mapped, lambda images: batches_of(images, kind))}")


@pytest.mark.parametrize("name", NETWORKS)
def test_training(mapped: np.ndarray, name: str, say: Say) -> None:
    say(f"{name} network: {take_turns(mapped, lambda images: steps_of(NETWORKS[name], images))}")


def test_looking_at_all_validation_images(mapped: np.ndarray, say: Say) -> None:
    memory, validation = Memory(), parts_of(mapped).validation
    network = build(TrainConfig(arch="fc-10"), SHAPE, 10)
    started = perf_counter()
    seen = score(network, Batcher(validation, preprocessing("standardize")), BATCH)
    memory.look()
    say(
        f"{len(seen.labels):,} validation images scored in {perf_counter() - started:.1f} s, "
        f"{memory.peak / 1e6:,.0f} MB resident after it"
    )
    assert memory.peak < MOST_RESIDENT


def take_turns(mapped: np.ndarray, work: Callable[[np.ndarray], Step]) -> str:
    """Take steps on mapped images and on those in memory, ten and ten; compare neighbors."""
    memory = Memory()
    steps = {"mapped": work(mapped), "memory": work(np.array(mapped[:IN_MEMORY]))}
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for turn in range(TURNS + 1):
        for name, step in steps.items():
            started = perf_counter()
            for _ in range(STEPS):
                step()
                memory.look()
            if turn:  # the first compiles
                seconds[name].append(perf_counter() - started)
    assert memory.peak < MOST_RESIDENT
    ratio = median(b / a for a, b in zip(seconds["mapped"], seconds["memory"], strict=True))
    speeds = {name: BATCH * STEPS / median(taken) for name, taken in seconds.items()}
    return (
        f"mapped {speeds['mapped']:,.0f} images/s, in memory {speeds['memory']:,.0f} ({ratio:.0%});"
        f" at most {memory.peak / 1e6:,.0f} MB resident"
    )


def batches_of(images: np.ndarray, kind: str) -> Step:
    batcher = Batcher(parts_of(images).train, preprocessing(kind))
    order = cycle(batch_order(len(batcher.subset), BATCH, seed=0))
    out = np.empty((BATCH, *SHAPE), np.float32)

    def fill() -> None:
        positions = next(order)
        batcher.fill(positions, out[: len(positions)])

    return fill


def steps_of(arch: str, images: np.ndarray) -> Step:
    parts = parts_of(images)
    config = TrainConfig(arch=arch, batch_size=BATCH)
    network = build(config, SHAPE, 10)
    batchers = (Batcher(part, preprocessing()) for part in (parts.train, parts.validation))
    return fit(Learner(network, make_optimizer("adam"), *batchers, config, Progress())).__next__


def preprocessing(kind: str = "standardize") -> Preprocessing:
    """Make one whose numbers do not matter, without fitting it."""
    numbers, whitening = int(np.prod(SHAPE)), None
    if kind == "zca":
        some = np.eye(numbers, dtype=np.float32)
        whitening = Whitening(some, some[:1], np.ones(1, np.float32))
    return Preprocessing(kind, np.full(3, 0.5, "f4"), np.full(3, 0.25, "f4"), whitening)
