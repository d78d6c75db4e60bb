"""Run folders written by hand, for what reads many of them."""

import json
from pathlib import Path
from typing import Any

ENVIRONMENT = {"started": "2026-11-01T10:00:00+00:00", "python": "3.11.7", "numpy": "2.0"}


def store_run(name: str, command: str = "train-cnn", **parts: Any) -> Path:
    """Write a run into ``runs/``.

    Parameters
    ----------
    name, command
        What it is called, and of.
    parts
        ``config``, ``environment`` and ``result`` as tables, ``metrics`` as a list of them.
    """
    folder = Path("runs", name)
    folder.mkdir(parents=True)
    config = {"dataset": "digits", "seed": 0, **parts.get("config", {})}
    lines = (f"{key} = {json.dumps(value)}\n" for key, value in config.items())
    (folder / "config.toml").write_text("".join(lines))
    environment = ENVIRONMENT | {"command": command} | parts.get("environment", {})
    (folder / "environment.json").write_text(json.dumps(environment))
    if "result" in parts:
        (folder / "result.json").write_text(json.dumps(parts["result"]))
    if "metrics" in parts:
        lines = (json.dumps(each) + "\n" for each in parts["metrics"])
        (folder / "metrics.jsonl").write_text("".join(lines))
    return folder


def trained(accuracy: float, **more: Any) -> dict[str, Any]:
    """Return what ``result.json`` holds of a training run, as far as lists go."""
    values = {"outcome": "finished", "dataset": "digits", "epochs": 3, "parameters": 650}
    return values | {"best_val_accuracy": accuracy, "val_accuracy": 0.5, "seconds": 2.5} | more
