"""The short way through JPEG files ends at Pillow's pixels, or is not taken."""

from io import BytesIO
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from cvtool.datasets.pixels.plain_jpeg import decode_plain, plain_frame

simplejpeg = pytest.importorskip("simplejpeg", reason="simplejpeg is the short way")

SIZES = [(1, 1), (7, 9), (16, 16), (17, 33), (32, 32), (3, 50), (50, 3)]


def draw(height, width, *, gray=False):
    random = np.random.default_rng(height * 100 + width)
    slopes = np.linspace(0, 200, height)[:, None, None] + np.linspace(0, 40, width)[:, None]
    pixels = (slopes + random.integers(0, 16, (height, width, 3))).astype(np.uint8)
    return Image.fromarray(pixels[..., 0] if gray else pixels)


def encode(image, **options):
    file = BytesIO()
    image.save(file, "JPEG", **options)
    return file.getvalue()


def with_pillow(content):
    pixels = np.asarray(Image.open(BytesIO(content)))
    return pixels if pixels.ndim == 3 else pixels[..., np.newaxis]


def the_short_way(content):
    frame = plain_frame(content)
    return None if frame is None else decode_plain(content, frame)


@pytest.mark.parametrize("quality", [1, 50, 95, 100])
@pytest.mark.parametrize("size", SIZES)
def test_pixels_are_those_of_pillow(size, quality):
    for gray, progressive, restart, subsampling in product((0, 1), (0, 1), (0, 1), (0, 1, 2)):
        content = encode(
            draw(*size, gray=bool(gray)),
            quality=quality,
            progressive=bool(progressive),
            restart_marker_blocks=restart,
            subsampling=subsampling,
            comment=b"\xff\xc0 is no frame here",
        )
        np.testing.assert_array_equal(the_short_way(content), with_pillow(content))


@pytest.mark.parametrize("subsampling", ["444", "422", "420", "440", "411"])
def test_so_they_are_however_colors_are_sampled(subsampling):
    for size, quality in product(SIZES, (20, 90)):
        pixels = np.asarray(draw(*size))
        content = simplejpeg.encode_jpeg(pixels, quality, "RGB", subsampling)
        np.testing.assert_array_equal(the_short_way(content), with_pillow(content))


def test_what_needs_a_second_look_is_declined():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    image = draw(8, 9)
    for content in (
        encode(image, exif=exif),
        encode(image, xmp=b'<x:xmpmeta tiff:Orientation="6"/>'),
        encode(image, icc_profile=b"profile"),
        encode(image, keep_rgb=True),
        encode(image.convert("CMYK")),
        encode(image)[:-20],
        encode(image)[:30],
        b"\xff\xd8\xff",
        b"",
        b"no image",
    ):
        assert the_short_way(content) is None


@given(position=st.integers(0, 10_000), value=st.integers(0, 255), cut=st.integers(0, 3))
def test_of_damaged_files_it_takes_only_what_pillow_reads_alike(position, value, cut):
    content = bytearray(encode(draw(17, 19), quality=80))
    content[position % len(content)] = value
    content = bytes(content[: len(content) - cut])
    pixels = the_short_way(content)
    if pixels is not None:
        np.testing.assert_array_equal(pixels, with_pillow(content))
