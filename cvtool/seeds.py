"""One seed, many named streams of random numbers.

A stream is a function of the seed and its name alone: ``stream(seed, "dropout", "fc1", step)``.
Nothing random is therefore ever saved or restored; the position in a run says it all, which is why
a resumed run continues bit for bit.
"""

from hashlib import blake2b

import numpy as np


def stream(seed: int, *name: str | int) -> np.random.Generator:
    """Random numbers for one purpose, independent of those of every other name.

    Parameters
    ----------
    seed
        The seed of the run, zero or more.
    name
        Words and numbers that say what the stream is for, as ``"batches", epoch``.
    """
    words = "/".join(map(str, name)).encode()
    key = np.frombuffer(blake2b(words, digest_size=16).digest(), dtype=np.uint32)
    return np.random.Generator(
        np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key.tolist()))
    )
