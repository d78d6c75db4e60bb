"""Verdicts on nearest neighbors, explained."""

from cvtool.records import Explained

_GROUP = "nearest neighbors"

NEIGHBORS = (
    Explained(
        "beats guessing",
        _GROUP,
        "§2.1",
        "The best setting is right more often than naming the most frequent class would be.",
        "accuracy > largest share of a class, beyond its 95 % interval",
        (
            "distances that see brightness and position more than what is shown",
            "labels that do not belong to the images",
            "too few images",
        ),
        ("other --features, as hog+color", "--preprocess standardize", "--metric l2 or cosine"),
    ),
    Explained(
        "covers the best k",
        _GROUP,
        "§2.2",
        "The best number of neighbors lies inside those that were compared, not at their end.",
        "",
        ("a list of numbers that is too short",),
        ("add a number beyond the best to --k",),
    ),
    Explained(
        "rivals of the best",
        _GROUP,
        "§2.2",
        "How many settings are so near the best that chance may have decided between them.",
        "intervals of both accuracies overlap",
        ("few images to choose on",),
        ("--folds 5, or a larger --val-fraction", "the simplest of the rivals"),
    ),
    Explained(
        "ties are few",
        _GROUP,
        "§2.1",
        "Few votes are tied between classes. Ties to the smallest label favor it for no reason.",
        "",
        ("an even number of neighbors", "more classes than neighbors"),
        ("--ties nearest", "an odd number for --k"),
    ),
    Explained(
        "keeps the test set",
        _GROUP,
        "§2.2",
        "The test set was asked about one setting only. Who chooses by it has nothing left that "
        "tells how well the choice does.",
        "",
        ("several settings compared with --split test",),
        ("choose with --split val or --folds, then report once with --split test",),
    ),
)
