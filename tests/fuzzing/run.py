"""Damages data sets at random, as many as wanted: ``python -m tests.fuzzing.run --inputs 100000``.

Prints how they ended for each layout, the slowest input and the most memory; ends with exit code 1
if one ended in a traceback, hung, left something behind, or took more than a gigabyte. What failed
is written with its number, and ``--first NUMBER --inputs 1`` does it again.
"""

import argparse
import faulthandler
import re
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
    names = list(SEEDS)
    endings: dict[str, Counter[str]] = {name: Counter() for name in names}
    slowest, hungriest = (0.0, "none"), (0, "none")
    with tempfile.TemporaryDirectory() as scratch:
        platformdirs.user_cache_dir = lambda *_: f"{scratch}/cache"
        for number in range(options.first, options.first + options.inputs):
            name = names[number % len(names)]
            if not name.startswith(options.only):
                continue
            which, before, start = f"input {number} of {name}", _memory(), time.perf_counter()
            faulthandler.dump_traceback_later(2 * LONGEST, exit=True)
            try:
                ending = _one(Path(scratch), name, number)
            except AssertionError as error:
                ending = "failed"
                print(f"{which}:\n{error}", flush=True)
            endings[name][ending] += 1
            slowest = max(slowest, (time.perf_counter() - start, which))
            hungriest = max(hungriest, (_memory() - before, which))
            if number % 10_000 == 9_999:
                print(f"{number + 1} inputs, {_memory() / 1e6:.0f} MB", file=sys.stderr, flush=True)
    for name, counts in endings.items():
        print(f"{name:20}", *(f"{ending} {counts[ending]:6}" for ending in ("whole", "told")))
    failures = sum(counts["failed"] for counts in endings.values())
    print(f"{sum(map(Counter.total, endings.values()))} inputs, {failures} failed")
    print(f"slowest {slowest[0]:.2f} s ({slowest[1]})")
    print(f"most memory {_memory() / 1e6:.0f} MB ({hungriest[0] / 1e6:+.0f} MB by {hungriest[1]})")
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
    status = Path("/proc/self/status")
    if status.exists():  # elsewhere, what the program had that started this one counts, too
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text())
        return int(found[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    sys.exit(main())
