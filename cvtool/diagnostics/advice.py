"""The option to try next, reckoned from what a run was asked to do."""

import re

from cvtool.config import LearnerConfig, TrainConfig
from cvtool.diagnostics.finished_run import FinishedRun
from cvtool.features.feature_set import PIXELS
from cvtool.models.architectures import ARCHITECTURES

USUAL_RATE = 1e-3
"""Top of the range of learning rates that usually works (§6.5)."""

WEAK_STRENGTH = 1e-4
"""A penalty of this strength or less hardly holds a network back."""

STRONG_STRENGTH = 1e-2
"""A penalty beyond this tends to stop a network from learning; dropout goes further."""

MUCH_DROPPED = 0.5
"""A share of units to drop that holds a network back more than penalties can (§3.2)."""

POOR_STARTS = ("zero", "constant", "normal")
"""Initializations under which neurons stay alike, or activations die away (§6.3)."""

STILL_FALLING = 0.1
"""A loss that lost this share over the last fifth of the epochs would go on falling."""


def other_rate(config: LearnerConfig, factor: float) -> str:
    """Multiply the learning rate, rounded to one digit: ``--learning-rate 0.0003``."""
    rate = float(f"{config.learning_rate * factor or USUAL_RATE:.1g}")
    return f"--learning-rate {rate:g}"


def smaller_rate(run: FinishedRun) -> str:
    """Lower the learning rate a little if the network learned, by more if it did not."""
    return other_rate(run.config, 0.3 if run.learned else 0.1)


def started_poorly(config: LearnerConfig) -> bool:
    """Whether the weights of a network began alike or too small; a single matrix is indifferent."""
    return config.init in POOR_STARTS and isinstance(config, TrainConfig)


def better_start(config: LearnerConfig) -> str:
    """Name what mends a poor initialization: the right variances, batch norm, other luck (§6.6)."""
    if not isinstance(config, TrainConfig):
        return f"--seed {config.seed + 1}"
    if config.init != "auto":
        return "--init auto"
    if config.arch is not None and re.search(r"\bbn\b", config.arch, re.IGNORECASE):
        return f"--seed {config.seed + 1}"
    return "bn after each convolution in --arch"


def more_regularization(config: LearnerConfig) -> str:
    """Name a stronger penalty, or what goes beyond penalties (§6.6)."""
    sees_pixels = config.features == PIXELS  # of which features are computed once, beforehand
    augmentation = " or --augment shift" if config.augment == "none" and sees_pixels else ""
    if config.regularization == "none":
        return f"--regularization l2 --strength {WEAK_STRENGTH:g}{augmentation}"
    if config.strength >= STRONG_STRENGTH and isinstance(config, TrainConfig):
        if _drops_much(config):
            return f"smaller layers in --arch{augmentation}"
        return f"--dropout {MUCH_DROPPED:g}{augmentation}"
    strength = max(WEAK_STRENGTH, 10 * config.strength)
    return f"--strength {strength:.1g}{augmentation}"


def _drops_much(config: TrainConfig) -> bool:
    """Say whether the formula drops as much as is advised; a run has written it out."""
    shares = re.findall(r"\bdropout([0-9.]+)", config.arch or "", re.IGNORECASE)
    return any(float(share) >= MUCH_DROPPED for share in shares)


def more_fit(run: FinishedRun) -> str:
    """Name what lets a network take in more: a good start, time, less penalty, or capacity."""
    config = run.config
    if started_poorly(config):
        return better_start(config)
    if _still_falling(run):
        return f"more --epochs {2 * config.epochs}"
    if config.regularization != "none" and config.strength > WEAK_STRENGTH:
        return f"--strength {config.strength / 10:.1g}"
    return _larger_network(config)


def _still_falling(run: FinishedRun) -> bool:
    losses = [run.initial_loss, *run.losses]
    fifth = max(1, len(run.losses) // 5)
    return losses[-1] < (1 - STILL_FALLING) * losses[-1 - fifth]


def _larger_network(config: LearnerConfig) -> str:
    if not isinstance(config, TrainConfig):
        return "other --features, or cvtool train-cnn, as one matrix has no room for more"
    if config.filters is not None:
        return f"--filters {re.sub('()([0-9]+)', _doubled, config.filters)}"
    if config.n is not None:
        return f"--n {config.n + 1}"
    if config.arch is None:
        return "--arch vgg-small"
    formula = ARCHITECTURES.get(config.arch.strip().lower(), config.arch)
    wider = re.sub("(conv[0-9x]+-)([0-9]+)", _doubled, formula, flags=re.IGNORECASE)
    return "--arch vgg-small" if wider == formula else f'--arch "{wider}"'


def _doubled(match: re.Match[str]) -> str:
    return f"{match[1]}{2 * int(match[2])}"
