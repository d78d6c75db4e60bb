"""Draw small scenes: a textured ground, strokes, one subject, strokes in front of it, light.

All lengths are shares of the picture's side, x to the right and y down, so that a scene can be
drawn at any size. Edges are smooth over one pixel, told by the signed distance to them. Nothing but
sums, products, quotients, square roots and roundings is computed, all of which are exact to the
last bit on every machine; a sine would be the C library's own.
"""

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from cvtool.kernels.jit import helper, kernel

CORNERS, WAVES, BEHIND, BEFORE = 48, 3, 8, 2

WAVE = np.dtype(
    [
        ("frequency", "f4", 2),  # cycles per side, right and down
        ("phase", "f4"),  # in cycles
        ("bend", "f4"),  # how far the wave before shifts this one, in cycles
        ("color", "f4", 3),  # added at the crest
    ]
)
STROKE = np.dtype(
    [
        ("center", "f4", 2),
        ("along", "f4", 2),  # unit vector
        ("half", "f4", 2),  # half of length and width; not drawn where the width is zero
        ("rounding", "f4"),  # radius of the corners
        ("color", "f4", 3),
    ]
)
SUBJECT = np.dtype(
    [
        ("outline", "f4", (CORNERS, 2)),
        ("rim", "f4"),  # width of the border inside the outline
        ("rim_color", "f4", 3),
        ("color", "f4", 3),
        ("opacity", "f4"),  # of what the border surrounds
        ("stripes", WAVE),  # on that
    ]
)
LIGHT = np.dtype(
    [
        ("contrast", "f4"),  # what differences from middle gray are multiplied by
        ("color", "f4", 3),  # and then each channel, in the middle of the picture
        ("slope", "f4", 2),  # how much brighter it gets from side to side, right and down
    ]
)
SCENE = np.dtype(
    [
        ("ground", "f4", 3),
        ("waves", WAVE, WAVES),
        ("behind", STROKE, BEHIND),
        ("subject", SUBJECT),
        ("before", STROKE, BEFORE),
        ("light", LIGHT),
    ]
)
"""One picture; colors are red, green and blue from 0 to 1."""

_ZERO, _HALF, _ONE, _TWO = (np.float32(value) for value in (0, 0.5, 1, 2))
_FAR = np.float32(1e9)


def draw(scenes: NDArray[Any], out: NDArray[np.uint8]) -> None:
    """Draw each scene into its picture.

    Parameters
    ----------
    scenes
        ``(n,)`` of type ``SCENE``.
    out
        ``(n, side, side, 3)`` uint8, C-contiguous.

    Raises
    ------
    ValueError
        If types or shapes do not fit, or ``out`` is not contiguous.
    """
    wanted = (len(scenes), out.shape[1], out.shape[1], 3)
    fits = out.shape == wanted and out.dtype == np.uint8 and out.flags.c_contiguous
    if scenes.dtype != SCENE or not fits:
        raise ValueError(
            f"{len(scenes)} scenes of {scenes.dtype.names} do not fill {out.dtype} {out.shape}, or "
            f"it is not contiguous"
        )
    _draw(np.ascontiguousarray(scenes), out)


@kernel
def _draw(scenes, out):
    for index in prange(len(scenes)):
        _draw_one(scenes[index], out[index])


@helper
def _draw_one(scene, picture):
    side = len(picture)
    paint = np.empty((3, side, side), np.float32)
    distances = np.empty((side, side), np.float32)
    _lay_ground(scene, distances, paint)
    for number in range(BEHIND):
        _stroke(scene.behind[number], paint)
    _measure(scene.subject.outline, scene.subject.rim, distances)
    _paint_subject(scene.subject, distances, paint)
    for number in range(BEFORE):
        _stroke(scene.before[number], paint)
    _light(scene.light, paint, picture)


@helper
def _wave(turns):
    """Return nearly sin 2πt: a parabola through its zeros and crests, then bent, within 0.0011."""
    turns -= np.floor(turns + _HALF)
    parabola = np.float32(8) * turns - np.float32(16) * turns * abs(turns)
    return parabola * (np.float32(0.775) + np.float32(0.225) * abs(parabola))


@helper
def _center(pixel, side):
    return (np.float32(pixel) + _HALF) / np.float32(side)


@helper
def _covered(distance, side):
    """Return the share of a pixel within an edge that is this far outside of its center."""
    return min(max(_HALF - distance * np.float32(side), _ZERO), _ONE)


@helper
def _pixels(low, high, side):
    """Return a range of pixels with all those whose centers are between two places."""
    scale = np.float32(side)
    return max(np.int64(low * scale) - 1, 0), min(np.int64(high * scale) + 1, side)


@helper
def _lay_ground(scene, heights, paint):
    side = len(heights)
    for row in range(side):
        for column in range(side):
            heights[row, column] = _ZERO
            for channel in range(3):
                paint[channel, row, column] = scene.ground[channel]
    for number in range(WAVES):
        wave = scene.waves[number]
        across, bend = wave.frequency[0], wave.bend
        red, green, blue = wave.color[0], wave.color[1], wave.color[2]
        for row in range(side):
            start = wave.phase + wave.frequency[1] * _center(row, side)
            for column in range(side):
                turns = start + across * _center(column, side) + bend * heights[row, column]
                height = _wave(turns)
                heights[row, column] = height
                paint[0, row, column] += height * red
                paint[1, row, column] += height * green
                paint[2, row, column] += height * blue


@helper
def _stroke(stroke, paint):
    """Paint a bar with rounded corners (signed distance after I. Quilez)."""
    side = paint.shape[1]
    length, width, rounding = stroke.half[0], stroke.half[1], stroke.rounding
    if width <= _ZERO:
        return
    cosine, sine = stroke.along[0], stroke.along[1]
    thin = min(_TWO * width * np.float32(side), _ONE)  # a thinner one covers less of a pixel
    smooth = _ONE / np.float32(side)
    reach_x = abs(cosine) * length + abs(sine) * width + smooth
    reach_y = abs(sine) * length + abs(cosine) * width + smooth
    left, right = _pixels(stroke.center[0] - reach_x, stroke.center[0] + reach_x, side)
    top, bottom = _pixels(stroke.center[1] - reach_y, stroke.center[1] + reach_y, side)
    center_x, center_y = stroke.center[0], stroke.center[1]
    for row in range(top, bottom):
        y = _center(row, side) - center_y
        for column in range(left, right):
            x = _center(column, side) - center_x
            u = abs(x * cosine + y * sine) - length + rounding
            v = abs(y * cosine - x * sine) - width + rounding
            beyond = max(u, _ZERO) * max(u, _ZERO) + max(v, _ZERO) * max(v, _ZERO)
            distance = np.sqrt(beyond) + min(max(u, v), _ZERO) - rounding
            share = thin * _covered(distance, side)
            for channel in range(3):
                ground = paint[channel, row, column]
                paint[channel, row, column] = ground + share * (stroke.color[channel] - ground)


@helper
def _measure(outline, reach, distances):
    """Measure how far the outline is, negative within it; what is out of reach counts as far."""
    side = len(distances)
    for row in range(side):
        for column in range(side):
            distances[row, column] = _FAR
    reach += _ONE / np.float32(side)
    x_from, y_from = outline[CORNERS - 1, 0], outline[CORNERS - 1, 1]
    for corner in range(CORNERS):
        x_to, y_to = outline[corner, 0], outline[corner, 1]
        _measure_edge(x_from, y_from, x_to, y_to, reach, distances)
        x_from, y_from = x_to, y_to
    inside = np.zeros((side, side), np.bool_)
    for corner in range(CORNERS):
        x_to, y_to = outline[corner, 0], outline[corner, 1]
        _cross(x_from, y_from, x_to, y_to, inside)
        x_from, y_from = x_to, y_to
    for row in range(side):
        within = False
        for column in range(side):
            within ^= inside[row, column]
            distance = np.sqrt(distances[row, column])
            distances[row, column] = -distance if within else distance


@helper
def _measure_edge(x_from, y_from, x_to, y_to, reach, squares):
    side = len(squares)
    along, down = x_to - x_from, y_to - y_from
    length = along * along + down * down
    inverse = _ONE / length if length > _ZERO else _ZERO
    left, right = _pixels(min(x_from, x_to) - reach, max(x_from, x_to) + reach, side)
    top, bottom = _pixels(min(y_from, y_to) - reach, max(y_from, y_to) + reach, side)
    for row in range(top, bottom):
        y = _center(row, side) - y_from
        for column in range(left, right):
            x = _center(column, side) - x_from
            share = min(max((x * along + y * down) * inverse, _ZERO), _ONE)
            dx, dy = x - share * along, y - share * down
            squares[row, column] = min(dx * dx + dy * dy, squares[row, column])


@helper
def _cross(x_from, y_from, x_to, y_to, crossings):
    """Note for every row behind which pixel it crosses the edge."""
    side = len(crossings)
    top, bottom = _pixels(min(y_from, y_to), max(y_from, y_to), side)
    for row in range(top, bottom):
        y = _center(row, side)
        if (y_from <= y) != (y_to <= y):
            x = x_from + (y - y_from) * (x_to - x_from) / (y_to - y_from)
            column = np.int64(max(np.ceil(x * np.float32(side) - _HALF), _ZERO))
            if column < side:
                crossings[row, column] ^= True


@helper
def _paint_subject(subject, distances, paint):
    side = len(distances)
    stripes = subject.stripes
    for row in range(side):
        start = stripes.phase + stripes.frequency[1] * _center(row, side)
        for column in range(side):
            outer = _covered(distances[row, column], side)
            if outer > _ZERO:
                inner = _covered(distances[row, column] + subject.rim, side)
                height = _wave(start + stripes.frequency[0] * _center(column, side))
                for channel in range(3):
                    ground = paint[channel, row, column]
                    body = subject.color[channel] + height * stripes.color[channel]
                    within = ground + subject.opacity * (body - ground)
                    rim = subject.rim_color[channel]
                    mixed = ground + outer * (rim - ground) + inner * (within - rim)
                    paint[channel, row, column] = mixed


@helper
def _light(light, paint, picture):
    side = len(picture)
    for row in range(side):
        down = _ONE + light.slope[1] * (_center(row, side) - _HALF)
        for column in range(side):
            slope = down + light.slope[0] * (_center(column, side) - _HALF)
            for channel in range(3):
                value = (paint[channel, row, column] - _HALF) * light.contrast + _HALF
                value = min(max(value * light.color[channel] * slope, _ZERO), _ONE)
                picture[row, column, channel] = np.uint8(value * np.float32(255) + _HALF)
