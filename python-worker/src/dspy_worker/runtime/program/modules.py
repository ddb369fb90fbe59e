"""The DSPy modules a program can be made of."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import dspy

from dspy_worker.contracts.messages import ModuleName
from dspy_worker.failures import UnsupportedOption

REASONING = "reasoning"
# Only of these are the outputs those of a single answer, so that they can be told while it comes in.
OF_ONE_ANSWER = frozenset({"Predict", "ChainOfThought"})


def _chain_of_thought(signature: type[dspy.Signature]) -> dspy.Module:
    declared = signature.output_fields.get(REASONING)
    if declared is None:
        return dspy.ChainOfThought(signature)
    # A declared reasoning keeps its type, but has to come before what it leads to.
    return dspy.ChainOfThought(signature.delete(REASONING), rationale_field=declared)


MODULES: Mapping[ModuleName, Callable[[Any], dspy.Module]] = MappingProxyType(
    {"Predict": dspy.Predict, "ChainOfThought": _chain_of_thought}
)


def build_module(name: str, signature: type[dspy.Signature]) -> dspy.Module:
    """Makes a module over a signature; raises `UnsupportedOption` for a name that is not in the table."""
    for known, make in MODULES.items():
        if known == name:
            return make(signature)
    message = f'Module "{name}" is not known to this worker. It runs {", ".join(MODULES)}.'
    raise UnsupportedOption(message)
