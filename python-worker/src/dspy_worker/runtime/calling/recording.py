"""The recorded model answers of an execution, which a replay reads in place of asking a model."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dspy_worker.contracts.messages import ModelCallV1, RecordingV1
from dspy_worker.failures import ReplayDiverged
from dspy_worker.runtime.calling.recovery import RecoveryBudget
from dspy_worker.runtime.recording.call_recorder import recorded_text
from dspy_worker.runtime.values.canonical_json import canonical_json

_RETRY = "model_retry"


class Recording:
    """Gives the answers in the order in which they were recorded, each only to the prompt that it answered.

    Not safe to use from several threads: a replay does one thing after the other.

    Attributes:
        failure: How the replay went another way, if it did: DSPy tells it as an error of the model.

    """

    def __init__(self, recording: RecordingV1, clean: Callable[[str], str]) -> None:
        """Takes what was recorded, and what hid texts in it, which is applied to both sides of a comparison."""
        calls = recording.calls
        # A call that was made again did not come to anything.
        self._calls = [call for number, call in enumerate(calls) if not _is_made_again(calls, number)]
        self._retries = len(calls) - len(self._calls)
        self._outputs = recording.outputs
        self._clean = clean
        self._taken = 0
        self.failure: ReplayDiverged | None = None

    @property
    def retries(self) -> int:
        """How many calls were made again when it was recorded."""
        return self._retries

    @property
    def is_asked_again(self) -> bool:
        """Whether the next answer was asked for because the one before it could not be read."""
        return self._taken < len(self._calls) and self._calls[self._taken].reason == "parse_retry"

    def take(self, messages: Sequence[Mapping[str, Any]]) -> ModelCallV1:
        """Returns the call that answers these messages; raises `ReplayDiverged` if they are not what was asked next."""
        number = self._taken
        if number >= len(self._calls):
            raise self._diverged(f"it asks the model once more after the {number} calls that were recorded")
        call = self._calls[number]
        asked = [self._clean(recorded_text(message)) for message in messages]
        recorded = [self._clean(message.content) for message in call.messages or ()]
        if asked != recorded:
            raise self._diverged(f"it asks something else than was recorded in model call {call.index}")
        self._taken += 1
        return call

    def check(self, outputs: Mapping[str, Any]) -> None:
        """Raises `ReplayDiverged` unless all calls were used and these are the outputs, byte for byte."""
        if self.failure is not None:
            raise self.failure
        if self._taken < len(self._calls):
            raise self._diverged(f"it was done after {self._taken} of {len(self._calls)} recorded calls")
        if self._outputs is None or canonical_json(outputs) != canonical_json(self._outputs):
            how = "its outputs are not those of the original"
            raise self._diverged(how)

    def _diverged(self, how: str) -> ReplayDiverged:
        message = (
            f"The replay differs from its original: {how}. The worker's release or what is redacted may have changed "
            "since; run the execution again instead."
        )
        self.failure = ReplayDiverged(message)
        return self.failure


class RecordedBudget(RecoveryBudget):
    """Allows what was done again when it was recorded, and nothing else."""

    def __init__(self, recording: Recording) -> None:
        """Takes the recording that says so."""
        super().__init__(0)
        self._recording = recording
        self._model_retries = recording.retries

    def take_parse_retry(self) -> bool:
        """Tells whether the model was asked again at this point."""
        if not self._recording.is_asked_again:
            return False
        self._parse_retries += 1
        return True


def _is_made_again(calls: Sequence[ModelCallV1], number: int) -> bool:
    return number + 1 < len(calls) and calls[number + 1].reason == _RETRY
