"""What stands behind the colon is a choice, unless the whole is a path."""

from dataclasses import dataclass

import pytest

from cvtool.config import Choices, option
from cvtool.datasets.request import Place
from cvtool.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class Chosen(Choices):
    images: int = option(10, "images", low=1)
    occlusion: float = option(0.3, "occlusion", low=0, high=1)
    labels: str = option("fine", "labels", choices=("fine", "coarse"))


@pytest.mark.parametrize(
    ("text", "place", "choices"),
    [
        ("shapes", "shapes", {}),
        ("shapes:images=5", "shapes", {"images": "5"}),
        ("a/b.tar.gz:labels=coarse,images=2", "a/b.tar.gz", {"labels": "coarse", "images": "2"}),
        ("C:\\photos", "C:\\photos", {}),
        ("C:\\photos:images=3", "C:\\photos", {"images": "3"}),
        ("shapes:images", "shapes:images", {}),
        ("shapes:images=", "shapes", {"images": ""}),
    ],
)
def test_the_text_is_cut_at_the_colon(text, place, choices):
    assert Place.parse(text) == Place(place, choices)


def test_a_path_that_exists_is_never_cut(tmp_path):
    odd = tmp_path / "set:images=5"
    odd.mkdir()
    assert Place.parse(str(odd)) == Place(str(odd), {})


def test_choices_become_values_of_their_types():
    chosen = Place.parse("x:images=7,occlusion=1").choose(Chosen)
    assert chosen == Chosen(images=7, occlusion=1.0)
    assert Place.parse("x").choose(Chosen) == Chosen()


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ("image=7", "the data set x has no choice 'image=': did you mean 'images='"),
        ("zzz=7", "choose among images, occlusion, labels"),
        ("images=many", "'images=' takes a whole number, not 'many'"),
        ("images=0", "'images=' takes a number of at least 1, not 0"),
        ("occlusion=1.5", "'occlusion=' takes a number of at most 1, not 1.5"),
        ("labels=course", "'labels=' does not know 'course': did you mean 'coarse'"),
    ],
)
def test_wrong_choices_are_told_by_their_names(choices, words):
    with pytest.raises(UsageError, match=words):
        Place.parse(f"x:{choices}").choose(Chosen)


def test_a_data_set_without_choices_takes_none():
    with pytest.raises(UsageError, match="has no choice 'images=': leave it out"):
        Place.parse("x:images=7").choose(Choices)
