"""Whatever a check, verdict or claim is called in the program, it is explained."""

import re
from pathlib import Path

import pytest

import cvtool.diagnostics
import cvtool.tuning
from cvtool.diagnostics.claims.registry import CLAIMS
from cvtool.diagnostics.explanations.claims import EXACT, MEANINGS
from cvtool.diagnostics.explanations.registry import EXPLANATIONS, find, names, spelled
from cvtool.errors import UsageError

ROOMS = [Path(room.__file__).parent for room in (cvtool.diagnostics, cvtool.tuning)]
SOURCES = sorted(source for room in ROOMS for source in room.rglob("*.py"))
NAMED = re.compile(r"""(?:Verdict|SanityCheck)\(\s*"([^"]+)"|\bcheck(?:, \w+)? = "([^"]+)\"""")


def verdict_names() -> set[str]:
    found = (NAMED.findall(source.read_text(encoding="utf-8")) for source in SOURCES)
    return {one or other for pairs in found for one, other in pairs}


def test_every_verdict_in_the_source_is_explained() -> None:
    assert len(verdict_names()) >= 20
    for name in verdict_names():
        assert find(name).name == name


def test_every_claim_is_explained_beyond_its_text() -> None:
    assert {claim.id for claim in CLAIMS} <= set(MEANINGS)
    assert {claim.id for claim in CLAIMS} >= EXACT
    for claim in CLAIMS:
        explained = find(claim.id)
        assert explained.section == claim.section
        assert claim.text[1:] in explained.meaning
    assert all(any(words) for words in MEANINGS.values())


def test_names_are_unique_however_they_are_spelled() -> None:
    assert len({spelled(each.name) for each in EXPLANATIONS}) == len(EXPLANATIONS)


@pytest.mark.parametrize("explained", EXPLANATIONS, ids=lambda each: each.name)
def test_an_explanation_says_something(explained) -> None:
    assert explained.meaning.endswith(".")
    assert re.match(r"§\d", explained.section)
    for words in (*explained.causes, *explained.remedies):
        assert words
        assert words == words.strip()
        assert not words.endswith(".")


@pytest.mark.parametrize("text", ["Units Live", "units-live", "UNITS  live", " units live "])
def test_names_may_be_spelled_as_users_do(text: str) -> None:
    assert find(text).name == "units live"


def test_the_list_has_every_name_once() -> None:
    listed = [name for group in names() for name in group.names]
    assert listed == [each.name for each in EXPLANATIONS]
    assert len({group.group for group in names()}) == len(names())


def test_what_is_unknown_is_refused_with_what_was_nearly_said() -> None:
    with pytest.raises(UsageError, match="did you mean 'generalizes'"):
        find("generalises")
    with pytest.raises(UsageError, match="'cvtool explain' lists"):
        find("xyzzy")
