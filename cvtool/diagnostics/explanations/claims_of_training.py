"""What claims mean that are settled by training networks."""

from collections.abc import Mapping

OF_TRAINING: Mapping[str, tuple[str, str]] = {
    "linear-fails": (
        "Classes that no line tells apart, as the arms of a spiral, need a hidden layer.",
        "W₂·max(0, W₁x)",
    ),
    "depth-needs-nonlinearity": (
        "Layer upon layer of matrices learns no more than one does.",
        "W₂(W₁x) = (W₂W₁)x",
    ),
    "linear-layers-are-one-matrix": ("Their product does the same.", "W₂(W₁x) = (W₂W₁)x"),
    "permuted-pixels-fully-connected": (
        "Every neuron sees every pixel, and which comes first does not matter.",
        "",
    ),
    "permuted-pixels-cnn": (
        "A filter relies on neighbors that belong together, which a permutation tears apart.",
        "",
    ),
    "filters-have-fewer-parameters": (
        "Weights are shared between places, and reach only as far as the window.",
        "F·F·C + 1 for each filter, W·H·C + 1 for each neuron",
    ),
    "step-lowers-loss": (
        "The gradient is the direction of steepest rise, so that the loss falls the other way.",
        "L(w − η∇L) < L(w) for small η",
    ),
    "minibatches-quicker": (
        "A rough gradient from a few images costs little, and many rough steps go farther than "
        "one exact one.",
        "",
    ),
    "centered-inputs": (
        "If all inputs have one sign, so have the gradients of a neuron's weights, and steps "
        "zigzag.",
        "",
    ),
    "tiny-set-is-fitted": (
        "A network that cannot learn a few images by heart has a bug.",
        "accuracy 100 %, loss near 0",
    ),
    "rates-too-small-and-too-large": (
        "Between the two lies the band where a network learns.",
        "",
    ),
    "random-search-beats-grid": (
        "A grid of n² trials looks at n values of each setting; n² random trials look at n² of "
        "the one that matters.",
        "",
    ),
    "regularization-lowers-gap": (
        "A network with smaller weights follows single training images less.",
        "L = data loss + λΣw²",
    ),
    "relu-faster-than-sigmoid": ("ReLU does not saturate above zero.", "max(0, x)"),
    "relu-faster-than-tanh": ("ReLU does not saturate above zero.", "max(0, x)"),
    "sigmoid-gradients-one-sign": (
        "Sigmoids are positive, so that all gradients of the weights behind them have the sign of "
        "the one that comes back.",
        "∂L/∂wᵢ = xᵢ·∂L/∂s, xᵢ > 0",
    ),
    "sigmoid-gradients-vanish": (
        "Each sigmoid passes a quarter of the gradient at most, a live ReLU all of it.",
        "σ′ ≤ ¼",
    ),
    "dead-relu-stays-dead": (
        "Where the output is constant the gradient is zero, and nothing changes any more.",
        "max(0, x) → max(αx, x)",
    ),
    "large-steps-kill-relu": (
        "One large step can put a unit below zero for all images.",
        "",
    ),
    "relu-derivative": ("At zero itself it is a convention.", "1 for x > 0, 0 for x < 0"),
    "positive-bias": ("Some start biases at 0.01 so that all ReLUs fire at first.", ""),
    "zero-initialization": (
        "Equal neurons have equal outputs and equal gradients.",
        "",
    ),
    "constant-initialization": ("Equal neurons have equal outputs and equal gradients.", ""),
    "variance-for-tanh": ("", "Var w = 1/N"),
    "variance-for-sigmoid": ("", "Var w = 12.8/N"),
    "variance-for-relu": ("ReLU halves the second moment, which 2 makes up for.", "Var w = 2/N"),
    "listed-variance-for-relu": (
        "√(2/N) is the standard deviation; as a variance 2/√N lets activations explode.",
        "Var w = 2/N",
    ),
    "listed-variance-for-tanh": (
        "1/√N is the standard deviation; as a variance it lets tanhs saturate.",
        "Var w = 1/N",
    ),
    "batch-norm-widens-rates": (
        "Scores keep their scale, whatever a step did to the weights before.",
        "(x − μ_B) / √(σ²_B + ε)·γ + β",
    ),
    "batch-norm-widens-initializations": (
        "The scale that weights start with is divided out.",
        "(x − μ_B) / √(σ²_B + ε)·γ + β",
    ),
    "batch-norm-speeds-up": ("", "(x − μ_B) / √(σ²_B + ε)·γ + β"),
    "batch-norm-depends-on-batch": (
        "Mean and variance are those of the batch, of which every image is a part.",
        "(x − μ_B) / √(σ²_B + ε)·γ + β",
    ),
    "batch-norm-at-inference": (
        "Running averages of training take the place of the batch.",
        "(x − μ) / √(σ² + ε)·γ + β",
    ),
    "batch-norm-per-filter": (
        "One mean and one variance for each filter, over all images and places.",
        "μ over N·H·W numbers",
    ),
}
"""By the id of a claim: what it means beyond its text, and a formula, each possibly empty."""
