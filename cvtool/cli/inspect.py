"""``cvtool inspect`` looks inside a trained network."""

from typing import Annotated, Any

import typer

from cvtool.cli.options import AsJson, RunName, choices
from cvtool.config import InspectConfig

Images = Annotated[
    list[str] | None,
    typer.Argument(metavar="IMAGE", help="image files; validation images unless named"),
]


@choices(InspectConfig)
def inspect(
    run: RunName, given: dict[str, Any], images: Images = None, as_json: AsJson = False
) -> None:
    """Show what excites each filter, what layers make of images, and where decisions come from."""
    config = InspectConfig(**given)

    from cvtool.experiments.inspect import inspect
    from cvtool.render.inspecting import show
    from cvtool.runs import RunFolder

    folder = RunFolder.open(run).inside
    show(inspect(run, images or [], config), folder, as_json=as_json)
