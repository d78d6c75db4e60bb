"""``export``: a trained network in files that other programs read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cvtool.errors import UsageError
from cvtool.experiments.trained import Trained, bring_back
from cvtool.files import write_together
from cvtool.models.exchange.channels_first import channels_first
from cvtool.models.exchange.exchanged_model import ExchangedModel
from cvtool.models.exchange.onnx_graph import check_onnx, onnx_file
from cvtool.models.exchange.pytorch_program import program_path, pytorch_program
from cvtool.models.exchange.pytorch_weights import pytorch_arrays
from cvtool.models.exchange.safetensors_file import safetensors_file
from cvtool.records import ExportedModel
from cvtool.runs import RunFolder

Contents = dict[Path, bytes]
"""What to write, the file with the weights first."""


@dataclass(frozen=True)
class Format:
    """How a format is written.

    Parameters
    ----------
    suffix
        What names of its files end in.
    contents
        Makes the files of what is to be written at a path.
    paths
        Names these files beforehand.
    takes_features
        Whether it can hold a network that sees features in the place of pixels.
    prepare
        Looks whether all is there that it takes.
    """

    suffix: str
    contents: Callable[[Trained, ExchangedModel, Path], Contents]
    paths: Callable[[Path], tuple[Path, ...]] = lambda path: (path,)
    takes_features: bool = False
    prepare: Callable[[], None] = lambda: None


def export(run: str, *, format: str, to: Path | None) -> ExportedModel:
    """Write the best weights of a run, with preprocessing and names of classes, at ``to``.

    Parameters
    ----------
    run
        Name or path of a run of ``train-cnn`` or ``linear``.
    format
        ``onnx``, ``safetensors`` or ``pytorch``.
    to
        The file; named after the run, in the working folder, unless said.

    Raises
    ------
    UsageError
        If the format is not known, cannot hold this network, or lacks its library, or if the file
        is there already or has another ending.
    DataError
        If the run cannot be read.
    """
    if format not in FORMATS:
        raise UsageError(f"--format does not know '{format}': choose one of {', '.join(FORMATS)}")
    form = FORMATS[format]
    form.prepare()
    path = to or Path(RunFolder.open(run).path.resolve().name + form.suffix)
    _check_names(path, form, format)
    trained = bring_back(run)
    if not (form.takes_features or trained.view.features.is_pixels):
        raise UsageError(
            f"{run} sees --features {trained.config.features}, which are computed before its "
            f"network and have no place in --format {format}: choose --format safetensors"
        )
    exchanged = _exchanged(trained)
    contents = form.contents(trained, exchanged, path)
    write_together(contents)
    return ExportedModel(
        path=str(path),
        files=tuple(map(str, contents)),
        format=format,
        run=str(trained.folder.path),
        parameters=exchanged.parameters,
        bytes=sum(map(len, contents.values())),
        input_shape=exchanged.input_shape,
        input_type=exchanged.input_type,
        classes=exchanged.classes,
    )


def _check_names(path: Path, form: Format, format: str) -> None:
    """Refuse a name that says something else, or is taken, before any work."""
    if path.suffix.lower() != form.suffix:
        raise UsageError(
            f"--to takes a name that ends in {form.suffix} for --format {format}, not {path}: "
            f"add {form.suffix}"
        )
    for each in form.paths(path):
        if each.exists():
            raise UsageError(f"there is {each} already: choose another name for --to")


def _exchanged(trained: Trained) -> ExchangedModel:
    """Gather what goes along with the network."""
    config, is_pixels = trained.config, trained.view.features.is_pixels
    said = {
        "run": trained.folder.path.resolve().name,
        "dataset": config.dataset,
        "features": config.features,
    }
    return ExchangedModel(
        network=trained.network,
        preprocessing=trained.view.preprocessing,
        stored=trained.image_type if is_pixels else "float32",
        classes=trained.classes,
        # Names of files need not be text, and words in files have to be.
        origin={key: text.encode(errors="backslashreplace").decode() for key, text in said.items()},
    )


def _onnx(_: Trained, exchanged: ExchangedModel, path: Path) -> Contents:
    return {path: onnx_file(exchanged)}


def _safetensors(trained: Trained, exchanged: ExchangedModel, path: Path) -> Contents:
    arrays = dict(exchanged.network.arrays())
    for group, part in (
        ("preprocessing", exchanged.preprocessing),
        ("features", trained.view.features),
    ):
        arrays |= {f"{group}/{name}": array for name, array in part.to_arrays().items()}
    return {path: safetensors_file(arrays, exchanged.facts())}


def _pytorch(_: Trained, exchanged: ExchangedModel, path: Path) -> Contents:
    steps = channels_first(exchanged.network.chain.layers)
    words = {"format": "pt", **exchanged.facts()}
    return {
        path: safetensors_file(pytorch_arrays(exchanged, steps), words),
        program_path(path): pytorch_program(exchanged, steps, path).encode(),
    }


FORMATS: Mapping[str, Format] = {
    "onnx": Format(".onnx", _onnx, prepare=check_onnx),
    "safetensors": Format(".safetensors", _safetensors, takes_features=True),
    "pytorch": Format(
        ".safetensors", _pytorch, paths=lambda weights: (weights, program_path(weights))
    ),
}
