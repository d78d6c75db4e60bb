"""What a search costs beside its trials, against Optuna with its journal storage.

Both draw the same space at random, for an objective that does nothing, and have every trial on
disk before the next one begins. Ours also narrows, looks for edges and repeats the best.
"""

from collections.abc import Generator
from itertools import count
from pathlib import Path
from warnings import catch_warnings, simplefilter

import pytest
from pairs import compare

from cvtool.config import TrainConfig, TuneConfig
from cvtool.records import TrialMoved
from cvtool.tuning.executors import Here
from cvtool.tuning.journal import Journal
from cvtool.tuning.proposing import proposer_of
from cvtool.tuning.spelling import parse
from cvtool.tuning.stages import plan
from cvtool.tuning.study import Search, Study
from cvtool.tuning.trial import Measured, Trial

pytestmark = pytest.mark.benchmark

TRIALS = 200
SPACE = "learning_rate=1e-5..1e-1 log, strength=1e-6..1e-1 log, batch_size=32|64|128"


def nothing(trial: Trial) -> Generator[TrialMoved, None, Measured]:
    """Be done at once, with an accuracy that says nothing."""
    del trial
    yield from ()
    return Measured("finished", val_accuracy=0.5, train_accuracy=0.5, val_loss=1.0, train_loss=1.0)


def test_overhead_of_a_trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    optuna = pytest.importorskip("optuna", reason="Optuna is the peer of this benchmark")
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    names = count()

    def ours() -> None:
        config = TuneConfig(random=TRIALS, repeats=0, no_extend=True)
        search = Search(
            parse(SPACE, TrainConfig), plan(config, 10), 0, proposer_of(config, 0), 0, False
        )
        study = Study(search, Here(nothing), Journal(tmp_path / f"{next(names)}.jsonl"))
        assert sum(1 for _ in study.run()) > 2 * TRIALS

    def objective(trial: object) -> float:
        trial.suggest_float("learning_rate", 1e-5, 1e-1, log=True)  # type: ignore[attr-defined]
        trial.suggest_float("strength", 1e-6, 1e-1, log=True)  # type: ignore[attr-defined]
        trial.suggest_categorical("batch_size", [32, 64, 128])  # type: ignore[attr-defined]
        return 0.5

    def theirs() -> None:
        with catch_warnings():
            simplefilter("ignore")
            storage = JournalStorage(JournalFileBackend(str(tmp_path / f"{next(names)}.log")))
            sampler = optuna.samplers.RandomSampler(seed=0)
            study = optuna.create_study(storage=storage, sampler=sampler)
            study.optimize(objective, n_trials=TRIALS)

    timing = compare(ours, {"Optuna": theirs}, rounds=5, warmup=1)
    with capsys.disabled():
        print(
            f"\noverhead of a trial, of {TRIALS}: {1e3 * timing.ours / TRIALS:.2f} ms, "
            f"Optuna with its journal storage {1e3 * timing.peers['Optuna'] / TRIALS:.2f} ms "
            f"({timing.ratio('Optuna'):.1f}×)",
            end="",
        )
