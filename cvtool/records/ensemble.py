"""What several networks decide together, and whether that is better."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EnsembleMember:
    """One network of an ensemble, alone.

    Parameters
    ----------
    run, checkpoint, epoch
        Which run, and as it was when: ``best`` or ``epoch-0005``.
    accuracy, loss
        Of the images that the ensemble is judged on; the loss is the cross-entropy, whatever the
        network was trained with.
    """

    run: str
    checkpoint: str
    epoch: int
    accuracy: float
    loss: float


@dataclass(frozen=True)
class Ensemble:
    """Several networks that decide by the mean of their probabilities.

    Parameters
    ----------
    accuracy, interval
        Of the ensemble, and what holds it with 95 % (Wilson 1927).
    loss
        Cross-entropy of the mean probabilities.
    mean_accuracy
        Of the members alone.
    best
        The member with the highest validation accuracy, of equal ones with the lower loss.
    difference, difference_interval
        The accuracy of the ensemble less that of the best member, and its interval for the same
        images (Bonett and Price 2012).
    only_best, only_ensemble
        On how many images only one of the two was right.
    p_value
        How often chance alone would make as much of a difference (McNemar's exact test).
    agreement
        Share of images that all members give the same class.
    opened
        How often the test set was looked at by that run which did so most often.
    verdict
        Whether the ensemble is better, in words.
    warnings
        What makes the mean doubtful.
    """

    dataset: str
    part: str
    images: int
    members: tuple[EnsembleMember, ...]
    accuracy: float
    interval: tuple[float, float]
    loss: float
    mean_accuracy: float
    best: EnsembleMember
    difference: float
    difference_interval: tuple[float, float]
    only_best: int
    only_ensemble: int
    p_value: float
    agreement: float
    opened: int
    verdict: str
    warnings: tuple[str, ...]
