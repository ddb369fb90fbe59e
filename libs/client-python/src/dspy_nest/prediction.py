"""What a program answers: a ``dspy.Prediction`` where DSPy is installed, else something that reads like one."""

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from functools import cache
from importlib.util import find_spec
from typing import Any

from dspy_nest.errors import failed_execution


class Prediction:
    """The outputs of an execution, as attributes and as items; ``execution`` is all that is known of it."""

    __slots__ = ("_outputs", "execution")

    def __init__(self, outputs: Mapping[str, Any], execution: Mapping[str, Any]) -> None:
        self._outputs = dict(outputs)
        self.execution = execution

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - of any type that a signature has
        """An output by its name."""
        if not name.startswith("__") and name in self._outputs:
            return self._outputs[name]
        message = f"The prediction has no output {name!r}; it has {', '.join(self._outputs)}."
        raise AttributeError(message)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - of any type that a signature has
        """An output by its name."""
        return self._outputs[name]

    def __contains__(self, name: object) -> bool:
        """Whether there is such an output."""
        return name in self._outputs

    def __iter__(self) -> Iterator[str]:
        """The names of the outputs."""
        return iter(self._outputs)

    def __len__(self) -> int:
        """How many outputs there are."""
        return len(self._outputs)

    def __eq__(self, other: object) -> bool:
        """Whether the outputs are equal."""
        return isinstance(other, Prediction) and self._outputs == other._outputs

    __hash__ = None  # type: ignore[assignment] # outputs can be lists

    def __repr__(self) -> str:
        """As DSPy shows one."""
        outputs = ",\n    ".join(f"{name}={value!r}" for name, value in self._outputs.items())
        return f"Prediction(\n    {outputs}\n)"

    def keys(self) -> KeysView[str]:
        """The names of the outputs."""
        return self._outputs.keys()

    def values(self) -> ValuesView[Any]:
        """The values of the outputs."""
        return self._outputs.values()

    def items(self) -> ItemsView[str, Any]:
        """The names and values of the outputs."""
        return self._outputs.items()

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - of any type that a signature has
        """An output, or the default."""
        return self._outputs.get(name, default)

    def toDict(self) -> dict[str, Any]:  # noqa: N802 - DSPy's name
        """The outputs by their names."""
        return dict(self._outputs)


def to_prediction(execution: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a dspy.Prediction where there is one
    """The prediction of an execution that has ended; raises ExecutionFailedError unless it succeeded."""
    if execution["status"] != "succeeded":
        wire = execution.get("error") or {}
        message = wire.get("message", f"The execution ended as {execution['status']}.")
        raise failed_execution(message, execution)
    outputs = execution["outputs"] or {}
    if find_spec("dspy") is None:
        return Prediction(outputs, execution)
    prediction = _dspy_prediction()(**outputs)
    prediction._execution = execution  # noqa: SLF001 - of the class right below
    prediction.set_lm_usage(_usage_of(execution))
    return prediction


@cache
def _dspy_prediction() -> type[Any]:
    # Seconds to import, and of no use to who does not have it.
    import dspy  # noqa: PLC0415

    class RemotePrediction(dspy.Prediction):  # type: ignore[misc] # DSPy has no types
        """A prediction that knows its execution."""

        _execution: Mapping[str, Any] | None = None

        @property
        def execution(self) -> Mapping[str, Any] | None:
            """All that the platform knows of the execution."""
            return self._execution

    return RemotePrediction


def _usage_of(execution: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Under the name of the model, as DSPy counts."""
    usage = execution["usage"]
    named = {"prompt_tokens": usage["promptTokens"], "completion_tokens": usage["completionTokens"]}
    known = {name: count for name, count in named.items() if count is not None}
    return {execution["model"]: known} if known else {}
