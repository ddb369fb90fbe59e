"""One execution on a chain of models: each is asked after the one before was away."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dspy_worker.contracts.messages import Ensemble
from dspy_worker.errors import to_wire_error
from dspy_worker.runtime.calling.execution import Execution, running
from dspy_worker.runtime.ensemble.asking import Ask, ModelRun
from dspy_worker.runtime.ensemble.together import NoModelAnswered, TakenAnswer
from dspy_worker.runtime.transport.active_call import CallLimits, ExecutionControl

_AWAY = "model_unavailable"


def ask_in_turn(ensemble: Ensemble, asks: Sequence[Ask], execution: Execution) -> TakenAnswer:
    """Asks the models of an ensemble one after the other until one is not away, and returns its answer.

    `asks` ask the models in their order. A model that refuses the request, or answers in a wrong form, would do so
    again: nobody else is asked then. Raises what the only model raised that was asked, `NoModelAnswered` after several,
    and `ExecutionStopped`.
    """
    runs: list[ModelRun] = []
    for place, ask in enumerate(asks):
        left = len(asks) - place
        part = execution.turn(shared_limits(execution.control, left), is_last=left == 1)
        try:
            outputs = _asked(ask, part)
        except Exception as error:  # noqa: BLE001 - which it is decides whether the next one is asked
            runs.append(ModelRun(place, part, error=error))
            if left == 1 or to_wire_error(error).code != _AWAY:
                break
            _say(ensemble, place, execution)
        else:
            execution.coercions.note(part.coercions.noted)
            return TakenAnswer(outputs, ensemble.models[place].id)
        finally:
            execution.budget.add(part.budget.counts)
    last = runs[-1].error
    if len(runs) == 1 and last is not None:
        raise last
    raise NoModelAnswered(ensemble, runs)


def shared_limits(control: ExecutionControl, models: int) -> CallLimits:
    """Returns clocks by which a model that does not begin to answer leaves those after it their share of the time."""
    limits, left_s = control.limits, control.left_s()
    if left_s is None or models == 1:
        return limits
    share_s = max(0.0, left_s) / models
    return replace(limits, connect_s=min(limits.connect_s, share_s), first_token_s=min(limits.first_token_s, share_s))


def _asked(ask: Ask, part: Execution) -> Mapping[str, Any]:
    token = running.set(part)
    try:
        return ask(part)
    finally:
        running.reset(token)


def _say(ensemble: Ensemble, place: int, execution: Execution) -> None:
    if execution.teller is not None:
        away, following = ensemble.models[place].name, ensemble.models[place + 1].name
        execution.teller.say(f'Model "{away}" is away; asking "{following}".')
