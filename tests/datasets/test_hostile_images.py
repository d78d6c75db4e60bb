"""Files that mean harm, or have come to harm: a few words each, at once, and no memory taken."""

import os
import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features

from cvtool.datasets.pixels.decoding import (
    MOST_PIXELS,
    TooLargeError,
    UnreadableError,
    decode,
    stored_size,
)


def encoded(form, mode="RGB", **options):
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (12, 16, 4), np.uint8)
    image = Image.fromarray(pixels).convert(mode)
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def chunk(name, content):
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum


def png(side, *extra):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + pixels + chunk(b"IEND", b"")


def jpeg(side, **options):
    content = encoded("JPEG", **options)
    frame = content.find(b"\xff\xc2" if options else b"\xff\xc0")
    return content[: frame + 5] + struct.pack(">HH", side, side) + content[frame + 9 :]


def tiff(side, *, compression=1, tile=None):
    tags = {256: side, 257: side, 258: 8, 259: compression, 262: 1, 277: 1}
    tags |= {322: tile, 323: tile, 324: 200, 325: 9} if tile else {273: 200, 278: side, 279: 9}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return (b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries).ljust(400, b"\0")


def bmp(side):
    return b"BM" + struct.pack("<IIIIiiHH24x", 54, 0, 54, 40, side, side, 1, 24)


def gif(side, frame):
    screen = struct.pack("<HHBBB", side, side, 128, 0, 0) + bytes(6)
    return b"GIF89a" + screen + b"," + struct.pack("<HHHHB", 0, 0, frame, frame, 0) + b"\2\2D\1\0;"


def webp(side):
    still = encoded("WEBP")[12:]
    size = struct.pack("<I", side - 1)[:3] * 2
    flags = struct.pack("<II", 10, 2)
    frame = bytes(6) + struct.pack("<I", 15)[:3] + struct.pack("<I", 11)[:3] + bytes(4) + still
    body = b"WEBPVP8X" + flags + size + b"ANIM" + struct.pack("<I", 6) + bytes(6)
    body += b"ANMF" + struct.pack("<I", len(frame)) + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg2000(side):
    content = bytearray(encoded("JPEG2000"))
    box, marker = content.find(b"ihdr"), content.find(b"\xff\x51")
    content[box + 4 : box + 12] = content[marker + 6 : marker + 14] = struct.pack(">II", side, side)
    return bytes(content)


CLAIMS = {
    "png": png(60_000),
    "jpg": jpeg(60_000),
    "progressive.jpg": jpeg(11_000, progressive=True),
    "tif": tiff(60_000),
    "tile.tif": tiff(16, compression=8, tile=40_000),
    "bmp": bmp(60_000),
    "gif": gif(60_000, 60_000),
    "frame.gif": gif(10, 60_000),
    "ppm": b"P6 60000 60000 255\n",
    "webp": webp(2**24),
    "jp2": jpeg2000(60_000),
}


@pytest.mark.parametrize("form", CLAIMS)
def test_huge_claims_are_refused_before_anything_is_decoded(tmp_path, form, monkeypatch):
    def load(*_):
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", load)
    monkeypatch.setattr("PIL.Image.Image.load", load)
    path = tmp_path / f"it.{form}"
    path.write_bytes(CLAIMS[form])
    for size in (None, (32, 32)):
        with pytest.raises(
            UnreadableError, match=r"^claims [\d,×]+ pixels, over 33 million: scale"
        ):
            decode(path, size)


@pytest.mark.parametrize("form", ["png", "bmp", "gif", "tif", "ppm", "webp", "jp2", "jpg"])
def test_a_claim_a_little_too_large_is_told_by_both_sides(tmp_path, form):
    side = 5793  # of a square that is just over the limit
    content = {
        "png": png(side), "bmp": bmp(side), "gif": gif(side, side), "tif": tiff(side),
        "ppm": b"P6 5793 5793 255\n", "webp": webp(side), "jp2": jpeg2000(side), "jpg": jpeg(side),
    }  # fmt: skip
    path = tmp_path / f"it.{form}"
    path.write_bytes(content[form])
    with pytest.raises(TooLargeError, match=r"^claims 5,793×5,793 pixels, over 33 million: scale"):
        decode(path)
    assert 5792**2 <= MOST_PIXELS < 5793**2


def test_a_large_jpeg_can_be_decoded_small(tmp_path):
    path = tmp_path / "large.jpg"
    path.write_bytes(jpeg(11_000))
    assert decode(path, (32, 32)).size == (11_000, 11_000)


def test_the_limit_can_be_lower(tmp_path):
    path = tmp_path / "it.png"
    path.write_bytes(encoded("PNG"))
    assert decode(path, most=16 * 12).size == (12, 16)
    with pytest.raises(TooLargeError):
        decode(path, most=16 * 12 - 1)


@pytest.mark.parametrize(
    "bomb",
    [
        chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(2**24))),
        chunk(b"iTXt", b"a\0\1\0\0\0" + zlib.compress(bytes(2**24))),
        chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(2**24))),
        struct.pack(">I", 2**31 - 1) + b"zzzz",
    ],
)
def test_notes_that_explode_are_refused(tmp_path, bomb):
    path = tmp_path / "bomb.png"
    path.write_bytes(png(4, bomb))
    with pytest.raises(UnreadableError, match=r"too large|Truncated"):
        decode(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no image",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n",
        b"%PDF-1.4\n",
        b"SIMPLE  =                    T".ljust(2880),
        b"\x89HDF\r\n\x1a\n".ljust(100),
        b"\xff\xd8\xff",
        b"GIF89a",
    ],
)
def test_what_is_no_picture_is_told(tmp_path, content):
    path = tmp_path / "it.png"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=r"^no known image format$"):
        decode(path)
    with pytest.raises(UnreadableError, match=r"^no known image format$"):
        stored_size(path)


FORMATS = {
    "JPEG": {},
    "PNG": {},
    "BMP": {},
    "GIF": {},
    "TIFF": {"compression": "tiff_lzw"},
    "PPM": {},
    "WEBP": {},
    "JPEG2000": {},
    "AVIF": {"speed": 10},
}
FILES = {
    form: encoded(form, **options)
    for form, options in FORMATS.items()
    if form != "AVIF" or ("avif" in features.modules and features.check("avif"))
}


@pytest.mark.parametrize("form", FILES)
def test_a_name_that_lies_does_no_harm(tmp_path, form):
    path = tmp_path / "it.txt"
    path.write_bytes(FILES[form])
    assert decode(path).pixels.shape == (12, 16, 3)


@pytest.mark.parametrize("form", FILES)
def test_a_truncated_file_is_told_wherever_it_ends(tmp_path, form):
    path = tmp_path / "cut"
    for length in np.linspace(0, len(FILES[form]) * 0.7, 20).astype(int):
        path.write_bytes(FILES[form][:length])
        with pytest.raises(UnreadableError):
            decode(path)


@settings(max_examples=400)
@given(
    form=st.sampled_from(sorted(FILES)),
    where=st.floats(0, 1, exclude_max=True),
    put=st.one_of(
        st.binary(max_size=8),
        st.sampled_from(
            [struct.pack(order + "I", 2**n - 1) for order in "<>" for n in (16, 31, 32)]
        ),
    ),
    over=st.booleans(),
    size=st.sampled_from([None, (8, 8)]),
)
def test_whatever_damage_ends_in_pixels_or_a_few_words(
    tmp_path_factory, form, where, put, over, size
):
    content = FILES[form]
    at = int(where * len(content))
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(content[:at] + put + content[at + len(put) * over :])
    try:
        pixels = decode(path, size).pixels
    except UnreadableError as error:
        words = str(error)
        assert 0 < len(words) <= 100
        assert words.isprintable()
        assert str(path) not in words
        assert "b'" not in words
    else:
        assert pixels.dtype == np.uint8
        assert pixels.shape[2] in (1, 3)
        assert size is None or pixels.shape[:2] == size


def test_only_regular_files_are_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "circle.png").symlink_to("circle.png")
    for path, words in (
        (tmp_path / "pipe.png", "no regular file"),
        ("/dev/zero", "no regular file"),
        (tmp_path / "folder.png", "is a directory"),
        (tmp_path / "circle.png", "too many levels of symbolic links"),
        (tmp_path / "none.png", "no such file"),
        (tmp_path / "n\0ne.png", "embedded null byte"),
        (tmp_path / ("n" * 300), "file name too long"),
    ):
        with pytest.raises(UnreadableError, match=f"^{words}$"):
            decode(path)


def test_a_file_that_may_not_be_read_is_told(tmp_path, monkeypatch):
    def deny(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", deny)
    with pytest.raises(UnreadableError, match=r"^permission denied$"):
        decode(tmp_path / "closed.png")


def test_a_file_too_large_to_be_a_picture_is_not_read(tmp_path):
    path = tmp_path / "sparse.webp"
    path.write_bytes(b"RIFF\xff\xff\xff\x7fWEBPVP8 ")
    os.truncate(path, 2**33)
    with pytest.raises(UnreadableError, match=r"^takes over 268 MB: scale it down$"):
        decode(path)


def test_names_need_not_be_text(tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9.png")
    path.write_bytes(FILES["PNG"])
    assert decode(path).size == (12, 16)
    assert decode(str(path)).size == (12, 16)
