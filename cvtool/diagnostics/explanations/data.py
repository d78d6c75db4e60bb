"""Verdicts on data sets, explained."""

from cvtool.records import Explained

_GROUP = "data check"

DATA = (
    Explained(
        "files are whole",
        _GROUP,
        "§2",
        "Every file can be decoded as an image.",
        "",
        ("downloads or copies that broke off", "other files among the images"),
        ("copy or fetch them again", "--fix, then --exclude the list"),
    ),
    Explained(
        "labels are known",
        _GROUP,
        "§2",
        "Every image has a label, and one of the classes.",
        "0 ≤ label < C",
        ("labels that count from 1", "a list without some of the images"),
        ("mend the labels", "--fix, then --exclude the list"),
    ),
    Explained(
        "labels agree",
        _GROUP,
        "§2",
        "Images with equal pixels have equal labels.",
        "",
        ("images that were collected twice and labeled by different people",),
        ("keep the right one", "--fix, which leaves all of them out"),
    ),
    Explained(
        "parts are apart",
        _GROUP,
        "§2.2",
        "No image to learn from is also one to be examined on: accuracy would tell of memory.",
        "",
        ("a split after duplication, augmentation or cutting of videos",),
        ("--fix, then --exclude the list", "split by source, not by image"),
    ),
    Explained(
        "images are distinct",
        _GROUP,
        "§2",
        "No image is there twice within a part, where it would count twice.",
        "",
        ("images collected from several places",),
        ("--fix, then --exclude the list",),
    ),
    Explained(
        "images differ",
        _GROUP,
        "§2",
        "No image nearly equals another of its part: recompressed, resized, brightened, mirrored.",
        "mean difference of gray levels, after pooling",
        ("frames of one video", "recompressed copies"),
        ("look at the pictures it draws",),
    ),
    Explained(
        "classes are balanced",
        _GROUP,
        "§2",
        "How many times as many images the largest class has as the smallest. Accuracy has to be "
        "held against always naming the largest.",
        "largest / smallest",
        ("classes that are rarer in the world",),
        ("look at the accuracy of each class", "more images of the rare ones"),
    ),
    Explained(
        "classes are large enough",
        _GROUP,
        "§2.2",
        "Each class has images enough to learn from and to be examined on.",
        "",
        ("classes with a handful of images",),
        ("more images", "leave these classes out", "a larger --val-fraction"),
    ),
)
