"""The slow twin of convolution (§5.1): one position after the other, as the notes draw it.

Images are ``(n, height, width, channels)``, filters ``(window height, window width, channels,
filters)``.
"""

import numpy as np


def pad(images, padding):
    """Put ``padding`` rows and columns of zeros around every image."""
    count, height, width, channels = images.shape
    padded = np.zeros((count, height + 2 * padding, width + 2 * padding, channels), images.dtype)
    padded[:, padding : padding + height, padding : padding + width] = images
    return padded


def positions(shape, window, stride):
    """Yield ``(image, row, column)`` of each output with the slices its window covers."""
    count, height, width, _ = shape
    tall, wide = window
    for image in range(count):
        for row, top in enumerate(range(0, height - tall + 1, stride)):
            for column, left in enumerate(range(0, width - wide + 1, stride)):
                yield (image, row, column), np.s_[image, top : top + tall, left : left + wide]


def output_shape(images, filters, stride, padding):
    count, height, width, _ = images.shape
    tall, wide, _, filter_count = filters.shape
    rows = len(range(0, height + 2 * padding - tall + 1, stride))
    columns = len(range(0, width + 2 * padding - wide + 1, stride))
    return count, rows, columns, filter_count


def convolve(images, filters, bias=0, *, stride=1, padding=0):
    """Sum filter × window over rows, columns and channels, plus the bias, at every position."""
    padded = pad(images, padding)
    outputs = np.empty(output_shape(images, filters, stride, padding), filters.dtype)
    for place, window in positions(padded.shape, filters.shape[:2], stride):
        outputs[place] = bias + (filters * padded[window][..., None]).sum(axis=(0, 1, 2))
    return outputs


def convolve_grad_images(grads, filters, shape, *, stride=1, padding=0):
    """Give every pixel its share: each output hands its gradient × filter to its window."""
    grad_padded = pad(np.zeros(shape, filters.dtype), padding)
    for place, window in positions(grad_padded.shape, filters.shape[:2], stride):
        grad_padded[window] += (filters * grads[place]).sum(axis=-1)
    _, height, width, _ = shape
    return grad_padded[:, padding : padding + height, padding : padding + width]


def convolve_grad_filters(images, grads, window, *, stride=1, padding=0):
    """Add up gradient × window over all positions of all images."""
    padded = pad(images, padding)
    grad_filters = np.zeros((*window, images.shape[3], grads.shape[3]), images.dtype)
    for place, covered in positions(padded.shape, window, stride):
        grad_filters += padded[covered][..., None] * grads[place]
    return grad_filters


def im2col(images, window, stride=1):
    """Write each window down as one row, position after position."""
    rows = [images[covered].ravel() for _, covered in positions(images.shape, window, stride)]
    return np.array(rows, images.dtype).reshape(len(rows), window[0] * window[1] * images.shape[3])


def col2im(columns, shape, window, stride=1):
    """Add each row back to the window it stands for."""
    images = np.zeros(shape, columns.dtype)
    for row, (_, covered) in zip(columns, positions(shape, window, stride), strict=True):
        images[covered] += row.reshape(*window, shape[3])
    return images
