"""Training images larger than memory stream by: what is held does not grow with them."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("resource", reason="memory is read where the system tells it")

IMAGES, SHAPE = 250_000, (32, 32, 3)
MOST = 500  # megabytes beyond what Python and the kernels take

SEARCH = """
import resource, sys
import numpy as np
from cvtool.datasets.dataset import Examples
from cvtool.datasets.rows import Rows
from cvtool.datasets.split import Subset, whole
from cvtool.models.neighbor_search import Poll, classifying
from cvtool.records import finish

def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

images = np.load(sys.argv[1], mmap_mode="r")
examples = Examples(images, np.zeros(len(images), np.int64))
poll = Poll((1, 5), ("l1",), "smallest", 2)
few = Rows(Subset(examples, np.arange(10)), None)
finish(classifying(few, few, poll, kept=np.arange(0)))
before = memory()
tally = finish(classifying(few, Rows(whole(examples), None), poll, kept=np.arange(10)))
print(memory() - before, *tally.neighbors_of_kept("l1").indices[0])
"""


@pytest.mark.slow
def test_a_mapped_file_is_gone_through_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "images.npy"
    # A file of zeros takes no room on the disk, and as much memory as any other.
    np.lib.format.open_memmap(path, "w+", np.uint8, (IMAGES, *SHAPE))
    words = [sys.executable, "-c", SEARCH, str(path)]
    ended = subprocess.run(words, capture_output=True, text=True, check=True)
    taken, *nearest = map(float, ended.stdout.split())
    assert IMAGES * int(np.prod(SHAPE)) / 1e6 > MOST
    assert taken < MOST
    assert nearest == [0, 1, 2, 3, 4]  # equally far all of them: the smallest indices
