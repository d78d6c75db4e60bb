"""What can be chosen of a training run, and of what is asked of it later."""

from dataclasses import dataclass

from cvtool.config.choosing import Config, option

PREPROCESSINGS = ("none", "mean-image", "channel-mean", "standardize", "pca-whiten", "zca")
AUGMENTATIONS = ("none", "flip", "shift")
LOSSES = ("softmax", "svm")
REGULARIZATIONS = ("none", "l2", "l1", "elastic-net")
INITIALIZATIONS = ("auto", "zero", "constant", "normal", "xavier", "he", "sigmoid")
OPTIMIZERS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")
BLIND_SEARCHES = ("random-search", "local-search")
SCHEDULES = ("constant", "step", "cosine", "one-cycle")
CONVOLUTIONS = ("direct", "im2col")
DTYPES = ("float32", "float64")


@dataclass(frozen=True, kw_only=True)
class DataConfig(Config):
    """Which images, and what is done to them before a network sees them."""

    dataset: str = option("digits", "name of a data set, or a path", metavar="NAME|PATH")
    image_size: int | None = option(None, "resize image files to this side", low=1, high=4096)
    exclude: str | None = option(None, "leave out the images that this file lists", metavar="FILE")
    val_fraction: float = option(
        0.2, "share of the training images held out to choose on", above=0, below=1
    )
    split_seed: int | None = option(
        None,
        "seed of which images are held out; that of the run unless said",
        low=0,
        high=2**63 - 1,
    )
    limit: int | None = option(None, "use at most this many images before splitting", low=2)
    features: str = option(
        "pixels",
        "what is seen of an image: pixels, or color, hog, words joined by +, as hog+color",
        metavar="WORD+…",
    )
    preprocess: str = option(
        "standardize",
        "what is done to pixels: none, or mean-image, channel-mean, standardize, pca-whiten, zca "
        "in a row, as channel-mean,zca",
        metavar="WORD,…",
    )
    whiten_epsilon: float = option(
        0.1,
        "added to variances before whitening, as share of their mean",
        low=1e-6,
        high=100,
    )


@dataclass(frozen=True, kw_only=True)
class NetworkConfig(Config):
    """The network: a formula, or the notes' pattern by its numbers."""

    arch: str | None = option(None, "formula or name of an architecture", metavar="FORMULA|NAME")
    n: int | None = option(None, "(CONV + RELU)*n in each stage", low=1, high=50)
    m: int | None = option(None, "stages, each halved by POOL", low=0, high=12)
    k: int | None = option(None, "(FC + RELU)*k before the classifier", low=0, high=12)
    filters: str | None = option(None, "filters of each stage, as 32,64", metavar="F,F,…")
    dropout: float | None = option(
        None,
        "share of units dropped: in every dropout layer, or before the classifier where there "
        "is none",
        low=0,
        below=1,
    )
    loss: str | None = option(None, "softmax unless the formula says svm", choices=LOSSES)
    conv: str = option(
        "direct", "direct, or write the im2col matrix down to learn from it", choices=CONVOLUTIONS
    )


@dataclass(frozen=True, kw_only=True)
class LearningConfig(Config):
    """How the weights are learned."""

    augment: str = option("none", "changes to training images: none, flip, shift, or flip,shift")
    init: str = option(
        "auto", "how weights start; auto follows the activation", choices=INITIALIZATIONS
    )
    dtype: str = option("float32", "precision of weights and activations", choices=DTYPES)
    epochs: int = option(10, "passes over the training images", low=1, high=100_000)
    batch_size: int = option(64, "images a step", low=1, high=65_536)
    learning_rate: float = option(1e-3, "step size at its highest", low=0, high=1e6)
    optimizer: str = option("adam", "how gradients become steps", choices=OPTIMIZERS)
    momentum: float = option(
        0.9, "share of the last step kept (momentum, nesterov)", low=0, below=1
    )
    schedule: str = option("cosine", "how the rate changes over the run", choices=SCHEDULES)
    warmup: float = option(0.0, "epochs over which the rate rises from zero", low=0)
    step_every: int = option(10, "epochs between drops of the step schedule", low=1)
    step_factor: float = option(0.1, "what each drop multiplies the rate by", above=0, high=1)
    clip: float | None = option(None, "scale gradients down to this total norm", above=0)
    regularization: str = option("l2", "penalty on weights, not on biases", choices=REGULARIZATIONS)
    strength: float = option(1e-4, "λ of the penalty: λΣw², λΣ|w|, λΣ(βw² + |w|)", low=0)
    elastic_beta: float = option(0.5, "β of the elastic net", low=0)
    max_norm: float | None = option(None, "largest norm of a neuron's incoming weights", above=0)
    patience: int | None = option(None, "stop after this many epochs without improvement", low=1)
    time_limit: float | None = option(None, "stop after this many seconds", above=0)
    keep_every: int | None = option(
        None, "epochs between checkpoints that are kept, for an ensemble", low=1
    )


@dataclass(frozen=True, kw_only=True)
class RunConfig(Config):
    """What surrounds the learning."""

    seed: int = option(0, "the same seed gives the same bits", low=0, high=2**63 - 1)
    threads: int | None = option(None, "processor threads; all unless said", low=1, high=1024)
    name: str | None = option(None, "name of the run folder")


@dataclass(frozen=True, kw_only=True)
class LearnerConfig(RunConfig, LearningConfig, DataConfig):
    """What every run needs to know in which weights are learned, whatever of."""


@dataclass(frozen=True, kw_only=True)
class TrainConfig(LearnerConfig, NetworkConfig, DataConfig):
    """All that ``train-cnn`` needs to know."""


@dataclass(frozen=True, kw_only=True)
class PredictConfig(Config):
    """How predictions are shown."""

    top: int = option(3, "classes to show for each image", low=1)
