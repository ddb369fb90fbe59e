"""The formats in which a model can be asked, as DSPy adapters."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import dspy
from dspy.utils.exceptions import AdapterParseError

from dspy_worker.contracts.messages import FormatName
from dspy_worker.failures import UnsupportedOption
from dspy_worker.runtime.answers.forms import headed_sections, json_members, tagged_sections
from dspy_worker.runtime.answers.outputs import OutputReader, Reading
from dspy_worker.runtime.calling.execution import Execution
from dspy_worker.runtime.calling.teller import AnswerParser
from dspy_worker.runtime.formats.asking import RecoveringAdapter
from dspy_worker.runtime.formats.completion_adapter import CompletionAdapter
from dspy_worker.runtime.formats.dspy_shortcut import take_shortcut
from dspy_worker.runtime.streaming.chat_parser import ChatParser
from dspy_worker.runtime.streaming.fields import StreamedField
from dspy_worker.runtime.streaming.json_parser import JsonParser
from dspy_worker.runtime.streaming.xml_parser import XmlParser
from dspy_worker.runtime.transport.endpoint import ModelEndpoint

take_shortcut()


class ChatFormat(RecoveringAdapter, dspy.ChatAdapter):  # type: ignore[misc]
    """DSPy's chat format: every field under a `[[ ## name ## ]]` of its own."""

    def read(self, _signature: type[dspy.Signature], reader: OutputReader, answer: str, *, is_cut: bool) -> Reading:
        """Reads the sections of an answer."""
        return reader.read(answer, headed_sections(answer), is_cut=is_cut)

    def parser(self, fields: Mapping[str, StreamedField]) -> AnswerParser:
        """Reads the same while it comes in."""
        return ChatParser(fields)


class JsonFormat(RecoveringAdapter, dspy.JSONAdapter):  # type: ignore[misc]
    """DSPy's JSON format: one object with a member for each output."""

    def read(self, _signature: type[dspy.Signature], reader: OutputReader, answer: str, *, is_cut: bool) -> Reading:
        """Reads the members of an answer."""
        return reader.read(answer, json_members(answer), is_cut=is_cut)

    def parser(self, fields: Mapping[str, StreamedField]) -> AnswerParser:
        """Reads the same while it comes in."""
        return JsonParser(fields)


class XmlFormat(RecoveringAdapter, dspy.XMLAdapter):  # type: ignore[misc]
    """DSPy's XML format: every field in a tag, and what it is made of in tags inside."""

    def read(self, signature: type[dspy.Signature], reader: OutputReader, answer: str, *, is_cut: bool) -> Reading:
        """Reads the tags of an answer; those within others as DSPy does, for all values in them are texts."""
        if any(self._uses_nested_xml(field.annotation) for field in signature.output_fields.values()):
            try:
                return Reading(dspy.XMLAdapter.parse(self, signature, answer), is_mended=False)
            except AdapterParseError:
                return reader.read(answer, None, is_cut=is_cut)
        return reader.read(answer, tagged_sections(answer, signature.output_fields), is_cut=is_cut)

    def parser(self, fields: Mapping[str, StreamedField]) -> AnswerParser:
        """Reads the same while it comes in."""
        return XmlParser(fields)


FORMATS: Mapping[FormatName, Callable[[ModelEndpoint, Execution], dspy.Adapter]] = MappingProxyType(
    {
        # DSPy would ask once more in JSON, unseen by the budget.
        "chat": lambda _endpoint, execution: ChatFormat(execution, use_json_adapter_fallback=False),
        "json": lambda _endpoint, execution: JsonFormat(execution),
        "xml": lambda _endpoint, execution: XmlFormat(execution, use_json_adapter_fallback=False),
        "completion": lambda endpoint, execution: CompletionAdapter(execution, use_grammar=endpoint.grammar),
    }
)


def adapter_for(format_name: str, endpoint: ModelEndpoint, execution: Execution) -> dspy.Adapter:
    """Makes the adapter of a format for one execution; raises `UnsupportedOption` for one this worker does not have."""
    for known, adapter in FORMATS.items():
        if known == format_name:
            return adapter(endpoint, execution)
    message = f'Format "{format_name}" is not known to this worker. It asks in {", ".join(FORMATS)}.'
    raise UnsupportedOption(message)
