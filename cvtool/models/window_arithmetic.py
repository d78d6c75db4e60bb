"""What a window does to the size of images, and which pixels it never meets."""

from cvtool.layers.base import Shape, Window


def arithmetic(window: Window, input_shape: Shape, output_shape: Shape) -> str:
    """Write H₂ = (H₁ + 2p − k)/s + 1 with its numbers (§5.1), once if rows and columns agree.

    A window that does not fit evenly rounds down: ``⌊(7 − 2)/2⌋ + 1 = 3``.
    """
    axes = [
        _axis(length, size, window, result)
        for length, size, result in zip(input_shape, window.size, output_shape, strict=False)
    ]
    return ", ".join(dict.fromkeys(axes))


def unseen(window: Window, input_shape: Shape) -> tuple[int, int]:
    """Count the rows and columns of an image that no place of the window covers.

    They lie at the end, where the window does not fit evenly, or between places further apart than
    the window is long. Rows of padding do not count.
    """
    rows, columns = (
        length - len(_covered(length, size, window))
        for length, size in zip(input_shape, window.size, strict=False)
    )
    return rows, columns


def _axis(length: int, size: int, window: Window, result: int) -> str:
    padding = f" + 2·{window.padding}" if window.padding else ""
    quotient = f"({length}{padding} − {size})/{window.stride}"
    if (length + 2 * window.padding - size) % window.stride:
        quotient = f"⌊{quotient}⌋"
    return f"{quotient} + 1 = {result}"


def _covered(length: int, size: int, window: Window) -> set[int]:
    starts = range(-window.padding, length + window.padding - size + 1, window.stride)
    return {
        place for start in starts for place in range(start, start + size) if 0 <= place < length
    }
