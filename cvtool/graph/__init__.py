"""Computational graphs of expressions: values forward, gradients backward, differences beside."""
