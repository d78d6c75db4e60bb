"""``sanity-check --self-test``: known mistakes, one at a time, and what the checks find."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from time import perf_counter

from cvtool.config import TrainConfig
from cvtool.diagnostics.sanity.checks import check
from cvtool.diagnostics.sanity.mistakes import HEALTHY, MISTAKES, SeededMistake
from cvtool.experiments.preparation import prepare
from cvtool.experiments.sanity_check import setup_of
from cvtool.kernels.threads import use_threads
from cvtool.records import (
    Healthy,
    Injection,
    Note,
    SelfTestResult,
    WorkRecord,
    finish,
    self_test_result,
)


def self_test(config: TrainConfig) -> Iterator[Note | WorkRecord | SelfTestResult]:
    """Make every mistake and look at every healthy set-up; only seed and threads are chosen."""
    started = perf_counter()
    use_threads(config.threads)
    injections: list[Injection] = []
    healthy: list[Healthy] = []
    total = len(MISTAKES) + len(HEALTHY)
    for mistake in MISTAKES:
        yield WorkRecord(f"making a mistake: {mistake.name}", len(injections), total)
        injections.append(_made(mistake, config.seed))
    for name, choices in HEALTHY.items():
        yield WorkRecord(f"looking at {name}", len(injections) + len(healthy), total)
        chosen = replace(TrainConfig(**choices), seed=config.seed)
        healthy.append(Healthy(name, finish(_alarms(chosen))))
    seconds = perf_counter() - started
    yield self_test_result("sanity-check", injections, healthy, seconds)


def _made(mistake: SeededMistake, seed: int) -> Injection:
    found = finish(_alarms(mistake.config(seed), mistake))
    named = any(name in mistake.found_by for name in found)
    return Injection(mistake.name, mistake.what, found, named)


def _alarms(
    config: TrainConfig, mistake: SeededMistake | None = None
) -> Generator[Note | WorkRecord, None, tuple[str, ...]]:
    """Return the names of the checks that fail."""
    setup = setup_of(config, (yield from prepare(config)))
    checked = yield from check(mistake.alter(setup) if mistake else setup)
    return tuple(each.name for each in checked.checks if not each.ok)
