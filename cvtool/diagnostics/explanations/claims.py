"""What claims of the notes mean; their texts and sections are those of the claims themselves."""

from collections.abc import Mapping

from cvtool.diagnostics.claims.claim import Claim
from cvtool.diagnostics.explanations.claims_of_training import OF_TRAINING
from cvtool.records import Explained

GROUP = "claims"

_OTHER_IMAGES = "images for which it is not so: a claim is of these images, with this seed"
_OUR_BUG = "a layer or formula that computes something else, which would be a bug of ours"


def explain_claim(claim: Claim) -> Explained:
    """Put a claim in words, with the command that tests it."""
    meaning, formula = MEANINGS.get(claim.id, ("", ""))
    text = claim.text[:1].upper() + claim.text[1:]
    return Explained(
        name=claim.id,
        group=GROUP,
        section=claim.section,
        meaning=f"{text}. {meaning}".strip(),
        formula=formula,
        causes=(_OUR_BUG if claim.id in EXACT else _OTHER_IMAGES,),
        remedies=(f"cvtool claims --only {claim.id}", "another --dataset or --seed"),
    )


_OF_FORMULAS: Mapping[str, tuple[str, str]] = {
    "k1-perfect": (
        "The nearest training image of a training image is itself, so that accuracy on the "
        "training set says nothing of K = 1.",
        "",
    ),
    "larger-k-smoother": (
        "A single odd image has an island of its own at K = 1; of fifteen neighbors it is "
        "outvoted. Measured as the length of the boundary between classes in the plane.",
        "length at K = 15 < length at K = 1",
    ),
    "prediction-cost-linear": (
        "Nothing is learned beforehand, so that each prediction looks at every training image.",
        "time ∝ N, a power of 1",
    ),
    "shifted-image-far": (
        "Pixels are compared place by place, and a shift changes nearly all of them though the "
        "image shows the same.",
        "d(x, shifted x) > min d(x, other)",
    ),
    "checkerboard-negative-farthest": (
        "Both show the same pattern, yet every pixel differs by all there is.",
        "d₁ = 255·D, d₂ = 255·√D",
    ),
    "square-root-needless": (
        "The root rises everywhere, so that it cannot change who is nearer.",
        "a < b ⇔ √a < √b for a, b ≥ 0",
    ),
    "distances-blind-to-place": (
        "All pixels of all images may trade places and no distance changes: the background counts "
        "as much as the subject, and neighborhoods of pixels for nothing.",
        "d(Px, Py) = d(x, y)",
    ),
    "training-set-misleads": (
        "Choices are to be made on validation images, which were not learned from.",
        "",
    ),
    "templates-resemble-means": (
        "A row of weights scores by an inner product, which is largest for images like itself. "
        "Compared with the mean of the class less that of all, by Pearson's correlation.",
        "s = W·x + b",
    ),
    "bias-trick": ("One matrix then holds all that is learned.", "[W b]·[x; 1] = W·x + b"),
    "regularization-narrows-gap": (
        "Smaller weights follow single training images less. Measured by losses, without penalty.",
        "L = data loss + λΣw²",
    ),
    "initial-softmax-loss": (
        "With small weights all classes are equally probable. Another loss at the start is a bug.",
        "−ln(1/C) = ln C",
    ),
    "initial-svm-loss": (
        "With small weights each wrong class misses the margin of 1 by all of it.",
        "Σ max(0, 0 − 0 + 1) over C − 1 classes",
    ),
    "equal-scores-loss": ("Whatever the one score is.", "ln C and C − 1"),
    "softmax-shift": (
        "Exponentials of large scores overflow; shifted so that the highest is 0 they cannot.",
        "e^(s−m) / Σ e^(s−m) = e^s / Σ e^s",
    ),
    "minibatch-approximates": (
        "A few images are a sample of all: their gradient points roughly the same way, the more "
        "exactly the more they are.",
        "error ∝ 1/√B",
    ),
    "numeric-gradient-slow": (
        "It needs two losses for each weight, the formula one pass for all.",
        "(f(x + h) − f(x − h)) / 2h",
    ),
    "hog-beats-pixels": (
        "Orientations of edges hardly change with light, color and small shifts, which pixels do.",
        "",
    ),
    "derivative-of-reciprocal": (
        "In truth it is −1/y², as central differences show; ln y is an integral of 1/y.",
        "d(1/y)/dy = −1/y²",
    ),
    "chain-rule-sums-products": (
        "Local derivatives are multiplied along a way from input to output. Where several ways "
        "lead there, their products add up.",
        "df/dx = Σ over ways Π local derivatives",
    ),
    "node-boundaries-free": (
        "Sigmoid is one node or four: the chain rule gives the same.",
        "dσ/dz = σ(1 − σ)",
    ),
    "filter-parameters": ("", "5·5·3 + 1 = 76"),
    "filters-any-image-size": (
        "The same filter is slid over every place.",
        "F·F·C + 1, without W or H",
    ),
    "neuron-weights": (
        "Which is why layers that see images are not fully connected.",
        "128·128·3 = 49,152 = 646·76 + 56",
    ),
    "output-size": ("", "(W − F + 2P)/S + 1"),
    "channel-order-free": ("The sum over channels does not care for their order.", ""),
    "translation-equivariant": (
        "The same weights at every place, so that what moves in the input moves in the output.",
        "conv(shift x) = shift conv(x)",
    ),
    "convolution-is-product": (
        "Windows as rows and filters as columns (im2col).",
        "(windows × F·F·C) · (F·F·C × filters)",
    ),
    "pooling-keeps-a-quarter": ("The largest of each window goes on.", "1/(2·2) = 25 %"),
    "sigmoid-derivative-at-10": (
        "Saturated sigmoids pass hardly any gradient.",
        "σ′(x) = σ(x)(1 − σ(x))",
    ),
    "tanh-is-scaled-sigmoid": ("", "tanh(x) = 2σ(2x) − 1"),
    "both-means-center": (
        "Both are taken from training images alone.",
        "mean(x − mean(x)) = 0",
    ),
}

MEANINGS = {**_OF_FORMULAS, **OF_TRAINING}
"""By the id of a claim: what it means beyond its text, and a formula, each possibly empty."""

EXACT = frozenset(
    (
        "checkerboard-negative-farthest",
        "square-root-needless",
        "distances-blind-to-place",
        "bias-trick",
        "initial-softmax-loss",
        "initial-svm-loss",
        "equal-scores-loss",
        "softmax-shift",
        "derivative-of-reciprocal",
        "chain-rule-sums-products",
        "node-boundaries-free",
        "filter-parameters",
        "filters-any-image-size",
        "neuron-weights",
        "output-size",
        "channel-order-free",
        "translation-equivariant",
        "convolution-is-product",
        "pooling-keeps-a-quarter",
        "sigmoid-derivative-at-10",
        "tanh-is-scaled-sigmoid",
        "both-means-center",
    )
)
"""Claims that are so for any images."""
