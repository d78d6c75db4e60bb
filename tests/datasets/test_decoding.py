"""Every kind of image file ends as upright bytes, gray or RGB."""

import struct
import zlib

import numpy as np
import pytest
from PIL import ExifTags, Image, features

from cvtool.datasets.pixels.decoding import UnreadableError, decode, read_image
from cvtool.datasets.pixels.raster import flatten
from cvtool.errors import DataError

GRAY = np.arange(20, dtype=np.uint8).reshape(4, 5) * 12
RED, GREEN, BLUE = GRAY, GRAY[::-1], 255 - GRAY
COLOR = np.stack([RED, GREEN, BLUE], axis=-1)
ALPHA = np.array([0, 1, 128, 254, 255], np.uint8) * np.ones((4, 1), np.uint8)


def over_white(pixels):
    alpha = ALPHA.reshape(*ALPHA.shape, *[1] * (pixels.ndim - 2))
    return np.rint((pixels * (alpha / 255)) + (255 - alpha)).astype(np.uint8)


def with_alpha(pixels):
    image = Image.fromarray(pixels)
    image.putalpha(Image.fromarray(ALPHA))
    return image


def palette(**options):
    image = Image.fromarray((np.arange(20, dtype=np.uint8) % 3).reshape(4, 5)).convert("P")
    image.putpalette([0, 0, 0, 10, 20, 30, 200, 100, 50])
    image.info |= options
    return image


OF_PALETTE = np.array([[0, 0, 0], [10, 20, 30], [200, 100, 50]])[np.arange(20) % 3].reshape(4, 5, 3)
PARTLY_WHITE = np.where((np.arange(20) % 3 == 1).reshape(4, 5, 1), 255, OF_PALETTE)

KINDS = {  # what is saved, what is to be read, and where that can be saved without loss
    "bits": (Image.fromarray(GRAY > 100), (GRAY > 100) * 255, "png tif bmp ppm"),
    "gray": (Image.fromarray(GRAY), GRAY, "png tif bmp ppm jp2"),
    "sixteen bits": (Image.fromarray(GRAY.astype(np.uint16) * 257), GRAY, "png tif ppm jp2"),
    "gray and alpha": (with_alpha(GRAY), over_white(GRAY), "png tif jp2"),
    "color": (Image.fromarray(COLOR), COLOR, "png tif bmp ppm webp gif jp2"),
    "color and alpha": (with_alpha(COLOR), over_white(COLOR), "png tif webp jp2"),
    "palette": (palette(), OF_PALETTE, "png tif bmp gif"),
    "palette and alpha": (palette(transparency=1), PARTLY_WHITE, "png gif"),
    "ink": (
        Image.fromarray(np.stack([RED, GREEN, BLUE, GRAY * 0], -1), mode="CMYK"),
        255 - COLOR,
        "tif",
    ),
}
LOSSLESS = {"webp": {"lossless": True, "exact": True}}


def save(path, image, **options):
    image.save(path, **options)
    return path


@pytest.mark.parametrize(
    ("kind", "form"),
    [(kind, form) for kind, (*_, forms) in KINDS.items() for form in forms.split()],
)
def test_every_kind_of_pixels_in_every_format(tmp_path, kind, form):
    image, expected, _ = KINDS[kind]
    picture = decode(save(tmp_path / f"it.{form}", image, **LOSSLESS.get(form, {})))
    np.testing.assert_array_equal(picture.pixels, expected.reshape(4, 5, -1))
    assert picture.size == (4, 5)


@pytest.mark.parametrize(
    ("form", "near"), [("jpg", 12), ("webp", 24), ("jp2", 24), pytest.param("avif", 24)]
)
def test_formats_that_lose_a_little(tmp_path, form, near):
    if form == "avif" and not ("avif" in features.modules and features.check("avif")):
        pytest.skip("this Pillow has no AVIF")
    slope = np.add.outer(np.arange(32), np.arange(40)).astype(np.uint8) * 3
    color = np.stack([slope, slope[::-1], slope], axis=-1)
    options = {"jpg": {"quality": 98}, "jp2": {"irreversible": True, "quality_layers": [2]}}
    path = save(
        tmp_path / f"it.{form}", Image.fromarray(color), **options.get(form, {"quality": 98})
    )
    assert np.abs(decode(path).pixels - color.astype(int)).max() <= near


@pytest.mark.parametrize("mode", ["YCbCr", "HSV", "LAB", "CMYK", "RGBX", "RGBa", "PA"])
def test_other_modes_become_the_colors_they_mean(mode):
    image = Image.fromarray(COLOR)
    image = image.convert("RGBA").convert(mode) if mode == "RGBa" else image
    image = with_alpha(COLOR).convert("P").convert("PA") if mode == "PA" else image
    if mode == "LAB":
        image = Image.merge("LAB", [Image.fromarray(GRAY), *[Image.new("L", (5, 4), 128)] * 2])
    elif mode not in {"RGBa", "PA"}:
        image = image.convert(mode)
    flat = flatten(image)
    assert flat.mode == "RGB"
    if mode in {"YCbCr", "HSV", "CMYK", "RGBX", "RGBa"}:
        assert np.abs(np.asarray(flat) - COLOR.astype(int)).max() <= 5


def test_premultiplied_gray_is_laid_over_white_as_well():
    flat = flatten(with_alpha(GRAY).convert("La"))
    assert flat.mode == "L"
    solid = ALPHA == 255
    np.testing.assert_array_equal(np.asarray(flat)[solid], GRAY[solid])
    assert (np.asarray(flat)[ALPHA == 0] == 255).all()


def test_a_single_color_that_is_transparent_is_white(tmp_path):
    for image, key, expected in (
        (Image.fromarray(GRAY), 24, np.where(GRAY == 24, 255, GRAY)),
        (Image.fromarray(COLOR), tuple(COLOR[1, 1]), np.where(COLOR[1, 1] == COLOR, 255, COLOR)),
        (Image.fromarray(GRAY.astype(np.uint16) * 257), 257 * 24, np.where(GRAY == 24, 255, GRAY)),
    ):
        key = tuple(map(int, key)) if isinstance(key, tuple) else key
        pixels = decode(save(tmp_path / "key.png", image, transparency=key)).pixels
        np.testing.assert_array_equal(pixels[1, 1], np.atleast_1d(expected[1, 1]))
        np.testing.assert_array_equal(pixels[0, 0], np.atleast_1d(expected[0, 0]))


def tiff(values, *, bits, photometric=1):
    """Write a gray TIFF of one row by hand, for what Pillow does not write."""
    pixels, count = values, len(values) * 8 // bits
    tags = {256: count, 257: 1, 258: bits, 259: 1, 262: photometric, 273: 122, 277: 1, 278: 1}
    tags[279] = len(pixels)
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + pixels


def test_sixteen_bits_of_other_ranges(tmp_path):
    path = tmp_path / "it.tif"
    path.write_bytes(tiff(struct.pack("<4H", 0, 128, 129, 65535), bits=16))
    assert decode(path).pixels.ravel().tolist() == [0, 0, 1, 255]
    path.write_bytes(tiff(struct.pack("<2H", 0, 65535), bits=16, photometric=0))  # white is zero
    assert decode(path).pixels.ravel().tolist() == [255, 0]
    path.write_bytes(tiff(bytes([0xFF, 0xF8, 0x00]), bits=12))
    assert decode(path).pixels.ravel().tolist() == [255, 128]
    save(path, Image.fromarray(GRAY.astype(np.int32) * 257))
    np.testing.assert_array_equal(decode(path).pixels[..., 0], GRAY)
    (tmp_path / "color.ppm").write_bytes(b"P6 2 1 65535\n" + struct.pack(">6H", *[0, 65535] * 3))
    assert decode(tmp_path / "color.ppm").pixels.ravel().tolist() == [0, 255] * 3


def test_values_of_unknown_range_are_refused(tmp_path):
    for values in (GRAY.astype(np.float32), GRAY.astype(np.int32) * 10_000, -GRAY.astype(np.int32)):
        path = save(tmp_path / "unknown.tif", Image.fromarray(values))
        with pytest.raises(UnreadableError, match=r"^[\w ]+ no known range$"):
            decode(path)


def turned(pixels, orientation):
    sideways = pixels.swapaxes(0, 1)
    return {
        1: pixels,
        2: pixels[:, ::-1],
        3: pixels[::-1, ::-1],
        4: pixels[::-1],
        5: sideways,
        6: sideways[:, ::-1],
        7: sideways[::-1, ::-1],
        8: sideways[::-1],
    }[orientation]


@pytest.mark.parametrize("form", ["png", "tif", "webp", "jpg"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_turned_upright(tmp_path, orientation, form):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    image = Image.fromarray(COLOR).resize((40, 32), Image.Resampling.NEAREST)
    options = LOSSLESS.get(form, {"quality": 100, "subsampling": 0} if form == "jpg" else {})
    path = save(tmp_path / f"it.{form}", image, exif=exif, **options)
    expected = turned(np.asarray(image), orientation)
    picture = decode(path)
    assert np.abs(picture.pixels - expected.astype(int)).max() <= (3 if form == "jpg" else 0)
    assert picture.size == expected.shape[:2]
    square = decode(path, (8, 8))
    assert square.size == expected.shape[:2]
    blocks = np.asarray(Image.fromarray(expected).resize((8, 8), Image.Resampling.BILINEAR))
    assert np.abs(square.pixels - blocks.astype(int)).max() <= (10 if form == "jpg" else 0)


def test_an_orientation_behind_the_pixels_counts(tmp_path):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    path = save(tmp_path / "late.png", Image.fromarray(GRAY))
    notes = b"eXIf" + exif.tobytes().removeprefix(b"Exif\0\0")
    chunk = struct.pack(">I", len(notes) - 4) + notes + struct.pack(">I", zlib.crc32(notes))
    content = path.read_bytes()
    path.write_bytes(content[:-12] + chunk + content[-12:])
    picture = decode(path)
    np.testing.assert_array_equal(picture.pixels[..., 0], turned(GRAY, 6))
    assert picture.size == (5, 4)


@pytest.mark.parametrize("noted", [0, 9, 65_535])
def test_an_orientation_without_sense_turns_nothing(tmp_path, noted):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = noted
    path = save(tmp_path / "odd.png", Image.fromarray(GRAY), exif=exif)
    np.testing.assert_array_equal(decode(path).pixels[..., 0], GRAY)


def test_damaged_notes_leave_the_picture(tmp_path):
    for notes in (b"Exif\0\0nonsense", b"Exif\0\0II*\0\xff\xff\xff\x7f", b"Exif\0\0MM\0*"):
        path = save(tmp_path / "notes.png", Image.fromarray(GRAY), exif=notes)
        np.testing.assert_array_equal(decode(path).pixels[..., 0], GRAY)


@pytest.mark.parametrize("form", ["gif", "png", "webp", "tif", "mpo"])
def test_of_several_pictures_the_first_is_taken(tmp_path, form):
    first, others = Image.new("RGB", (8, 8), "red"), [Image.new("RGB", (8, 8), "blue")] * 3
    options = LOSSLESS.get(form, {})
    path = save(tmp_path / f"it.{form}", first, save_all=True, append_images=others, **options)
    pixels = decode(path.rename(path.with_suffix(".dat"))).pixels
    assert np.abs(pixels - np.array([255, 0, 0])).max() <= (1 if form == "mpo" else 0)


def test_resizing_averages_what_it_shrinks(tmp_path):
    checkers = np.indices((64, 64)).sum(axis=0) % 2 * 255
    path = save(tmp_path / "checkers.png", Image.fromarray(checkers.astype(np.uint8)))
    assert np.abs(read_image(path, (8, 8, 1)).astype(int) - 128).max() <= 8


def test_a_large_jpeg_is_decoded_small_and_much_the_same(tmp_path):
    slope = np.linspace(0, 255, 512).astype(np.uint8)
    image = Image.fromarray(np.stack([np.tile(slope, (512, 1))] * 3, axis=-1))
    path = save(tmp_path / "slope.jpg", image, quality=95)
    small = decode(path, (16, 16))
    expected = slope.reshape(16, 32).mean(axis=1)
    assert np.abs(small.pixels - expected[None, :, None]).max() <= 5
    assert small.size == (512, 512)


def test_color_is_made_gray_and_back_where_asked(tmp_path):
    red = save(tmp_path / "red.png", Image.new("RGB", (5, 4), (255, 0, 0)))
    assert (read_image(red, (4, 5, 1)) == 76).all()
    gray = save(tmp_path / "gray.png", Image.fromarray(GRAY))
    np.testing.assert_array_equal(read_image(gray, (4, 5, 3)), np.stack([GRAY] * 3, axis=-1))


def test_what_cannot_be_read_is_told_with_its_name(tmp_path):
    with pytest.raises(DataError, match=r"cannot read .*none\.png .* \(no such file\): repair it"):
        read_image(tmp_path / "none.png", (4, 4, 3))
