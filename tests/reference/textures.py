"""Images to look for copies in: smooth random textures, no two alike, and what re-saving does."""

import io

import numpy as np
from PIL import Image


def textures(seed, count, *, height=32, width=32, channels=3):
    """Return uint8 images whose waves are weaker the faster they are, as in photographs."""
    random = np.random.default_rng(seed)
    noise = random.normal(size=(count, height, width, channels))
    slowness = np.hypot(*np.meshgrid(np.fft.fftfreq(height), np.fft.fftfreq(width), indexing="ij"))
    slowness[0, 0] = np.inf
    waves = np.fft.fft2(noise, axes=(1, 2)) / slowness[:, :, np.newaxis] ** 1.2
    smooth = np.fft.ifft2(waves, axes=(1, 2)).real
    smooth *= 45 / smooth.std(axis=(1, 2, 3), keepdims=True)
    return as_bytes(128 + smooth)


def as_bytes(levels):
    return np.clip(np.rint(levels), 0, 255).astype(np.uint8)


def compressed(image, quality=70):
    content = io.BytesIO()
    Image.fromarray(image).save(content, "JPEG", quality=quality)
    return np.asarray(Image.open(content))


def resized_and_back(image):
    height, width, _ = image.shape
    smaller = Image.fromarray(image).resize((3 * width // 4, 3 * height // 4))
    return np.asarray(smaller.resize((width, height)))


def brighter(image):
    return as_bytes(image * 1.12)


def less_contrast(image):
    return as_bytes((image - 128.0) * 0.87 + 128)


def noisy(image):
    return as_bytes(image + np.random.default_rng(int(image.sum())).normal(0, 5, image.shape))


def moved(image):
    return np.pad(image, ((1, 0), (0, 1), (0, 0)), mode="edge")[:-1, 1:]


def mirrored(image):
    return image[:, ::-1]


RESAVED = (compressed, resized_and_back, brighter, less_contrast, noisy, moved, mirrored)
