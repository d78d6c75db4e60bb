"""Every kind of image file ends as upright bytes, gray or RGB."""

import numpy as np
import pytest
from PIL import ExifTags, Image

from cvtool.datasets.decoding import UnreadableError, decode, read_image
from cvtool.errors import DataError

GRAY = np.arange(20, dtype=np.uint8).reshape(4, 5) * 12


def read(path, shape=None):
    return decode(path).pixels if shape is None else read_image(path, shape)


def save(path, image, **options):
    image.save(path, **options)
    return path


def test_gray_files_keep_their_values(tmp_path):
    gray = save(tmp_path / "gray.png", Image.fromarray(GRAY))
    np.testing.assert_array_equal(read(gray)[..., 0], GRAY)
    sixteen = save(tmp_path / "sixteen.png", Image.fromarray(GRAY.astype(np.uint16) * 257))
    np.testing.assert_array_equal(read(sixteen)[..., 0], GRAY)
    wide = save(tmp_path / "wide.tif", Image.fromarray(GRAY.astype(np.int32) * 257))
    np.testing.assert_array_equal(read(wide)[..., 0], GRAY)
    bits = save(tmp_path / "bits.png", Image.fromarray(GRAY > 100))
    np.testing.assert_array_equal(read(bits)[..., 0], (GRAY > 100) * 255)


def test_values_of_unknown_range_are_refused(tmp_path):
    for values in (GRAY.astype(np.float32), GRAY.astype(np.int32) * 10_000):
        path = save(tmp_path / "unknown.tif", Image.fromarray(values))
        with pytest.raises(UnreadableError, match="no known range"):
            read(path)


def test_palettes_become_colors(tmp_path):
    image = Image.new("P", (5, 4), 1)
    image.putpalette([0, 0, 0, 10, 20, 30])
    assert (read(save(tmp_path / "palette.gif", image)) == [10, 20, 30]).all()
    transparent = save(tmp_path / "palette.png", image, transparency=b"\xff\x00")
    assert (read(transparent) == 255).all()


def test_what_is_transparent_is_white(tmp_path):
    pixels = np.zeros((4, 5, 4), np.uint8)
    pixels[:2, :, 3] = 255
    color = read(save(tmp_path / "color.png", Image.fromarray(pixels)))
    assert color.shape == (4, 5, 3)
    assert (color[:2] == 0).all()
    assert (color[2:] == 255).all()
    gray = read(save(tmp_path / "gray.png", Image.fromarray(pixels).convert("LA")))
    np.testing.assert_array_equal(gray, color[..., :1])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_turned_upright(tmp_path, orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    path = save(tmp_path / "turned.png", Image.fromarray(GRAY), exif=exif)
    turned = {
        1: GRAY,
        2: GRAY[:, ::-1],
        3: GRAY[::-1, ::-1],
        4: GRAY[::-1],
        5: GRAY.T,
        6: GRAY.T[:, ::-1],
        7: GRAY.T[::-1, ::-1],
        8: GRAY.T[::-1],
    }
    np.testing.assert_array_equal(read(path)[..., 0], turned[orientation])


def test_resizing_averages_what_it_shrinks(tmp_path):
    checkers = np.indices((64, 64)).sum(axis=0) % 2 * 255
    path = save(tmp_path / "checkers.png", Image.fromarray(checkers.astype(np.uint8)))
    assert np.abs(read(path, (8, 8, 1)).astype(int) - 128).max() <= 8


def test_a_large_jpeg_is_decoded_small_and_much_the_same(tmp_path):
    slope = np.linspace(0, 255, 512).astype(np.uint8)
    image = Image.fromarray(np.stack([np.tile(slope, (512, 1))] * 3, axis=-1))
    small = read(save(tmp_path / "slope.jpg", image, quality=95), (16, 16, 3))
    expected = slope.reshape(16, 32).mean(axis=1)
    assert np.abs(small - expected[None, :, None]).max() <= 4


def test_color_is_made_gray_and_back_where_asked(tmp_path):
    red = save(tmp_path / "red.png", Image.new("RGB", (5, 4), (255, 0, 0)))
    assert (read(red, (4, 5, 1)) == 76).all()
    gray = save(tmp_path / "gray.png", Image.fromarray(GRAY))
    np.testing.assert_array_equal(read(gray, (4, 5, 3)), np.stack([GRAY] * 3, axis=-1))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(DataError, match=r"none\.png"):
        read_image(tmp_path / "none.png", (4, 4, 3))
