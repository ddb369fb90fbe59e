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
from dspy_worker.runtime.modules.react import MakeTools, ReAct
from dspy_worker.runtime.modules.refine import Refine

# Only of these are the outputs those of a single answer, so that they can be told while it comes in.
OF_ONE_ANSWER = frozenset({"Predict", "ChainOfThought"})

Make = Callable[[type[dspy.Signature], ProgramConfig, MakeTools], dspy.Module]


def _without_tools(make: Callable[[type[dspy.Signature], ProgramConfig], dspy.Module]) -> Make:
    return lambda signature, config, _make_tools: make(signature, config)


MODULES: Mapping[ModuleName, Make] = MappingProxyType(
    {
        "Predict": _without_tools(lambda signature, _config: dspy.Predict(signature)),
        "ChainOfThought": _without_tools(lambda signature, _config: chain_of_thought(signature)),
        "Majority": _without_tools(Majority),
        "MultiChainComparison": _without_tools(MultiChainComparison),
        "BestOfN": _without_tools(BestOfN),
        "Refine": _without_tools(Refine),
        "ReAct": ReAct,
    }
)


def build_module(
    name: str, signature: type[dspy.Signature], config: ProgramConfig, make_tools: MakeTools
) -> dspy.Module:
    """Makes a module over a signature; raises `UnsupportedOption` for a name or a tool that there is not."""
    for known, make in MODULES.items():
        if known == name:
            return make(signature, config, make_tools)
    message = f'Module "{name}" is not known to this worker. It runs {", ".join(MODULES)}.'
    raise UnsupportedOption(message)
