"""Checks of ``sanity-check``, explained."""

from cvtool.records import Explained

_GROUP = "sanity-check"


def _check(
    name: str,
    section: str,
    meaning: str,
    formula: str,
    causes: tuple[str, ...],
    remedies: tuple[str, ...],
) -> Explained:
    return Explained(name, _GROUP, section, meaning, formula, causes, remedies)


SANITY = (
    _check(
        "initial loss",
        "§3.1",
        "Before anything is learned the loss is that of guessing.",
        "ln C for softmax, C − 1 for the SVM",
        ("weights that start too large", "pixels that are not scaled", "softmax applied twice"),
        ("--init auto", "--preprocess standardize"),
    ),
    _check(
        "regularization",
        "§3.2",
        "A penalty raises the loss, by the amount it should.",
        "λΣw², λΣ|w| or λΣ(βw² + |w|)",
        ("a penalty that is forgotten, or counted twice",),
        ("compare --strength 0 with a large one",),
    ),
    _check(
        "tiny subset",
        "§6.6",
        "A few images without regularization are learned by heart. What cannot do that cannot "
        "learn more.",
        "accuracy 100 %, loss near 0",
        (
            "a layer that is frozen or gets no gradient",
            "a rate far too small or large",
            "labels that change places with respect to images",
        ),
        ("cvtool gradcheck", "another --learning-rate", "--init auto"),
    ),
    _check(
        "gradients",
        "§6.3",
        "Gradients of the weights keep their scale from the last layer to the first: none "
        "vanishes or explodes.",
        "deviation of ∂L/∂W, layer by layer",
        ("weights of the wrong variance", "many saturating activations in a row"),
        ("--init auto", "relu and bn in --arch"),
    ),
    _check(
        "mixed batches",
        "§3.3",
        "A batch holds as many classes as chance would give it, so that its gradient stands for "
        "that of all images.",
        "C·(1 − (1 − 1/C)ᴮ) classes in B images",
        ("images sorted by class that are not shuffled",),
        ("shuffle before each epoch",),
    ),
    _check(
        "learns from images",
        "§6.6",
        "After a few steps validation images are classified better than by naming the largest "
        "class.",
        "accuracy > largest share of a class",
        ("labels that do not belong to the images", "a gradient that is lost on its way"),
        ("cvtool data check", "cvtool gradcheck", "another --learning-rate"),
    ),
    _check(
        "shuffled labels",
        "§2.2",
        "With labels dealt out at random validation accuracy stays at chance. More means that "
        "labels leak.",
        "accuracy ≈ largest share of a class",
        ("validation images among the training images", "labels hidden in pixels or in the order"),
        ("cvtool data check",),
    ),
    _check(
        "zeroed inputs",
        "§6.6",
        "Where all pixels are zero, nothing but how frequent classes are can be learned.",
        "loss ≥ −Σ pₖ ln pₖ",
        ("labels that leak into the input", "an unshuffled order"),
        ("cvtool data check",),
    ),
    _check(
        "activations",
        "§6.3",
        "Outputs of every layer keep their scale at the start: none vanishes, explodes, is dead "
        "or saturated.",
        "deviation of each layer about that of its input",
        ("weights of the wrong variance", "inputs that are not standardized"),
        ("--init auto", "bn after each convolution in --arch"),
    ),
    _check(
        "asymmetry",
        "§6.3",
        "No two neurons of a layer are equal. Equal ones have equal gradients and stay equal.",
        "",
        ("weights that all start from zero or one constant",),
        ("--init auto",),
    ),
    _check(
        "everything moves",
        "§6.6",
        "One step changes every parameter tensor.",
        "",
        ("a layer without a gradient", "dead units", "a rate of zero"),
        ("cvtool gradcheck", "leaky-relu in --arch"),
    ),
    _check(
        "update size",
        "§6.5",
        "A step moves weights by about a thousandth of their size.",
        "‖Δw‖ / ‖w‖ ≈ 10⁻³",
        ("a rate that is too large or too small",),
        ("multiply --learning-rate by 10⁻³ over the ratio",),
    ),
    _check(
        "descent",
        "§3.3",
        "A small step against the gradient lowers the loss.",
        "L(w − η∇L) < L(w)",
        ("a gradient with the wrong sign, or of another loss",),
        ("cvtool gradcheck",),
    ),
    _check(
        "batch independence",
        "§6.4",
        "At inference the output for an image does not depend on the others of its batch.",
        "",
        ("batch statistics used at inference",),
        ("use running statistics",),
    ),
    _check(
        "modes agree",
        "§6.4",
        "Without dropout and batch norm, training and inference give the same outputs.",
        "",
        ("dropout that does not scale", "running statistics that are wrong"),
        ("scale kept activations by 1/p while training",),
    ),
    _check(
        "training statistics",
        "§6.2",
        "Means and deviations are those of the training images alone, and are applied once.",
        "",
        ("statistics over all images", "standardizing twice"),
        ("fit on the training part only",),
    ),
    _check(
        "disjoint parts",
        "§2.2",
        "No image is both learned from and examined on.",
        "",
        ("duplicates across parts",),
        ("cvtool data check --fix",),
    ),
    _check(
        "labels",
        "§2",
        "Labels are whole numbers from 0 to below C, and every class occurs.",
        "0 ≤ y < C",
        ("labels that count from 1", "the wrong number of classes"),
        ("cvtool data check",),
    ),
    _check(
        "input range",
        "§6.2",
        "Pixels arrive about centered and with a deviation near one.",
        "",
        ("bytes that were not scaled", "division by 255 twice"),
        ("--preprocess standardize",),
    ),
    _check(
        "learning rate",
        "§6.5",
        "The rate lies within the band where loss falls, which a range test finds: it raises the "
        "rate step by step until the loss explodes.",
        "",
        ("a rate that was chosen for another batch size, optimizer or network",),
        ("a --learning-rate from the band that is named",),
    ),
)
