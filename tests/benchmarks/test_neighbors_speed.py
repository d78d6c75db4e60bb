"""The five nearest of many images, against faiss, scikit-learn and PyTorch's cdist.

All are given the same whole numbers, the peers as float32, which is what they take. Samples are
smaller for who is slower; printed is how long each would take for all pairs of ``QUERIES`` and
``ROWS`` images, which grows with their product.
"""

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from pairs import Timing, compare

from cvtool.kernels.nearest import nearest

pytestmark = pytest.mark.benchmark

QUERIES, ROWS, NUMBERS, K = 10_000, 50_000, 3072, 5
SAMPLE = 1_000, 10_000
FEW = 100
"""Queries for those who would take minutes."""


@pytest.fixture
def sample() -> tuple[Any, Any]:
    random = np.random.default_rng(0)
    queries, rows = (random.integers(0, 256, (count, NUMBERS), np.uint8) for count in SAMPLE)
    return queries, rows


def report(timing: Timing, name: str, queries: Mapping[str, int], printer: Any) -> None:
    """Print the time for all images, and how many times as long the peers take."""
    whole = QUERIES * ROWS / (SAMPLE[0] * SAMPLE[1])
    with printer.disabled():
        print(f"\n{name}: {timing.ours * whole:.1f} s for {QUERIES:,} × {ROWS:,} images", end="")
        for peer in timing.peers:
            ratio = timing.ratio(peer) * SAMPLE[0] / queries.get(peer, SAMPLE[0])
            print(f", {peer} {ratio:.1f}×", end="")


def faiss_search(queries: Any, rows: Any, metric: str) -> Callable[[], object]:
    faiss = pytest.importorskip("faiss", reason="faiss is a peer of this benchmark")
    index = faiss.IndexFlat(NUMBERS, faiss.METRIC_L1 if metric == "l1" else faiss.METRIC_L2)
    index.add(rows)
    return lambda: index.search(queries, K)


def sklearn_search(queries: Any, rows: Any, metric: str) -> Callable[[], object]:
    neighbors = pytest.importorskip("sklearn.neighbors", reason="scikit-learn is a peer")
    search = neighbors.NearestNeighbors(
        n_neighbors=K, algorithm="brute", metric=metric, n_jobs=-1
    ).fit(rows)
    return lambda: search.kneighbors(queries)


def torch_search(queries: Any, rows: Any) -> Callable[[], object]:
    torch = pytest.importorskip("torch", reason="PyTorch is a peer of this benchmark")
    ours, theirs = torch.from_numpy(queries), torch.from_numpy(rows)
    return lambda: torch.cdist(ours, theirs).topk(K, largest=False)


def test_l1_of_bytes(sample: tuple[Any, Any], capsys: pytest.CaptureFixture[str]) -> None:
    queries, rows = sample
    few, floats = queries[:FEW].astype("f4"), rows.astype("f4")
    timing = compare(
        lambda: nearest(queries, rows, K, metric="l1"),
        {
            "faiss": faiss_search(few, floats, "l1"),
            "scikit-learn": sklearn_search(few, floats, "manhattan"),
        },
        rounds=5,
        warmup=1,
    )
    report(timing, "L1 of bytes", {"faiss": FEW, "scikit-learn": FEW}, capsys)


@pytest.mark.parametrize("dtype", ["u1", "f4"], ids=["bytes", "float32"])
def test_l2(sample: tuple[Any, Any], dtype: str, capsys: pytest.CaptureFixture[str]) -> None:
    floats = [matrix.astype("f4") for matrix in sample]
    queries, rows = (matrix.astype(dtype) for matrix in sample)
    timing = compare(
        lambda: nearest(queries, rows, K, metric="l2"),
        {
            "faiss": faiss_search(*floats, "l2"),
            "scikit-learn": sklearn_search(*floats, "euclidean"),
            "torch.cdist": torch_search(*floats),
        },
        rounds=5,
        warmup=1,
    )
    report(timing, f"L2 of {'bytes' if dtype == 'u1' else 'float32'}", {}, capsys)


def test_one_query(sample: tuple[Any, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """Few queries share the rows' way from memory with nobody: this is the memory's speed."""
    queries, rows = sample
    started = perf_counter()
    rounds = 20
    for query in queries[:rounds]:
        nearest(query[np.newaxis], rows, K, metric="l2")
    seconds = (perf_counter() - started) / rounds
    with capsys.disabled():
        print(
            f"\none query: {rows.nbytes / seconds / 1e9:.1f} GB/s, {1e3 * seconds:.1f} ms", end=""
        )
