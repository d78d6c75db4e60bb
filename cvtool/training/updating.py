"""From the gradients of a batch to new weights: penalty, clipping, step, limit of norms."""

from collections.abc import Callable, Sequence

from cvtool.config import LearnerConfig
from cvtool.layers.base import Parameter
from cvtool.losses.regularization import penalty
from cvtool.training.clipping import clip_gradients, limit_norms
from cvtool.training.stepping import Optimizer

Penalize = Callable[[Sequence[Parameter], LearnerConfig], float]


def penalize(parameters: Sequence[Parameter], config: LearnerConfig) -> float:
    """Return the penalty on weights, having added its gradient to theirs."""
    weights = [(each.values, each.gradient) for each in parameters if each.regularized]
    return penalty(config.regularization, config.strength, config.elastic_beta, weights)


def update(
    parameters: Sequence[Parameter],
    optimizer: Optimizer,
    config: LearnerConfig,
    rate: float,
    penalize: Penalize = penalize,
) -> None:
    """Make gradients of the data those of what is minimized, and step along them."""
    if config.optimizer != "adamw":  # whose weights decay on their own
        penalize(parameters, config)
    if config.clip is not None:
        clip_gradients(parameters, config.clip)
    move(parameters, optimizer, config, rate)


def move(
    parameters: Sequence[Parameter], optimizer: Optimizer, config: LearnerConfig, rate: float
) -> None:
    """Step along the gradients as they are, and no further than norms may go."""
    optimizer.step(parameters, rate)
    if config.max_norm is not None:
        limit_norms(parameters, config.max_norm)
