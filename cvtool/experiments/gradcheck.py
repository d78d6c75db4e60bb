"""``gradcheck``: analytic gradients beside central differences, and known mistakes to test that."""

from collections.abc import Generator, Iterator
from functools import partial
from time import perf_counter

import numpy as np

from cvtool.config import GradcheckConfig, TrainConfig
from cvtool.diagnostics.gradients.case import Case, Setting
from cvtool.diagnostics.gradients.cases import all_cases
from cvtool.diagnostics.gradients.checking import Rules
from cvtool.diagnostics.gradients.layer_cases import chosen_layers
from cvtool.diagnostics.gradients.network_cases import (
    IMAGES,
    chosen_network,
    network_on,
    penalty_of,
)
from cvtool.diagnostics.gradients.self_testing import self_test
from cvtool.diagnostics.gradients.subjects import Subject
from cvtool.diagnostics.gradients.verdicts import PRECISIONS
from cvtool.experiments.preparation import Preparation, prepare
from cvtool.kernels.threads import use_threads
from cvtool.records import GradcheckResult, GradientCheck, Note, SelfTestResult, Told, WorkRecord

LIMIT = 64
"""Images of a data set that are read; a few of them are used."""


def gradcheck(config: GradcheckConfig) -> Iterator[Told | GradcheckResult | SelfTestResult]:
    """Check what is chosen, or everything; or make known mistakes and see which are found.

    Yields
    ------
    What there is to tell, and last of all the result.

    Raises
    ------
    UsageError, DataError
        If a formula is none, or images cannot be read.
    """
    started = perf_counter()
    use_threads(config.threads or 1)
    yield Note("checking gradients; what runs for the first time is compiled, once")
    setting = Setting(config.dtype, config.seed, config.burn_in)
    if config.self_test:
        yield from self_test(setting, _rules(config))
        return
    checks = yield from _checked(config, (yield from _cases(config)), setting)
    yield GradcheckResult(
        ok=all(each.ok for each in checks),
        dtype=config.dtype,
        step=_rules(config).step,
        max_relative_error=max(each.max_relative_error for each in checks),
        coordinates=sum(each.coordinates for each in checks),
        kinks=sum(each.kinks for each in checks),
        seconds=perf_counter() - started,
        checks=tuple(checks),
    )


def _rules(config: GradcheckConfig) -> Rules:
    precision = PRECISIONS[config.dtype]
    return Rules(config.samples, config.step or precision.step, precision, config.seed)


def _checked(
    config: GradcheckConfig, cases: list[Case], setting: Setting
) -> Generator[Told, None, list[GradientCheck]]:
    rules = _rules(config)
    checks = []
    for number, case in enumerate(cases):
        yield WorkRecord("checking gradients", number, len(cases))
        checks.append(case.check(setting, rules))
    yield WorkRecord("checking gradients", len(cases), len(cases))
    return checks


def _cases(config: GradcheckConfig) -> Generator[Told, None, list[Case]]:
    if config.layer is not None:
        return chosen_layers(config.layer)
    if config.dataset is not None:
        return (yield from _on_images(config))
    return all_cases() if config.arch is None else chosen_network(config.arch)


def _on_images(config: GradcheckConfig) -> Generator[Told, None, list[Case]]:
    """Take a few training images as a network that trains on them would see them."""
    assert config.dataset is not None
    training = TrainConfig(
        dataset=config.dataset,
        arch=config.arch,
        dtype=config.dtype,
        seed=config.seed,
        limit=LIMIT,
    )
    preparation = yield from prepare(training)
    name = f"{config.arch or 'default network'} on {preparation.dataset.name}"
    return [
        Case(f"{name}, data loss", "network", partial(_data_loss, preparation, training), thrift=3),
        Case(
            f"{name}, l2 penalty",
            "regularization",
            lambda _setting: penalty_of(preparation.network),
            thrift=3,
        ),
    ]


def _data_loss(preparation: Preparation, training: TrainConfig, setting: Setting) -> Subject:
    network, seen = preparation.network, preparation.seen.train
    images = np.empty((min(IMAGES, len(seen)), *network.input_shape), network.dtype)
    positions = np.arange(len(images))
    preparation.training_batches(training).fill(positions, images)
    return network_on(network, images, seen.labels[positions], setting)
