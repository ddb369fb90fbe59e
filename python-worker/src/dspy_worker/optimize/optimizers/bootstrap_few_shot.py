"""`dspy.BootstrapFewShot`: demos made of the program's own answers to training examples that scored well."""

from typing import Any

import dspy

from dspy_worker.contracts.messages import BootstrapFewShotSettings, RandomSearchSettings
from dspy_worker.optimize.optimizers.task import Task, given

MAX_BOOTSTRAPPED_DEMOS = 4
MAX_LABELED_DEMOS = 16
MAX_ROUNDS = 1
# DSPy itself takes any answer that does not score 0.
METRIC_THRESHOLD = 1.0


def bootstrap_few_shot(settings: BootstrapFewShotSettings, task: Task) -> dspy.Module:
    """Returns the program with demos of both kinds; the seed draws the order in which examples are tried."""
    optimizer = dspy.BootstrapFewShot(metric=task.metric.score, **bootstrapping(settings))
    return optimizer.compile(task.student, trainset=task.drawn_trainset())


def bootstrapping(settings: BootstrapFewShotSettings | RandomSearchSettings) -> dict[str, Any]:
    """Returns the settings under DSPy's names."""
    return {
        "max_bootstrapped_demos": given(settings.max_bootstrapped_demos, MAX_BOOTSTRAPPED_DEMOS),
        "max_labeled_demos": given(settings.max_labeled_demos, MAX_LABELED_DEMOS),
        "max_rounds": given(settings.max_rounds, MAX_ROUNDS),
        "metric_threshold": given(settings.metric_threshold, METRIC_THRESHOLD),
    }


def planned_trials(_settings: BootstrapFewShotSettings) -> int:
    """Returns the program as it was, and the one with demos."""
    return 2
