"""Patches that excite filters most, beside a search image by image, and dead filters."""

import numpy as np
import pytest
from reference.inspected import make_network, make_sight, random_images, standardized
from reference.threads import assert_same_bits

from cvtool.datasets.dataset import Examples
from cvtool.datasets.split import whole
from cvtool.diagnostics.inspection.moments import MomentSums
from cvtool.diagnostics.inspection.patches import GRAY, cut_out, patches_gallery
from cvtool.diagnostics.inspection.stages import stages
from cvtool.diagnostics.inspection.survey import Strongest, surveying
from cvtool.models.network import Network
from cvtool.records import finish

NET = (
    "conv3-5 + bn + relu + maxpool2 + res(conv3-5 + relu + conv3-5 + bn) + relu + conv3-4/2 + relu"
)
COUNT = 23


def survey(network, images, filters=4, patches=3, batch_size=5):
    subset = whole(Examples(images, np.arange(len(images)) % 3))
    sight = make_sight(network, standardized(), batch_size)
    return subset, finish(
        surveying(
            network,
            sight.batches(subset),
            np.arange(0, len(images), 2),
            stages(network),
            filters=filters,
            patches=patches,
            batch_size=batch_size,
        )
    )


def test_stages_are_all_convolutions_up_to_their_nonlinearity() -> None:
    network = make_network(
        "conv3-4 + bn + dropout0.5 + relu + conv1-4 + maxout2 + res(conv3-4/2 + elu + conv3-4)"
    )
    found = [(each.name, each.before.name, each.end.name) for each in stages(network)]
    assert found == [
        ("conv1", "bn1", "relu1"),
        ("conv2", "conv2", "conv2"),
        ("res1/conv1", "res1/conv1", "res1/elu1"),
        ("res1/conv2", "res1/conv2", "res1/conv2"),
        ("res1/shortcut/conv1", "res1/shortcut/conv1", "res1/shortcut/conv1"),
    ]
    assert [each.is_rectified for each in stages(network)] == [True, *[False] * 4]
    assert stages(network)[2].file_name == "res1-conv1"


def test_patches_are_those_of_a_search_image_by_image() -> None:
    network, images = make_network(NET), random_images(COUNT)
    subset, seen = survey(network, images)
    sight = make_sight(network, standardized())
    for stage in stages(network):
        by_image = {}
        for position in seen.positions:
            maps = network.chain.up_to(stage.end).forward(sight.seen(images[[position]]))[0]
            for number in range(4):
                place = int(maps[..., number].argmax())
                by_image[position, number] = maps[..., number].ravel()[place], place
        for number in range(4):
            ranked = sorted(seen.positions, key=lambda each: -by_image[each, number][0])[:3]
            found = seen.strongest[stage]
            assert found.images[:, number].tolist() == ranked
            for rank, position in enumerate(ranked):
                value, place = by_image[position, number]
                assert found.values[rank, number] == pytest.approx(value)
                assert found.places[rank, number] == place
    np.testing.assert_array_equal(seen.labels, subset.labels[::2])


def test_the_strongest_of_a_pile_are_found_whatever_the_batches() -> None:
    maps = np.random.default_rng(0).integers(0, 9, (40, 3, 2, 4)).astype("f4")
    expected = Strongest(5, 4)
    expected.add(np.arange(40), maps)
    for size in (1, 7):
        found = Strongest(5, 4)
        for start in range(0, 40, size):
            found.add(np.arange(40)[start : start + size], maps[start : start + size])
        for name, values in vars(expected).items():
            np.testing.assert_array_equal(getattr(found, name), values)
    assert (np.diff(expected.values, axis=0) <= 0).all()
    few = Strongest(5, 4)
    few.add(np.arange(2), maps[:2])
    assert np.isneginf(few.values[2:]).all()


def test_an_activation_can_be_computed_from_its_patch_alone() -> None:
    text = "conv3-4{0} + relu + conv3-5/2{0} + relu + maxpool2 + conv3-6{0}"
    shape, batch = (40, 44, 3), np.random.default_rng(0)
    padded = make_network(text.format(""), shape)
    stage = stages(padded)[-1]
    maps = padded.chain.up_to(stage.before).forward(batch.normal(size=(1, *shape)))
    images = batch.normal(size=(1, *shape))
    maps = padded.chain.up_to(stage.before).forward(images).copy()
    for row, column in ((3, 4), (5, 6)):
        rows, columns = stage.field.at(row, column)
        patch = images[:, rows, columns]
        bare = make_network(text.format("p0"), patch.shape[1:])
        for own, other in zip(bare.parameters, padded.parameters, strict=False):
            if own.name.startswith("conv"):
                own.values[...] = other.values
        alone = bare.chain.up_to(stages(bare)[-1].before).forward(patch)
        assert alone.shape[1:3] == (1, 1)
        np.testing.assert_allclose(alone[0, 0, 0], maps[0, row, column], rtol=1e-10)


def test_what_lies_outside_of_an_image_is_gray() -> None:
    image = np.arange(5 * 4, dtype=np.uint8).reshape(5, 4, 1)
    inside = cut_out(image, (slice(1, 3), slice(0, 4)))
    np.testing.assert_array_equal(inside, image[1:3])
    corner = cut_out(image, (slice(-1, 2), slice(2, 5)))
    assert corner.shape == (3, 3, 1)
    np.testing.assert_array_equal(corner[1:, :2], image[:2, 2:])
    assert (corner[0] == GRAY).all()
    assert (corner[:, 2] == GRAY).all()
    wide = cut_out(image, (slice(-3, 4), slice(1, 9)))
    assert wide.shape == image.shape
    np.testing.assert_array_equal(wide[:4, 1:], image[:4, 1:])
    assert (wide[4] == GRAY).all()
    assert (wide[:, 0] == GRAY).all()


def plant_dead(network: Network, names: dict[str, list[int]]) -> None:
    """Give filters a bias below anything that their weights could make up for."""
    for parameter in network.parameters:
        layer, _, kind = parameter.name.rpartition("/")
        if kind in ("bias", "beta") and layer in names:
            parameter.values[names[layer]] = -1e6


def test_dead_filters_are_found_and_have_no_patches() -> None:
    network = make_network(NET)
    plant_dead(network, {"bn1": [1, 3], "conv2": [0]})
    subset, seen = survey(network, random_images(COUNT))
    dead = {each.name: np.flatnonzero(~seen.alive[each]).tolist() for each in stages(network)}
    assert dead == {"conv1": [1, 3], "res1/conv1": [], "res1/conv2": [], "conv2": [0]}
    first = stages(network)[0]
    gallery = patches_gallery(first, seen.strongest[first], subset, seen.alive[first])
    rows = dict(gallery.rows)
    assert [picture.below for picture in rows["filter 1"]] == ["dead"]
    assert len(rows["filter 0"]) == 3
    strengths = [float(picture.below) for picture in rows["filter 0"]]
    assert strengths == sorted(strengths, reverse=True)
    assert min(strengths) > 0


def test_threads_change_no_bit_of_a_survey() -> None:
    network, images = make_network(NET, dtype="f4"), random_images(COUNT)

    def compute() -> list[np.ndarray]:
        _, seen = survey(network, images)
        found = [array for each in seen.strongest.values() for array in vars(each).values()]
        return [*found, *seen.alive.values(), seen.scores, seen.seen.mean, seen.seen.covariance]

    assert_same_bits(compute)


def test_moments_are_those_of_all_images_together() -> None:
    network, images = make_network("conv1-4 + gap"), random_images(COUNT)
    _, seen = survey(network, images)
    exact = make_sight(network, standardized(), COUNT).seen(images[::2])
    np.testing.assert_allclose(seen.seen.mean, exact.mean(axis=0), atol=1e-12)
    about = (exact - exact.mean(axis=0)).reshape(-1, 3)
    np.testing.assert_allclose(seen.seen.covariance, about.T @ about / len(about), rtol=1e-9)
    root = seen.seen.color_root()
    np.testing.assert_allclose(
        root @ root * seen.seen.covariance.trace() / 3, seen.seen.covariance, atol=1e-12
    )


@pytest.mark.parametrize("count", [1, 3, 340])
def test_images_that_are_alike_do_not_vary(count: int) -> None:
    one = np.random.default_rng(2).normal(size=(8, 8, 3)).astype(np.float32)
    sums = MomentSums(one.shape)
    for size in (count // 2, count - count // 2):
        if size:
            sums.add(np.broadcast_to(one, (size, *one.shape)))
    alike = sums.moments()
    np.testing.assert_array_equal(alike.mean, one)
    np.testing.assert_array_equal(alike.covariance, np.zeros((3, 3)))
    assert alike.deviation() == 1
    np.testing.assert_array_equal(alike.color_root(), np.eye(3))
