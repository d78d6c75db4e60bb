"""Every verdict both ways, on made-up histories, and silence where there is nothing to judge."""

from math import exp, inf, log, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.config import TrainConfig
from cvtool.diagnostics.learning import CHECKS, verdicts
from cvtool.records import EpochRecord, LayerHealth, Verdict

CURVES = {"loss changes", "loss stays down", "loss falls at once", "generalizes", "large enough"}
HEALTHY = (
    LayerHealth("conv1", update_ratio=2e-3),
    LayerHealth("relu1", dead=0.1),
    LayerHealth("tanh1", saturated=0.2),
)


def history(losses, *, train=None, val=None, health=()):
    """One epoch a loss; accuracies grow to 0.9 and 0.87 unless the last ones are given."""
    count = len(losses)
    train, val = train or 0.9, val or 0.87
    return [
        EpochRecord(
            epoch=number,
            learning_rate=1e-3,
            train_loss=loss,
            train_accuracy=train * number / count,
            val_loss=loss,
            val_accuracy=val * number / count,
            seconds=1.0,
            images_per_second=1000.0,
            health=tuple(health),
        )
        for number, loss in enumerate(losses, start=1)
    ]


FALLING = [1.5, 1.0, 0.7, 0.5, 0.4, 0.35, 0.32, 0.31, 0.3, 0.3]


def judge(done, *, classes=10, initial_loss=None, diverged=False, **choices):
    initial = log(classes) if initial_loss is None else initial_loss
    found = verdicts(
        done,
        config=TrainConfig(**choices),
        classes=classes,
        initial_loss=initial,
        diverged=diverged,
    )
    return {verdict.check: verdict for verdict in found}


def test_a_healthy_run_raises_no_alarm():
    found = judge(history(FALLING, health=HEALTHY))
    assert set(found) == CURVES | {"updates fit", "units live", "units respond"}
    assert [verdict for verdict in found.values() if not verdict.ok] == []


@given(st.floats(0.2, 3.0), st.floats(0.0, 0.02), st.integers(5, 60))
def test_no_smooth_decay_raises_an_alarm(speed, noise, epochs):
    losses = [
        2.3 * exp(-speed * number) + noise * (number % 2) + 0.02 for number in range(1, epochs + 1)
    ]
    assert all(verdict.ok for verdict in judge(history(losses)).values())


def test_a_perfect_run_needs_no_larger_network():
    assert judge(history(FALLING, train=1.0, val=1.0))["large enough"].ok


def test_an_unchanged_loss_asks_for_a_larger_rate():
    found = judge(history([2.3, 2.299, 2.298], train=0.12), learning_rate=1e-6)
    verdict = found["loss changes"]
    assert not verdict.ok
    assert "--learning-rate 1e-05" in verdict.message
    assert not {"generalizes", "large enough", "loss falls at once"} & set(found)


def test_a_rate_of_zero_becomes_the_usual_one():
    verdict = judge(history([2.3], train=0.1), learning_rate=0.0)["loss changes"]
    assert "--learning-rate 0.001" in verdict.message


def test_a_network_that_guesses_has_not_learned_however_far_its_loss_fell():
    assert not judge(history([40.0, 2.4, 2.3], train=0.1), initial_loss=300.0)["loss changes"].ok


@pytest.mark.parametrize(
    "health", [LayerHealth("relu1", dead=0.99), LayerHealth("fc1", update_ratio=0.5)]
)
def test_an_unchanged_loss_after_huge_steps_asks_for_a_smaller_rate(health):
    epochs = history([2.3, 2.3], train=0.1, health=[health])
    assert "--learning-rate 0.1" in judge(epochs, learning_rate=1.0)["loss changes"].message


@pytest.mark.parametrize(
    ("losses", "diverged"), [([], True), ([nan], False), ([1.0, inf], False), ([9.0], True)]
)
def test_an_explosion_is_judged_alone(losses, diverged):
    found = judge(history(losses), diverged=diverged, learning_rate=0.1)
    assert set(found) == {"loss stays down"}
    assert not found["loss stays down"].ok
    assert "--learning-rate 0.01" in found["loss stays down"].message


def test_a_loss_that_is_no_number_from_the_start_is_not_the_rates_fault():
    verdict = judge([], initial_loss=nan, diverged=True, init="normal")["loss stays down"]
    assert "--init auto" in verdict.message


@pytest.mark.parametrize("losses", [[1.0, 0.5, 0.9], [2.5, 2.9, 3.4], [7.0, 8.0, 9.0]])
def test_a_rising_loss_asks_for_a_smaller_rate(losses):
    verdict = judge(history(losses), learning_rate=0.001)["loss stays down"]
    assert not verdict.ok
    assert verdict.value == losses[-1]
    assert "--learning-rate 0.0003" in verdict.message


def test_wobbling_near_zero_is_not_rising():
    assert judge(history([0.1, 0.01, 0.04]))["loss stays down"].ok


LATE = [2.3, 2.3, 2.29, 1.5, 0.8, 0.4]


@pytest.mark.parametrize(
    ("choices", "remedy"),
    [
        ({"init": "normal"}, "--init auto"),
        ({}, "bn after each convolution"),
        ({"arch": "conv3-32 + BN + relu", "seed": 4}, "--seed 5"),
    ],
)
def test_flat_and_then_dropping_asks_for_another_start(choices, remedy):
    verdict = judge(history(LATE), **choices)["loss falls at once"]
    assert not verdict.ok
    assert verdict.value == 3
    assert remedy in verdict.message


def test_a_warm_up_may_be_flat():
    assert judge(history(LATE), warmup=2.5)["loss falls at once"].ok


@pytest.mark.parametrize(
    ("choices", "remedy"),
    [
        ({"strength": 1e-4}, "--strength 0.001 or --augment shift"),
        ({"strength": 0.0, "augment": "flip"}, "--strength 0.0001"),
        ({"regularization": "none"}, "--regularization l2 --strength 0.0001"),
        ({"strength": 0.1}, "try --dropout 0.5 or --augment shift"),
        ({"strength": 0.1, "arch": "fc-9 + relu + dropout0.2 + fc-10"}, "try --dropout 0.5"),
        ({"strength": 0.1, "arch": "fc-9 + relu + dropout0.5 + fc-10"}, "try smaller layers"),
    ],
)
def test_training_much_better_than_validation_asks_for_regularization(choices, remedy):
    verdict = judge(history(FALLING, train=0.99, val=0.7), **choices)["generalizes"]
    assert not verdict.ok
    assert verdict.value == pytest.approx(0.29)
    assert remedy in verdict.message


@pytest.mark.parametrize(
    ("choices", "remedy"),
    [
        ({"strength": 0.01}, "--strength 0.001"),
        ({"filters": "32,64"}, "--filters 64,128"),
        ({"n": 1}, "--n 2"),
        ({}, "--arch vgg-small"),
        ({"arch": "conv5x3-8p0 + relu + fc-64 + relu"}, '"conv5x3-16p0 + relu + fc-64 + relu"'),
        ({"arch": "lenet"}, '--arch "conv5-12 + tanh + avgpool2 + conv5-32 + tanh'),
        ({"arch": "mlp"}, "--arch vgg-small"),
    ],
)
@pytest.mark.parametrize("val", [0.7, 0.75])
def test_the_same_accuracy_on_both_asks_for_capacity(choices, remedy, val):
    verdict = judge(history(FALLING, train=0.7, val=val), **choices)["large enough"]
    assert not verdict.ok
    assert remedy in verdict.message


@pytest.mark.parametrize("losses", [[1.6], [1.6, 1.4, 1.2]])
def test_a_loss_still_falling_asks_for_more_epochs_first(losses):
    verdict = judge(history(losses, train=0.6, val=0.6), epochs=3, strength=0.1)["large enough"]
    assert "--epochs 6" in verdict.message


@pytest.mark.parametrize(
    ("ratio", "remedy"),
    [(1e-5, "0.1"), (1e-8, "1"), (0.0, "0.01"), (0.05, "0.0001"), (2.0, "0.0001")],
)
def test_updates_far_from_a_thousandth_ask_for_another_rate(ratio, remedy):
    found = judge(history(FALLING, health=[LayerHealth("fc1", update_ratio=ratio)]))["updates fit"]
    assert not found.ok
    assert found.value == ratio
    assert f"--learning-rate {remedy}" in found.message


def test_large_updates_of_small_weights_ask_for_another_start():
    epochs = history(FALLING, health=[LayerHealth("fc1", update_ratio=0.05)])
    verdict = judge(epochs, init="normal")["updates fit"]
    assert "--init auto, or --learning-rate 0.0001" in verdict.message


@pytest.mark.parametrize("init", ["zero", "constant", "normal"])
def test_a_poor_start_is_told_apart_from_a_small_rate_and_a_small_network(init):
    unchanged = judge(history([2.3, 2.3], train=0.1), init=init)["loss changes"]
    assert "--init auto" in unchanged.message
    same = judge(history(FALLING, train=0.5, val=0.5), init=init)["large enough"]
    assert "--init auto" in same.message


def test_a_slow_network_that_does_not_guess_has_a_small_rate():
    health = [LayerHealth("relu1", dead=0.9)]
    verdict = judge(history([2.29, 2.25], train=0.6, health=health))["loss changes"]
    assert "--learning-rate 0.01" in verdict.message


def test_the_last_small_steps_of_a_schedule_are_no_alarm():
    epochs = [
        history([1.0], health=[LayerHealth("fc1", update_ratio=ratio)])[0]
        for ratio in (2e-3, 1e-7, 1e-7)
    ]
    assert judge(epochs)["updates fit"].ok


def test_dead_units_are_named_with_their_layer():
    health = [LayerHealth("relu1", dead=0.1), LayerHealth("relu2", dead=0.8)]
    verdict = judge(history(FALLING, health=health))["units live"]
    assert (verdict.ok, verdict.value) == (False, 0.8)
    assert "80% of the units of relu2" in verdict.message
    assert "leaky-relu" in verdict.message


@pytest.mark.parametrize(("init", "remedy"), [("normal", "--init auto"), ("auto", "bn before it")])
def test_saturated_units_are_named_with_their_layer(init, remedy):
    health = [LayerHealth("sigmoid1", saturated=0.9), LayerHealth("tanh2", saturated=0.3)]
    verdict = judge(history(FALLING, health=health), init=init)["units respond"]
    assert (verdict.ok, verdict.value) == (False, 0.9)
    assert "sigmoid1" in verdict.message
    assert remedy in verdict.message


def test_no_data_no_verdict():
    assert judge([]) == {}
    assert set(judge(history(FALLING))) == CURVES


losses = st.floats(allow_nan=True, allow_infinity=True)
shares = st.none() | st.floats(0, 1)


@given(
    st.lists(losses, max_size=6),
    losses,
    st.integers(2, 1000),
    st.booleans(),
    st.lists(st.builds(LayerHealth, st.just("fc1"), shares, shares, shares), max_size=3),
)
def test_any_run_can_be_judged(curve, initial_loss, classes, diverged, health):
    epochs = history(curve, health=health)
    found = verdicts(
        epochs,
        config=TrainConfig(),
        classes=classes,
        initial_loss=initial_loss,
        diverged=diverged,
    )
    assert len(found) <= len(CHECKS)
    assert all(isinstance(verdict, Verdict) and verdict.message for verdict in found)


def test_a_rising_loss_is_never_called_too_slow_as_well():
    found = judge(history([1.7], train=0.1), initial_loss=1.5, classes=2)
    assert not found["loss stays down"].ok
    assert "loss changes" not in found
