"""All commands whose runs learn weights that can be brought back."""

from cvtool.experiments.linear import LINEAR
from cvtool.experiments.train_cnn import TRAIN_CNN

RECIPES = {recipe.command: recipe for recipe in (TRAIN_CNN, LINEAR)}
