"""What is searched where nobody says."""

import pytest

from cvtool.config import MODELS
from cvtool.errors import UsageError
from cvtool.tuning.defaults import DEFAULTS, default_space
from cvtool.tuning.spelling import parse, spell


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_model_has_a_space(name):
    space = default_space(name, frozenset())
    assert spell(space) == spell(parse(DEFAULTS[name], MODELS[name]))


@pytest.mark.parametrize("name", sorted(MODELS))
def test_numbers_that_models_start_with_are_searched(name):
    model = MODELS[name]()
    for each in default_space(name, frozenset()):
        default = getattr(model, each.name)
        assert default is None or 0 < each.place(int(default) if each.name == "k" else default) < 1


def test_what_somebody_chose_is_not_searched():
    assert default_space("cnn", frozenset({"strength", "arch", "batch_size"})).names == (
        "learning_rate",
        "dropout",
    )


def test_something_is_left_to_search():
    with pytest.raises(UsageError, match="k, metric, preprocess, and all of them are given"):
        default_space("knn", frozenset({"k", "metric", "preprocess"}))
