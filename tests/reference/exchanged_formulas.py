"""Formulas to take elsewhere: every kind of layer alone, and chains of chance."""

from hypothesis import assume
from hypothesis import strategies as st

from cvtool.errors import UsageError
from cvtool.layers.chain import Chain
from cvtool.models.architecture import complete, parse

IMAGE = (9, 8, 4)

ALONE = (
    *("conv3-4", "conv3-4/2", "conv4-3/3p2", "conv2x3-2p0", "conv5x3-4", "conv1-3", "conv2-4"),
    *(
        "maxpool2",
        "maxpool3/2",
        "maxpool2/3",
        "avgpool2",
        "avgpool3/1",
        "gap",
        "fc-5 + relu",
        "flatten",
    ),
    *("relu", "leaky-relu0.1", "prelu", "elu0.5", "sigmoid", "tanh", "maxout2", "bn", "dropout0.5"),
    "res(conv3-4 + relu + conv3-4)",
    "res(conv3-8/2 + bn + relu + conv3-8 + bn) + relu",
    "res0.5(conv3-4 + relu + conv3-4)",
    "res(res(conv1-4 + relu) + conv3-6)",
    # What stands between a flatten and the weights behind it has the flatten's order.
    "flatten + prelu + bn + dropout0.5 + leaky-relu0.2 + flatten + fc-6 + bn",
    "flatten + maxout3 + fc-6 + tanh",
    "flatten + res(fc-288 + tanh) + elu",
    "flatten + bn + res(bn + tanh)",
    "gap + flatten + prelu + bn + maxout2",
)

_IMAGES = st.sampled_from(
    [
        *("conv3-4", "conv2x3-8/2p1", "conv1-12", "maxpool2", "maxpool3/2", "avgpool2/1", "bn"),
        *("relu", "prelu", "elu", "leaky-relu0.2", "tanh", "sigmoid", "dropout0.3", "maxout2"),
        *("res(bn + tanh)", "res(conv3-8/2 + bn)", "res0.7(conv3-8 + prelu + conv1-8)"),
    ]
)
_ROWS = st.sampled_from(
    ["fc-12", "fc-8", "bn", "prelu", "relu", "elu2", "dropout0.3", "maxout2", "res(bn + tanh)"]
)


@st.composite
def formulas(draw):
    """Draw a formula that fits the image."""
    words = draw(st.lists(_IMAGES, max_size=5)) + draw(st.sampled_from([[], ["flatten"], ["gap"]]))
    words += draw(st.lists(_ROWS, max_size=4)) if words[-1:] in (["flatten"], ["gap"]) else []
    text = " + ".join([*words, "relu"])
    try:
        Chain(complete(parse(text), 3).layers).bind(IMAGE)
    except UsageError:
        assume(False)
    return text
