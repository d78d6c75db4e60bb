"""The slow twin of pooling (§5.2): one window of one activation map after the other."""

import numpy as np


def windows(height, width, window, stride):
    """Yield ``(row, column)`` of each output with the slices its window covers."""
    tall, wide = window
    for row, top in enumerate(range(0, height - tall + 1, stride)):
        for column, left in enumerate(range(0, width - wide + 1, stride)):
            yield (row, column), np.s_[top : top + tall, left : left + wide]


def activation_maps(images):
    """Yield the position and the ``(height, width)`` of every channel of every image."""
    for image in range(images.shape[0]):
        for channel in range(images.shape[3]):
            yield np.s_[image, :, :, channel], images[image, :, :, channel]


def output_shape(images, window, stride):
    count, height, width, channels = images.shape
    rows = len(range(0, height - window[0] + 1, stride))
    columns = len(range(0, width - window[1] + 1, stride))
    return count, rows, columns, channels


def winner(values):
    """Return the position, row by row, of the first NaN if there is one, else the first maximum."""
    flat = list(values.ravel())
    for position, value in enumerate(flat):
        if np.isnan(value):
            return position
    return flat.index(max(flat))


def max_pool(images, size, stride):
    """Return the largest value of every window, and its position in the window."""
    window = (size, size)
    outputs = np.empty(output_shape(images, window, stride), images.dtype)
    winners = np.empty(outputs.shape, np.int64)
    for where, values in activation_maps(images):
        for place, covered in windows(*values.shape, window, stride):
            best = winner(values[covered])
            winners[where][place] = best
            outputs[where][place] = values[covered].ravel()[best]
    return outputs, winners


def max_pool_grad(grads, winners, shape, size, stride):
    """Hand the gradient of every window to the pixel that won it."""
    grad_images = np.zeros(shape, grads.dtype)
    for where, grad_map in activation_maps(grad_images):
        for place, covered in windows(*grad_map.shape, (size, size), stride):
            row, column = divmod(winners[where][place], size)
            grad_map[covered][row, column] += grads[where][place]
    return grad_images


def average_pool(images, window, stride):
    """Return the mean of every window."""
    outputs = np.empty(output_shape(images, window, stride), images.dtype)
    for where, values in activation_maps(images):
        for place, covered in windows(*values.shape, window, stride):
            outputs[where][place] = values[covered].sum() / (window[0] * window[1])
    return outputs


def average_pool_grad(grads, shape, window, stride):
    """Spread the gradient of every window evenly over its pixels."""
    grad_images = np.zeros(shape, grads.dtype)
    for where, grad_map in activation_maps(grad_images):
        for place, covered in windows(*grad_map.shape, window, stride):
            grad_map[covered] += grads[where][place] / (window[0] * window[1])
    return grad_images
