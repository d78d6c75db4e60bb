"""What can be chosen where a network is looked into."""

from dataclasses import dataclass

from cvtool.config.choosing import Config, option


@dataclass(frozen=True, kw_only=True)
class InspectConfig(Config):
    """How much of a network is shown."""

    filters: int = option(16, "filters to show of each convolution", low=1, high=1024)
    patches: int = option(9, "image patches to show for each filter", low=1, high=100)
    examples: int = option(
        4,
        "validation images to look into unless IMAGEs are named, half of them wrong",
        low=1,
        high=100,
    )
    limit: int = option(2000, "validation images to search for patches and dead filters", low=1)
