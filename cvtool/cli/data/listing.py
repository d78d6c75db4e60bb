"""``cvtool data list`` says which data sets there are."""

from cvtool.cli.options import AsJson


def list_datasets(as_json: AsJson = False) -> None:
    """List data sets: embedded, imported, and those that can be fetched."""
    from cvtool.experiments.data_list import list_datasets
    from cvtool.render import show

    show(list_datasets(), as_json=as_json)
