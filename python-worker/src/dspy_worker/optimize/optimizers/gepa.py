"""`dspy.GEPA`: the model reflects on wrong answers and writes better instructions (L. Agrawal et al., 2025)."""

import dspy
from dspy.teleprompt.gepa.instruction_proposal import InstructionProposer

from dspy_worker.contracts.messages import GEPASettings
from dspy_worker.optimize.optimizers.task import Task, given

MAX_METRIC_CALLS = 400
REFLECTION_MINIBATCH_SIZE = 3
CANDIDATE_SELECTION = "pareto"
# What DSPy advises for the model that reflects, so that it does not propose the same twice.
REFLECTION_TEMPERATURE = 1.0


def gepa(settings: GEPASettings, task: Task) -> dspy.Module:
    """Returns the candidate with the best mean on validation."""
    optimizer = dspy.GEPA(
        metric=task.metric.explain,
        max_metric_calls=given(settings.max_metric_calls, MAX_METRIC_CALLS),
        reflection_minibatch_size=given(settings.reflection_minibatch_size, REFLECTION_MINIBATCH_SIZE),
        candidate_selection_strategy=given(settings.candidate_selection, CANDIDATE_SELECTION),
        use_merge=given(settings.use_merge, True),
        # DSPy's own JSON adapter would not mend what a model writes nearly right.
        instruction_proposer=InstructionProposer(adapter=task.json_adapter),
        reflection_lm=task.lm.copy(temperature=REFLECTION_TEMPERATURE),
        num_threads=task.threads,
        seed=task.seed,
    )
    return optimizer.compile(task.student, trainset=list(task.trainset), valset=list(task.valset))


def planned_trials(_settings: GEPASettings) -> None:
    """Says that nobody knows: the budget is one of answers, and most trials are of a few examples."""
