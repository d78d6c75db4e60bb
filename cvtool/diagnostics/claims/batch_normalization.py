"""What the notes say of batch normalization (§6.4)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import log

import numpy as np

from cvtool.config import TrainConfig
from cvtool.diagnostics.claims.claim import Bench, Claim, Measurement, holds
from cvtool.diagnostics.claims.samples import with_interval
from cvtool.diagnostics.claims.trials import (
    PLAIN,
    Course,
    learn,
    one_thread,
    repeated,
    steps_at_best_rate,
)
from cvtool.layers.batch_norm import BatchNorm
from cvtool.models.network import Network
from cvtool.seeds import stream

PLAIN_NET = "(fc-32 + relu)*3"
NORMALIZED_NET = "(fc-32 + bn + relu)*3"
RATES = tuple(10**power for power in (-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0))
SCALES = tuple(10**power for power in (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5))
"""Half a decade apart."""

Trial = Callable[[TrainConfig, float], bool]
"""``(configuration, rate or scale) → whether it trains``."""


def widens_rates(bench: Bench) -> Measurement:
    """Count the rates, from 0.01 to 10, at which networks with and without it train."""
    course = Course.of(bench.dataset, bench.seed, images=400)

    def at_rate(config: TrainConfig, rate: float) -> bool:
        return _trains(course, replace(config, learning_rate=rate))

    return _widens(bench, RATES, at_rate, "learning rates")


def widens_initializations(bench: Bench) -> Measurement:
    """Count the multiples of He's weights, from 0.03 to 30, from which networks train."""
    course = Course.of(bench.dataset, bench.seed, images=400)

    def from_scale(config: TrainConfig, scale: float) -> bool:
        return _trains(course, config, course.build(config, weights_times=scale))

    return _widens(bench, SCALES, from_scale, "scales of the weights")


def _widens(bench: Bench, values: Sequence[float], trains: Trial, what: str) -> Measurement:
    """Compare over how many of the values networks train, over repetitions."""
    config = replace(PLAIN, learning_rate=0.1, epochs=5)
    plain, normalized = (
        [
            sum(trains(each, value) for value in values)
            for each in repeated(replace(config, arch=arch), bench.seed, "ranges", 6)
        ]
        for arch in (PLAIN_NET, NORMALIZED_NET)
    )
    measured = with_interval("more of them", np.subtract(normalized, plain).tolist())
    measured |= {"without": float(np.mean(plain)), "with": float(np.mean(normalized))}
    return holds(
        measured["more of them low"] > 0,
        measured,
        f"Of {len(values)} {what}, half a decade apart, {measured['without']:.1f} train without "
        f"batch norm and {measured['with']:.1f} with it: {measured['more of them low']:.1f} to "
        f"{measured['more of them high']:.1f} more.",
    )


def _trains(course: Course, config: TrainConfig, network: Network | None = None) -> bool:
    """Say whether the loss falls to half of what chance costs within the epochs there are."""
    return learn(course, config, network, until=log(course.classes) / 2).reached


def depends_on_the_batch(bench: Bench) -> Measurement:
    """Score an image among others, and among others again, as training does."""
    with_it, without = (_spread_of_scores(bench, arch, training=True) for arch in _NETS)
    return holds(
        with_it > 0.01 and without == 0,
        {"change with batch norm": with_it, "change without": without},
        f"While training, the scores of an image change by {with_it:.0%} of their size with the "
        f"other images of its batch; without batch norm by {without:.0%}.",
    )


def independent_at_inference(bench: Bench) -> Measurement:
    """Score an image among others, and among others again, as at inference."""
    change = _spread_of_scores(bench, NORMALIZED_NET, training=False)
    return holds(
        change == 0,
        {"change with batch norm": change},
        f"At inference the scores of an image change by {change:.0%} with the other images.",
    )


_NETS = (NORMALIZED_NET, PLAIN_NET)


def _spread_of_scores(bench: Bench, arch: str, *, training: bool) -> float:
    """Return how far twenty batches move the scores of their first image, over their size."""
    course = Course.of(bench.dataset, bench.seed, images=400)
    config = replace(PLAIN, arch=arch, seed=bench.seed, learning_rate=0.05, epochs=2)
    network = learn(course, config).network
    images, _ = course.batch(320)
    random = stream(bench.seed, "claims", "company")
    scores = []
    for _ in range(20):
        company = images[[0, *(1 + random.permutation(len(images) - 1)[:15])]]
        with one_thread():
            scores.append(network.chain.forward(company, training=training)[0].astype(np.float64))
    return float(np.std(scores, axis=0).mean() / np.abs(scores).mean())


def acts_per_filter(bench: Bench) -> Measurement:
    """Normalize maps of filters, and take mean and variance over images and positions."""
    shape = (5, 7, 4)
    maps = stream(bench.seed, "claims", "maps").normal(3, 2, (16, *shape))
    layer = BatchNorm(epsilon=1e-12)
    layer.name = "bn"
    layer.bind(shape)
    layer.initialize(lambda shape, *_: np.zeros(shape), stream(bench.seed), np.float64)
    outputs = layer.forward(maps, training=True)
    mean = float(np.abs(outputs.mean(axis=(0, 1, 2))).max())
    variance = float(np.abs(outputs.var(axis=(0, 1, 2)) - 1).max())
    at_a_position = float(np.abs(outputs.mean(axis=0)).max())
    return holds(
        mean < 1e-9 and variance < 1e-9 < at_a_position,
        {"mean": mean, "variance from 1": variance, "mean at one position": at_a_position},
        f"Over all images and positions each filter has mean 0 within {mean:.0e} and variance 1 "
        f"within {variance:.0e}; at single positions means reach {at_a_position:.2f}.",
    )


def speeds_up(bench: Bench) -> Measurement:
    """Count the steps until the loss is a quarter of where it starts, each at its best rate."""
    course = Course.of(bench.dataset, bench.seed)
    plain, normalized = (
        steps_at_best_rate(
            course, repeated(replace(PLAIN, arch=arch), bench.seed, "speed", 5), share=0.25
        )
        for arch in (PLAIN_NET, NORMALIZED_NET)
    )
    measured = with_interval("steps saved", np.subtract(plain, normalized).tolist())
    measured |= {"without": float(np.mean(plain)), "with": float(np.mean(normalized))}
    return holds(
        measured["steps saved low"] > 0,
        measured,
        f"To bring the loss down to a quarter, batch norm takes {measured['with']:.0f} steps and "
        f"the plain network {measured['without']:.0f}, each at its best rate: "
        f"{measured['steps saved low']:.0f} to {measured['steps saved high']:.0f} saved.",
    )


CLAIMS = (
    Claim(
        "batch-norm-widens-rates",
        "§6.4",
        "batch norm allows higher learning rates: more of them train",
        widens_rates,
    ),
    Claim(
        "batch-norm-widens-initializations",
        "§6.4",
        "batch norm reduces the need to get initialization just right",
        widens_initializations,
    ),
    Claim(
        "batch-norm-speeds-up",
        "§6.4",
        "batch norm speeds up convergence",
        speeds_up,
    ),
    Claim(
        "batch-norm-depends-on-batch",
        "§6.4",
        "while training, an image's output depends on the other images of its batch",
        depends_on_the_batch,
    ),
    Claim(
        "batch-norm-at-inference",
        "§6.4",
        "at inference there is no batch: global statistics serve",
        independent_at_inference,
    ),
    Claim(
        "batch-norm-per-filter",
        "§6.4",
        "a filter is one neuron: its statistics are over images and positions",
        acts_per_filter,
    ),
)
