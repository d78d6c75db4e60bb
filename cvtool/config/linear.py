"""What can be chosen where one matrix of weights gives the scores."""

from dataclasses import dataclass

from cvtool.config.choosing import Config, option, same
from cvtool.config.training import (
    BLIND_SEARCHES,
    OPTIMIZERS,
    DataConfig,
    LearnerConfig,
    LearningConfig,
)

LINEAR_LOSSES = ("softmax", "svm", "squared-svm")


@dataclass(frozen=True, kw_only=True)
class ClassifierConfig(Config):
    """The loss that the one matrix is learned by."""

    loss: str = option("softmax", "what is minimized (§3.1)", choices=LINEAR_LOSSES)
    margin: float = option(
        1.0, "score by which svm wants the right class ahead of others", above=0, high=1e6
    )
    grid: bool = option(
        False, "try learning rates and strengths around those given, and draw what they reach"
    )


@dataclass(frozen=True, kw_only=True)
class LinearConfig(LearnerConfig, ClassifierConfig, DataConfig):
    """All that ``linear`` needs to know."""

    init: str = same(LearningConfig, "init", default="zero", help="how weights start")
    epochs: int = same(LearningConfig, "epochs", default=30)
    batch_size: int = same(LearningConfig, "batch_size", default=1024)
    learning_rate: float = same(LearningConfig, "learning_rate", default=0.01)
    optimizer: str = same(
        LearningConfig, "optimizer", default="momentum", choices=(*OPTIMIZERS, *BLIND_SEARCHES)
    )
