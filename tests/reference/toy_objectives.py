"""Objectives that learn nothing, and do to their process what happens to those of users."""

import os
import signal
import time
from dataclasses import dataclass, replace
from pathlib import Path

from cvtool.errors import DataError
from cvtool.records import TrialMoved, TrialRecord
from cvtool.tuning.trial import Measured, Trial


@dataclass(frozen=True)
class Toy:
    """Does what a trial's settings say; ``folder`` remembers what has happened."""

    folder: Path

    def __call__(self, trial):
        (self.folder / f"pid-{os.getpid()}").touch()
        yield TrialMoved(*trial.key, 1, 2, 0.5, 0.25)
        match trial.params.get("does", "finish"):
            case "say what is wrong":
                raise DataError("there is no image: bring some")
            case "break":
                raise AssertionError("this is\na bug")
            case "need too much":
                raise MemoryError
            case "die once" if self.happened_before(trial):
                pass
            case "die" | "die once":
                os.kill(os.getpid(), signal.SIGKILL)
            case "leave":
                os._exit(3)
            case "sleep":
                time.sleep(trial.params["seconds"])
            case "go on" if not self.happened_before(trial):
                while True:
                    time.sleep(0.01)
                    yield TrialMoved(*trial.key, 1, 2, 0.5, 0.25)
        return Measured("finished", val_accuracy=1 / (1 + trial.number), best_epoch=trial.epochs)

    def marker(self, trial):
        """Return what is there once a trial has begun that does something only once."""
        return self.folder / f"{trial.stage}-{trial.number}"

    def happened_before(self, trial):
        """Whether this trial was begun before, here or elsewhere."""
        try:
            self.marker(trial).touch(exist_ok=False)
        except FileExistsError:
            return True
        return False

    def processes(self):
        """Ids of all processes that have ever carried out a trial."""
        return {int(each.name.removeprefix("pid-")) for each in self.folder.glob("pid-*")}


HARMLESS = ("finish", "say what is wrong", "finish", "break", "need too much", "finish", "finish")
"""What all can survive."""


class Deadly:
    """An objective that nobody can take up."""

    def __reduce__(self):
        return os._exit, (7,)


class Unreadable:
    """An objective that nobody can make sense of."""

    def __reduce__(self):
        return int, ("no number",)


def trials(*whats, stage=0, **params):
    """Trials that are to do these things, one after the other."""
    return [
        Trial(stage, number, {"does": what, **params}, epochs=3, seed=number)
        for number, what in enumerate(whats)
    ]


def records(executor, *whats, **params):
    """Let trials be carried out; return their records by number, without the time they took."""
    events = executor.carry_out(trials(*whats, **params))
    found = [replace(each, seconds=0) for each in events if isinstance(each, TrialRecord)]
    return sorted(found, key=lambda record: record.number)
