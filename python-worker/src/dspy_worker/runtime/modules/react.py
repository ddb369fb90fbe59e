"""The module ReAct: a model that calls tools until it can answer."""

from collections.abc import Callable, Sequence

import dspy

from dspy_worker.contracts.messages import ProgramConfig

_MAX_ITERS = 10

# Makes the tools of those names; raises `UnsupportedOption` for one that the program was not granted.
MakeTools = Callable[[Sequence[str]], Sequence[dspy.Tool]]


class ReAct(dspy.ReAct):  # type: ignore[misc]
    """`dspy.ReAct` with the tools that a program names."""

    def __init__(self, signature: type[dspy.Signature], config: ProgramConfig, make_tools: MakeTools) -> None:
        """Makes the tools; raises `UnsupportedOption` for one that the program was not granted."""
        names = config.tools if isinstance(config.tools, list) else []
        max_iters = config.max_iters if isinstance(config.max_iters, int) else _MAX_ITERS
        super().__init__(signature, tools=list(make_tools(names)), max_iters=max_iters)
