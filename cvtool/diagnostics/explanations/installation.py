"""Verdicts on installations and machines, explained."""

from cvtool.records import Explained

_GROUP = "doctor"
_SECTION = "§5.1"  # what all of this is for: convolutions take the time


def _explained(
    name: str, meaning: str, causes: tuple[str, ...], remedies: tuple[str, ...]
) -> Explained:
    return Explained(name, _GROUP, _SECTION, meaning, "", causes, remedies)


INSTALLATION = (
    _explained(
        "core",
        "The libraries that kernels are compiled with can be loaded, and kernels run.",
        ("versions of NumPy and numba that do not go together", "a broken installation"),
        ("install cvtool in a virtual environment of its own",),
    ),
    _explained(
        "processor settings",
        "Kernels are compiled for the processor there is, and not for one that numba was told of.",
        ("NUMBA_CPU_NAME or NUMBA_CPU_FEATURES in the environment",),
        ("unset them, unless you want the same bits as on that processor",),
    ),
    _explained(
        "register tile",
        "All convolutions and products are made of a tile that stays in registers; there is one "
        "for AVX-512, for AVX2 and for NEON, and a portable one.",
        ("a processor from before 2013", "an emulator, or a virtual machine that hides features"),
        ("let the virtual machine have the host's processor", "another machine"),
    ),
    _explained(
        "threads",
        "Kernels use a thread for each processor, and each has a processor to itself.",
        ("a container that is granted less time", "taskset, a batch system, NUMBA_NUM_THREADS"),
        ("--threads, no more than there are processors", "grant the container more"),
    ),
    _explained(
        "quiet machine",
        "The same work takes the same time, again and again: the median round is not much slower "
        "than the best.",
        ("other programs", "other users", "a processor that gets too hot and slows down"),
        ("measure again later", "--threads, to leave others a processor"),
    ),
    _explained(
        "speed",
        "Real convolutions and products reach a good share of what the register tile alone does "
        "on data in the first cache.",
        ("others who use the memory", "a machine that is not quiet"),
        ("measure again when nothing else runs", "report what 'cvtool doctor' prints"),
    ),
    _explained(
        "memory",
        "There is memory for images, activations and weights.",
        ("other programs", "a container that is granted little"),
        ("--batch-size, smaller", "--limit, for fewer images"),
    ),
    _explained(
        "folder",
        "Compiled kernels, data sets and runs can be written down, and there is room for them.",
        ("a disk that is nearly full", "folders of another user, or mounted to be read"),
        ("'cvtool data clean', which removes what can be made again", "work in another folder"),
    ),
    _explained(
        "terminal",
        "The terminal knows the signs that tables are made of, and is wide enough for them.",
        ("LANG=C", "an old code page of Windows", "a narrow window"),
        ("PYTHONUTF8=1 in the environment", "a wider window", "--json, for programs"),
    ),
)
