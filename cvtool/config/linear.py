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
from cvtool.errors import UsageError

GRID_FACTORS = (0.01, 0.1, 1.0, 10.0, 100.0)
"""What a grid multiplies learning rate and strength by."""

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

    def __post_init__(self) -> None:
        """Hold every field to its bounds, and those that need each other together.

        Raises
        ------
        UsageError
            If one would be passed over in silence, or a grid has no rates to try.
        """
        super().__post_init__()
        if self.margin != ClassifierConfig.margin and self.loss == "softmax":
            raise UsageError(
                f"--margin {self.margin:g} is the svm's, and softmax has none: "
                f"add --loss svm or leave it out"
            )
        if self.clip is not None and self.optimizer in BLIND_SEARCHES:
            raise UsageError(
                f"--clip scales gradients, and {self.optimizer} takes none: leave it out"
            )
        if self.grid:
            self._check_grid()

    def _check_grid(self) -> None:
        if self.time_limit is not None:
            raise UsageError("--time-limit stops one run, and --grid makes many: leave one out")
        highest = 1e6 / max(GRID_FACTORS)
        if not 0 < self.learning_rate <= highest:
            raise UsageError(
                f"--grid tries multiples of --learning-rate, which has to be more than 0 and at "
                f"most {highest:g}, not {self.learning_rate:g}"
            )
