"""One share to drop, whatever the formula: everywhere, or before what classifies."""

import pytest

from cvtool.config import NetworkConfig
from cvtool.layers.chain import Chain
from cvtool.layers.dropout import Dropout
from cvtool.models.architectures import ARCHITECTURES, resolve
from cvtool.models.dropping_out import drop

SHAPE = (32, 32, 3)


def chosen(**choices):
    return resolve(NetworkConfig(**choices), SHAPE, 10)


def words(formula):
    return [layer.formula for layer in formula.layers]


@pytest.mark.parametrize(
    ("text", "dropping"),
    [
        ("fc-10 + softmax", "dropout0.3 + fc-10 + softmax"),
        ("fc-9 + relu + fc-10 + svm", "fc-9 + relu + dropout0.3 + fc-10 + svm"),
        ("conv3-8 + gap + fc-10 + softmax", "conv3-8 + gap + dropout0.3 + fc-10 + softmax"),
        ("relu + conv1-10 + gap + softmax", "relu + dropout0.3 + conv1-10 + gap + softmax"),
        ("(fc-10)*3 + softmax", "(fc-10)*2 + dropout0.3 + fc-10 + softmax"),
        ("(fc-9 + relu)*0 + fc-10 + (relu)*0 + softmax", "dropout0.3 + fc-10 + softmax"),
        (
            "(conv3-10 + (relu + conv1-10)*2)*2 + gap + softmax",
            "(conv3-10 + (relu + conv1-10)*2)*1 + conv3-10 + (relu + conv1-10)*1 + relu"
            " + dropout0.3 + conv1-10 + gap + softmax",
        ),
        (
            "dropout0.5 + fc-9 + dropout0 + fc-10 + svm",
            "dropout0.3 + fc-9 + dropout0.3 + fc-10 + svm",
        ),
        ("res(fc-9 + (dropout0.5)*2) + fc-10 + svm", "res(fc-9 + (dropout0.3)*2) + fc-10 + svm"),
    ],
)
def test_all_dropout_takes_the_share_or_one_comes_before_the_classifier(text, dropping):
    assert drop(text, 0.3) == dropping


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("fc-10 + softmax", "fc-10 + softmax"),
        ("dropout0.5 + fc-9 + relu + dropout0.2 + fc-10 + svm", "fc-9 + relu + fc-10 + svm"),
        ("(dropout0.5)*2 + (relu + dropout0.5)*2 + fc-10 + svm", "(relu)*2 + fc-10 + svm"),
        ("res(dropout0.5) + fc-10 + svm", "res(dropout0) + fc-10 + svm"),
    ],
)
def test_dropping_nothing_takes_dropout_out(text, plain):
    assert drop(text, 0) == plain


@pytest.mark.parametrize(
    ("share", "word"), [(0.12346, "dropout0.1235"), (0.99999, "dropout0.9999"), (0.00001, None)]
)
def test_a_share_has_as_many_digits_as_a_formula_can_say(share, word):
    text = chosen(arch="linear", dropout=share).text
    assert text == " + ".join(["flatten", *([word] if word else []), "fc-10", "softmax"])


CHOICES = [
    {},
    {"n": 1, "m": 1, "k": 0, "filters": "8"},
    {"m": 0, "k": 0},
    {"arch": "(fc-10)*2", "loss": "svm"},
    {"arch": "conv1-10 + gap"},
    *({"arch": name} for name in ARCHITECTURES),
]


@pytest.mark.parametrize("share", [0, 0.0412, 0.5])
@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_the_formula_read_again_is_the_same_network(choices, share):
    formula = chosen(**choices, dropout=share)
    again = chosen(arch=formula.text)
    assert (again.text, again.loss, words(again)) == (formula.text, formula.loss, words(formula))
    assert Chain(again.layers).bind(SHAPE) == (10,)
    shares = [layer.rate for layer in formula.layers if isinstance(layer, Dropout)]
    assert set(shares) == ({share} if share else set())


@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_all_other_layers_stay(choices):
    plain, dropping = words(chosen(**choices)), words(chosen(**choices, dropout=0.25))
    others = [[each for each in some if "dropout" not in each] for some in (plain, dropping)]
    assert sorted(others[0]) == sorted(others[1])


def test_convolutions_keep_their_method():
    assert chosen(conv="im2col", dropout=0.5).layers[0].method == "im2col"
