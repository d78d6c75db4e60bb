"""The slow twins of the optimizers' kernels: one weight at a time, as the papers write them."""

import math


def sgd(w, g, rate):
    return (w - rate * g,)


def momentum(w, g, v, rate, share, look_ahead):
    v = share * v + g
    return w - rate * (g + share * v if look_ahead else v), v


def adagrad(w, g, s, rate, epsilon):
    s += g * g
    return w - rate * g / (math.sqrt(s) + epsilon), s


def rmsprop(w, g, s, rate, keep, epsilon):
    s = keep * s + (1 - keep) * g * g
    return w - rate * g / (math.sqrt(s) + epsilon), s


def adam(w, g, m, s, rate, keep, epsilon, steps, shrink):
    m = keep[0] * m + (1 - keep[0]) * g
    s = keep[1] * s + (1 - keep[1]) * g * g
    mean, square = m / (1 - keep[0] ** steps), s / (1 - keep[1] ** steps)
    return shrink * w - rate * mean / (math.sqrt(square) + epsilon), m, s
