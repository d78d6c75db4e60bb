"""The slow twins of ``cvtool.kernels.distances`` and ``nearest``: the forms that courses teach.

Two loops compare one pair at a time and read as the definition. One loop compares a query with all
rows at once. No loop makes one product of matrices, |q|² + |x|² − 2·q·x, and is the fastest of the
three, but where two long vectors hardly differ little is left of what it subtracts.
"""

import numpy as np


def pair(query, row, metric):
    """Compare two vectors of double precision."""
    if metric == "l1":
        return np.abs(query - row).sum()
    if metric == "l2":
        return np.sqrt(((query - row) ** 2).sum())
    lengths = np.sqrt((query**2).sum() * (row**2).sum())
    return 1 - (query * row).sum() / lengths if lengths > 0 else 1.0


def two_loops(queries, rows, metric):
    queries, rows = queries.astype(np.float64), rows.astype(np.float64)
    distances = np.empty((len(queries), len(rows)))
    for i, query in enumerate(queries):
        for j, row in enumerate(rows):
            distances[i, j] = pair(query, row, metric)
    return distances


def one_loop(queries, rows, metric):
    queries, rows = queries.astype(np.float64), rows.astype(np.float64)
    distances = np.empty((len(queries), len(rows)))
    for i, query in enumerate(queries):
        if metric == "l1":
            distances[i] = np.abs(rows - query).sum(axis=1)
        elif metric == "l2":
            distances[i] = np.sqrt(((rows - query) ** 2).sum(axis=1))
        else:
            lengths = np.sqrt((rows**2).sum(axis=1) * (query**2).sum())
            distances[i] = 1 - rows @ query / np.where(lengths > 0, lengths, np.inf)
    return distances


def no_loop(queries, rows, metric):
    """There is no such form of L1."""
    queries, rows = queries.astype(np.float64), rows.astype(np.float64)
    products = queries @ rows.T
    of_queries, of_rows = (queries**2).sum(axis=1)[:, np.newaxis], (rows**2).sum(axis=1)
    if metric == "l2":
        return np.sqrt(np.maximum(of_queries + of_rows - 2 * products, 0))
    lengths = np.sqrt(of_queries * of_rows)
    return 1 - products / np.where(lengths > 0, lengths, np.inf)


def nearest(distances, k):
    """Sort every line of a matrix of distances; return indices and distances of the first ``k``."""
    indices = np.array(
        [
            sorted(range(len(line)), key=lambda index, line=line: (line[index], index))[:k]
            for line in distances
        ],
        np.int64,
    ).reshape(len(distances), k)
    return indices, np.take_along_axis(distances, indices, axis=1)
