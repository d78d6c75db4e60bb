"""What is to be said of filters that were looked at."""

from collections.abc import Sequence

from cvtool.diagnostics.layer_health import DEAD
from cvtool.records import InspectedLayer, Verdict


def filters_live(layers: Sequence[InspectedLayer], images: int) -> Verdict | None:
    """§6.1.3: a rectified filter that is zero everywhere on every image learns no more.

    Parameters
    ----------
    layers
        Those whose filters can die.
    images
        How many were looked at.

    Returns
    -------
    Verdict
        None if there are no such layers.
    """
    if not layers:
        return None
    worst = max(layers, key=lambda each: len(each.dead) / each.filters)
    share = len(worst.dead) / worst.filters
    if not worst.dead:
        return Verdict("filters live", True, 0.0, f"none is zero on all of {images:,} images")
    seen = (
        f"{len(worst.dead)} of the {worst.filters} filters of {worst.name} are zero on all of "
        f"{images:,} images"
    )
    if share <= DEAD:
        return Verdict("filters live", True, share, f"at most {seen}")
    remedy = "train with a smaller --learning-rate, or leaky-relu instead of relu in --arch"
    return Verdict("filters live", False, share, f"{seen}: they are dead, {remedy}")
