"""Whoever carries trials out: this process, several, or a cluster.

An executor is told of trials and says when each begins, how far it is, and what came of it, in
whatever order that happens.
"""

from cvtool.tuning.executors.cluster import Cluster
from cvtool.tuning.executors.executor import Executor
from cvtool.tuning.executors.here import Here
from cvtool.tuning.executors.processes import Processes

__all__ = ["Cluster", "Executor", "Here", "Processes"]
