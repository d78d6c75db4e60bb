"""A program: do as ``check_distances.py`` as if this were a processor of a kind not known."""

from pathlib import Path
from runpy import run_path

from cvtool.kernels import byte_operations, processor

if __name__ == "__main__":
    # Before the tiles are made, which is when they are imported.
    processor.PAIRS = byte_operations.PAIRS = processor.PLAIN_PAIRS
    run_path(str(Path(__file__).with_name("check_distances.py")), run_name="__main__")
