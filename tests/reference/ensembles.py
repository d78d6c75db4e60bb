"""The slow twin of an ensemble: image by image, class by class, in numbers without an end."""

from fractions import Fraction
from math import exp, log


def mean(members):
    """Average probabilities given as lists of lists of floats, exactly."""
    images, classes = len(members[0]), len(members[0][0])
    return [
        [
            float(sum(Fraction(each[i][j]) for each in members) / len(members))
            for j in range(classes)
        ]
        for i in range(images)
    ]


def loss(members, labels):
    """Return minus the mean ln of the mean probability of the label."""
    probabilities = mean(members)
    return -sum(log(row[label]) for row, label in zip(probabilities, labels, strict=True)) / len(
        labels
    )


def softmax(row):
    """Return e to the scores over their sum."""
    powers = [exp(each) for each in row]
    return [each / sum(powers) for each in powers]


def agreement(predictions):
    """Count the share of images that all members give the same class."""
    alike = [len(set(of_image)) == 1 for of_image in zip(*predictions, strict=True)]
    return sum(alike) / len(alike)
