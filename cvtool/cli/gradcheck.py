"""``cvtool gradcheck`` says whether the analytic gradients are right."""

from typing import Any

from cvtool.cli.options import CHECK_FAILED, AsJson, SettingsFile, choices, settle
from cvtool.config import GradcheckConfig


@choices(GradcheckConfig)
def gradcheck(given: dict[str, Any], config: SettingsFile = None, as_json: AsJson = False) -> int:
    """Hold analytic gradients against central differences.

    Without options it checks everything that can be differentiated: layers, losses, penalties and
    whole networks.
    """
    settings = settle(GradcheckConfig, config, given)

    from cvtool.experiments.gradcheck import gradcheck
    from cvtool.render.watching import watch

    return 0 if watch(gradcheck(settings), as_json=as_json).ok else CHECK_FAILED
