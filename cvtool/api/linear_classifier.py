"""One matrix of weights in scikit-learn's shape."""

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cvtool.api.estimator import Estimator, ParameterError
from cvtool.api.tables import TableError, encoded, labels_of, samples_of
from cvtool.api.threads import as_many_threads_as_pay
from cvtool.config import LinearConfig
from cvtool.datasets.dataset import Dataset, Examples, Indices
from cvtool.datasets.moments import full_range
from cvtool.datasets.split import Split, Subset, whole
from cvtool.errors import UsageError
from cvtool.experiments.linear import pixel_weights
from cvtool.experiments.preparation import Preparation, build, stored_preprocessing
from cvtool.experiments.trained import Classifier
from cvtool.experiments.view import View
from cvtool.records import EpochRecord, finish
from cvtool.training.evaluation import Scored
from cvtool.training.loop import DivergedError, fit
from cvtool.training.progress import Progress

_LOOKED_AT = 256
"""Samples whose loss is looked at after each epoch, to notice in time that it explodes."""


class LinearClassifier(Estimator):
    """One matrix of weights gives each class its score (CS231n notes §3), as in ``cvtool linear``.

    Learned by gradient descent in float32, batch by batch. The same settings, samples and
    ``random_state`` give the same weights, bit for bit, for any number of threads; those that the
    command has after its last epoch, where it is given the same images to learn from.

    Parameters
    ----------
    loss
        ``"softmax"``, ``"svm"`` (multiclass hinge) or ``"squared-svm"``.
    margin
        The score by which an svm wants the right class ahead of others.
    preprocess
        What is done to samples first: ``"none"``, or as ``cvtool linear --preprocess``.
        ``"standardize"`` is by feature, or of images by channel; bytes are divided by 255 before.
    epochs, batch_size
        Passes over the samples, and samples a step. The defaults, and that of ``learning_rate``,
        are for tables of hundreds of samples; those of the command, for thousands of images, are
        30, 1024 and 0.01.
    learning_rate, optimizer, momentum, schedule
        How gradients become steps, as in ``cvtool linear``.
    regularization, strength
        The penalty on weights, not on biases, and its λ: λΣw² for ``"l2"``.
    random_state
        A whole number, which decides the order of the samples; a ``numpy.random.RandomState`` or
        ``Generator`` to draw one from; or None for another at each ``fit``.

    Attributes
    ----------
    classes_
        The labels, sorted.
    n_features_in_
        Numbers in a sample; of images height · width · channels.
    coef_, intercept_
        ``(classes, features)`` and ``(classes,)`` float64, preprocessing folded in: scores are
        ``X @ coef_.T + intercept_`` but for rounding. Of two classes, one row: that of the second
        less that of the first.
    n_iter_
        Epochs done.
    loss_curve_
        The mean loss of the samples in each epoch, without the penalty.

    Examples
    --------
    >>> from cvtool import LinearClassifier
    >>> classifier = LinearClassifier().fit([[0.0], [1.0]], ["low", "high"])
    >>> classifier.predict([[0.2], [0.9]]).tolist()
    ['low', 'high']
    """

    def __init__(
        self,
        loss: str = LinearConfig.loss,
        margin: float = LinearConfig.margin,
        preprocess: str = LinearConfig.preprocess,
        epochs: int = 100,
        batch_size: int = 32,
        learning_rate: float = 0.03,
        optimizer: str = LinearConfig.optimizer,
        momentum: float = LinearConfig.momentum,
        schedule: str = LinearConfig.schedule,
        regularization: str = LinearConfig.regularization,
        strength: float = LinearConfig.strength,
        random_state: Any = LinearConfig.seed,
    ) -> None:
        self.loss = loss
        self.margin = margin
        self.preprocess = preprocess
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.optimizer = optimizer
        self.momentum = momentum
        self.schedule = schedule
        self.regularization = regularization
        self.strength = strength
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:  # noqa: N803
        """Learn, from the first weights on.

        Parameters
        ----------
        X
            ``(n, features)`` numbers, or images ``(n, height, width, channels)``.
        y
            ``(n,)`` whole numbers or text, of two classes at least.

        Raises
        ------
        UsageError
            If a parameter is out of bounds, or the loss explodes.
        TableError
            A ValueError: if ``X`` or ``y`` cannot be used.
        """
        samples = samples_of(X)
        labels = labels_of(y, len(samples), type(self).__name__)
        config = self._config()
        classes, positions = encoded(labels)
        if len(classes) < 2:
            raise TableError(
                f"y has 1 class, '{classes[0]}', and one cannot be told from others: add samples "
                f"of a second class"
            )
        preparation = _prepared(config, _images(samples), positions, len(classes))
        self.loss_curve_ = _learned(preparation, config)
        self.n_iter_ = len(self.loss_curve_)
        self.classes_ = classes
        self.n_features_in_ = samples[0].size
        self._shape, self._type = preparation.dataset.image_shape, samples.dtype
        self._learned = {**preparation.network.arrays()}
        self._seen = preparation.view.to_arrays()
        self._fitted_config = config
        self.coef_, self.intercept_ = _of_samples(preparation)
        return self

    def predict(self, X: ArrayLike) -> NDArray[Any]:  # noqa: N803
        """Return the class with the highest score of each sample, ``(n,)``."""
        positions = self._score(X).predictions
        return self.classes_[positions]

    def decision_function(self, X: ArrayLike) -> NDArray[np.floating]:  # noqa: N803
        """Return the scores, ``(n, classes)`` float32 in the order of ``classes_``.

        Of two classes ``(n,)``: how far the second is ahead of the first.
        """
        scores = self._score(X).scores
        return scores[:, 1] - scores[:, 0] if len(self.classes_) == 2 else scores

    @property
    def predict_proba(self) -> Callable[[ArrayLike], NDArray[np.float64]]:
        """Return the probability of each class, ``(n, classes)``, in the order of ``classes_``.

        Raises
        ------
        AttributeError
            If the loss is that of an SVM, whose scores are no probabilities.
        """
        if self.loss != "softmax":
            raise AttributeError(
                f"the scores of loss='{self.loss}' are no probabilities: take loss='softmax', or "
                f"decision_function"
            )
        return self._probabilities

    def _probabilities(self, X: ArrayLike) -> NDArray[np.float64]:  # noqa: N803
        return self._score(X).probabilities

    def _score(self, X: ArrayLike) -> Scored:  # noqa: N803
        self._check_fitted()
        samples = samples_of(X)
        self._check_features(samples[0].size)
        if samples.dtype != self._type:
            # Numbers mean the same whatever their type, and only bytes are divided by 255.
            unit = full_range(np.empty(0, self._type))
            samples = samples.astype(np.float64) / unit
        classifier = self._classifier(samples.dtype)
        return classifier.score(samples.reshape(len(samples), *self._shape))

    def _classifier(self, image_type: np.dtype[Any]) -> Classifier:
        """Bring what was learned back, for samples of a type."""
        config, shape = self._fitted_config, self._shape
        view = View.from_arrays(config, self._seen, shape)
        stored = stored_preprocessing(config, view, image_type)
        network = build(config, shape, len(self.classes_), stored)
        network.restore(self._learned, source="the fitted classifier")
        return Classifier(
            config=config,
            classes=tuple(map(str, self.classes_)),
            image_shape=shape,
            image_type=str(image_type),
            network=network,
            view=view,
        )

    def _config(self) -> LinearConfig:
        """Hold the parameters to their bounds."""
        given = self.get_params()
        given["seed"] = _seed(given.pop("random_state"))
        plain = {
            name: value.item() if isinstance(value, np.generic) else value
            for name, value in given.items()
        }
        return LinearConfig.from_dict(plain, source="LinearClassifier")


def _seed(random_state: Any) -> Any:
    """Take a seed, or draw one."""
    match random_state:
        case None:
            return int(np.random.SeedSequence().generate_state(1)[0])
        case np.random.RandomState():
            return int(random_state.randint(2**31))
        case np.random.Generator():
            return int(random_state.integers(2**31))
        case int() | np.integer() if random_state >= 0:
            return int(random_state)
    raise ParameterError(
        f"random_state takes a whole number from 0 on, a RandomState, a Generator or None, not "
        f"{random_state!r}"
    )


def _images(samples: NDArray[Any]) -> NDArray[Any]:
    """See features as channels of one pixel."""
    return samples if samples.ndim == 4 else samples[:, np.newaxis, np.newaxis]


def _prepared(
    config: LinearConfig, images: NDArray[Any], labels: Indices, classes: int
) -> Preparation:
    """Fit the preprocessing and draw the first weights, as the command does.

    Nothing is held out: what is looked at after each epoch are some of the samples.
    """
    dataset = Dataset("X", tuple(map(str, range(classes))), Examples(images, labels))
    everything = whole(dataset.train)
    some = Subset(dataset.train, everything.indices[:: -(-len(images) // _LOOKED_AT)])
    view = finish(View.fitting(config, dataset, everything, config.seed))
    network = build(
        config, dataset.image_shape, classes, stored_preprocessing(config, view, images.dtype)
    )
    split = Split(everything, some)
    return Preparation(dataset, split, view, split, network)


def _learned(preparation: Preparation, config: LinearConfig) -> list[float]:
    """Learn, and return the loss of each epoch."""
    multiply_adds = config.batch_size * preparation.network.chain.multiply_adds()
    try:
        with as_many_threads_as_pay(multiply_adds):
            records = list(fit(preparation.learner(config, Progress())))
    except DivergedError as error:
        raise UsageError(
            f"{error}: take a smaller learning_rate than {config.learning_rate:g}"
        ) from None
    return [each.train_loss for each in records if isinstance(each, EpochRecord)]


def _of_samples(preparation: Preparation) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Write the weights as scikit-learn does: a row a class, one row of two."""
    weights, bias = pixel_weights(preparation)
    rows = weights.T / full_range(preparation.dataset.train.images)
    if len(bias) == 2:
        return rows[1:] - rows[:1], bias[1:] - bias[:1]
    return rows, bias
