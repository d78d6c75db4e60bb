"""The slow twin of the SVM losses: class by class, as the notes write them down."""

import numpy as np


def svm(scores, labels, margin, power):
    """Return loss and gradient; ``power`` is 1 for the hinge and 2 for the squared hinge."""
    loss, gradient = 0.0, np.zeros(scores.shape)
    for image, right in enumerate(labels):
        for wrong in range(scores.shape[1]):
            lacking = scores[image, wrong] - scores[image, right] + margin
            if wrong != right and lacking > 0:
                loss += lacking**power
                gradient[image, wrong] += power * lacking ** (power - 1)
                gradient[image, right] -= power * lacking ** (power - 1)
    return loss / len(labels), gradient / len(labels)
