"""What an optimiser left in a module, in the form in which DSPy saves it and the registry keeps it."""

import copy
from collections.abc import Mapping
from typing import Any

import dspy


def learned_state(module: dspy.Module, inner_names: Mapping[str, str]) -> dict[str, Any]:
    """Returns the state of a module as JSON, with demos under the names that fields have in their signature."""
    outer_names = {inner: name for name, inner in inner_names.items()}
    state: dict[str, Any] = copy.deepcopy(module.dump_state())
    for part in [state] if isinstance(module, dspy.Predict) else state.values():
        part["demos"] = [_with_outer_names(demo, outer_names) for demo in part["demos"]]
    return state


def _with_outer_names(demo: Mapping[str, Any], outer_names: Mapping[str, str]) -> dict[str, Any]:
    return {outer_names.get(name, name): value for name, value in demo.items()}
