"""Objectives that learn nothing, and do to their process what happens to those of users."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from cvtool.errors import DataError
from cvtool.records import TrialMoved
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
        return Measured("finished", val_accuracy=1 / (1 + trial.number), best_epoch=trial.epochs)

    def happened_before(self, trial):
        """Whether this trial was begun before, here or elsewhere."""
        marker = self.folder / f"{trial.stage}-{trial.number}"
        try:
            marker.touch(exist_ok=False)
        except FileExistsError:
            return True
        return False

    def processes(self):
        """Ids of all processes that have ever carried out a trial."""
        return {int(each.name.removeprefix("pid-")) for each in self.folder.glob("pid-*")}


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
