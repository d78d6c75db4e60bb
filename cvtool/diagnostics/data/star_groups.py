"""Pairs become groups in which every member is near to one of them.

Near is not transitive: a chain of images may lead from a frog to a ship. Each group is therefore a
star, an image with all that are near to it, and every pair of near images is together in some
group; an image between two groups is in both.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

Near = dict[int, set[int]]


def stars(pairs: list[tuple[int, int]], ranks: Mapping[int, Any]) -> list[list[int]]:
    """Cover pairs by groups: again and again the image with most pairs that no group has yet.

    Parameters
    ----------
    pairs
        Two different numbers each.
    ranks
        What decides between several such images: the lowest.

    Returns
    -------
    list
        Groups of two or more, the center first and the others ascending.
    """
    near: Near = defaultdict(set)
    for first, second in pairs:
        near[first].add(second)
        near[second].add(first)
    return [star for part in _connected(near) for star in _cover(near, part, ranks)]


def _connected(near: Near) -> Iterator[set[int]]:
    left = dict.fromkeys(sorted(near))
    while left:
        part, edge = set(), [next(iter(left))]
        while edge:
            image = edge.pop()
            if image in left:
                del left[image]
                part.add(image)
                edge += near[image]
        yield part


def _cover(near: Near, part: set[int], ranks: Mapping[int, Any]) -> Iterator[list[int]]:
    uncovered = {image: set(near[image]) for image in part}
    while True:
        center = min(part, key=lambda image: (-len(uncovered[image]), ranks[image]))
        others = uncovered[center]
        if not others:
            return
        yield [center, *sorted(others)]
        star = {center, *others}
        for image in star:
            uncovered[image] = uncovered[image] - star
