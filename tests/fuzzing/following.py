"""Damages files so that new code is reached, by atheris: ``python -m tests.fuzzing.following``.

Takes a folder for the inputs found, and libFuzzer's options, as ``-runs=100000``. The first byte of
an input says which file of which layout it stands for; the others are its content. Those files that
are packed are also damaged from inside.
"""

import sys
import tempfile
from pathlib import Path

import atheris
import platformdirs

with atheris.instrument_imports(include=["cvtool.datasets"]):
    from .judge import judge

from .packings import packing_of
from .seeds import SEEDS

TARGETS = [
    (name, file)
    for name, seed in SEEDS.items()
    if not name.startswith("classes")
    for file in seed.files
    if not file.endswith(".png")
]


def main() -> None:
    """Start from whole files and go on until an option says to stop."""
    scratch = Path(tempfile.mkdtemp())
    corpus = Path(sys.argv[1])
    for number, (name, file) in enumerate(TARGETS):
        (corpus / f"{number}").write_bytes(bytes([number]) + SEEDS[name].files[file])
    platformdirs.user_cache_dir = lambda *_: str(scratch / "cache")

    def follow(data: bytes) -> None:
        if data:
            name, file = TARGETS[data[0] % len(TARGETS)]
            seed = SEEDS[name]
            files = seed.files | {file: _repacked(seed.files[file], data[1:])}
            judge(scratch / "set", scratch / "cache", seed, files, strictly=False)

    atheris.Setup(sys.argv, follow)
    atheris.Fuzz()


def _repacked(whole: bytes, content: bytes) -> bytes:
    """Pack content as a whole file is packed, unless it is so itself."""
    packing = packing_of(whole)
    if packing is None or packing_of(content) is packing:
        return content
    try:
        pieces = packing.split(whole)
        return packing.join(whole, [content, *pieces[1:]])
    except Exception:  # nothing that could be packed
        return content


if __name__ == "__main__":
    main()
