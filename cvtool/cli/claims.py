"""``cvtool claims`` puts statements of the notes to the test."""

from typing import Any

from cvtool.cli.options import EXIT_CODES, AsJson, SettingsFile, choices, settle
from cvtool.config import ClaimsConfig


@choices(ClaimsConfig)
def claims(given: dict[str, Any], config: SettingsFile = None, as_json: AsJson = False) -> int:
    """Test what the notes claim: each statement that an experiment can settle.

    A claim that does not hold on these images is a result, not a failure: the exit code is 0.

    Without options it tests all of them, on real handwritten digits where images are needed.
    """
    settings = settle(ClaimsConfig, config, given)

    from cvtool.experiments.claims import claims, list_claims
    from cvtool.render import show
    from cvtool.render.watching import watch

    planned = list_claims(settings)
    if settings.list:
        show(planned, as_json=as_json)
        return 0
    results = watch(claims(settings), as_json=as_json)
    return EXIT_CODES["interrupted"] if len(results) < len(planned) else 0
