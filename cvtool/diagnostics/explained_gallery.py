"""Images, what a change makes of them, and what is nearest to them, with their distances."""

from dataclasses import dataclass

import numpy as np

from cvtool.datasets.dataset import Indices
from cvtool.datasets.looking import as_bytes
from cvtool.diagnostics.image_changes import Images, invert
from cvtool.diagnostics.image_comparison import Comparison, Nearest
from cvtool.records import Gallery, Picture

_ROWS = 6


def explained_gallery(
    comparison: Comparison, images: Images, labels: Indices, classes: tuple[str, ...]
) -> Gallery:
    """Show one image of each of some classes, and a checkerboard.

    Distances are also given as multiples of that to the nearest other image.

    Parameters
    ----------
    comparison
        Of some of ``images`` ``(n, h, w, c)``.
    labels
        ``(n,)``, positions in ``classes``.
    """
    rows = _Rows(comparison, images, labels, classes)
    _, firsts = np.unique(comparison.labels, return_index=True)
    worst = max(comparison.changes(), key=lambda changed: changed.farther_than_nearest)
    return Gallery(
        "explained",
        f"{worst.farther_than_nearest:.0%} of images, {worst.change}, are farther from themselves "
        f"than from their nearest other image ({comparison.metric})",
        (*(rows.of_query(query) for query in firsts[:_ROWS].tolist()), rows.of_checkerboard()),
    )


@dataclass(frozen=True, eq=False)
class _Rows:
    comparison: Comparison
    images: Images
    labels: Indices
    classes: tuple[str, ...]

    def of_query(self, query: int) -> tuple[str, tuple[Picture, ...]]:
        seen = self.comparison
        unit = float(seen.nearest.distances[query])
        pictures = [_picture(seen.queries[query], "itself", 0.0, unit)]
        for name, changed in seen.changed.items():
            pictures.append(_picture(changed[query], name, seen.to_self[name][query], unit))
        pictures.append(self._found("nearest", seen.nearest, query, unit))
        pictures.append(self._found("other class", seen.another_class, query, unit))
        return self.classes[seen.labels[query]], tuple(pictures)

    def of_checkerboard(self) -> tuple[str, tuple[Picture, ...]]:
        board, found = self.comparison.board, self.comparison.board_nearest
        unit = float(found.distances[0])
        to_negative = self.comparison.checkerboard.distance
        return "a checkerboard", (
            _picture(board[0], "itself", 0.0, unit),
            _picture(invert(board)[0], "its negative", to_negative, unit),
            self._found("nearest", found, 0, unit),
        )

    def _found(self, what: str, found: Nearest, query: int, unit: float) -> Picture:
        position = found.positions[query]
        words = f"{what}: {self.classes[self.labels[position]]}"
        return _picture(self.images[position], words, float(found.distances[query]), unit)


def spell_distance(distance: float) -> str:
    """Write a distance in as few digits as tell it from others."""
    return f"{distance:,.0f}" if distance >= 100 else f"{distance:.3g}"


def _picture(image: Images, above: str, distance: float, unit: float) -> Picture:
    words = spell_distance(distance)
    if distance and unit:
        words += f" ({distance / unit:.2f}×)"
    return Picture(as_bytes(image), above, words)
