"""`dspy.LabeledFewShot`: training examples as demos, drawn by chance. Asks no model."""

import dspy

from dspy_worker.contracts.messages import LabeledFewShotSettings
from dspy_worker.optimize.optimizers.task import Task, given

K = 16


def labeled_few_shot(settings: LabeledFewShotSettings, task: Task) -> dspy.Module:
    """Returns the program with `k` demos; DSPy always draws alike, so the seed has its say in the order."""
    return dspy.LabeledFewShot(k=given(settings.k, K)).compile(task.student, trainset=task.drawn_trainset())


def planned_trials(_settings: LabeledFewShotSettings) -> int:
    """Returns the program as it was, and the one with demos."""
    return 2
