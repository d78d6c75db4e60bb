"""What can be chosen of a gradient check."""

from dataclasses import dataclass

from cvtool.config.choosing import Config, flag, option, same
from cvtool.config.training import LearningConfig, NetworkConfig, RunConfig
from cvtool.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class GradcheckConfig(Config):
    """All that ``gradcheck`` needs to know."""

    layer: str | None = option(None, "check these layers alone, as conv3-4/2", metavar="FORMULA")
    arch: str | None = same(NetworkConfig, "arch", help="check this network alone")
    dataset: str | None = option(
        None, "check on these images instead of random ones", metavar="NAME|PATH"
    )
    dtype: str = same(
        LearningConfig,
        "dtype",
        default="float64",
        help="precision; float32 takes larger steps and is graded more loosely",
    )
    step: float | None = option(
        None, "h of the differences; 1e-5, or 1e-2 in float32", low=1e-10, high=1
    )
    samples: int = option(
        24,
        "coordinates of every array; in whole networks a third, or an eighth",
        low=1,
        high=1_000_000,
    )
    burn_in: int = option(5, "steps of training before a network is checked", low=0, high=10_000)
    seed: int = same(RunConfig, "seed")
    threads: int | None = same(
        RunConfig, "threads", help="processor threads; one unless said, as the arrays are small"
    )
    self_test: bool = option(False, "make known mistakes and count how many the check finds")

    def __post_init__(self) -> None:
        """Hold the fields to their bounds, and to each other.

        Raises
        ------
        UsageError
            If two of them say what to check.
        """
        super().__post_init__()
        chosen = [name for name in ("layer", "arch", "dataset") if getattr(self, name) is not None]
        if self.self_test and chosen:
            raise UsageError(
                f"--self-test tests the check itself: leave {flag(chosen[0])} out, or --self-test"
            )
        if self.layer is not None and len(chosen) > 1:
            raise UsageError(f"--layer checks layers alone: leave it out, or {flag(chosen[1])}")
