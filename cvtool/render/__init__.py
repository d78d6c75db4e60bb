"""Records become terminal tables, progress, pictures. The only room that knows rich, matplotlib."""

import json
from collections.abc import Callable, Sequence
from sys import maxsize
from typing import Any

from rich.console import RenderableType

from cvtool.records import (
    ClaimResult,
    Cleared,
    DataCheck,
    DatasetEntry,
    DataShown,
    Doctor,
    Ensemble,
    Evaluation,
    Explained,
    ExplainedNames,
    Exported,
    ExportedModel,
    GradcheckResult,
    GraphResult,
    Imported,
    Inspection,
    KnnResult,
    ListedClaim,
    NetworkTable,
    Prediction,
    ReportWritten,
    Rerun,
    RunComparison,
    RunList,
    RunShown,
    SanityResult,
    SelfTestResult,
    StagePlan,
    TrainResult,
    TuneResult,
    plain,
)
from cvtool.render.check_table import check_table
from cvtool.render.claims_table import claims_table, listed_claims_table
from cvtool.render.comparison_table import comparison_table
from cvtool.render.console import console
from cvtool.render.data_tables import (
    cleared_table,
    entries_table,
    imported_table,
    shown_table,
)
from cvtool.render.doctor_table import doctor_table
from cvtool.render.ensemble_table import ensemble_table
from cvtool.render.explained_table import explained_names_table, explained_table
from cvtool.render.gradcheck_table import gradcheck_table
from cvtool.render.graph_tree import graph_tree
from cvtool.render.inspection_table import inspection_table
from cvtool.render.knn_table import knn_table
from cvtool.render.network_table import network_table
from cvtool.render.rerun_table import rerun_table
from cvtool.render.result_table import result_table
from cvtool.render.run_list_table import run_list_table
from cvtool.render.run_shown_table import run_shown_table
from cvtool.render.sanity_table import sanity_table
from cvtool.render.score_tables import evaluation_table, predictions_table
from cvtool.render.self_test_table import self_test_table
from cvtool.render.tune_table import plan_table, tune_table
from cvtool.render.written_lines import exported_line, exported_model_lines, report_line

Record = (
    TrainResult
    | KnnResult
    | NetworkTable
    | Evaluation
    | Inspection
    | Imported
    | DataShown
    | DataCheck
    | SanityResult
    | Doctor
    | GradcheckResult
    | SelfTestResult
    | GraphResult
    | TuneResult
    | StagePlan
    | RunList
    | RunShown
    | RunComparison
    | Rerun
    | Exported
    | ReportWritten
    | ExportedModel
    | Sequence[Prediction]
    | Sequence[DatasetEntry]
    | Sequence[Cleared]
    | Sequence[ClaimResult]
    | Sequence[ListedClaim]
    | Explained
    | Sequence[ExplainedNames]
)


def show(record: Record, *, as_json: bool, top: int = 3) -> None:
    """Print a result on stdout: as one JSON document and nothing else, or as a table for people.

    Parameters
    ----------
    record
        What a command found out.
    as_json
        Whether a program reads it.
    top
        Classes to show for each image of predictions.
    """
    if as_json:
        print(json.dumps(plain(record), indent=2, allow_nan=False))
    else:
        stdout = console()
        width = stdout.width
        if isinstance(record, RunList) and not stdout.is_terminal:
            width = maxsize
        has_long_lines = isinstance(record, RunList | Exported | ExportedModel | ReportWritten)
        stdout.print(_table(record, width, top), soft_wrap=has_long_lines)


def _table(record: Any, width: int, top: int) -> RenderableType:
    """Lay out a record, or a sequence of alike ones, as its kind is laid out."""
    one = record[0] if isinstance(record, Sequence) and record else record
    if isinstance(one, RunShown):
        ended = None if record.result is None else _table(record.result, width, top)
        return run_shown_table(record, ended)
    if isinstance(one, Prediction):
        return predictions_table(record, top)
    for kind in type(one).__mro__:
        if kind in TABLES:
            return TABLES[kind](record)
        if kind in TABLES_WITHIN:
            return TABLES_WITHIN[kind](record, width)
    return cleared_table(record)


TABLES: dict[type[Any], Callable[[Any], RenderableType]] = {
    TrainResult: result_table,
    KnnResult: knn_table,
    Evaluation: evaluation_table,
    Ensemble: ensemble_table,
    Inspection: inspection_table,
    Imported: imported_table,
    DataShown: shown_table,
    DataCheck: check_table,
    SanityResult: sanity_table,
    GradcheckResult: gradcheck_table,
    SelfTestResult: self_test_table,
    GraphResult: graph_tree,
    Doctor: doctor_table,
    RunComparison: comparison_table,
    Rerun: rerun_table,
    StagePlan: plan_table,
    Explained: explained_table,
    ExplainedNames: explained_names_table,
    ClaimResult: claims_table,
    ListedClaim: listed_claims_table,
    Exported: exported_line,
    ExportedModel: exported_model_lines,
    ReportWritten: report_line,
}
TABLES_WITHIN: dict[type[Any], Callable[[Any, int], RenderableType]] = {
    NetworkTable: network_table,
    TuneResult: tune_table,
    RunList: run_list_table,
    DatasetEntry: entries_table,
}
"""Those that are told how many characters wide they may be."""
