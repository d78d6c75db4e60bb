"""Verdicts on a run that learns weights, explained."""

from cvtool.records import Explained

_GROUP = "learning"

LEARNING = (
    Explained(
        "loss changes",
        _GROUP,
        "§6.6",
        "The training loss fell over the run. If it did not, nothing was learned.",
        "loss at the end < loss at the start",
        (
            "a learning rate far too small, or so large that steps undo each other",
            "weights that start equal or vanishingly small",
            "a penalty that outweighs the data",
            "labels that do not belong to the images",
        ),
        (
            "another --learning-rate, ten times larger or smaller",
            "--init auto",
            "fit 50 images first, with --limit 50 --regularization none",
        ),
    ),
    Explained(
        "loss stays down",
        _GROUP,
        "§6.5",
        "The training loss ends near its lowest value and never became infinite.",
        "",
        (
            "a learning rate that is too large",
            "gradients that explode in deep or unnormalized networks",
            "pixels that were not standardized",
        ),
        (
            "a third of the --learning-rate",
            "--clip 1",
            "--preprocess standardize",
            "bn after each convolution in --arch",
        ),
    ),
    Explained(
        "loss falls at once",
        _GROUP,
        "§6.3",
        "The training loss fell from the first epochs. A plateau before it falls is the mark of a "
        "poor initialization.",
        "",
        (
            "weights that start too small, too large or equal",
            "sigmoids or tanhs that saturate",
            "a learning rate that is too small",
        ),
        ("--init auto", "bn after each convolution in --arch", "a larger --learning-rate"),
    ),
    Explained(
        "generalizes",
        _GROUP,
        "§6.6",
        "Accuracy on validation images is near that on training images. A wide gap is overfitting.",
        "gap = training accuracy − validation accuracy",
        ("too few images for so many parameters", "too little regularization", "too many epochs"),
        (
            "a larger --strength",
            "--dropout 0.5",
            "--augment flip,shift",
            "--patience 5",
            "more images",
        ),
    ),
    Explained(
        "large enough",
        _GROUP,
        "§6.6",
        "The network fits its training images. If both accuracies are low and near each other, "
        "it underfits.",
        "",
        ("too few filters or layers", "too much regularization", "too few epochs"),
        ("more --filters or layers in --arch", "a smaller --strength", "more --epochs"),
    ),
    Explained(
        "updates fit",
        _GROUP,
        "§6.5",
        "A step moves weights by about a thousandth of their size.",
        "‖Δw‖ / ‖w‖ ≈ 10⁻³",
        (
            "a learning rate that is too large (ratio above 10⁻²) or too small (below 10⁻⁴)",
            "weights that start far too small",
        ),
        ("divide --learning-rate by what the ratio is too large by",),
    ),
    Explained(
        "units live",
        _GROUP,
        "§6.1.3",
        "Rectified units answer to some images. One that is zero for all of them has no gradient "
        "and never changes again: it is dead.",
        "dead ⇔ max(0, w·x + b) = 0 for every image x",
        ("one step that was far too large", "a large negative bias", "a poor initialization"),
        ("a smaller --learning-rate", "leaky-relu or elu in --arch", "--warmup 1", "--init he"),
    ),
    Explained(
        "filters live",
        _GROUP,
        "§6.1.3",
        "Most filters of each convolution answer to some image. One that is zero everywhere on all "
        "validation images looked at shows nothing, and learns no more.",
        "dead ⇔ max(0, w·x + b) = 0 for every patch x of every image",
        ("one step that was far too large", "a large negative bias", "more filters than needed"),
        ("a smaller --learning-rate", "leaky-relu or elu in --arch", "bn after each convolution"),
    ),
    Explained(
        "units respond",
        _GROUP,
        "§6.1.1",
        "Sigmoids and tanhs are not at the ends of their range, where hardly any gradient passes.",
        "σ′(x) = σ(x)(1 − σ(x)): 0.25 at 0, 4.5·10⁻⁵ at 10",
        (
            "weights that start too large",
            "inputs that are not standardized",
            "a learning rate that is too large",
        ),
        ("--init auto", "--preprocess standardize", "relu in --arch", "bn before the activation"),
    ),
)
