"""`dspy.MIPROv2`: instructions that the model proposes, combined with sets of demos by a Bayesian search."""

import dspy

from dspy_worker.contracts.messages import MIPROv2Settings
from dspy_worker.optimize.optimizers.bootstrap_few_shot import METRIC_THRESHOLD
from dspy_worker.optimize.optimizers.task import Task, given

NUM_CANDIDATES = 6
NUM_TRIALS = 12
MAX_DEMOS = 4
INIT_TEMPERATURE = 1.0


def mipro_v2(settings: MIPROv2Settings, task: Task) -> dspy.Module:
    """Returns the best combination; each is tried on all validation examples.

    The proposer is not shown the code of the module, which is the platform's and says nothing of the task.
    """
    optimizer = dspy.MIPROv2(
        metric=task.metric.score,
        prompt_model=task.lm,
        task_model=task.lm,
        auto=None,
        num_candidates=given(settings.num_candidates, NUM_CANDIDATES),
        max_bootstrapped_demos=given(settings.max_bootstrapped_demos, MAX_DEMOS),
        max_labeled_demos=given(settings.max_labeled_demos, MAX_DEMOS),
        metric_threshold=given(settings.metric_threshold, METRIC_THRESHOLD),
        init_temperature=given(settings.init_temperature, INIT_TEMPERATURE),
        num_threads=task.threads,
        seed=task.seed,
        track_stats=False,
    )
    return optimizer.compile(
        task.student,
        trainset=list(task.trainset),
        valset=list(task.valset),
        num_trials=given(settings.num_trials, NUM_TRIALS),
        minibatch=False,
        program_aware_proposer=False,
    )


def planned_trials(settings: MIPROv2Settings) -> int:
    """Returns the program as it was, and the combinations."""
    return 1 + int(given(settings.num_trials, NUM_TRIALS))
