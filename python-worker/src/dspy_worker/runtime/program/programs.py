"""Builds programs, ready to be called by any thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import dspy

from dspy_worker.contracts.messages import ProgramVersionV1, SignatureField
from dspy_worker.runtime.images import with_images
from dspy_worker.runtime.modules.chain_of_thought import REASONING
from dspy_worker.runtime.modules.modules import OF_ONE_ANSWER, build_module
from dspy_worker.runtime.program.learned_state import load_learned_state
from dspy_worker.runtime.program.output_values import OutputWriter
from dspy_worker.runtime.program.signatures import build_signature
from dspy_worker.runtime.program.spec_hash import check_spec_hash
from dspy_worker.runtime.streaming.fields import StreamedField, streamed_fields
from dspy_worker.runtime.tools.granted_tools import GrantedTools

_REASONING_FIELD = SignatureField(name=REASONING, type="reasoning", optional=False)


@dataclass(frozen=True, slots=True)
class Program:
    """A built program version.

    Attributes:
        settings: DSPy's names and values for the model settings of the program.
        streamed: The outputs that can be told while they come in, by their names inside DSPy.

    """

    module: dspy.Module
    inner_names: Mapping[str, str]
    inputs: tuple[SignatureField, ...]
    outputs: OutputWriter
    settings: Mapping[str, Any]
    streamed: Mapping[str, StreamedField]

    def call(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Runs the program in the current DSPy context and returns its checked outputs as JSON."""
        return self.written(self.module(**self.given(inputs)))

    def given(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Returns JSON inputs as the module takes them: under their names inside DSPy, with defaults and images."""
        return {self.inner_names[field.name]: _input(field, inputs) for field in self.inputs if _has(field, inputs)}

    def written(self, prediction: Mapping[str, Any]) -> dict[str, Any]:
        """Returns what the module answered as checked JSON; raises `OutputInvalid`."""
        return self.outputs.write({name: prediction.get(inner) for name, inner in self.inner_names.items()})


def build_program(version: ProgramVersionV1, tools: GrantedTools) -> Program:
    """Builds a program version with the tools that it names.

    Raises `SignatureMismatch`, `UnsupportedOption` and `WorkerFailure`.
    """
    spec = version.signature
    check_spec_hash(spec)
    built = build_signature(spec)
    config = version.config
    make_tools = partial(tools.of, version.name)
    module = build_module(version.module, built.signature, config, make_tools)
    settings = {"temperature": config.temperature, "max_tokens": config.max_tokens, "top_p": config.top_p}
    present = {name: value for name, value in settings.items() if isinstance(value, (int, float))}
    load_learned_state(module, version, built.inner_names, present)
    inner_names, outputs, texts = dict(built.inner_names), tuple(spec.outputs), tuple[str, ...]()
    if version.module == "ChainOfThought" and all(field.name != REASONING for field in spec.outputs):
        inner_names[REASONING] = REASONING
        outputs, texts = (_REASONING_FIELD, *outputs), (REASONING,)
    streamed = streamed_fields(outputs, inner_names, texts) if version.module in OF_ONE_ANSWER else {}
    return Program(module, inner_names, tuple(spec.inputs), OutputWriter(outputs), present, streamed)


def _has(field: SignatureField, inputs: Mapping[str, Any]) -> bool:
    return inputs.get(field.name) is not None or not field.optional


def _input(field: SignatureField, inputs: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any input
    value = inputs.get(field.name)
    if value is None and not field.optional and isinstance(field.default, (str, int, float, bool)):
        value = field.default
    return with_images(field, value)
