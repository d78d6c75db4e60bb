"""``python -m cvtool`` is ``cvtool``."""

import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line, which an interruption ends in silence even while it is imported."""
    try:
        from cvtool.cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
