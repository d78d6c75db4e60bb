"""Hashes and signatures are what they say they are, and who looks alike is found among all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import look_alikes as reference
from reference.textures import textures
from reference.threads import assert_same_bits

from cvtool.kernels.look_alikes import (
    LARGEST_REST,
    LEAST_CORRELATION,
    MOST_BITS,
    look_alikes,
    rest_of_difference,
    sorting,
)
from cvtool.kernels.pictures import gray_pictures
from cvtool.kernels.signatures import ONE, WAVES, signatures, slowest_waves


def described(seed, count):
    """Describe textures, every second one a blurred copy or mirror image of the one before."""
    pictures = gray_pictures(textures(seed, count, channels=1))
    blurred = (pictures + np.roll(pictures, 1, axis=2)) / 2
    pictures[1::2] = blurred[: 2 * (count // 2) : 2]
    pictures[1::4] = pictures[1::4, :, ::-1]
    hashes, signature, _ = signatures(pictures)
    order = sorting(hashes)
    return hashes[order], signature[order]


def test_waves_are_the_slowest_of_either_kind():
    waves = slowest_waves()
    assert len({tuple(wave) for wave in waves.tolist()}) == WAVES
    assert (waves[: WAVES // 2, 1] % 2 == 0).all()
    assert (waves[WAVES // 2 :, 1] % 2 == 1).all()
    assert (0, 0) not in {tuple(wave) for wave in waves.tolist()}  # which is brightness


def test_signature_equals_its_slow_twin():
    (picture,) = gray_pictures(textures(0, 1, channels=1))
    (bits,), (signature,), (contrast,) = signatures(picture[np.newaxis])
    waves = slowest_waves().tolist()
    seen = np.array([reference.wave(picture, *each) for each in waves])
    norm = np.linalg.norm(seen)
    assert contrast == pytest.approx(norm / 32, rel=1e-5)
    assert [bits >> np.uint64(i) & np.uint64(1) for i in range(WAVES)] == (seen > 0).tolist()
    np.testing.assert_allclose(signature[0], ONE * seen / norm, atol=0.51)
    for row, change in enumerate(reference.changes(picture), start=1):
        expected = [reference.wave(change, *each) for each in waves[::7]]
        np.testing.assert_allclose(signature[row, ::7], ONE * np.array(expected) / norm, atol=0.51)


def test_a_mirror_negates_odd_waves_and_brightness_and_contrast_change_nothing():
    pictures = gray_pictures(textures(1, 5))
    hashes, signature, contrasts = signatures(pictures)
    mirrored_hashes, mirrored, _ = signatures(pictures[:, :, ::-1])
    assert (hashes ^ mirrored_hashes == np.uint64(0xFFFFFFFF00000000)).all()
    for upright, mirror in zip(signature, mirrored, strict=True):
        np.testing.assert_allclose(reference.mirrored(upright), mirror, atol=1)
    changed_hashes, changed, changed_contrasts = signatures(pictures * 0.5 + 20)
    assert (changed_hashes == hashes).all()
    np.testing.assert_allclose(changed, signature, atol=1)
    np.testing.assert_allclose(changed_contrasts, contrasts / 2, rtol=1e-4)


def test_a_picture_of_one_level_has_no_contrast():
    _, signature, contrasts = signatures(np.full((1, 32, 32), 77, np.float32))
    assert contrasts[0] == pytest.approx(0, abs=1e-3)
    assert signatures(np.zeros((1, 32, 32), np.float32))[1].any() == 0
    assert signature.shape == (1, 5, 64)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32), mirrored=st.booleans())
def test_rest_equals_its_slow_twin_and_is_symmetric(seed, mirrored):
    random = np.random.default_rng(seed)
    first, second = random.integers(-40, 41, (2, 5, WAVES)).astype(np.int8)
    other = reference.mirrored(second) if mirrored else second
    rest = rest_of_difference(first, second, mirrored=mirrored)
    assert rest == pytest.approx(reference.rest_of_difference(first, other), rel=1e-6)
    assert rest == pytest.approx(rest_of_difference(second, first, mirrored=mirrored), rel=1e-9)


def expected_pairs(hashes, signature):
    """Compare all pairs one after another."""
    odd, found = 0xFFFFFFFF00000000, set()
    for i in range(len(hashes)):
        for j in range(i + 1, len(hashes)):
            a, b = int(hashes[i]), int(hashes[j])
            bits = [reference.differing_bits(a, b), reference.differing_bits(a, b ^ odd)]
            if reference.differing_bits(a & 63, b & 63) > 2 or min(bits) > MOST_BITS:
                continue
            flipped = reference.mirrored(signature[j])
            upright, mirror = (
                signature[i, 0].astype(float) @ other[0] / ONE**2
                for other in (signature[j], flipped)
            )
            if max(upright, mirror) >= LEAST_CORRELATION:
                other = flipped if mirror > upright else signature[j]
                if reference.rest_of_difference(signature[i], other) <= LARGEST_REST:
                    found.add((i, j, bool(mirror > upright)))
    return found


def found_pairs(hashes, signature, step):
    found = set()
    for start in range(0, len(hashes), step):
        stop = min(start + step, len(hashes))
        alike = look_alikes(hashes, signature, start, stop, most=8)
        for row, slot in zip(*np.nonzero(alike.others >= 0), strict=True):
            other, mirrored = alike.others[row, slot], alike.mirrored[row, slot]
            found.add((start + int(row), int(other), bool(mirrored)))
    return found


@pytest.mark.parametrize(("count", "step"), [(0, 1), (1, 1), (2, 2), (61, 7), (160, 160)])
def test_all_pairs_that_look_alike_are_found_in_whatever_pieces(count, step):
    hashes, signature = described(count, count)
    found = found_pairs(hashes, signature, step)
    assert found == expected_pairs(hashes, signature)
    assert len(found) >= count // 2


def test_the_most_alike_are_kept_where_there_are_too_many():
    pictures = gray_pictures(textures(4, 1, channels=1))
    noise = np.random.default_rng(0).normal(size=(9, 32, 32)).cumsum(axis=0)
    hashes, signature, _ = signatures((pictures + 3 * noise).astype(np.float32))
    order = sorting(hashes)
    hashes, signature = hashes[order], signature[order]
    alike = look_alikes(hashes, signature, 0, 1, most=3)
    rests = [rest_of_difference(signature[0], other) for other in signature[1:]]
    assert set(alike.others[0].tolist()) == set((1 + np.argsort(rests)[:3]).tolist())
    assert alike.overflowed.tolist() == [True]


def test_threads_do_not_change_bits():
    hashes, signature = described(5, 300)

    def compute():
        pictures = gray_pictures(textures(6, 20))
        alike = look_alikes(hashes, signature, 0, 300, most=4)
        return [*signatures(pictures), alike.others, alike.mirrored, alike.overflowed]

    assert_same_bits(compute)


def test_what_does_not_fit_is_refused():
    hashes, signature = described(7, 8)
    with pytest.raises(ValueError, match="do not belong"):
        look_alikes(hashes[1:], signature, 0, 1, most=2)
    with pytest.raises(IndexError, match="0 to 9 among 8"):
        look_alikes(hashes, signature, 0, 9, most=2)
    with pytest.raises(ValueError, match="not in the order"):
        look_alikes(hashes[::-1], signature, 0, 8, most=2)
    with pytest.raises(ValueError, match="32×32"):
        signatures(np.zeros((1, 8, 8), np.float32))
