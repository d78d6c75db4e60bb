"""Known mistakes are found, and taken back."""

from collections import Counter

import pytest

from cvtool.diagnostics.gradients.case import Setting
from cvtool.diagnostics.gradients.cases import all_cases
from cvtool.diagnostics.gradients.checking import Rules
from cvtool.diagnostics.gradients.faults import FAULTS, injected
from cvtool.diagnostics.gradients.self_testing import inject
from cvtool.diagnostics.gradients.verdicts import PRECISIONS
from cvtool.models.architectures import ARCHITECTURES
from cvtool.models.vocabulary import VOCABULARY

CASES = all_cases()
NAMES = Counter(case.name for case in CASES)
RULES = Rules(samples=8, step=1e-5, precision=PRECISIONS["float64"])


def test_every_case_has_a_name_of_its_own() -> None:
    assert set(NAMES.values()) == {1}


def test_everything_that_can_be_built_is_checked() -> None:
    for word in (*VOCABULARY, *ARCHITECTURES, "res(", "res0.5(", "softmax", "squared-svm", "l1"):
        assert any(name.startswith(word) for name in NAMES), word


def test_every_fault_has_a_name_and_cases_that_exist() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 20
    assert all(name in NAMES for fault in FAULTS for name in fault.cases)
    assert all(fault.cases for fault in FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_taken_back(fault) -> None:
    right = getattr(fault.owner, fault.method)
    with injected(fault):
        assert getattr(fault.owner, fault.method) is not right
    assert getattr(fault.owner, fault.method) is right


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_found_by_every_case_that_should(fault) -> None:
    found = inject(fault, CASES, Setting(), RULES)
    assert found.named
    assert set(found.caught_by) == set(fault.cases)
