"""What can be chosen where runs are listed."""

from dataclasses import dataclass

from cvtool.config.choosing import Config, option


@dataclass(frozen=True, kw_only=True)
class ListConfig(Config):
    """Which runs to list, and by what."""

    filter: str = option(
        "",
        'conditions as "command=tune val_accuracy>0.95", with =, !=, <, <=, >, >= or ~ (contains)',
        metavar="KEY=VALUE…",
    )
    sort: str = option("started", "key to sort by; -KEY begins with the largest", metavar="KEY")
    columns: str | None = option(None, "show these keys instead", metavar="KEY,…")
    last: int | None = option(None, "list only so many, those at the end", low=1)
