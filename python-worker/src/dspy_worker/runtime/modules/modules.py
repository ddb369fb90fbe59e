"""The DSPy modules a program can be made of."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import dspy

from dspy_worker.contracts.messages import ModuleName, ProgramConfig
from dspy_worker.failures import UnsupportedOption
from dspy_worker.runtime.modules.best_of_n import BestOfN
from dspy_worker.runtime.modules.chain_of_thought import chain_of_thought
from dspy_worker.runtime.modules.majority import Majority
from dspy_worker.runtime.modules.multi_chain_comparison import MultiChainComparison
from dspy_worker.runtime.modules.refine import Refine

# Only of these are the outputs those of a single answer, so that they can be told while it comes in.
OF_ONE_ANSWER = frozenset({"Predict", "ChainOfThought"})

MODULES: Mapping[ModuleName, Callable[[type[dspy.Signature], ProgramConfig], dspy.Module]] = MappingProxyType(
    {
        "Predict": lambda signature, _config: dspy.Predict(signature),
        "ChainOfThought": lambda signature, _config: chain_of_thought(signature),
        "Majority": Majority,
        "MultiChainComparison": MultiChainComparison,
        "BestOfN": BestOfN,
        "Refine": Refine,
    }
)


def build_module(name: str, signature: type[dspy.Signature], config: ProgramConfig) -> dspy.Module:
    """Makes a module over a signature; raises `UnsupportedOption` for a name that is not in the table."""
    for known, make in MODULES.items():
        if known == name:
            return make(signature, config)
    message = f'Module "{name}" is not known to this worker. It runs {", ".join(MODULES)}.'
    raise UnsupportedOption(message)
