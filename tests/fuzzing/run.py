"""Damages data sets at random, as many as wanted: ``python -m tests.fuzzing.run --inputs 100000``.

Prints how they ended for each layout, the slowest input and the most memory; ends with exit code 1
if one ended in a traceback, hung, left something behind, or took more than a gigabyte. What failed
is written with its number, and ``--first NUMBER --inputs 1`` does it again.
"""

import argparse
import faulthandler
import resource
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path
from random import Random

import platformdirs

from .judge import LONGEST, judge
from .mutations import damaged, random_change
from .seeds import SEEDS

MOST_MEMORY = 10**9


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--only", default="", help="layouts whose names begin so")
    options = parser.parse_args()
    warnings.simplefilter("error")
    names = [name for name in SEEDS if name.startswith(options.only)]
    endings: dict[str, Counter[str]] = {name: Counter() for name in names}
    slowest, failures = (0.0, ""), 0
    with tempfile.TemporaryDirectory() as scratch:
        platformdirs.user_cache_dir = lambda *_: f"{scratch}/cache"
        for number in range(options.first, options.first + options.inputs):
            faulthandler.dump_traceback_later(2 * LONGEST, exit=True)
            name, start = names[number % len(names)], time.perf_counter()
            try:
                ending = _one(Path(scratch), name, number)
            except AssertionError as error:
                failures, ending = failures + 1, "failed"
                print(f"input {number} of {name}:\n{error}", flush=True)
            endings[name][ending] += 1
            slowest = max(slowest, (time.perf_counter() - start, f"input {number} of {name}"))
            if number % 10_000 == 9_999:
                print(f"{number + 1} inputs, {_memory() / 1e6:.0f} MB", file=sys.stderr, flush=True)
    for name, counts in endings.items():
        print(f"{name:20}", *(f"{ending} {counts[ending]:6}" for ending in ("whole", "told")))
    print(f"{options.inputs} inputs, {failures} failed; slowest {slowest[0]:.2f} s ({slowest[1]});")
    print(f"most memory {_memory() / 1e6:.0f} MB")
    return int(failures > 0 or _memory() > MOST_MEMORY)


def _one(scratch: Path, name: str, number: int) -> str:
    random = Random(number)
    changes = [random_change(random) for _ in range(random.choice((1, 1, 1, 2, 3)))]
    seed = SEEDS[name]
    files = damaged(seed, changes)
    strictly = random.random() < 0.3
    return judge(scratch / name, scratch / "cache", seed, files, strictly=strictly)


def _memory() -> int:
    """Most bytes that this process has had in memory so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    sys.exit(main())
