"""The formula: what it means, that its normal form is one, and that errors point at the place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvtool.errors import UsageError
from cvtool.layers.convolution import Convolution
from cvtool.layers.flatten import Flatten
from cvtool.layers.fully_connected import FullyConnected
from cvtool.models.architecture import complete, parse

NOTES = "((conv3-32 + bn + relu)*2 + maxpool2)*2 + (fc-256 + relu)*1 + softmax"

WORDS = """
relu ReLU leaky-relu leaky-relu0.1 leaky-relu.05 prelu prelu0.1 elu elu0.5 sigmoid tanh maxout2 bn
conv3-32 conv1-8 conv4-8 conv5x3-16 conv3-64/2 conv5-6p0 conv3-8/2p0 CONV3-8p2/3 dropout0.5 dropout0
maxpool2 maxpool3/2 avgpool2 avgpool2/1 gap flatten fc-64
"""
SNIPPETS = """
conv3-32 conv 3- 0 x /2 p1 fc-9 relu res res0.5( ( ) * 2 + softmax svm - . × ² ٣ \x1b İ 🙂 1e9
"""

numbers = st.integers(1, 2).map(str)
words = st.sampled_from(WORDS.split())


def repeated(inner):
    return st.builds("{}{}{}".format, inner, st.sampled_from(["*", " * ", "∗", "×", "·"]), numbers)


def joined(inner):
    plus = st.sampled_from(["+", " + ", "\n+\t"])
    return st.builds(lambda sign, parts: sign.join(parts), plus, st.lists(inner, min_size=1))


def extended(inner):
    many = joined(inner)
    return (
        many.map("({})".format)
        | many.map("res({})".format)
        | many.map("res0.8({} )".format)
        | repeated(many.map("({})".format))
    )


terms = st.recursive(words | repeated(words), extended, max_leaves=5)
formulas = st.builds("{}{}".format, joined(terms), st.sampled_from(["", "+softmax", " + SVM"]))


def layer_words(formula):
    return [layer.formula for layer in formula.layers]


def test_the_notes_own_formula():
    formula = parse(NOTES)
    stage = ["conv3-32", "bn", "relu"] * 2 + ["maxpool2"]
    assert layer_words(formula) == [*stage * 2, "flatten", "fc-256", "relu"]
    assert formula.loss == "softmax"
    assert formula.text == NOTES


def test_case_space_and_multiplication_signs_do_not_matter():
    spelled = "((CONV3-32+BN + ReLU)∗2 +\n maxpool2 )×2+( FC-256+RELU) · 1+SOFTMAX"
    assert parse(spelled).text == NOTES


@given(formulas)
@settings(max_examples=80)
def test_the_normal_form_reads_as_itself(text):
    formula = parse(text)
    again = parse(formula.text)
    assert (again.text, again.loss) == (formula.text, formula.loss)
    assert layer_words(again) == layer_words(formula)


@given(formulas)
@settings(max_examples=50)
def test_repeats_never_share_a_layer(text):
    formula = parse(text)
    layers = [each for layer in formula.layers for each in layer.walk()]
    assert len(set(map(id, layers))) == len(layers)


@given(st.text() | st.lists(st.sampled_from([*SNIPPETS.split(), " "])).map("".join))
@settings(max_examples=500)
def test_any_other_text_is_refused_in_words(text):
    try:
        words = parse(text).text
    except UsageError as error:
        words = str(error).replace("\n", "")
    assert words.isprintable()


@pytest.mark.parametrize(
    ("text", "sentence", "marked"),
    [
        ("relu + conv3-", "needs a number of filters after the dash, as in conv3-32", "conv3-"),
        ("conv + relu", "needs a kernel size, as in conv3-32", "conv"),
        ("conv3 + relu", "needs a dash and a number of filters", "conv3"),
        ("conv3-0", "takes a number of filters after the dash, 1 to 65536, not 0", "conv3-0"),
        ("conv3-32q", "ends in 'q'", "conv3-32q"),
        ("conv3-32p3", "takes a padding less than the kernel, 0 to 2, not 3", "conv3-32p3"),
        ("fc256 + relu", "needs a dash and a number of neurons", "fc256"),
        ("relu + maxpol2", "did you mean 'maxpool2'?", "maxpol2"),
        ("leakyrelu0.1", "did you mean 'leaky-relu0.1'?", "leakyrelu0.1"),
        ("relu + sofmax", "did you mean 'softmax'?", "sofmax"),
        ("relu + xyz", "known are conv3-32, maxpool2", "xyz"),
        ("relu + dropout1", "dropout takes a rate from 0 to below 1", "dropout1"),
        ("leaky-relu2", "leaky-relu takes a slope", "leaky-relu2"),
        ("maxout1", "at least 2 pieces", "maxout1"),
        ("(relu + (bn)", "is never closed", "("),
        ("relu) + bn", "closes no parenthesis", ")"),
        ("relu bn", "needs a + before it", "bn"),
        ("(relu bn)", "needs a + before it", "bn"),
        ("relu*2*3", "needs a + before it", "*"),
        ("relu + ", "needs a layer after it", "+"),
        ("+ relu", "needs a layer before it", "+"),
        ("relu + ()", "needs a layer before it", ")"),
        ("2*relu", "repeats come after it", "2"),
        ("relu*", "needs a number of repeats after it", "*"),
        ("relu*n", "needs a number of repeats", "n"),
        ("relu*1.5", "takes a number of repeats, 0 to 1000, not 1.5", "1.5"),
        ("softmax + relu", "comes last", "softmax"),
        ("(fc-10 + svm)", "comes last", "svm"),
        ("res + relu", "needs its branch in parentheses", "res"),
        ("res0(relu)", "takes a survival of more than 0 and at most 1, not 0", "res0"),
        ("res(relu*0)", "needs at least one layer in its branch", "res"),
        ("(" * 40, "nested too deeply", "("),
    ],
)
def test_errors_point_at_the_place(text, sentence, marked):
    with pytest.raises(UsageError) as caught:
        parse(text)
    message, shown, marker = str(caught.value).split("\n")
    start = marker.index("^")
    assert sentence in message
    assert shown[start : start + len(marker.strip())] == marked
    assert f"'{marked}' at position {start - 1} " in message


def test_the_marker_stays_in_view_of_long_formulas():
    with pytest.raises(UsageError) as caught:
        parse("relu + " * 100 + "conv3- + " + "relu + " * 100 + "bn")
    message, shown, marker = str(caught.value).split("\n")
    assert "at position 701" in message
    assert len(shown) < 80
    assert shown[marker.index("^") :].startswith("conv3-")


@pytest.mark.parametrize("text", ["", " \n", "\t"])
def test_nothing_is_no_formula(text):
    with pytest.raises(UsageError, match="not nothing"):
        parse(text)


@pytest.mark.parametrize("text", ["((relu*100)*100)*100", "relu*1000 + bn", "res(relu*1000)"])
def test_more_than_a_thousand_layers_are_refused(text):
    with pytest.raises(UsageError, match="at most 1,000 layers"):
        parse(text)
    assert len(parse("relu*1000").layers) == 1000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("conv3-8 + fc-9 + relu", ["conv3-8", "flatten", "fc-9", "relu"]),
        ("conv3-8 + flatten + fc-9", ["conv3-8", "flatten", "fc-9"]),
        ("conv3-8 + gap + fc-9", ["conv3-8", "gap", "fc-9"]),
        ("relu + res(fc-4)", ["relu", "flatten", "res(fc-4)"]),
        ("conv3-8 + (fc-9)*0", ["conv3-8"]),
    ],
)
def test_images_are_flattened_before_the_first_fully_connected_layer(text, expected):
    assert layer_words(parse(text)) == expected


def test_windows_strides_and_padding():
    convolution, halving, bare = parse("conv5x3-16 + conv3-64/2 + conv5-6p0/2").layers
    assert (convolution.window.size, convolution.filters) == ((5, 3), 16)
    assert (halving.window.stride, halving.window.padding) == (2, 1)
    assert (bare.window.stride, bare.window.padding) == (2, 0)
    assert parse("maxpool3/2").layers[0].window.stride == 2


def test_the_height_by_width_sign_may_be_a_cross():
    assert parse("conv5×3-16×2").text == parse("(conv5x3-16)*2").text


def test_the_method_of_convolution_reaches_every_one():
    formula = parse("conv3-8 + res(conv3-8)", conv="im2col")
    inside = [each for layer in formula.layers for each in layer.walk()]
    methods = [each.method for each in inside if isinstance(each, Convolution)]
    assert methods == ["im2col", "im2col"]


def test_the_loss_is_said_once():
    assert parse("relu").loss == "softmax"
    assert parse("relu", loss="svm").text == "relu + svm"
    assert parse("relu + svm", loss="svm").loss == "svm"
    with pytest.raises(UsageError, match="ends in svm but --loss is softmax"):
        parse("relu + svm", loss="softmax")


def test_the_classifier_is_added_and_then_left_alone():
    formula = complete(parse(NOTES), 10)
    assert formula.text == NOTES.replace("softmax", "fc-10 + softmax")
    assert isinstance(formula.layers[-1], FullyConnected)
    assert complete(formula, 10) is formula
    assert complete(parse(formula.text), 10).text == formula.text


def test_scores_straight_from_the_images_make_a_linear_classifier():
    formula = complete(parse("svm"), 3)
    assert formula.text == "fc-3 + svm"
    assert isinstance(formula.layers[0], Flatten)


def test_pooled_scores_need_no_classifier():
    assert complete(parse("conv1-10 + gap"), 10).text == "conv1-10 + gap + softmax"
    assert complete(parse("conv1-12 + gap"), 10).text == "conv1-12 + gap + fc-10 + softmax"


def test_a_classifier_for_other_classes_is_refused():
    with pytest.raises(UsageError, match="write fc-10, or an activation such as relu after fc-12"):
        complete(parse("relu + fc-12 + softmax"), 10)
    assert complete(parse("fc-12 + relu"), 10).text.endswith("relu + fc-10 + softmax")
