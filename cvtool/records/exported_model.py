"""A trained network in a file that other programs read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ExportedModel:
    """What was written of a run.

    Parameters
    ----------
    path
        The file with the weights.
    files
        All files, that one first.
    format
        ``onnx``, ``safetensors`` or ``pytorch``.
    run
        Path of the run folder.
    parameters
        How many numbers have been learned.
    bytes
        Of all files together.
    input_shape, input_type
        ``(height, width, channels)`` and type of one image as it is stored, or of its features.
    classes
        Their names, in the order of the scores.
    """

    path: str
    files: tuple[str, ...]
    format: str
    run: str
    parameters: int
    bytes: int
    input_shape: tuple[int, ...]
    input_type: str
    classes: tuple[str, ...]
