"""What scikit-learn expects of a classifier beside ``fit`` and ``predict``, without needing it."""

import sys
from inspect import signature
from typing import Any, NoReturn, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cvtool.api.tables import TableError, labels_of
from cvtool.errors import UsageError


class ParameterError(UsageError, ValueError):
    """A parameter that an estimator does not have, or a value that it cannot take."""


class NotFittedError(UsageError, ValueError, AttributeError):
    """An estimator was asked before it was fitted."""


class Estimator:
    """A classifier whose parameters are the arguments of its ``__init__``, kept as they are.

    ``sklearn.base.clone``, ``Pipeline``, ``cross_val_score`` and ``GridSearchCV`` take it.
    """

    _estimator_type = "classifier"  # for scikit-learn before 1.6

    classes_: NDArray[Any]
    n_features_in_: int

    @classmethod
    def _defaults(cls) -> dict[str, Any]:
        arguments = signature(cls).parameters
        return {name: arguments[name].default for name in sorted(arguments)}

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002  (none are nested)
        """Return all parameters by name."""
        return {name: getattr(self, name) for name in self._defaults()}

    def set_params(self, **params: Any) -> Self:
        """Change parameters, and return the same estimator.

        Raises
        ------
        ParameterError
            If there is no such parameter.
        """
        known = self._defaults()
        for name in params:
            if name not in known:
                raise ParameterError(
                    f"{type(self).__name__} has no parameter '{name}': it has {', '.join(known)}"
                )
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def predict(self, X: ArrayLike) -> NDArray[Any]:  # noqa: N803
        """Return the class of each sample."""
        raise NotImplementedError

    def score(self, X: ArrayLike, y: ArrayLike) -> float:  # noqa: N803
        """Return the share of samples whose class is predicted, from 0 to 1."""
        predicted = self.predict(X)
        return float(np.mean(predicted == labels_of(y, len(predicted), type(self).__name__)))

    def _check_fitted(self) -> None:
        if not hasattr(self, "classes_"):
            _raise_not_fitted(type(self).__name__)

    def _check_features(self, count: int) -> None:
        if count != self.n_features_in_:
            name = type(self).__name__
            raise TableError(
                f"X has {count} features, but {name} is expecting {self.n_features_in_} features "
                f"as input: pass samples like those it was fitted to"
            )

    def __repr__(self) -> str:
        defaults = self._defaults().items()
        said = ((name, getattr(self, name), default) for name, default in defaults)
        changed = (f"{name}={value!r}" for name, value, default in said if value is not default)
        return f"{type(self).__name__}({', '.join(changed)})"

    def __sklearn_tags__(self) -> Any:
        """Describe the estimator to scikit-learn, which alone asks."""
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags(),
            input_tags=InputTags(),
        )


def _raise_not_fitted(name: str) -> NoReturn:
    """Raise what is also scikit-learn's own error, where that is in use."""
    theirs = sys.modules.get("sklearn.exceptions")
    bases = (NotFittedError,) if theirs is None else (NotFittedError, theirs.NotFittedError)
    raise type("NotFittedError", bases, {})(f"this {name} is not fitted yet: call fit(X, y) first")
