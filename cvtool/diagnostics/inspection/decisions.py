"""Where a decision came from: an image, what its score hangs on, and what it falls without."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.looking import as_bytes
from cvtool.datasets.moments import Floats
from cvtool.diagnostics.inspection import occlusion, saliency
from cvtool.diagnostics.inspection.heat import heat_over
from cvtool.diagnostics.inspection.sight import Sight
from cvtool.records import Picture


def decision_pictures(
    sight: Sight,
    image: NDArray[Any],
    label: int,
    color: Floats,
    random: np.random.Generator,
) -> tuple[Picture, Picture]:
    """Draw saliency and occlusion of one image over it.

    Parameters
    ----------
    sight
        What looks at it.
    image
        As it is stored, ``(height, width, channels)``.
    label
        The class that was decided for.
    color
        ``(channels,)`` of the window that covers parts, in [0, 1].
    random
        Noise for the saliency.
    """
    pixels = as_bytes(image)
    gradients = saliency.saliency(sight, image, label, random)
    falls = occlusion.occlusion(sight, image, label, color)
    return (
        Picture(heat_over(pixels, saliency.as_heat(gradients)), above="saliency"),
        Picture(
            heat_over(pixels, occlusion.as_heat(falls)),
            above="occlusion",
            below=f"falls by up to {max(0.0, float(falls.max())):.2f}",
        ),
    )
