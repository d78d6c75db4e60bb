"""The slow twin of preprocessing: each step fitted to what the one before has left, in float64."""

import numpy as np


def preprocess(words, train, images, epsilon=0.0):
    """Fit the steps to ``train`` and do to ``images`` what they do; both are in [0, 1]."""
    train, images = (each.astype(np.float64) for each in (train, images))
    for word in words:
        step = STEPS[word](train, epsilon)
        train, images = step(train), step(images)
    return images


def mean_image(train, _):
    mean = train.mean(axis=0)
    return lambda images: images - mean


def channel_mean(train, _):
    mean = train.mean(axis=(0, 1, 2))
    return lambda images: images - mean


def standardize(train, _):
    mean, deviation = train.mean(axis=(0, 1, 2)), train.std(axis=(0, 1, 2))
    divisor = np.where(deviation > 1e-9, deviation, 1)
    return lambda images: (images - mean) / divisor


def pca_whiten(train, epsilon):
    mean, directions, divisors = components(train, epsilon)
    return lambda images: as_images(images, (as_rows(images) - mean) @ directions / divisors)


def zca(train, epsilon):
    mean, directions, divisors = components(train, epsilon)
    return lambda images: as_images(
        images, (as_rows(images) - mean) @ directions / divisors @ directions.T
    )


def components(train, epsilon):
    """Return mean, directions as columns and divisors; directions without variance are nothing."""
    rows = as_rows(train)
    mean = rows.mean(axis=0)
    variances, directions = np.linalg.eigh((rows - mean).T @ (rows - mean) / len(rows))
    variances, directions = variances[::-1], directions[:, ::-1]
    largest = np.abs(directions).argmax(axis=0)
    directions = directions * np.sign(np.take_along_axis(directions, largest[None], axis=0))
    divisors = np.sqrt(np.maximum(variances, 0) + epsilon * variances.mean())
    return mean, directions, np.where(variances > 1e-12 * variances[0], divisors, np.inf)


def as_rows(images):
    return images.reshape(len(images), -1)


def as_images(images, rows):
    return rows.reshape(images.shape)


STEPS = {
    "none": lambda *_: lambda images: images,
    "mean-image": mean_image,
    "channel-mean": channel_mean,
    "standardize": standardize,
    "pca-whiten": pca_whiten,
    "zca": zca,
}
