"""Chains of preprocessing are read as they are meant, or refused with the word to take instead."""

import pytest

from cvtool.config import PREPROCESSINGS, DataConfig
from cvtool.datasets.augmentation import Augmentation
from cvtool.datasets.preprocessing_chain import check_augmentation, check_size, parse_chain
from cvtool.errors import UsageError


@pytest.mark.parametrize("word", PREPROCESSINGS)
def test_every_word_is_a_chain(word):
    assert parse_chain(word) == (word,)
    assert word in DataConfig.__dataclass_fields__["preprocess"].metadata["help"]


def test_words_stand_between_commas():
    assert parse_chain("channel-mean, zca") == ("channel-mean", "zca")
    assert parse_chain("standardize,pca-whiten") == ("standardize", "pca-whiten")
    assert parse_chain("none,none") == ("none", "none")
    assert parse_chain("zca,standardize") == ("zca", "standardize")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("zcaa", "does not know 'zcaa': did you mean 'zca'?"),
        ("channel-mean,pca", "does not know 'pca': "),
        ("", "does not know '': take none, mean-image"),
        ("zca,", "does not know '': take none, mean-image"),
        ("none,zca", "asks for none and for more: drop one of them"),
        ("zca,zca", "whitens twice"),
        ("pca-whiten,zca", "whitens twice"),
        ("pca-whiten,standardize", "put pca-whiten last, or take zca"),
    ],
)
def test_what_makes_no_sense_is_refused(text, sentence):
    with pytest.raises(UsageError) as refused:
        parse_chain(text)
    assert sentence in str(refused.value)


def test_components_are_not_flipped():
    check_augmentation(("pca-whiten",), Augmentation())
    check_augmentation(("zca",), Augmentation(flip=True, shift=True))
    with pytest.raises(UsageError, match="take --augment none, or zca"):
        check_augmentation(("channel-mean", "pca-whiten"), Augmentation(shift=True))


def test_large_images_are_told_the_size_that_would_do():
    check_size(("mean-image",), (224, 224, 3))
    check_size(("zca",), (36, 36, 3))
    check_size(("pca-whiten",), (64, 64, 1))
    with pytest.raises(UsageError, match=r"64×64×3 images have 12,288: take --image-size 36, or"):
        check_size(("mean-image", "zca"), (64, 64, 3))
