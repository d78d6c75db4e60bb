"""The first look at a folder of images, files to pixels, against Pillow and torchvision.

Each has two processes. Ours writes the pixels to its cache, which is emptied before every round;
theirs come in memory.
"""

import multiprocessing
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from pairs import compare
from PIL import Image

from cvtool.datasets.opening import open_dataset
from cvtool.datasets.pixels import decoding_workers, parallel_decoding

pytestmark = pytest.mark.benchmark

FOLDERS = [  # files, height, width, format
    (10_000, 32, 32, "jpg"),
    (5_000, 32, 32, "png"),
    (1_000, 224, 224, "jpg"),
    (400, 400, 500, "jpg"),
]
WORKERS = 2


def make_folder(root: Path, count: int, height: int, width: int, form: str) -> Path:
    random = np.random.default_rng(0)
    for number in range(count):
        coarse = random.integers(0, 256, (height // 8, width // 8, 3), np.uint8)
        image = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
        noisy = np.asarray(image) // 2 + random.integers(0, 16, (height, width, 1), np.uint8)
        path = root / str(number % 10) / f"{number:05}.{form}"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(noisy).save(path)
    return root


def our_reading(folder: Path, cache: Path) -> Callable[[], object]:
    def read() -> object:
        shutil.rmtree(cache, ignore_errors=True)
        return open_dataset(str(folder)).train.images[-1]

    return read


def read_with_pillow(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))


def pool_of_pillows(folder: Path) -> Callable[[], object]:
    def read() -> object:
        paths = sorted(folder.glob("*/*"))
        images = None
        with multiprocessing.get_context("fork").Pool(WORKERS) as pool:
            for at, image in enumerate(pool.imap(read_with_pillow, paths, chunksize=64)):
                images = np.empty((len(paths), *image.shape), np.uint8) if at == 0 else images
                images[at] = image
        return images

    return read


def torchvision_folder(folder: Path) -> Callable[[], object]:
    import torch
    import torchvision

    to_bytes = torchvision.transforms.PILToTensor()

    def read() -> object:
        images = torchvision.datasets.ImageFolder(str(folder), to_bytes)
        loader = torch.utils.data.DataLoader(images, batch_size=64, num_workers=WORKERS)
        return [batch for batch, _ in loader]

    return read


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("files", FOLDERS, ids=lambda files: "-".join(map(str, files)))
def test_reading_images(files, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda _: str(tmp_path / "cache"))
    for module in (decoding_workers, parallel_decoding):
        monkeypatch.setattr(module, "WORKERS", WORKERS)
    folder = make_folder(tmp_path / "images", *files)
    peers = {"Pillow, pool of two": pool_of_pillows(folder)}
    with suppress(ImportError):
        peers["torchvision"] = torchvision_folder(folder)
    timing = compare(our_reading(folder, tmp_path / "cache"), peers, rounds=3, warmup=1)
    with capsys.disabled():
        count, height, width, form = files
        print(f"\n{count:,} {form} of {height}×{width}: cvtool {timing.ours:.2f} s", end="")
        for name, seconds in timing.peers.items():
            print(f", {name} {seconds:.2f} s ({timing.ratio(name):.2f}×)", end="")
