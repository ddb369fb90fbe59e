"""Gives a module what its program has learned: the JSON that DSPy saves, as the registry keeps it."""

import copy
from collections.abc import Mapping
from typing import Any

import dspy

from dspy_worker.contracts.messages import ProgramVersionV1
from dspy_worker.failures import WorkerFailure

# What DSPy names a module that is a predictor itself.
_ITSELF = "self"
# Settings of a saved model that say how answers are sampled, which holds for any model.
_SAMPLING = ("temperature", "max_tokens", "top_p")


def load_learned_state(
    module: dspy.Module, version: ProgramVersionV1, inner_names: Mapping[str, str], settings: Mapping[str, Any]
) -> None:
    """Loads the state of a program version, if it has one; raises `WorkerFailure` if it does not fit the module.

    `settings` are those of the program, which go before those that were saved.
    """
    if not isinstance(version.state, dict):
        return
    state = {name: part for name, part in copy.deepcopy(version.state).items() if name != "metadata"}
    parts = {_ITSELF: state} if isinstance(module, dspy.Predict) else state
    try:
        sampling = {name: _taken_sampling(part) for name, part in parts.items()}
        for part in parts.values():
            part["demos"] = [_with_inner_names(demo, inner_names) for demo in part["demos"]]
        module.load_state(state)
        for name, predictor in module.named_predictors():
            saved = {setting: value for setting, value in sampling[name].items() if setting not in settings}
            predictor.config = {**saved, **predictor.config}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = (
            f'The saved state of program "{version.name}" version {version.version} does not fit its module '
            f"{version.module} and signature. Publish the program again without it."
        )
        raise WorkerFailure(message) from error


def _taken_sampling(part: dict[str, Any]) -> dict[str, float]:
    """Takes the model out of a predictor's state: it would bring an address of its own, or a class to import."""
    saved, part["lm"] = part["lm"], None
    named = saved if isinstance(saved, dict) else {}
    return {name: named[name] for name in _SAMPLING if isinstance(named.get(name), (int, float))}


def _with_inner_names(demo: Mapping[str, Any], inner_names: Mapping[str, str]) -> dict[str, Any]:
    return {inner_names.get(name, name): value for name, value in demo.items()}
