"""The slow twin of ``cvtool.kernels.drawing``: one pixel after another, in float64."""

from math import floor, hypot, sqrt

import numpy as np


def draw(scenes, side):
    pictures = np.empty((len(scenes), side, side, 3), np.uint8)
    for scene, picture in zip(scenes, pictures, strict=True):
        for row in range(side):
            for column in range(side):
                x, y = (column + 0.5) / side, (row + 0.5) / side
                color = paint_all(scene, x, y, side)
                color = lit(scene["light"], color, x, y)
                picture[row, column] = np.floor(np.clip(color, 0, 1) * 255 + 0.5)
    return pictures


def paint_all(scene, x, y, side):
    color = scene["ground"].astype(float)
    height = 0.0
    for wave in scene["waves"]:
        height = sine(cycles(wave, x, y) + wave["bend"] * height)
        color = color + height * wave["color"]
    for stroke in scene["behind"]:
        color = paint_stroke(stroke, color, x, y, side)
    color = paint_subject(scene["subject"], color, x, y, side)
    for stroke in scene["before"]:
        color = paint_stroke(stroke, color, x, y, side)
    return color


def paint_stroke(stroke, color, x, y, side):
    length, width = map(float, stroke["half"])
    if width <= 0:
        return color
    cosine, sine_ = stroke["along"]
    right, down = x - stroke["center"][0], y - stroke["center"][1]
    along, across = right * cosine + down * sine_, down * cosine - right * sine_
    distance = box_distance(abs(along), abs(across), length, width, float(stroke["rounding"]))
    share = min(2 * width * side, 1) * covered(distance, side)
    return color + share * (stroke["color"] - color)


def box_distance(along, across, length, width, rounding):
    u, v = along - (length - rounding), across - (width - rounding)
    return hypot(max(u, 0), max(v, 0)) + min(max(u, v), 0) - rounding


def paint_subject(subject, color, x, y, side):
    distance = outline_distance(subject["outline"].astype(float), x, y)
    outer = covered(distance, side)
    inner = covered(distance + subject["rim"], side)
    stripe = sine(cycles(subject["stripes"], x, y))
    body = subject["color"] + stripe * subject["stripes"]["color"]
    within = color + subject["opacity"] * (body - color)
    return color + outer * (subject["rim_color"] - color) + inner * (within - subject["rim_color"])


def outline_distance(corners, x, y):
    edges = list(zip(np.roll(corners, 1, axis=0), corners, strict=True))
    nearest = min(edge_distance(start, end, x, y) for start, end in edges)
    crossed = sum(crosses(start, end, x, y) for start, end in edges)
    return -nearest if crossed % 2 else nearest


def edge_distance(start, end, x, y):
    along, point = end - start, np.array([x, y]) - start
    length = along @ along
    share = np.clip(along @ point / length, 0, 1) if length > 0 else 0
    away = point - share * along
    return sqrt(away @ away)


def crosses(start, end, x, y):
    """Tell whether a ray to the left meets the edge."""
    if (start[1] <= y) == (end[1] <= y):
        return False
    return start[0] + (y - start[1]) * (end[0] - start[0]) / (end[1] - start[1]) <= x


def lit(light, color, x, y):
    slope = 1 + light["slope"] @ np.array([x - 0.5, y - 0.5])
    return ((color - 0.5) * light["contrast"] + 0.5) * light["color"] * slope


def cycles(wave, x, y):
    return wave["phase"] + wave["frequency"][0] * x + wave["frequency"][1] * y


def sine(turns):
    turns = turns - floor(turns + 0.5)
    parabola = 8 * turns - 16 * turns * abs(turns)
    return parabola * (0.775 + 0.225 * abs(parabola))


def covered(distance, side):
    return min(max(0.5 - distance * side, 0), 1)
