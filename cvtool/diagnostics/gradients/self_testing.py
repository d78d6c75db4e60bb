"""Does the check find wrong gradients? Known mistakes, one at a time, and clean code once."""

from collections.abc import Generator
from time import perf_counter

from cvtool.diagnostics.gradients.case import Case, Setting
from cvtool.diagnostics.gradients.cases import all_cases
from cvtool.diagnostics.gradients.checking import Rules
from cvtool.diagnostics.gradients.fault import Fault
from cvtool.diagnostics.gradients.faults import FAULTS, injected
from cvtool.records import Healthy, Injection, SelfTestResult, WorkRecord, self_test_result

Stream = Generator[WorkRecord | SelfTestResult, None, None]


def self_test(setting: Setting, rules: Rules) -> Stream:
    """Make each mistake and check what it should spoil; then check everything as it is.

    Yields
    ------
    How far it is, and last of all what was found.
    """
    started = perf_counter()
    cases = all_cases()
    steps = len(FAULTS) + len(cases)
    injections, alarms = [], dict[str, list[str]]()
    for number, fault in enumerate(FAULTS):
        yield WorkRecord("making mistakes", number, steps)
        injections.append(inject(fault, cases, setting, rules))
    for number, case in enumerate(cases, len(FAULTS)):
        yield WorkRecord("checking what is right", number, steps)
        well = case.check(setting, rules).ok
        alarms.setdefault(case.kind, []).extend([] if well else [case.name])
    healthy = [Healthy(kind, tuple(names)) for kind, names in alarms.items()]
    yield self_test_result("gradcheck", injections, healthy, perf_counter() - started)


def inject(fault: Fault, cases: list[Case], setting: Setting, rules: Rules) -> Injection:
    """Make one mistake, and check the cases that should notice; all of them have to."""
    relevant = [case for case in cases if case.name in fault.cases]
    caught = []
    with injected(fault):
        for case in relevant:
            caught += [] if case.check(setting, rules).ok else [case.name]
    return Injection(fault.name, fault.what, tuple(caught), len(caught) == len(fault.cases))
