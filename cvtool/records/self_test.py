"""What comes of testing a tester: known mistakes made on purpose, and how many it finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Injection:
    """One mistake made on purpose; ``caught_by`` names what found it, empty if nothing did.

    ``named`` says whether that was the check which should find it.
    """

    name: str
    what: str
    caught_by: tuple[str, ...]
    named: bool


@dataclass(frozen=True)
class Healthy:
    """One set-up without a mistake, and what was raised against it nevertheless."""

    name: str
    alarms: tuple[str, ...]


@dataclass(frozen=True)
class SelfTestResult:
    """How many of the mistakes injected are detected and rightly named, and what was not."""

    command: str
    detected: int
    injected: int
    false_alarms: int
    missed: tuple[str, ...]
    seconds: float
    injections: tuple[Injection, ...]
    healthy: tuple[Healthy, ...]

    @property
    def ok(self) -> bool:
        """Whether everything was found and nothing else."""
        return not self.missed and not self.false_alarms


def self_test_result(
    command: str, injections: list[Injection], healthy: list[Healthy], seconds: float
) -> SelfTestResult:
    """Count what was found, and what was found where nothing was."""
    missed = tuple(each.name for each in injections if not each.named)
    return SelfTestResult(
        command=command,
        detected=len(injections) - len(missed),
        injected=len(injections),
        false_alarms=sum(len(each.alarms) for each in healthy),
        missed=missed,
        seconds=seconds,
        injections=tuple(injections),
        healthy=tuple(healthy),
    )
