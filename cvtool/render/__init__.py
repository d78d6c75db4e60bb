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
    Evaluation,
    Explained,
    ExplainedNames,
    Exported,
    GradcheckResult,
    GraphResult,
    Imported,
    Inspection,
    KnnResult,
    ListedClaim,
    NetworkTable,
    Prediction,
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
from cvtool.render.explained_table import explained_names_table, explained_table
from cvtool.render.exported_line import exported_line
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
        is_list = isinstance(record, RunList)
        width = maxsize if is_list and not stdout.is_terminal else stdout.width
        stdout.print(_table(record, width, top), soft_wrap=is_list)


def _table(record: Any, width: int, top: int) -> RenderableType:
    match record:
        case TrainResult():
            return result_table(record)
        case KnnResult():
            return knn_table(record)
        case NetworkTable():
            return network_table(record, width)
        case Evaluation():
            return evaluation_table(record)
        case Imported():
            return imported_table(record)
        case DataShown():
            return shown_table(record)
        case DataCheck():
            return check_table(record)
        case SanityResult():
            return sanity_table(record)
        case GradcheckResult():
            return gradcheck_table(record)
        case SelfTestResult():
            return self_test_table(record)
        case GraphResult():
            return graph_tree(record)
        case TuneResult():
            return tune_table(record, width)
        case Doctor():
            return doctor_table(record)
        case RunComparison() | Rerun() | Exported() | Inspection():
            return OF_RUNS[type(record)](record)
        case RunList():
            return run_list_table(record, width)
        case RunShown():
            ended = None if record.result is None else _table(record.result, width, top)
            return run_shown_table(record, ended)
        case StagePlan():
            return plan_table(record)
        case [DatasetEntry(), *_]:
            return entries_table(record, width)
        case [Prediction(), *_]:
            return predictions_table(record, top)
        case Explained():
            return explained_table(record)
        case [ExplainedNames(), *_]:
            return explained_names_table(record)
        case [ClaimResult(), *_]:
            return claims_table(record)
        case [ListedClaim(), *_]:
            return listed_claims_table(record)
        case _:
            return cleared_table(record)


OF_RUNS: dict[type[Any], Callable[[Any], RenderableType]] = {
    RunComparison: comparison_table,
    Rerun: rerun_table,
    Exported: exported_line,
    Inspection: inspection_table,
}
