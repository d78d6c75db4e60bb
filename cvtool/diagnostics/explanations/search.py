"""Verdicts on searches for hyperparameters, explained."""

from cvtool.records import Explained

_GROUP = "hyperparameter search"

SEARCH = (
    Explained(
        "trials finish",
        _GROUP,
        "§6.6",
        "Most coarse trials come to their end: no large part of the space makes the loss explode, "
        "or leaves it where it was.",
        "a quarter at most diverge, and a quarter at most are stopped early",
        (
            "learning rates so large that the loss exceeds 3 times its first value",
            "learning rates so small that nothing moves",
            "a set-up that cannot learn, whatever its settings",
        ),
        ("narrower ranges, as the verdict says", "cvtool sanity-check"),
    ),
    Explained(
        "what mattered",
        _GROUP,
        "§6.6",
        "At least one hyperparameter explains differences between the coarse trials, by more than "
        "chance would.",
        "share = 1 − Σ(accuracy − foretold by the others)² / Σ(accuracy − mean)²",
        (
            "ranges in which everything is as good",
            "too few trials, or too few epochs to tell them apart",
            "hyperparameters that matter only together, which this does not see",
        ),
        ("wider ranges in --search", "more trials, as --random 100", "other hyperparameters"),
    ),
    Explained(
        "best stands out",
        _GROUP,
        "§6.6",
        "The best settings are better than the next ones by more than other seeds change. Where "
        "they are not, any of them will do.",
        "difference of means > 2 standard errors, pooled over seeds",
        (
            "several settings that are as good",
            "few validation images, or seeds that scatter much",
        ),
        ("more --repeats", "a larger --val-fraction", "the simplest of them"),
    ),
    Explained(
        "fits the data",
        _GROUP,
        "§6.6",
        "The best trials are neither much better in training than in validation, which is "
        "overfitting, nor the same in both while they could be better, or wrong about most of the "
        "training images, which is underfitting.",
        "1 % < training accuracy − validation accuracy ≤ 10 % and training accuracy ≥ 50 %, or "
        "validation accuracy ≥ 95 %",
        ("too little regularization", "a model that is too small, or trained too briefly"),
        (
            "stronger penalties, dropout or augmentation searched next",
            "larger networks searched next, or more --epochs",
        ),
    ),
)
