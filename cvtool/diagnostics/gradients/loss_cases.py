"""The losses and the penalties, each apart, and once together."""

from collections.abc import Iterator
from functools import partial

from cvtool.diagnostics.gradients.case import Case, Setting
from cvtool.diagnostics.gradients.subjects import (
    ChainSubject,
    Judgement,
    LossSubject,
    PenaltySubject,
    Regularization,
)
from cvtool.layers.base import Parameter
from cvtool.layers.chain import Chain
from cvtool.layers.initialization import he
from cvtool.losses.registry import LOSSES
from cvtool.models.architecture import parse
from cvtool.seeds import stream

IMAGES, CLASSES = 6, 5
KINDS = ("l2", "l1", "elastic-net")


def loss_cases() -> Iterator[Case]:
    """Name the data losses, the penalties, and their sum."""
    for name in LOSSES:
        yield Case(f"{name} loss", "loss", partial(_loss, name))
    for kind in KINDS:
        yield Case(f"{kind} penalty", "regularization", partial(_penalty, kind))
    for kind in KINDS:
        yield Case(f"softmax loss and {kind} penalty", "regularization", partial(_both, kind))


def _loss(name: str, setting: Setting) -> LossSubject:
    random = stream(setting.seed, "gradcheck", name)
    scores = random.normal(0, 1, (IMAGES, CLASSES)).astype(setting.dtype)
    return LossSubject(scores, Judgement(name, random.integers(0, CLASSES, IMAGES)))


def _penalty(kind: str, setting: Setting) -> PenaltySubject:
    random = stream(setting.seed, "gradcheck", kind)
    weights = random.normal(0, 1, (4, 3)).astype(setting.dtype)
    return PenaltySubject([Parameter("weights", weights)], Regularization(kind))


def _both(kind: str, setting: Setting) -> ChainSubject:
    random = stream(setting.seed, "gradcheck", "both")
    chain = Chain(parse(f"fc-{CLASSES}").layers[-1:])
    chain.bind((7,))
    chain.layers[0].initialize(he, random, setting.dtype)
    inputs = random.normal(0, 1, (IMAGES, 7)).astype(setting.dtype)
    judgement = Judgement("softmax", random.integers(0, CLASSES, IMAGES))
    return ChainSubject(chain, inputs, judgement, regularization=Regularization(kind))
