"""``python -m cvtool`` is ``cvtool``."""

from cvtool.cli.main import main

main()
