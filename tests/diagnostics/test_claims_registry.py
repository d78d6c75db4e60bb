"""Claims have ids, sections and texts of their own, and can be named in several ways."""

import re

import pytest

from cvtool.diagnostics.claims.registry import CLAIMS, choose, section_numbers
from cvtool.errors import UsageError


def test_ids_and_texts_are_unique() -> None:
    assert len({claim.id for claim in CLAIMS}) == len(CLAIMS)
    assert len({claim.text for claim in CLAIMS}) == len(CLAIMS)


def test_there_are_enough_claims_in_the_order_of_sections() -> None:
    assert len(CLAIMS) >= 25
    sections = [section_numbers(claim.section) for claim in CLAIMS]
    assert sections == sorted(sections)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_claim_is_spelled_as_all_are(claim) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", claim.id)
    assert re.fullmatch(r"§\d+(\.\d+)*(, §\d+(\.\d+)*)*", claim.section)
    assert claim.text
    assert not claim.text.endswith(".")


def test_none_named_are_all() -> None:
    assert choose(None) == CLAIMS


@pytest.mark.parametrize("word", ["§5.1", "5.1", " §5.1 "])
def test_a_section_stands_for_its_claims(word: str) -> None:
    assert {claim.section for claim in choose(word)} == {"§5.1"}
    assert len(choose(word)) > 3


def test_a_section_holds_those_within_it_and_no_others_that_begin_like_it() -> None:
    within = {claim.id for claim in choose("§5")}
    assert within == {claim.id for claim in CLAIMS if re.match(r"§5(\.|$)", claim.section)}


def test_several_are_chosen_once_and_in_order() -> None:
    chosen = choose("filter-parameters, k1-perfect,§5.1")
    assert chosen[0].id == "k1-perfect"
    assert set(chosen[1:]) == set(choose("§5.1"))
    assert len(set(chosen)) == len(chosen)


@pytest.mark.parametrize(
    ("only", "hint"),
    [("k1-perfct", "did you mean 'k1-perfect'?"), ("§99", "--list"), ("", "--list")],
)
def test_what_is_not_there_is_refused(only: str, hint: str) -> None:
    with pytest.raises(UsageError, match=re.escape(hint)):
        choose(only)
