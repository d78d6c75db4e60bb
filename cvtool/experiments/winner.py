"""The winner of a study as a file that its command takes: ``cvtool train-cnn --config …``."""

from pathlib import Path

from cvtool.config import UNSAID, Model
from cvtool.experiments.study_plan import Plan
from cvtool.experiments.trial_settings import with_params
from cvtool.files import write_atomically
from cvtool.records import Candidate
from cvtool.runs import RunFolder

NAME = "winner.toml"


def write_winner(folder: RunFolder, plan: Plan, best: Candidate) -> Path:
    """Write the best settings down, with those that were not searched; return the path."""
    import tomli_w

    model: Model = plan.settings.model
    epochs = {"epochs": plan.epochs} if plan.epochs else {}
    config = with_params(model, {**best.params, **epochs})
    values = {name: each for name, each in config.to_dict().items() if name not in UNSAID}
    seeds = len(best.val_accuracies)
    comment = (
        f"# The best of {folder.path}: validation accuracy {best.val_accuracy:.2%}, the mean of "
        f"{seeds} seed{'s' if seeds > 1 else ''}.\n"
    )
    path = folder.path / NAME
    write_atomically(path, (comment + tomli_w.dumps(values)).encode())
    return path
