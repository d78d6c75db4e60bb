"""A small whole data set of every layout, to be damaged: files by their paths below one folder."""

import bz2
import gzip
import io
import lzma
import pickle
import struct
import tarfile
import zipfile
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PIL import Image

Files = dict[str, bytes]

RANDOM = np.random.default_rng(0)
COLORS = RANDOM.integers(0, 256, (3, 32, 32, 3)).astype(np.uint8)
GRAYS = RANDOM.integers(0, 256, (6, 5, 4)).astype(np.uint8)
LABELS = np.array([0, 1, 2, 0, 1, 2])


class Seed(NamedTuple):
    """Files, which of them is passed to open the data set (none is their folder), and choices."""

    files: Files
    place: str = ""
    choices: str = ""


def npz(save: Callable[..., None], labels: np.ndarray) -> Seed:
    memory = io.BytesIO()
    save(memory, x_train=GRAYS, y_train=labels, x_test=GRAYS, y_test=labels)
    return Seed({"some.npz": memory.getvalue()}, "some.npz")


def planes(images: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(images.transpose(0, 3, 1, 2)).reshape(len(images), -1)


def records(*labels: list[int]) -> bytes:
    columns = np.array(labels, np.uint8).T
    return np.hstack([columns, planes(COLORS)]).tobytes()


CIFAR10 = {
    "data_batch_1.bin": records([0, 1, 2]),
    "test_batch.bin": records([2, 1, 0]),
    "batches.meta.txt": b"one\ntwo\nthree\n",
}
CIFAR100 = {
    "train.bin": records([0, 1, 0], [0, 1, 2]),
    "fine_label_names.txt": b"one\ntwo\nthree\n",
    "coarse_label_names.txt": b"left\nright\n",
}


def python10(protocol: int) -> Files:
    batch = {b"data": planes(COLORS), b"labels": [0, 1, 2], b"filenames": [b"a", b"b", b"c"]}
    names = {"label_names": ["one", "two", "three"], "num_vis": 3072}
    return {
        "data_batch_1": pickle.dumps(batch, protocol),
        "batches.meta": pickle.dumps(names, protocol),
    }


def python100(protocol: int) -> Files:
    batch = {"data": planes(COLORS), "fine_labels": [0, 1, 2], "coarse_labels": [0, 1, 0]}
    names = {"fine_label_names": [b"one", b"two"], "coarse_label_names": [b"left", b"right"]}
    return {"train": pickle.dumps(batch, protocol), "meta": pickle.dumps(names, protocol)}


def tarred(files: Files, pack: Callable[[bytes], bytes], format: int) -> Seed:
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w", format=format) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"{'long' * 30}/{name}")
            member.size, member.mtime = len(content), 1.5
            archive.addfile(member, io.BytesIO(content))
    return Seed({"some.archive": pack(memory.getvalue())}, "some.archive")


def zipped(files: Files) -> Seed:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"folder/{name}", content)
    return Seed({"some.zip": memory.getvalue()}, "some.zip")


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def mnist(prefix: str, pack: Callable[[bytes], bytes], ending: str = "") -> Files:
    labels = LABELS.astype(np.uint8)
    arrays = {
        "train-images-idx3-ubyte": GRAYS,
        "train-labels-idx1-ubyte": labels,
        "t10k-images-idx3-ubyte": GRAYS,
        "t10k-labels-idx1-ubyte": labels,
    }
    return {f"{prefix}{name}{ending}": pack(idx(array)) for name, array in arrays.items()}


def image(format: str, seed: int = 0, **options: object) -> bytes:
    memory = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (6, 7, 3)).astype(np.uint8)
    Image.fromarray(pixels).save(memory, format, **options)
    return memory.getvalue()


def classes(format: str, **options: object) -> Seed:
    names = ("cat/a", "cat/b", "dog/c")
    return Seed({name: image(format, at, **options) for at, name in enumerate(names)})


def listed(name: str, text: str) -> Seed:
    images = {each: image("PNG", at) for at, each in enumerate(("a.png", "b.png", "c d.png"))}
    return Seed({name: text.encode(), **images}, name)


def animated() -> Seed:
    frames = [Image.fromarray(frame) for frame in COLORS[:, :6, :7]]
    return classes("GIF", save_all=True, append_images=frames)


SEEDS: dict[str, Seed] = {
    "npz": npz(np.savez, LABELS),
    "npz-packed-words": npz(np.savez_compressed, LABELS.astype("U1")),
    "cifar10-binary": Seed(CIFAR10),
    "cifar10-python-0": Seed(python10(0)),
    "cifar10-python-2": Seed(python10(2)),
    "cifar10-python-5": Seed(python10(5)),
    "cifar10-tar": tarred(CIFAR10, bytes, tarfile.PAX_FORMAT),
    "cifar10-tar-gz": tarred(python10(2), gzip.compress, tarfile.GNU_FORMAT),
    "cifar10-tar-xz": tarred(CIFAR10, lzma.compress, tarfile.USTAR_FORMAT),
    "cifar10-zip": zipped(python10(4)),
    "cifar100-binary": Seed(CIFAR100, choices="labels=coarse"),
    "cifar100-python": Seed(python100(3)),
    "cifar100-tar-bz2": tarred(CIFAR100, bz2.compress, tarfile.PAX_FORMAT),
    "cifar100-zip": zipped(CIFAR100),
    "mnist": Seed(mnist("", bytes)),
    "mnist-packed": Seed(mnist("", gzip.compress, ".gz"), "train-images-idx3-ubyte.gz"),
    "emnist": Seed(mnist("emnist-letters-", bytes) | mnist("emnist-x-", gzip.compress, ".gz")),
    "list-table": listed(
        "l.csv", "file,label,part\na.png,0,train\nb.png,1,train\n'c d.png',1,test"
    ),
    "list-semicolons": listed("l.csv", 'a.png;x\n"b.png";y\r\n"c d.png";\n'),
    "list-tabs": listed("l.tsv", "a.png\tx\nb.png\ty\n"),
    "list-lines": listed("l.txt", "# two\na.png 9\n./b.png 10\nc d.png 9\n"),
    "classes-parts": Seed(
        {f"{part}/{name}/1": image("PNG", len(name)) for part in ("train", "val") for name in "ab"}
    ),
    "classes-png": classes("PNG"),
    "classes-jpeg": classes("JPEG", progressive=True),
    "classes-gif": animated(),
    "classes-bmp": classes("BMP"),
    "classes-tiff": classes("TIFF", compression="tiff_lzw"),
    "classes-webp": classes("WEBP"),
    "classes-jpeg2000": classes("JPEG2000"),
    "classes-ppm": classes("PPM"),
}
SEEDS["emnist"] = SEEDS["emnist"]._replace(choices="set=letters")
