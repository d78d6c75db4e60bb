"""McNemar's test, by brute force and beside a peer; Holm's correction; intervals of differences."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvtool.diagnostics.intervals import paired_difference
from cvtool.diagnostics.mcnemar import holm, mcnemar
from cvtool.diagnostics.paired_runs import compare_pair, judged, not_comparable

COUNTS = st.integers(0, 400)


def brute_force(only_first: int, only_second: int) -> float:
    """Count, of all ways fair coins can fall, those at least as uneven as what was seen."""
    total = only_first + only_second
    falls = [sum(coins) for coins in product((0, 1), repeat=total)]
    uneven = [abs(2 * heads - total) >= abs(only_first - only_second) for heads in falls]
    return sum(uneven) / len(uneven)


@pytest.mark.parametrize(("first", "second"), [(a, b) for a in range(6) for b in range(6)])
def test_it_counts_the_falls_of_fair_coins(first: int, second: int) -> None:
    assert mcnemar(first, second) == pytest.approx(brute_force(first, second))


@given(COUNTS, COUNTS)
def test_it_takes_no_side(first: int, second: int) -> None:
    assert mcnemar(first, second) == mcnemar(second, first)
    assert mcnemar(first + 1, first + 1) == 1.0
    assert 0 < mcnemar(first, second) <= 1


@pytest.mark.peer
@settings(deadline=None)
@given(COUNTS, COUNTS)
def test_it_agrees_with_scipy(first: int, second: int) -> None:
    stats = pytest.importorskip("scipy.stats", reason="the peer of the test is SciPy")
    expected = stats.binomtest(first, first + second).pvalue if first + second else 1.0
    assert mcnemar(first, second) == pytest.approx(expected, rel=1e-9)


def test_it_is_exact_of_many_images() -> None:
    assert mcnemar(5000, 5200) == pytest.approx(0.0488, abs=1e-4)
    assert mcnemar(0, 5000) == 0.0


def test_holm_raises_what_was_found_together() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    assert holm([0.02]) == (0.02,)
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_holm_raises_and_keeps_the_order(found: list[float]) -> None:
    raised = holm(found)
    assert all(low <= high <= 1 for low, high in zip(found, raised, strict=True))
    pairs = sorted(zip(found, raised, strict=True))
    assert [high for _, high in pairs] == sorted(raised)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_the_interval_holds_the_difference_and_turns_with_it(
    first: int, second: int, both: int
) -> None:
    total = first + second + both + 1
    low, high = paired_difference(first, second, total)
    assert -1 <= low <= (second - first) / total <= high <= 1
    assert paired_difference(second, first, total) == pytest.approx((-high, -low))


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    random = np.random.default_rng(0)
    counts = random.multinomial(200, [0.08, 0.15, 0.77], size=2000)
    intervals = [paired_difference(int(a), int(b), 200) for a, b, _ in counts]
    held = np.mean([low <= 0.07 <= high for low, high in intervals])
    assert 0.93 <= held <= 0.975


def pair(only_first: int, only_second: int, both: int) -> tuple[np.ndarray, np.ndarray]:
    first = [True] * only_first + [False] * only_second + [True] * both
    second = [False] * only_first + [True] * only_second + [True] * both
    return np.array(first), np.array(second)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((0, 12, 88), "the difference of 12.0 points is more than chance would make (p < 0.001)"),
        ((1, 8, 91), "the difference of 7.0 points is more than chance would make (p = 0.039)"),
        ((4, 6, 90), "the difference of 2.0 points is no more than chance would make (p = 0.75)"),
        ((5, 5, 90), "both do equally well, on different images (p = 1)"),
        ((0, 0, 9), "both are right on the very same images"),
    ],
)
def test_verdicts_in_words(counts: tuple[int, int, int], words: str) -> None:
    (found,) = judged([compare_pair("a", "b", *pair(*counts))])
    assert found.verdict == words
    assert found.difference == pytest.approx((counts[1] - counts[0]) / sum(counts))
    assert found.p_value == mcnemar(*counts[:2])


def test_what_is_found_among_many_is_held_to_more() -> None:
    alone = compare_pair("a", "b", *pair(1, 8, 91))
    excused = not_comparable("a", "c", "other images")
    once, skipped, twice = judged([alone, excused, alone])
    assert skipped == excused
    assert once.p_value == twice.p_value == pytest.approx(2 * mcnemar(1, 8))
    assert "no more than chance" in once.verdict
