"""What the formats have in common: answers are read leniently, and asked for once more if that does not help."""

import copy
from collections.abc import Mapping
from typing import Any

import dspy
from dspy.utils.exceptions import AdapterParseError

from dspy_worker.failures import OutputInvalid
from dspy_worker.runtime.answers.outputs import OutputReader, Reading, Unreadable, reader_of
from dspy_worker.runtime.calling.execution import Execution
from dspy_worker.runtime.calling.teller import AnswerParser
from dspy_worker.runtime.lru import LruCache
from dspy_worker.runtime.recording.call_recorder import asking_again
from dspy_worker.runtime.streaming.fields import StreamedField

# Of an answer that could not be read, this much is shown to the model again.
MAX_REPEATED_CHARS = 8_000
_MAX_SIGNATURES = 1024
_CUT_OFF = "length"

_system_messages: LruCache[tuple[type, type], str] = LruCache(_MAX_SIGNATURES)


class UnreadableAnswer(AdapterParseError):  # type: ignore[misc]  # noqa: N818 - reads as what it is
    """An answer that could not be read, also after mending it.

    Attributes:
        problem: Why, in one sentence.
        faults: Where what is wrong.

    """

    def __init__(
        self, adapter: dspy.Adapter, signature: type[dspy.Signature], answer: str, unreadable: Unreadable
    ) -> None:
        """Takes what was asked in which form, what came, and why it cannot be read."""
        super().__init__(type(adapter).__name__, signature, answer, message=str(unreadable))
        self.problem = str(unreadable)
        self.faults = unreadable.faults


class RecoveringAdapter(dspy.Adapter):  # type: ignore[misc]
    """Stands before one of DSPy's adapters in the order of inheritance; serves one execution."""

    def __init__(self, execution: Execution, **options: Any) -> None:  # noqa: ANN401 - DSPy's own options
        """Takes the execution, whose budget pays for asking again."""
        super().__init__(**options)
        self.execution = execution
        self.unreadable: AdapterParseError | None = None

    def __call__(
        self,
        lm: dspy.BaseLM,
        lm_kwargs: dict[str, Any],
        signature: type[dspy.Signature],
        demos: list[dict[str, Any]],
        inputs: dict[str, Any],
    ) -> list[dict[str, Any]]:
        """Asks the model, and once more if its answer cannot be read and the budget allows it."""
        if (teller := self.execution.teller) is not None:
            teller.expect(lambda: self.parser(teller.fields))
        try:
            return list(super().__call__(lm, dict(lm_kwargs), signature, demos, inputs))
        except AdapterParseError as error:
            note_unreadable(self.execution)
            if not self.execution.budget.take_parse_retry():
                raise
            again = copy.copy(self)
            again.unreadable = error
        with asking_again():
            try:
                return list(super(RecoveringAdapter, again).__call__(lm, dict(lm_kwargs), signature, demos, inputs))
            except AdapterParseError:
                note_unreadable(self.execution)
                raise

    def format(
        self, signature: type[dspy.Signature], demos: list[dict[str, Any]], inputs: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Writes the messages; when asking again, with the answer and what was wrong with it at their end."""
        messages = list(super().format(signature, demos, inputs))
        if self.unreadable is not None:
            messages += self._complaint(signature, self.unreadable)
        return messages

    def format_system_message(self, signature: type[dspy.Signature]) -> str:
        """Writes the system message once for each signature, on which alone it depends."""
        return _system_messages.get_or_make(
            (type(self), signature), lambda: str(super(RecoveringAdapter, self).format_system_message(signature))
        )

    def parse(self, signature: type[dspy.Signature], completion: str) -> dict[str, Any]:
        """Reads an answer, if need be after mending its form; raises `UnreadableAnswer`."""
        reader = reader_of(signature, is_strict=self.execution.has_strict_outputs)
        try:
            reading = self.read(signature, reader, completion, is_cut=was_cut_off(self.execution))
        except Unreadable as unreadable:
            raise UnreadableAnswer(self, signature, completion, unreadable) from unreadable
        if reading.is_mended or reading.coercions:
            self.execution.budget.count_repair()
        self.execution.coercions.note(reading.coercions)
        return dict(reading.values)

    def read(self, signature: type[dspy.Signature], reader: OutputReader, answer: str, *, is_cut: bool) -> Reading:
        """Reads an answer in the form of this adapter; raises `Unreadable`."""
        raise NotImplementedError

    def parser(self, fields: Mapping[str, StreamedField]) -> AnswerParser:
        """Makes what reads an answer in the form of this adapter while it comes in."""
        raise NotImplementedError

    def _complaint(self, signature: type[dspy.Signature], unreadable: AdapterParseError) -> list[dict[str, Any]]:
        answer = str(unreadable.lm_response)[:MAX_REPEATED_CHARS]
        said = [{"role": "assistant", "content": answer}] if answer.strip() else []
        wanted = self.user_message_output_requirements(signature)
        return [*said, {"role": "user", "content": f"I could not read that. {problem_of(unreadable)} {wanted}"}]


def problem_of(error: AdapterParseError) -> str:
    """Says in one sentence why an answer could not be read."""
    return error.problem if isinstance(error, UnreadableAnswer) else "There was no text in it."


def was_cut_off(execution: Execution) -> bool:
    """Tells whether the model was not done with its last answer, but stopped at the limit of tokens."""
    last = execution.recorder.last
    return last is not None and last.finish_reason == _CUT_OFF


def note_unreadable(execution: Execution) -> None:
    """Marks the last call as one whose answer was of no use."""
    if (last := execution.recorder.last) is not None:
        last.error_code = OutputInvalid.code
