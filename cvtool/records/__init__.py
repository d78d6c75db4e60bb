"""What experiments say: small frozen facts, made once, printed, saved or drawn by others.

They climb as plain values: whoever makes them knows nothing of tables and progress bars, and
whoever shows them knows nothing of how they were found.
"""

from cvtool.records.claims import ClaimResult, ClaimVerdict, ListedClaim
from cvtool.records.data import (
    Cleared,
    Conflict,
    Damage,
    DataCheck,
    DatasetEntry,
    DataShown,
    Duplicate,
    Imported,
    Unlabeled,
)
from cvtool.records.explained import Explained, ExplainedNames
from cvtool.records.explanation import Changed, Checkerboard, Explanation, PredictionTime
from cvtool.records.gradients import GradcheckResult, GradientCheck, SweepPoint, TensorCheck
from cvtool.records.graph import GraphEdge, GraphInput, GraphNode, GraphResult
from cvtool.records.looking import Evaluation, Prediction
from cvtool.records.neighbors import (
    CrossValidatedSetting,
    ExplainedKnnResult,
    HeldOutSetting,
    KnnResult,
    Setting,
)
from cvtool.records.network import LayerRow, NetworkTable
from cvtool.records.pictures import (
    Drawn,
    Gallery,
    HeatMap,
    Histogram,
    Histograms,
    Line,
    Panel,
    Picture,
    Points,
    Regions,
    Scores,
)
from cvtool.records.plain import plain
from cvtool.records.progress import Note, StepRecord, Told, WorkRecord, finish
from cvtool.records.sanity import LayerAtStart, SanityCheck, SanityResult
from cvtool.records.self_test import Healthy, Injection, SelfTestResult, self_test_result
from cvtool.records.training import (
    EpochRecord,
    Findings,
    LayerHealth,
    LinearResult,
    Mistake,
    Outcome,
    TrainResult,
)
from cvtool.records.tuning import (
    Candidate,
    Importance,
    PlannedStage,
    StageBegan,
    StageKind,
    StagePlan,
    StageResult,
    StudyOutcome,
    TrialBegan,
    TrialEvent,
    TrialMoved,
    TrialOutcome,
    TrialRecord,
    TuneResult,
)
from cvtool.records.verdict import Verdict

__all__ = [
    "Candidate",
    "Changed",
    "Checkerboard",
    "ClaimResult",
    "ClaimVerdict",
    "Cleared",
    "Conflict",
    "CrossValidatedSetting",
    "Damage",
    "DataCheck",
    "DataShown",
    "DatasetEntry",
    "Drawn",
    "Duplicate",
    "EpochRecord",
    "Evaluation",
    "Explained",
    "ExplainedKnnResult",
    "ExplainedNames",
    "Explanation",
    "Findings",
    "Gallery",
    "GradcheckResult",
    "GradientCheck",
    "GraphEdge",
    "GraphInput",
    "GraphNode",
    "GraphResult",
    "Healthy",
    "HeatMap",
    "HeldOutSetting",
    "Histogram",
    "Histograms",
    "Importance",
    "Imported",
    "Injection",
    "KnnResult",
    "LayerAtStart",
    "LayerHealth",
    "LayerRow",
    "Line",
    "LinearResult",
    "ListedClaim",
    "Mistake",
    "NetworkTable",
    "Note",
    "Outcome",
    "Panel",
    "Picture",
    "PlannedStage",
    "Points",
    "Prediction",
    "PredictionTime",
    "Regions",
    "SanityCheck",
    "SanityResult",
    "Scores",
    "SelfTestResult",
    "Setting",
    "StageBegan",
    "StageKind",
    "StagePlan",
    "StageResult",
    "StepRecord",
    "StudyOutcome",
    "SweepPoint",
    "TensorCheck",
    "Told",
    "TrainResult",
    "TrialBegan",
    "TrialEvent",
    "TrialMoved",
    "TrialOutcome",
    "TrialRecord",
    "TuneResult",
    "Unlabeled",
    "Verdict",
    "WorkRecord",
    "finish",
    "plain",
    "self_test_result",
]
