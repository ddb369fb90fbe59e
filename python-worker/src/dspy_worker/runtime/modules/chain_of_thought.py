"""The module ChainOfThought: a reasoning before the outputs."""

import dspy

REASONING = "reasoning"


def chain_of_thought(signature: type[dspy.Signature], **settings: float) -> dspy.Module:
    """Makes `dspy.ChainOfThought`; settings are those of its predictor."""
    declared = signature.output_fields.get(REASONING)
    if declared is None:
        return dspy.ChainOfThought(signature, **settings)
    # A declared reasoning keeps its type, but has to come before what it leads to.
    return dspy.ChainOfThought(signature.delete(REASONING), rationale_field=declared, **settings)
