"""Data sets: which there are, where they come from, and whether to trust them."""

from cvtool.cli.data.check import check
from cvtool.cli.data.clean import clean
from cvtool.cli.data.fetch import fetch
from cvtool.cli.data.importing import import_dataset
from cvtool.cli.data.listing import list_datasets
from cvtool.cli.data.show import show_dataset

COMMANDS = {
    "list": list_datasets,
    "fetch": fetch,
    "import": import_dataset,
    "check": check,
    "show": show_dataset,
    "clean": clean,
}
