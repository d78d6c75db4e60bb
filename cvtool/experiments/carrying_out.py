"""Who carries the trials of a study out: this process, several, or a cluster."""

from collections.abc import Iterator
from contextlib import contextmanager

from cvtool.experiments.cluster import connected
from cvtool.kernels.threads import use_threads
from cvtool.tuning.executors import Cluster, Executor, Here, Processes
from cvtool.tuning.trial import Objective

MOST_WORKERS = 8
"""Processes that are started unless somebody asks for more: each holds the images once more."""


@contextmanager
def carrying_out(
    objective: Objective, *, workers: int | None, cluster: str | None, threads: int | None
) -> Iterator[Executor]:
    """Provide who carries trials out, until the end of the block.

    Parameters
    ----------
    objective
        Tries settings.
    workers
        How many processes share the threads, of which each has at least one; None for one to a
        thread, but at most ``MOST_WORKERS``. One is this process.
    cluster
        Where dask workers do it instead; see ``connected``.
    threads
        How many there are to be shared; None for one a processor.

    Raises
    ------
    UsageError
        If there are fewer processors than threads, or the cluster does not answer; later, if
        workers are lost again and again.
    """
    threads = use_threads(threads)
    workers = workers or min(threads, MOST_WORKERS)
    if cluster is not None:
        # Whoever carries trials out counts what is lost: dask is not to try again by itself.
        with connected(cluster, threads, failures=0) as client:
            yield Cluster(objective, client)
    elif workers == 1:
        yield Here(objective)
    else:
        with Processes(objective, workers, threads) as processes:
            yield processes
