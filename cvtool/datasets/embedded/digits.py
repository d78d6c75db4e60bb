"""The embedded data set: 1,797 handwritten digits of 8×8 pixels.

From "Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak, UCI Machine Learning
Repository, 1998, https://doi.org/10.24432/C50P49, licensed CC BY 4.0; the part of it, in the
order, that scikit-learn ships as ``load_digits``. The original values from 0 to 16 are stretched
to 0 to 255.
"""

from pathlib import Path

import numpy as np

from cvtool.datasets.dataset import Dataset, Examples

_FILE = Path(__file__).parent / "assets" / "digits.npz"
_TRAINING_IMAGES = 1_500


def digits() -> Dataset:
    """Open the digits: the first 1,500 to train on, the last 297 held out as the test set."""
    with np.load(_FILE, allow_pickle=False) as arrays:
        counts, labels = arrays["images"], arrays["labels"].astype(np.int64)
    images = np.rint(counts * (255 / 16)).astype(np.uint8)[..., np.newaxis]
    return Dataset(
        name="digits",
        classes=tuple("0123456789"),
        train=Examples(images[:_TRAINING_IMAGES], labels[:_TRAINING_IMAGES]),
        test=Examples(images[_TRAINING_IMAGES:], labels[_TRAINING_IMAGES:]),
    )
