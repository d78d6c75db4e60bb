"""What the results of commands say on a page, one file for each kind."""

from collections.abc import Callable
from typing import Any

from cvtool.records import (
    DataCheck,
    DataShown,
    ExplainedKnnResult,
    KnnResult,
    LinearResult,
    ReportedRun,
    SanityResult,
    TrainResult,
    TuneResult,
)
from cvtool.render.report.blocks import Summary
from cvtool.render.report.results.data import checked, looked_at
from cvtool.render.report.results.neighbors import explained, neighbors
from cvtool.render.report.results.sanity import sanity
from cvtool.render.report.results.study import study
from cvtool.render.report.results.training import trained, under_way


def summary(run: ReportedRun) -> Summary:
    """Tell what a run ended in, or how far it is."""
    result = run.shown.result
    return under_way(run.history) if result is None else RESULTS[type(result)](result)


RESULTS: dict[type[Any], Callable[[Any], Summary]] = {
    TrainResult: trained,
    LinearResult: trained,
    KnnResult: neighbors,
    ExplainedKnnResult: explained,
    TuneResult: study,
    SanityResult: sanity,
    DataCheck: checked,
    DataShown: looked_at,
}
