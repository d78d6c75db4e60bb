"""Studies of functions that are known, and studies of any kind at all."""

import numpy as np
from hypothesis import strategies as st

from cvtool.records import TrialRecord
from cvtool.tuning.dimension import Choice, Range
from cvtool.tuning.space import Space

UNIT = Space((Range("first", 0.0, 1.0), Range("second", 0.0, 1.0)))

MIXED = Space(
    (
        Range("rate", 1e-5, 1e-1, log=True, bounds=(0.0, 1e6)),
        Range("dropout", 0.0, 0.6, bounds=(0.0, 0.99)),
        Range("filters", 1, 64, log=True, whole=True, bounds=(1, 4096)),
        Range("k", 1, 9, whole=True, bounds=(1, 100)),
        Choice("optimizer", ("sgd", "adam", "nesterov")),
    )
)


def record(number, accuracy=0.5, loss=1.0, *, outcome="finished", stage=0, seed=0, **params):
    return TrialRecord(
        stage, number, params, 1, seed, outcome, val_accuracy=accuracy, val_loss=loss
    )


def study(space, trials, function, random):
    """Draw settings at random; ``function`` takes their places, ``(dimensions,)``."""
    records = []
    for number in range(trials):
        places = random.random(len(space))
        params = {each.name: each.at(place) for each, place in zip(space, places, strict=True)}
        records.append(record(number, float(function(places)), **params))
    return records


def valley(weights, optimum, noise, random):
    """Return a function of places whose highest value is at the optimum, but for noise."""

    def function(places):
        distances = np.asarray(weights) * (places - np.asarray(optimum)) ** 2
        return 1 - distances.sum() + noise * random.normal()

    return function


def spaces():
    """Spaces of one dimension to all of those above."""
    chosen = st.lists(st.sampled_from(MIXED.dimensions), min_size=1, unique=True)
    return chosen.map(lambda dimensions: Space(tuple(dimensions)))


@st.composite
def studies(draw, space, outcomes=("finished", "stopped early", "diverged", "broken")):
    """Trials of a space, with few different accuracies and losses, so that many are equal."""
    places = st.tuples(*[st.floats(0, 1)] * len(space))
    results = st.tuples(st.integers(0, 8), st.integers(0, 4), st.sampled_from(outcomes), places)
    return [
        record(
            number,
            accuracy / 8 if outcome == "finished" else np.nan,
            loss / 4 if loss else np.nan,
            outcome=outcome,
            **{each.name: each.at(place) for each, place in zip(space, where, strict=True)},
        )
        for number, (accuracy, loss, outcome, where) in enumerate(
            draw(st.lists(results, max_size=25))
        )
    ]
