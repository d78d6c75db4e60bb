"""What is searched can be written and read, and mistakes are answered in one sentence."""

from dataclasses import fields

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cvtool.config import MODELS, KnnConfig, LinearConfig, TrainConfig, kind, settable
from cvtool.errors import DataError, UsageError
from cvtool.tuning.dimension import Choice, Range
from cvtool.tuning.searchable import COUNTS, HELD, LEAST, MOST
from cvtool.tuning.space import Space
from cvtool.tuning.spelling import load, parse, spell

FULL = "learning_rate=1e-5..1e-1 log, strength=1e-6..1e-1 log, filters=16|32|64, dropout=0..0.6"


def declared(model):
    return {each.name: each for each in fields(model)}


def ranges_of(each):
    """Texts of ranges of a setting, within its bounds."""
    rules = each.metadata
    low = rules["low"] if rules["low"] is not None else LEAST
    high = next((rules[rule] for rule in ("high", "below") if rules[rule] is not None), MOST)
    if each.name in COUNTS and kind(each) is str:
        low, high = 1, 10_000
    whole = kind(each) is not float
    numbers = st.integers(low, int(high)) if whole else st.floats(low, high * 0.999)
    return st.tuples(numbers, numbers, st.sampled_from(["", " log"])).map(
        lambda said: "{}..{}{}".format(*sorted(said[:2]), said[2])
    )


def choices_of(each):
    """Texts of choices of a setting."""
    if each.metadata["choices"]:
        return st.permutations(each.metadata["choices"]).map("|".join)
    return st.lists(
        st.text("ab ,|='.-+:log", min_size=1, max_size=6).filter(str.strip), min_size=2, unique=True
    ).map(lambda values: "|".join(f'"{value}"' for value in values))


@st.composite
def searches(draw):
    """Draw a model with a text of what is searched of it."""
    model = draw(st.sampled_from(sorted(MODELS.values(), key=str)))
    known = declared(model)
    free = sorted(settable(model) - HELD - {"epochs", "k", "metric"}) + ["k"] * ("k" in known)
    parts = []
    for name in draw(st.lists(st.sampled_from(free), min_size=1, max_size=5, unique=True)):
        numeric = kind(known[name]) in (int, float) or name in COUNTS
        said = draw(ranges_of(known[name]) if numeric else choices_of(known[name]))
        parts.append(f"{name}={said}")
    return model, ", ".join(parts)


def read(search):
    model, text = search
    try:
        return model, parse(text, model)
    except UsageError as error:  # two equal ends, or powers of zero
        assume("from a lower" not in str(error))
        assume("by powers" not in str(error))
        assume("is searched within" not in str(error))
        raise


@given(search=searches())
def test_what_is_spelled_is_read_as_the_same(search):
    model, space = read(search)
    assert parse(spell(space), model) == space
    assert spell(parse(spell(space), model)) == spell(space)


@given(search=searches(), first=st.floats(-1, 1), width=st.floats(0, 1), kept=st.integers(1, 9))
def test_so_is_what_is_narrowed_or_extended(search, first, width, kept):
    model, space = read(search)

    def changed(each):
        if isinstance(each, Choice):
            return each.among(each.values[:kept])
        return each.between(first, first + width)

    assert parse(spell(space.map(changed)), model) == space.map(changed)


def test_a_search_is_read():
    assert parse(FULL, TrainConfig) == Space(
        (
            Range("learning_rate", 1e-5, 1e-1, log=True, bounds=(1e-12, 1e6)),
            Range("strength", 1e-6, 1e-1, log=True, bounds=(1e-12, 1e12)),
            Choice("filters", ("16", "32", "64")),
            Range("dropout", 0.0, 0.6, bounds=(0.0, 0.9999)),
        )
    )
    assert spell(parse(FULL, TrainConfig)) == (
        "learning_rate=1e-5..0.1 log, strength=1e-6..0.1 log, filters=16|32|64, dropout=0..0.6"
    )


@pytest.mark.parametrize(
    ("model", "text", "found"),
    [
        (
            TrainConfig,
            "batch-size=16..256 log",
            Range("batch_size", 16, 256, True, True, (1, 65536)),
        ),
        (TrainConfig, "batch_size = 32 | 64", Choice("batch_size", (32, 64))),
        (TrainConfig, "m=1..3 log", Range("m", 1, 3, True, True, (1, 12))),
        (TrainConfig, "n=1..3", Range("n", 1, 3, False, True, (1, 50))),
        (TrainConfig, "step_every=1..9", Range("step_every", 1, 9, False, True, (1, MOST))),
        (TrainConfig, "filters=8..64", Range("filters", 8, 64, False, True, (1, 65536))),
        (TrainConfig, "clip=1..5", Range("clip", 1.0, 5.0, bounds=(LEAST, MOST))),
        (TrainConfig, "dropout=0|0.5", Choice("dropout", (0.0, 0.5))),
        (TrainConfig, "patience=2|3", Choice("patience", (2, 3))),
        (TrainConfig, "filters=\"16,32\"|'32,64'", Choice("filters", ("16,32", "32,64"))),
        (
            TrainConfig,
            'arch="conv3-16 + relu + maxpool2"|lenet',
            Choice("arch", ("conv3-16 + relu + maxpool2", "lenet")),
        ),
        (TrainConfig, "features=pixels|hog:cell=4", Choice("features", ("pixels", "hog:cell=4"))),
        (TrainConfig, "optimizer=adam|", Choice("optimizer", ("adam",))),
        (LinearConfig, "margin=0.5..3", Range("margin", 0.5, 3.0, bounds=(LEAST, 1e6))),
        (KnnConfig, "k=1..31", Range("k", 1, 31, False, True, (1, 10_000))),
        (KnnConfig, 'k=1|5|"1,5"', Choice("k", ("1", "5", "1,5"))),
    ],
)
def test_each_kind_of_setting_is_read(model, text, found):
    assert parse(text, model) == Space((found,))
    assert parse(spell(Space((found,))), model) == Space((found,))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "names no setting"),
        (" ", "names no setting"),
        ("learning_rate", "name=low..high or name=a|b, not by 'learning_rate'"),
        ("dropout=0..0.5,", "not by ''"),
        ("filters=16,32|32,64", "quotation marks around a value that has commas"),
        (
            "learning_rat=1..2",
            "which --model cnn has not: did you mean 'learning_rate'?",
        ),
        ("speed=1..2", "take one of the options"),
        ("margin=1..2", "take --model linear, or leave it out"),
        ("ties=smallest|nearest", "take --model knn"),
        ("epochs=1..9", "give --stages"),
        ("seed=1|2", "give it as the option --seed"),
        ("image-size=8|16", "give it as the option --image-size"),
        ("time_limit=1..2", "leave it out"),
        ("dropout=0..0.5, dropout=0..0.6", "names dropout more than once"),
        ("batch_size=16..32, batch-size=16|64", "names batch_size more than once"),
        ("learning_rate=1e-1..1e-5", "from a lower to a higher number, not 1e-1..1e-5"),
        ("batch_size=16..16", "the option --batch-size"),
        ("learning_rate=0..1 log", "leave out log"),
        ("learning_rate=1e-5..1e9", "--learning-rate takes a number of at most"),
        ("dropout=0..1", "--dropout takes a number of less than 1"),
        ("dropout=0..0.99999", "dropout is searched within 0..0.9999"),
        ("filters=0..8", "filters is searched within 1..65536"),
        ("strength=0..1e20", "strength is searched within 0..1e+12"),
        ("learning_rate=nan..1", "finite numbers, not nan"),
        ("learning_rate=1..inf", "finite numbers, not inf"),
        ("clip=inf|1", "finite numbers, not inf"),
        ("batch_size=1.5..9", "--batch-size takes a whole number, not '1.5'"),
        ("filters=1.5..9", "filters takes whole numbers, not '1.5'"),
        ("arch=1..2", "arch takes words, not a range"),
        ("batch_size=16|16", "batch_size has the value '16' more than once"),
        ("dropout=0.5|0.50", "dropout has the value '0.5' more than once"),
        ("filters=16", "two values or more, not 16: give one that is held as the option --filters"),
        ("batch_size=16|x", "--batch-size takes a whole number, not 'x'"),
        ("optimizer=adam|sdg", "did you mean 'sgd'?"),
        ("filters=", "filters takes low..high or values with | between them, not ''"),
        ("filters=|16", "not ''"),
        ("filters=16||32", "not ''"),
        ("arch=conv3-16 + relu|lenet", "not 'conv3-16 + relu': put quotation marks"),
        ("batch_size=16|32 log", "not '32 log'"),
        ('filters="16', 'a quotation mark " is never closed'),
        ("filters='16'32|64", "not ''16'32'"),
        ('filters="16"\'32"|\'64', "quotation mark"),
        ("learning_rate=..1", "a range is low..high"),
        ("learning_rate=1..", "a range is low..high"),
        ("learning_rate=1e-5..1 LOG", "a range is low..high"),
        ("learning_rate=1..2 dropout=0..0.5", "commas between settings"),
        ("learning_rate=a..b", "--learning-rate takes a number, not 'a'"),
    ],
)
def test_a_mistake_is_said_in_one_sentence(text, part):
    with pytest.raises(UsageError) as caught:
        parse(text, TrainConfig)
    assert part in str(caught.value)
    assert str(caught.value).startswith("--search")
    assert "\n" not in str(caught.value)


WORDS = ["learning_rate", "filters", "arch", "n", "k", "log", "1e-5", "0", "9", "x", "nan", "relu"]
SIGNS = ["=", "..", "|", ",", " ", "'", '"', "-", "\n", "\0", "é"]


@given(parts=st.lists(st.sampled_from(WORDS + SIGNS), max_size=20))
def test_any_text_is_read_or_answered(parts):
    try:
        space = load("".join(parts), TrainConfig)
    except UsageError:
        return
    assert parse(spell(space), TrainConfig) == space


def written(tmp_path, text):
    path = tmp_path / "search.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


AS_TOML = """
learning_rate = "1e-5..1e-1 log"
strength = {low = 1e-6, high = 0.1, log = true}
filters = "16|32|64"
dropout = {low = 0, high = 0.6}
"""


@pytest.mark.parametrize("head", ["", "[search]\n"])
def test_a_file_says_the_same(tmp_path, head):
    assert load(written(tmp_path, head + AS_TOML), TrainConfig) == parse(FULL, TrainConfig)


def test_a_file_lists_values(tmp_path):
    path = written(tmp_path, "batch-size = [32, 64]\nfilters = [16, '16,32']\ndropout = [0, 0.5]")
    assert spell(load(path, TrainConfig)) == 'batch_size=32|64, filters=16|"16,32", dropout=0|0.5'


def test_words_that_are_no_file_are_read_as_such():
    assert load(FULL, TrainConfig) == parse(FULL, TrainConfig)
    with pytest.raises(UsageError, match="lower to a higher"):
        load("dropout=0." + "0" * 5000 + "..0", TrainConfig)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "names no setting"),
        ("dropout = 0.5", "dropout takes low..high, a list or a table, not 0.5"),
        ("dropout = {low = 0}", "write dropout = {low = 1, high = 10}"),
        ("dropout = {low = 0, high = 1, more = 2}", "dropout has low, high, more"),
        ("dropout = {low = 0.1, high = 0.5, log = 1}", "true or false, not 1"),
        ("dropout = {low = [0], high = 0.5}", "numbers or texts, not [0]"),
        ("dropout = [0.5]", "two values or more"),
        ("dropout = []", "two values or more, not none"),
        ("dropout = [nan, 0.5]", "finite"),
        ("batch_size = [16, 32.5]", "whole number, not '32.5'"),
        ("batch_size = [16, true]", "whole number, not 'True'"),
        ("arch = [\"a'\\\"b\", 'lenet']", "one kind of quotation marks"),
        ("arch = ['', 'lenet']", "values of some signs"),
        ("epochs = [1, 2]", "cannot vary epochs"),
        ("speed = [1, 2]", "names 'speed'"),
    ],
)
def test_a_mistake_in_a_file_names_the_file(tmp_path, text, part):
    path = written(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        load(path, TrainConfig)
    assert part in str(caught.value)
    assert str(caught.value).startswith(path)


def test_a_file_that_cannot_be_read_is_said_to_be_so(tmp_path):
    with pytest.raises(DataError, match="not valid TOML"):
        load(written(tmp_path, "dropout"), TrainConfig)
    with pytest.raises(OSError, match=r"missing\.toml"):
        load(str(tmp_path / "missing.toml"), TrainConfig)
