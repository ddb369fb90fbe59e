"""The DSPy modules a program can be made of."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import dspy

from dspy_worker.contracts.messages import ModuleName, ProgramConfig
from dspy_worker.failures import UnsupportedOption
from dspy_worker.runtime.program.majority import Majority

REASONING = "reasoning"
# Only of these are the outputs those of a single answer, so that they can be told while it comes in.
OF_ONE_ANSWER = frozenset({"Predict", "ChainOfThought"})


def _predict(signature: type[dspy.Signature], _config: ProgramConfig) -> dspy.Module:
    return dspy.Predict(signature)


def _chain_of_thought(signature: type[dspy.Signature], _config: ProgramConfig) -> dspy.Module:
    declared = signature.output_fields.get(REASONING)
    if declared is None:
        return dspy.ChainOfThought(signature)
    # A declared reasoning keeps its type, but has to come before what it leads to.
    return dspy.ChainOfThought(signature.delete(REASONING), rationale_field=declared)


MODULES: Mapping[ModuleName, Callable[[type[dspy.Signature], ProgramConfig], dspy.Module]] = MappingProxyType(
    {"Predict": _predict, "ChainOfThought": _chain_of_thought, "Majority": Majority}
)


def build_module(name: str, signature: type[dspy.Signature], config: ProgramConfig) -> dspy.Module:
    """Makes a module over a signature; raises `UnsupportedOption` for a name that is not in the table."""
    for known, make in MODULES.items():
        if known == name:
            return make(signature, config)
    message = f'Module "{name}" is not known to this worker. It runs {", ".join(MODULES)}.'
    raise UnsupportedOption(message)
