"""``cvtool gradcheck`` from the command line: what it says, and how it ends."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from cvtool.diagnostics.gradients.faults import FAULTS, injected
from cvtool.diagnostics.gradients.layer_cases import chosen_layers
from cvtool.errors import UsageError

Run = Callable[..., Any]

ALWAYS = {"name", "max_relative_error", "verdict", "kinks", "ok"}


def test_layers_are_checked_alone(command: Run) -> None:
    ending = command("gradcheck", "--layer", "conv3-2/2 + relu", "--samples", "4", "--json")
    said = ending.json
    assert (ending.code, said["ok"], len(said["checks"])) == (0, True, 2)
    for check in said["checks"]:
        assert set(check) >= ALWAYS
        assert (check["verdict"], check["ok"]) == ("happy", True)
        assert [each["name"] for each in check["tensors"]] == [
            "inputs",
            "conv1/weights",
            "conv1/bias",
        ]
    assert 0 < said["max_relative_error"] < 1e-7


def test_a_wrong_gradient_ends_in_4(command: Run) -> None:
    [mask] = [fault for fault in FAULTS if fault.name == "relu mask"]
    with injected(mask):
        ending = command("gradcheck", "--layer", "relu", "--json")
        table = command("gradcheck", "--layer", "relu")
    [check] = ending.json["checks"]
    assert (ending.code, ending.json["ok"], check["verdict"]) == (4, False, "wrong")
    assert table.code == 4
    assert "0 of 1 gradients are right" in table.out
    assert "██████" in table.out  # the sweep: wrong at every step


def test_no_number_is_null_in_json(command: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from cvtool.kernels import elementwise

    def spoiled(_grads: Any, _outputs: Any, out: Any) -> None:
        out[...] = float("nan")

    monkeypatch.setattr(elementwise, "relu_backward", spoiled)
    ending = command("gradcheck", "--layer", "relu", "--json")
    assert ending.code == 4
    assert ending.json["checks"][0]["max_relative_error"] is None


def test_a_network_is_checked_apart_from_its_penalty(command: Run) -> None:
    arch = "conv3-2 + relu + maxpool2 + svm"
    said = command("gradcheck", "--arch", arch, "--samples", "3", "--json").json
    assert [check["name"] for check in said["checks"]] == [
        f"{arch}, data loss",
        f"{arch}, l2 penalty",
    ]
    assert said["ok"]


def test_a_network_is_checked_on_images_of_a_data_set(command: Run) -> None:
    said = command(
        *("gradcheck", "--dataset", "digits", "--arch", "conv3-2 + bn + tanh", "--json")
    ).json
    assert said["ok"]
    assert said["checks"][0]["name"] == "conv3-2 + bn + tanh on digits, data loss"


def test_float32_is_graded_more_loosely(command: Run) -> None:
    said = command("gradcheck", "--layer", "fc-3 + tanh", "--dtype", "float32", "--json").json
    assert (said["ok"], said["step"]) == (True, 1e-2)
    assert said["max_relative_error"] > 1e-7


def test_the_same_seed_says_the_same(command: Run) -> None:
    words = ("gradcheck", "--layer", "conv3-2", "--json")
    one, same, other = (
        json.dumps(command(*words, "--seed", seed).json["checks"]) for seed in ("1", "1", "2")
    )
    assert one == same != other


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--layer", "relu", "--arch", "lenet"), "--layer checks layers alone"),
        (("--self-test", "--layer", "relu"), "--self-test tests the check itself"),
        (("--layer", "rilu"), "--layer: 'rilu' at position 1 is no layer"),
        (("--step", "0"), "--step takes a number of at least"),
    ],
)
def test_wrong_words_are_told(command: Run, words: tuple[str, ...], sentence: str) -> None:
    ending = command("gradcheck", *words)
    assert (ending.code, ending.out) == (2, "")
    assert sentence in ending.err


@pytest.mark.slow
def test_everything_is_right(command: Run) -> None:
    ending = command("gradcheck", "--json")
    assert ending.code == 0
    assert ending.json["max_relative_error"] < 1e-7


@pytest.mark.slow
def test_the_check_finds_every_known_mistake(command: Run) -> None:
    ending = command("gradcheck", "--self-test", "--json")
    said = ending.json
    assert ending.code == 0
    assert said["detected"] == said["injected"] >= 20
    assert (said["false_alarms"], said["missed"]) == (0, [])


def test_a_formula_that_is_none_is_shown_with_its_place() -> None:
    with pytest.raises(UsageError) as refused:
        chosen_layers("conv3-")
    sentence, formula, marker = str(refused.value).splitlines()
    assert sentence.startswith("--layer: 'conv3-'")
    assert (formula.strip(), marker.strip()) == ("conv3-", "^^^^^^")
