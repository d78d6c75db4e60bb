"""``cvtool knn`` hands on what was said, and answers wrong words at once."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

import cvtool.experiments
from cvtool.config import KnnConfig
from cvtool.records import HeldOutSetting, KnnResult

Run = Callable[..., Any]

BEST = HeldOutSetting(k=3, metric="l2", accuracy=0.9, ties=2, low=0.8, high=0.95)
RESULT = KnnResult(
    run="runs/knn-digits-001",
    dataset="digits",
    features="pixels",
    preprocess="none",
    seed=0,
    split="val",
    queries=100,
    train_images=400,
    seconds=1.5,
    comparing_seconds=1.0,
    ties=2,
    tie_rule="smallest",
    results=(BEST,),
    best=BEST,
    verdicts=(),
)


@pytest.fixture(autouse=True)
def calls(monkeypatch: pytest.MonkeyPatch) -> list[KnnConfig]:
    """Replace the experiment by one that remembers what it was told."""
    told: list[KnnConfig] = []

    def knn(config: KnnConfig) -> Iterator[Any]:
        told.append(config)
        yield RESULT

    module = ModuleType("cvtool.experiments.knn")
    module.knn = knn  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(cvtool.experiments, "knn", module, raising=False)
    return told


def test_bare_command_takes_the_defaults(cvtool_command: Run, calls: list[KnnConfig]) -> None:
    assert cvtool_command("knn").code == 0
    assert calls == [KnnConfig()]
    assert (calls[0].ks, calls[0].metrics, calls[0].preprocess) == ((5,), ("l1",), "none")


def test_options_become_the_configuration(cvtool_command: Run, calls: list[KnnConfig]) -> None:
    words = "--k 1,5 --metric l2 --folds 5 --ties nearest --features hog --explain --limit 100"
    assert cvtool_command("knn", *words.split(), "--cluster", "local:2").code == 0
    assert calls == [
        KnnConfig(
            k="1,5",
            metric="l2",
            folds=5,
            ties="nearest",
            features="hog",
            explain=True,
            limit=100,
            cluster="local:2",
        )
    ]


@pytest.mark.parametrize("words", ["--k 0", "--metric l4", "--folds 2 --split test"])
def test_wrong_words_are_noticed_before_anything_heavy_is_imported(words: str) -> None:
    script = f"""
import sys
sys.argv = ["cvtool", "knn", *{words.split()}]
from cvtool.cli.main import main
try:
    main()
finally:
    assert not {{"numpy", "numba"}} & set(sys.modules)
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
