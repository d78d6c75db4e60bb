"""``cvtool predict`` says what a trained run sees on images."""

from typing import Annotated, Any

import typer

from cvtool.cli.options import AsJson, RunName, choices
from cvtool.config import PredictConfig

Images = Annotated[list[str], typer.Argument(metavar="IMAGE", help="image files")]


@choices(PredictConfig)
def predict(run: RunName, images: Images, given: dict[str, Any], as_json: AsJson = False) -> None:
    """Name the class of image files, with probabilities."""
    top = PredictConfig(**given).top

    from cvtool.experiments.predict import predict
    from cvtool.render import show

    show(predict(run, images), as_json=as_json, top=top)
