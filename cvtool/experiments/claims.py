"""``claims``: statements of the notes, each put to the test."""

from collections.abc import Generator, Iterator
from time import perf_counter

from cvtool.config import ClaimsConfig
from cvtool.datasets.dataset import Dataset
from cvtool.diagnostics.claims.claim import Bench, Claim
from cvtool.diagnostics.claims.registry import choose
from cvtool.errors import UsageError
from cvtool.experiments.reading import read
from cvtool.kernels.threads import use_threads
from cvtool.records import ClaimResult, ListedClaim, Note, WorkRecord
from cvtool.training.interruption import interruption


def list_claims(config: ClaimsConfig) -> tuple[ListedClaim, ...]:
    """List what would be tested.

    Raises
    ------
    UsageError
        If ``only`` names what is not there.
    """
    chosen = choose(config.only)
    return tuple(ListedClaim(claim.id, claim.section, claim.text) for claim in chosen)


def claims(config: ClaimsConfig) -> Iterator[Note | WorkRecord | tuple[ClaimResult, ...]]:
    """Test claims one after the other; the last record has what came of each.

    Whoever interrupts gets what was finished.

    Raises
    ------
    UsageError, DataError
        If ``only`` names what is not there, or the data cannot be used.
    """
    chosen = choose(config.only)
    use_threads(config.threads)
    bench = Bench((yield from _images(config)), config.seed)
    results: list[ClaimResult] = []
    with interruption() as wish:
        for done, claim in enumerate(chosen):
            yield WorkRecord(f"testing {claim.id}, claim", done, len(chosen))
            results.append(_tested(claim, bench))
            if wish.requested:
                break
    yield tuple(results)


def _images(config: ClaimsConfig) -> Generator[Note | WorkRecord, None, Dataset]:
    dataset = yield from read(config)
    if dataset.has_points:
        raise UsageError(
            f"claims are about images, and {dataset.name} holds points in the plane: choose a "
            f"data set of images"
        )
    return dataset


def _tested(claim: Claim, bench: Bench) -> ClaimResult:
    started = perf_counter()
    found = claim.test(bench)
    seconds = perf_counter() - started
    return ClaimResult(
        claim.id,
        claim.section,
        claim.text,
        found.measured,
        found.verdict,
        found.message,
        seconds,
    )
