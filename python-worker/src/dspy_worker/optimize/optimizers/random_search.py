"""`dspy.BootstrapFewShotWithRandomSearch`: several sets of demos, of which the best on validation is kept."""

import dspy

from dspy_worker.contracts.messages import RandomSearchSettings
from dspy_worker.optimize.optimizers.bootstrap_few_shot import bootstrapping
from dspy_worker.optimize.optimizers.task import Task, given

NUM_CANDIDATES = 16
# DSPy's own numbers: -3 is the program without demos, -2 has labelled ones only, -1 the first that could be made.
_FIRST_CANDIDATE = -2
_PERCENT = 100


def random_search(settings: RandomSearchSettings, task: Task) -> dspy.Module:
    """Returns the best of the candidates; the program as it was is scored by the run itself."""
    candidates = given(settings.num_candidates, NUM_CANDIDATES)
    stop_at = given(settings.stop_at_score, None)
    optimizer = dspy.BootstrapFewShotWithRandomSearch(
        metric=task.metric.score,
        num_candidate_programs=candidates,
        num_threads=task.threads,
        stop_at_score=None if stop_at is None else stop_at * _PERCENT,
        **bootstrapping(settings),
    )
    return optimizer.compile(
        task.student,
        trainset=task.drawn_trainset(),
        valset=list(task.valset),
        restrict=range(_FIRST_CANDIDATE, candidates),
    )


def planned_trials(settings: RandomSearchSettings) -> int:
    """Returns the program as it was, two fixed candidates, and those that are drawn."""
    return 1 - _FIRST_CANDIDATE + int(given(settings.num_candidates, NUM_CANDIDATES))
