"""What can be chosen where statements of the notes are tested."""

from dataclasses import dataclass

from cvtool.config.choosing import Config, option, same
from cvtool.config.training import DataConfig, RunConfig


@dataclass(frozen=True, kw_only=True)
class ClaimsConfig(Config):
    """All that ``claims`` needs to know."""

    dataset: str = same(DataConfig, "dataset", help="name or path of images to test them on")
    image_size: int | None = same(DataConfig, "image_size")
    exclude: str | None = same(DataConfig, "exclude")
    only: str | None = option(
        None, "ids of claims, or sections, as k1-perfect,§5.1", metavar="WORD,…"
    )
    list: bool = option(False, "say what would be tested, and test nothing")
    seed: int = same(RunConfig, "seed")
    threads: int | None = same(RunConfig, "threads")
