"""``cvtool graph`` shows how gradients flow back through an expression."""

from pathlib import Path
from typing import Annotated

import typer

from cvtool.cli.options import CHECK_FAILED, AsJson
from cvtool.errors import UsageError

Expression = Annotated[str, typer.Argument(metavar="EXPRESSION", help='such as "max(0, w*x)"')]
Values = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME=VALUE…", help="w=-3, x=[1,2], W=[[1,2],[3,4]]"),
]
Collapse = Annotated[
    list[str] | None,
    typer.Option("--collapse", metavar="WORD", help="merge nodes into one: sigmoid, linear"),
]
PictureFile = Annotated[
    Path | None, typer.Option("--picture", metavar="FILE.png", help="draw the graph as well")
]


def graph(
    expression: Expression,
    values: Values = None,
    collapse: Collapse = None,
    picture: PictureFile = None,
    as_json: AsJson = False,
) -> int:
    """Differentiate an expression: values forward, gradients back, differences beside them.

    It may hold + - * / ** @, exp, log, sqrt, sin, cos, tanh, sigmoid, relu, abs, max(a, b),
    min(a, b) and sum(a), of numbers, vectors and matrices.
    """
    for each in values or ():
        if each.startswith("--"):
            raise UsageError(f"there is no option {each}: see cvtool graph --help")
    if picture and picture.suffix.lower() != ".png":
        raise UsageError(f"--picture takes a name that ends in .png, not {picture}: add .png")

    from cvtool.experiments.graph import graph
    from cvtool.render import show

    result = graph(expression, values or (), collapse or ())
    if picture:
        from cvtool.render.plots import draw_graph

        draw_graph(result, picture)
    show(result, as_json=as_json)
    return 0 if result.ok else CHECK_FAILED
