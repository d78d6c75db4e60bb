"""Every pair is in some group, and every member of a group is near to its center."""

from hypothesis import given
from hypothesis import strategies as st

from cvtool.diagnostics.data.star_groups import stars

pairs = st.sets(
    st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(lambda pair: pair[0] < pair[1]),
    max_size=60,
).map(sorted)


def groups_of(pairs):
    return stars(pairs, {image: image for pair in pairs for image in pair})


@given(pairs)
def test_groups_cover_all_pairs_and_are_stars(pairs):
    near = {*pairs, *((b, a) for a, b in pairs)}
    groups = groups_of(pairs)
    for center, *others in groups:
        assert others == sorted(others)
        assert all((center, other) in near for other in others)
    for pair in pairs:
        assert any(set(pair) <= set(group) for group in groups)
    assert len({frozenset(group) for group in groups}) == len(groups)


@given(pairs, st.randoms(use_true_random=False))
def test_renamed_images_make_renamed_groups(pairs, random):
    names = list(range(31))
    random.shuffle(names)
    renamed = [(names[a], names[b]) for a, b in pairs]
    ranks = {name: image for image, name in enumerate(names)}
    expected = {frozenset(names[image] for image in group) for group in groups_of(pairs)}
    assert {frozenset(group) for group in stars(renamed, ranks)} == expected


def test_a_chain_is_not_one_group():
    assert groups_of([(0, 1), (1, 2), (2, 3), (3, 4)]) == [[1, 0, 2], [3, 2, 4]]
    assert groups_of([(4, 5), (4, 6), (5, 6)]) == [[4, 5, 6]]
    assert groups_of([]) == []
