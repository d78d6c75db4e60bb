"""What the notes say of steps, rates, batches and searches (§3.3, §6.2, §6.5, §6.6)."""

from dataclasses import replace

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
from cvtool.diagnostics.intervals import wilson
from cvtool.seeds import stream

NET = replace(PLAIN, arch="fc-32 + relu", learning_rate=0.1)


def random_beats_grid(bench: Bench) -> Measurement:
    """Search two settings nine times, of which one matters a hundred times less."""
    searches = 4_000
    random = stream(bench.seed, "claims", "searches")
    optimum = random.random((searches, 1, 2))
    side = (np.arange(3) + 0.5) / 3
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(1, 9, 2)
    drawn = random.random((searches, 9, 2))
    importance = np.array([1.0, 0.01])
    losses = [
        np.min((importance * (tried - optimum) ** 2).sum(axis=-1), axis=-1)
        for tried in (drawn, grid)
    ]
    wins = int((losses[0] < losses[1]).sum())
    low, high = wilson(wins, searches)
    return holds(
        low > 0.5,
        {"random wins": wins / searches, "random wins low": low, "random wins high": high},
        f"With nine tries for two settings of which one hardly matters, a random search ends "
        f"nearer to the best than a grid in {low:.0%} to {high:.0%} of {searches:,} searches.",
    )


def steps_lower_the_loss(bench: Bench) -> Measurement:
    """Make one small step along minus the gradient, and one along the gradient, many times."""
    course = Course.of(bench.dataset, bench.seed, images=200)
    changes = [
        [_change_of_loss(course, trial, rate) for rate in (0.01, -0.01)]
        for trial in repeated(NET, bench.seed, "steps", 40)
    ]
    lower, higher = (int(each) for each in (np.array(changes) * [-1, 1] > 0).sum(axis=0))
    low, _ = wilson(lower, len(changes))
    return holds(
        lower == higher == len(changes),
        {"lower downhill": lower / len(changes), "low": low, "higher uphill": higher / 40},
        f"A step of 0.01 along minus the gradient lowers the loss of its images for {lower} of "
        f"{len(changes)} first weights, and along the gradient raises it for {higher}.",
    )


def _change_of_loss(course: Course, trial: TrainConfig, rate: float) -> float:
    network = course.build(trial)
    images, labels = course.batch(100)
    before, _ = network.learn(images, labels)
    for parameter in network.parameters:
        parameter.values -= np.float32(rate) * parameter.gradient
    return network.judge(images, labels)[0] - before


def centered_inputs_learn_faster(bench: Bench) -> Measurement:
    """Count the steps to a loss with pixels in [0, 1], and with their means subtracted."""
    config = replace(NET, epochs=5)
    raw, centered = (
        steps_at_best_rate(
            Course.of(bench.dataset, bench.seed, preprocess=preprocess),
            repeated(config, bench.seed, "centering", 6),
            share=0.4,
        )
        for preprocess in ("none", "mean-image")
    )
    measured = with_interval("steps saved", np.subtract(raw, centered).tolist())
    low, high = measured["steps saved low"], measured["steps saved high"]
    return holds(
        low > 0,
        measured | {"raw steps": float(np.mean(raw)), "centered steps": float(np.mean(centered))},
        f"To bring the loss down to 0.4 of chance takes {np.mean(raw):.0f} steps with pixels in "
        f"[0, 1] and {np.mean(centered):.0f} with the mean image subtracted, each at its best "
        f"rate: {low:.0f} to {high:.0f} saved.",
    )


def minibatches_are_quicker(bench: Bench) -> Measurement:
    """Look at every image three times, in batches of 32 and all at once."""
    course = Course.of(bench.dataset, bench.seed)
    small, full = (_lowest_losses(course, bench.seed, size) for size in (32, 65_536))
    measured = with_interval("loss of minibatches", small) | with_interval(
        "loss of full batches", full
    )
    measured |= with_interval("difference", np.subtract(full, small).tolist())
    return holds(
        measured["difference low"] > 0,
        measured,
        f"After three looks at every image the loss is {measured['loss of minibatches']:.2f} with "
        f"batches of 32 and {measured['loss of full batches']:.2f} with full ones, each at its "
        f"best rate: at least {measured['difference low']:.2f} lower.",
    )


def _lowest_losses(course: Course, seed: int, batch_size: int) -> list[float]:
    """Return validation losses of six trials, at the rate with the lowest mean."""
    config = replace(NET, batch_size=batch_size, epochs=3)
    losses = []
    for rate in (0.1, 0.3, 1.0):
        trials = [
            learn(course, replace(trial, learning_rate=rate))
            for trial in repeated(config, seed, "batches", 6)
        ]
        if not any(trial.diverged for trial in trials):
            losses.append([trial.epochs[-1].val_loss for trial in trials])
    return min(losses, key=sum)


def rates_too_small_and_too_large(bench: Bench) -> Measurement:
    """Learn at 0.000001, 0.1 and 30, and look where the loss goes."""
    course = Course.of(bench.dataset, bench.seed)
    small, right, large = (
        [_course_of_loss(course, replace(trial, learning_rate=rate)) for trial in trials]
        for trials in [repeated(NET, bench.seed, "rates", 4)]
        for rate in (1e-6, 0.1, 30.0)
    )
    measured = with_interval("left at 0.000001", small) | with_interval("left at 0.1", right)
    rising = sum(each > 1 for each in large)
    measured["rising at 30"] = rising / len(large)
    return holds(
        measured["left at 0.000001 low"] > 0.98
        and measured["left at 0.1 high"] < 0.5
        and rising == len(large),
        measured,
        f"Five epochs leave {measured['left at 0.000001']:.1%} of the loss at a rate of 0.000001 "
        f"and {measured['left at 0.1']:.0%} at 0.1; at 30 it rises in {rising} of {len(large)} "
        f"trials.",
    )


def _course_of_loss(course: Course, trial: TrainConfig) -> float:
    """Return the mean loss of the last epoch's steps over that before the first step."""
    learned = learn(course, trial)
    if learned.diverged:
        return float("inf")
    with one_thread():
        first, _ = course.build(trial).judge(*course.batch(len(course.split.train)))
    return learned.epochs[-1].train_loss / first


def tiny_sets_are_fitted(bench: Bench) -> Measurement:
    """Learn forty images by heart, without regularization."""
    course = Course.of(bench.dataset, bench.seed, images=50)
    config = replace(NET, arch="fc-64 + relu", optimizer="adam", learning_rate=0.01, epochs=40)
    trials = [learn(course, trial) for trial in repeated(config, bench.seed, "tiny", 4)]
    measured = with_interval("accuracy", [each.train_accuracy for each in trials])
    measured |= with_interval("loss", [each.epochs[-1].train_loss for each in trials])
    return holds(
        measured["accuracy low"] == 1 and measured["loss high"] < 0.05,
        measured,
        f"{len(course.split.train)} images are fitted to {measured['accuracy']:.0%} in each of "
        f"{len(trials)} trials, at a loss of {measured['loss']:.3f}.",
    )


CLAIMS = (
    Claim(
        "step-lowers-loss",
        "§3.3",
        "a small step along minus the gradient lowers the loss",
        steps_lower_the_loss,
    ),
    Claim(
        "minibatches-quicker",
        "§3.3",
        "minibatches bring the loss down with less work than the full gradient",
        minibatches_are_quicker,
    ),
    Claim(
        "centered-inputs",
        "§6.2",
        "inputs of zero mean learn faster than such of one sign",
        centered_inputs_learn_faster,
    ),
    Claim(
        "tiny-set-is-fitted",
        "§6.5",
        "a tiny training set is fitted perfectly",
        tiny_sets_are_fitted,
    ),
    Claim(
        "rates-too-small-and-too-large",
        "§6.5",
        "a rate too small leaves the loss as it is, and one too large raises it",
        rates_too_small_and_too_large,
    ),
    Claim(
        "random-search-beats-grid",
        "§6.6",
        "at equal cost random search beats the grid where one setting matters little",
        random_beats_grid,
    ),
)
