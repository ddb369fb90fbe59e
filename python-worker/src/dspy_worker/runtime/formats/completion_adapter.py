"""Asks small models in text-completion form, the only one in which they are useful.

The prompt is a document the model goes on writing: instructions, examples and inputs as `Field: value` lines, and the
first missing output as an open line. One call fills in one output; closed types are held to their form by a grammar.
"""

import json
import re
from typing import Any, Literal, get_args, get_origin

import dspy
from dspy.adapters.utils import annotation_allows_none, serialize_for_json
from dspy.lm15 import Config, Message, Request
from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from dspy_worker.failures import UnsupportedOption
from dspy_worker.runtime.answers.outputs import Unreadable, reader_of
from dspy_worker.runtime.calling.execution import Execution
from dspy_worker.runtime.formats.asking import MAX_REPEATED_CHARS, UnreadableAnswer, note_unreadable, was_cut_off
from dspy_worker.runtime.formats.grammars import NONE_WORD, line_grammar
from dspy_worker.runtime.images import has_image
from dspy_worker.runtime.program.signatures import field_of
from dspy_worker.runtime.recording.call_recorder import asking_again
from dspy_worker.runtime.streaming.completion_parser import CompletionParser

LINE_TOKENS = 128
JSON_TOKENS = 512
# Without a temperature of the program's own the likeliest answer is the best a small model has.
DEFAULT_TEMPERATURE = 0.0
_DSPY_DEFAULT_INSTRUCTIONS = "Given the fields `"
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


class CompletionAdapter(dspy.Adapter):  # type: ignore[misc]
    """A DSPy adapter that formats a signature as text to be completed."""

    def __init__(self, execution: Execution, *, use_grammar: bool) -> None:
        """Takes the execution, and whether the model's server accepts a grammar and a JSON Schema beside it."""
        super().__init__()
        self.execution = execution
        self.use_grammar = use_grammar

    def __call__(
        self,
        lm: dspy.BaseLM,
        lm_kwargs: dict[str, Any],
        signature: type[dspy.Signature],
        demos: list[dict[str, Any]],
        inputs: dict[str, Any],
    ) -> list[dict[str, Any]]:
        """Fills in the outputs one after another, each with the earlier ones before the model's eyes."""
        _refuse_images(inputs)
        settings = {**lm.kwargs, **lm_kwargs}
        known = dict(inputs)
        may_ask_again = True
        for name, field in signature.output_fields.items():
            prompt = self.format(signature, demos, known)[0]["content"]
            config = self._config(settings, name, field)
            self._expect(name)
            try:
                known.update(self._answer(lm, signature, name, prompt, config))
            except UnreadableAnswer as error:
                note_unreadable(self.execution)
                if not (may_ask_again and self.execution.budget.take_parse_retry()):
                    raise
                may_ask_again = False
                known.update(self._second_answer(lm, signature, name, _corrected(prompt, signature, error), config))
        return [{name: known[name] for name in signature.output_fields}]

    def _expect(self, name: str) -> None:
        if (teller := self.execution.teller) is not None:
            told = teller.fields.get(name)
            teller.expect(None if told is None else lambda: CompletionParser(told))

    def _answer(
        self, lm: dspy.BaseLM, signature: type[dspy.Signature], name: str, prompt: str, config: Config
    ) -> dict[str, Any]:
        answer = lm(request=Request(lm.model, messages=(Message.user(prompt),), config=config)).text or ""
        return dict(self.parse(signature, f"{_labels(signature)[name]}:{answer}"))

    def _second_answer(
        self, lm: dspy.BaseLM, signature: type[dspy.Signature], name: str, prompt: str, config: Config
    ) -> dict[str, Any]:
        with asking_again():
            try:
                return self._answer(lm, signature, name, prompt, config)
            except UnreadableAnswer:
                note_unreadable(self.execution)
                raise

    def format(
        self, signature: type[dspy.Signature], demos: list[dict[str, Any]], inputs: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Writes the document up to the first output that `inputs` does not hold yet, as one user message."""
        labels = _labels(signature)
        target = next(name for name in signature.output_fields if name not in inputs)
        blocks = [_instructions(signature)]
        blocks.extend(_block(signature, labels, demo) for demo in demos)
        open_line = f"{labels[target]}:"
        current = _block(signature, labels, inputs)
        blocks.append(f"{current}\n{open_line}" if current else open_line)
        return [{"role": "user", "content": "\n\n".join(blocks)}]

    def format_user_message_content(
        self,
        signature: type[dspy.Signature],
        inputs: dict[str, Any],
        **_options: Any,  # noqa: ANN401 - of messages, of which there are none
    ) -> str:
        """Writes values as lines: so `dspy.ReAct` has it shown what was done so far."""
        return _block(signature, _labels(signature), inputs)

    def parse(self, signature: type[dspy.Signature], completion: str) -> dict[str, Any]:
        """Reads one completed `Field: value`; a line ends the value unless its type is asked for as JSON."""
        for name, label in _labels(signature).items():
            if name in signature.output_fields and completion.startswith(f"{label}:"):
                text = completion[len(label) + 1 :]
                return {name: self._value(signature, name, text)}
        raise UnreadableAnswer(self, signature, completion, Unreadable("It has no known field."))

    def _config(self, settings: dict[str, Any], name: str, field: FieldInfo) -> Config:
        temperature = settings.get("temperature")
        grammar = _line_grammar(name, field)
        config: dict[str, Any] = {
            "temperature": DEFAULT_TEMPERATURE if temperature is None else temperature,
            "top_p": settings.get("top_p"),
            "max_tokens": settings.get("max_tokens") or (JSON_TOKENS if grammar is None else LINE_TOKENS),
        }
        if grammar is not None:
            config["stop"] = ("\n",)
            config["extensions"] = {"grammar": grammar} if self.use_grammar else None
        elif self.use_grammar:
            annotation: Any = field.annotation
            schema = TypeAdapter(annotation).json_schema()
            config["response_format"] = {"type": "json_schema", "schema": schema}
        return Config(**config)

    def _value(self, signature: type[dspy.Signature], name: str, text: str) -> Any:  # noqa: ANN401 - any output
        field = signature.output_fields[name]
        annotation = field.annotation
        is_line = _line_grammar(name, field) is not None
        found = (text.strip().split("\n", 1)[0] if is_line else text).strip()
        if found.lower() == NONE_WORD and annotation_allows_none(annotation):
            return None
        if found == "":
            raise UnreadableAnswer(self, signature, text, Unreadable(f'The output "{name}" is empty.'))
        reader = reader_of(signature, is_strict=self.execution.has_strict_outputs)
        try:
            value, coercions = reader.value(name, found, is_text=True, is_cut=was_cut_off(self.execution))
        except Unreadable as unreadable:
            raise UnreadableAnswer(self, signature, text, unreadable) from unreadable
        if coercions:
            self.execution.budget.count_repair()
        self.execution.coercions.note(coercions)
        return value


def _line_grammar(name: str, field: FieldInfo) -> str | None:
    return line_grammar(field.annotation, is_probability=field_of(name, field).type == "probability")


def _refuse_images(inputs: dict[str, Any]) -> None:
    for name, value in inputs.items():
        if has_image(value):
            message = (
                f'Format "completion" asks by text alone and cannot carry the image of "{name}". Use a model that '
                'sees images and format "chat" or "json": set them on the call, the program or the model.'
            )
            raise UnsupportedOption(message)


def field_label(name: str) -> str:
    """Writes a field's name as a heading: `due_date` and `dueDate` become `Due date`."""
    words = [word if word.isupper() else word.lower() for word in _WORD.findall(name)]
    text = " ".join(words) or name
    return text[0].upper() + text[1:]


def _labels(signature: type[dspy.Signature]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for name in (*signature.input_fields, *signature.output_fields):
        label = field_label(name)
        labels[name] = name if label in labels.values() else label
    return labels


def _block(signature: type[dspy.Signature], labels: dict[str, str], values: dict[str, Any]) -> str:
    names = (*signature.input_fields, *signature.output_fields)
    return "\n".join(f"{labels[name]}: {_shown(values[name])}" for name in names if values.get(name) is not None)


def _shown(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, str):
        # One line each, or the model takes the rest of a text for further fields.
        return " ".join(value.split())
    plain = serialize_for_json(value)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _corrected(prompt: str, signature: type[dspy.Signature], error: UnreadableAnswer) -> str:
    """Goes on with the document by the answer, what is wrong with it, and the open line again."""
    open_line = prompt.rsplit("\n", 1)[-1]
    answer = " ".join(str(error.lm_response).split())[:MAX_REPEATED_CHARS]
    return f"{prompt} {answer}\n\n{error.problem} {_tasks(signature)}\n\n{open_line}"


def _instructions(signature: type[dspy.Signature]) -> str:
    written = str(signature.instructions)
    if not written.startswith(_DSPY_DEFAULT_INSTRUCTIONS):
        return written
    return _tasks(signature)


def _tasks(signature: type[dspy.Signature]) -> str:
    subject = _listed([_noun(name) for name in signature.input_fields], "and") or "case"
    return " ".join(_task(name, field, subject) for name, field in signature.output_fields.items())


def _task(name: str, field: FieldInfo, subject: str) -> str:
    """Says in one sentence what to do; the wording decides how often the bundled model is right (see the tests)."""
    extra = field.json_schema_extra
    description = str(extra.get("desc", "")) if isinstance(extra, dict) else ""
    noun = _noun(name) if not description or description.startswith("${") else f"{_noun(name)} ({description})"
    if get_origin(field.annotation) is Literal:
        members = [str(member) for member in get_args(field.annotation)]
        return f"For each {subject}, decide if the {noun} is {_listed(members, 'or')}."
    if field.annotation is bool:
        return f"For each {subject}, decide if it is {noun}: true or false."
    return f"For each {subject}, write the {noun}."


def _noun(name: str) -> str:
    label = field_label(name)
    return label if label.isupper() else label[0].lower() + label[1:]


def _listed(items: list[str], conjunction: str) -> str:
    return f" {conjunction} ".join(part for part in (", ".join(items[:-1]), items[-1] if items else "") if part)
