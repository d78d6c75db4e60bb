"""Everything a user can choose, once: its name, default, bounds and help.

The command line is generated from these dataclasses, ``config.toml`` is written and read through
them, and the experiments take them as they are. Nothing here imports more than the standard
library, so that ``--help`` stays instant.
"""

from cvtool.config.choices import Choices
from cvtool.config.choosing import (
    Config,
    flag,
    kind,
    option,
    same,
)
from cvtool.config.claims import ClaimsConfig
from cvtool.config.data import (
    CheckConfig,
    ImportConfig,
    LookConfig,
    ShowConfig,
)
from cvtool.config.exporting import MODEL_FORMATS
from cvtool.config.gradients import GradcheckConfig
from cvtool.config.inspection import InspectConfig
from cvtool.config.linear import GRID_FACTORS, LINEAR_LOSSES, ClassifierConfig, LinearConfig
from cvtool.config.neighbors import (
    METRICS,
    MOST_NEIGHBORS,
    SPLITS,
    TIES,
    KnnConfig,
    NeighborsConfig,
)
from cvtool.config.runs import ListConfig
from cvtool.config.training import (
    AUGMENTATIONS,
    BLIND_SEARCHES,
    CONVOLUTIONS,
    DTYPES,
    INITIALIZATIONS,
    LOSSES,
    OPTIMIZERS,
    PREPROCESSINGS,
    REGULARIZATIONS,
    SCHEDULES,
    DataConfig,
    LearnerConfig,
    LearningConfig,
    NetworkConfig,
    PredictConfig,
    RunConfig,
    TrainConfig,
)
from cvtool.config.tuning import (
    MODELS,
    SAMPLERS,
    SHOW,
    UNSAID,
    Model,
    TuneConfig,
    TuneSettings,
    settable,
)

__all__ = [
    "AUGMENTATIONS",
    "BLIND_SEARCHES",
    "CONVOLUTIONS",
    "DTYPES",
    "GRID_FACTORS",
    "INITIALIZATIONS",
    "LINEAR_LOSSES",
    "LOSSES",
    "METRICS",
    "MODELS",
    "MODEL_FORMATS",
    "MOST_NEIGHBORS",
    "OPTIMIZERS",
    "PREPROCESSINGS",
    "REGULARIZATIONS",
    "SAMPLERS",
    "SCHEDULES",
    "SHOW",
    "SPLITS",
    "TIES",
    "UNSAID",
    "CheckConfig",
    "Choices",
    "ClaimsConfig",
    "ClassifierConfig",
    "Config",
    "DataConfig",
    "GradcheckConfig",
    "ImportConfig",
    "InspectConfig",
    "KnnConfig",
    "LearnerConfig",
    "LearningConfig",
    "LinearConfig",
    "ListConfig",
    "LookConfig",
    "Model",
    "NeighborsConfig",
    "NetworkConfig",
    "PredictConfig",
    "RunConfig",
    "ShowConfig",
    "TrainConfig",
    "TuneConfig",
    "TuneSettings",
    "flag",
    "kind",
    "option",
    "same",
    "settable",
]
