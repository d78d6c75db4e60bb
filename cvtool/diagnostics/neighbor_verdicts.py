"""What the accuracies of nearest neighbors mean, and what to try next."""

from dataclasses import dataclass

from cvtool.config import KnnConfig
from cvtool.diagnostics.intervals import wilson
from cvtool.records import CrossValidatedSetting, HeldOutSetting, Setting, Verdict

MANY_TIES = 0.1
"""Tied votes beyond this share let the order of labels, or of neighbors, have a say."""


@dataclass(frozen=True, eq=False)
class Measured:
    """All that verdicts are made of.

    ``guess`` is the share of the queries that are of the most frequent class.
    """

    config: KnnConfig
    results: tuple[Setting, ...]
    best: Setting
    queries: int
    train_images: int
    guess: float


def verdicts(measured: Measured) -> tuple[Verdict, ...]:
    """Judge what was measured; checks that it holds nothing for keep silent."""
    judged = (check(measured) for check in CHECKS)
    return tuple(verdict for verdict in judged if verdict is not None)


def beats_guessing(measured: Measured) -> Verdict:
    """Compare with the answer that is always the same."""
    best, guess = measured.best.accuracy, measured.guess
    low, _ = wilson(round(best * measured.queries), measured.queries)
    known = f"{_share(best)} are right, and {_share(guess)} are of the most frequent class"
    if low > guess:
        return Verdict("beats guessing", True, best - guess, known)
    remedy = "neighbors tell nothing here, try other --features or more images"
    return Verdict("beats guessing", False, best - guess, f"{known}: {remedy}")


def covers_the_best_k(measured: Measured) -> Verdict | None:
    """Look whether the best number of neighbors lies inside the range that was tried."""
    ks, best = measured.config.ks, measured.best.k
    if len(ks) < 2:
        return None
    if best == ks[-1] and best < measured.train_images:
        more = min(2 * best, measured.train_images)
        message = f"the best k, {best}, is the largest that was tried: add {more} to --k"
        return Verdict("covers the best k", False, float(best), message)
    if best == ks[0] and best > 1:
        message = f"the best k, {best}, is the smallest that was tried: add {best // 2} to --k"
        return Verdict("covers the best k", False, float(best), message)
    message = f"the best k, {best}, is not surpassed by those beside it"
    return Verdict("covers the best k", True, float(best), message)


def rivals_of_the_best(measured: Measured) -> Verdict | None:
    """Count the settings that chance may have put behind the best."""
    others = [each for each in measured.results if each is not measured.best]
    if not others:
        return None
    least = _least_of(measured.best)
    near = sum(each.accuracy >= least for each in others)
    if not near:
        return Verdict("rivals of the best", True, 0.0, "no other setting comes near the best")
    words = "1 other setting is" if near == 1 else f"{near} other settings are"
    message = f"{words} within the error of the best: only more images can tell them apart"
    return Verdict("rivals of the best", True, float(near), message)


def ties_are_few(measured: Measured) -> Verdict | None:
    """Look at how many votes of the best setting were tied, and who decided them."""
    best, config = measured.best, measured.config
    if best.k == 1:
        return None
    share = best.ties / measured.queries
    seen = f"{_share(share)} of the votes of {best.k} are tied"
    if share <= MANY_TIES:
        return Verdict("ties are few", True, share, seen)
    if config.ties == "smallest":
        message = f"{seen} and go to the smallest label, whatever it is: try --ties nearest"
        return Verdict("ties are few", False, share, message)
    return Verdict("ties are few", True, share, f"{seen} and go to the nearest neighbor")


def keeps_the_test_set(measured: Measured) -> Verdict | None:
    """Notice a choice among several settings that is made on the test set (§2.2)."""
    count = len(measured.results)
    if measured.config.split != "test":
        return None
    if count == 1:
        message = "one setting was measured on the test set, none chosen by it"
        return Verdict("keeps the test set", True, 1.0, message)
    message = (
        f"the best of {count} settings was chosen on the test set, which makes it look better than "
        f"it is: choose with --split val or --folds 5, then report that one setting"
    )
    return Verdict("keeps the test set", False, float(count), message)


def _least_of(best: Setting) -> float:
    """Return the lowest accuracy that may be as good as the best."""
    if isinstance(best, CrossValidatedSetting):
        return best.accuracy - best.std
    return best.low if isinstance(best, HeldOutSetting) else best.accuracy


def _share(part: float) -> str:
    return f"{100 * part:.1f} %"


CHECKS = (
    beats_guessing,
    covers_the_best_k,
    rivals_of_the_best,
    ties_are_few,
    keeps_the_test_set,
)
