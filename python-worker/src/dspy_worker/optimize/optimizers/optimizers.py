"""The optimisers that a run can use. A new one is a file beside this and a line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import dspy

from dspy_worker.contracts.messages import OptimizerV1
from dspy_worker.failures import UnsupportedOption
from dspy_worker.optimize.optimizers import bootstrap_few_shot, gepa, labeled_few_shot, mipro_v2, random_search
from dspy_worker.optimize.optimizers.task import Task


@dataclass(frozen=True, slots=True)
class Optimizer:
    """One of DSPy's optimisers, for settings of its own.

    Attributes:
        compile: Returns the program that it found best; the student stays as it is.
        planned_trials: How many evaluations of candidates the run will make, None if that cannot be said.
        scores_parent: Whether the program as it is is the first that the optimiser itself scores on validation.

    """

    compile: Callable[[Any, Task], dspy.Module]
    planned_trials: Callable[[Any], int | None]
    scores_parent: bool = False


OPTIMIZERS: Mapping[str, Optimizer] = MappingProxyType(
    {
        "LabeledFewShot": Optimizer(labeled_few_shot.labeled_few_shot, labeled_few_shot.planned_trials),
        "BootstrapFewShot": Optimizer(bootstrap_few_shot.bootstrap_few_shot, bootstrap_few_shot.planned_trials),
        "BootstrapFewShotWithRandomSearch": Optimizer(random_search.random_search, random_search.planned_trials),
        "MIPROv2": Optimizer(mipro_v2.mipro_v2, mipro_v2.planned_trials, scores_parent=True),
        "GEPA": Optimizer(gepa.gepa, gepa.planned_trials, scores_parent=True),
    }
)


def find_optimizer(chosen: OptimizerV1) -> Optimizer:
    """Returns the optimiser of that name; raises `UnsupportedOption` if this worker does not have it."""
    if (optimizer := OPTIMIZERS.get(chosen.name)) is not None:
        return optimizer
    message = f'Optimiser "{chosen.name}" is not known to this worker. It has {", ".join(OPTIMIZERS)}.'
    raise UnsupportedOption(message)
