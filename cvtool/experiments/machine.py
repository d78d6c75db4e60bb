"""The machine as the kernels see it: its processor, the tile that was chosen, threads.

Importing this starts the core, which ``doctor`` expects to go wrong.
"""

import os
import platform

from cvtool import environment
from cvtool.kernels import processor
from cvtool.kernels.threads import layer, most_threads
from cvtool.records import ProcessorFacts, ThreadFacts

FEATURES = {
    "AVX2": "avx2",
    "FMA": "fma",
    "AVX-512": "avx512f",
    "AVX-512 bytes": "avx512bw",
    "VNNI": "avx512vnni",
    "AVX-VNNI": "avxvnni",
    "NEON": "neon",
}
"""What decides about tiles, as people and as LLVM call it."""

SETTINGS = ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES")
"""The variables of the environment by which numba is told of another processor."""


def processor_facts() -> ProcessorFacts:
    """Say what processor the kernels are compiled for, and which tile follows from it."""
    available = processor.features()
    tile = processor.TILE
    return ProcessorFacts(
        name=environment.processor(),
        architecture=platform.machine(),
        told={name: os.environ[name] for name in SETTINGS if name in os.environ},
        features={name: word in available for name, word in FEATURES.items()},
        tile=tile.name,
        tile_rows=tile.rows,
        tile_columns=tile.columns("float32"),
        why=WHY[tile],
        multiplies_bytes=processor.multiplies_bytes(),
    )


WHY = {
    processor.AVX512: "there is AVX-512",
    processor.AVX2: "there are AVX2 and FMA, and no AVX-512",
    processor.NEON: "there is NEON",
    processor.GENERIC: "there is none of AVX-512, AVX2 with FMA, and NEON",
}


def thread_facts() -> ThreadFacts:
    """Count the threads of kernels and of NumPy's BLAS, and the processors to run them on."""
    return ThreadFacts(
        threads=most_threads(),
        layer=layer(),
        processors=os.cpu_count(),
        allowed=environment.processors_allowed(),
        granted=environment.time_limit(),
        busy=os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        blas=_blas_threads(),
    )


def _blas_threads() -> dict[str, int] | None:
    from threadpoolctl import threadpool_info

    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    names = [f"{pool['internal_api']} {pool['version'] or ''}".strip() for pool in pools]
    return {name: pool["num_threads"] for name, pool in zip(names, pools, strict=True)}
