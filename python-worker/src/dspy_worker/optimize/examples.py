"""Examples of a data set as DSPy takes them, and how answers to them are scored."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import dspy

from dspy_worker.contracts.messages import OptimizationExample
from dspy_worker.failures import OutputInvalid, UnsupportedOption
from dspy_worker.metrics.score_example import ScoredExample, looks_at_runs, score_example
from dspy_worker.runtime.program.programs import Program
from dspy_worker.runtime.values.canonical_json import canonical_json

_MAX_SHOWN = 500


def to_examples(program: Program, rows: Sequence[OptimizationExample]) -> list[dspy.Example]:
    """Returns rows under the names that fields have inside DSPy."""
    return [_example(program, row) for row in rows]


def _example(program: Program, row: OptimizationExample) -> dspy.Example:
    given = program.given(row.inputs)
    right = {inner: row.outputs[name] for name, inner in program.inner_names.items() if name in row.outputs}
    return dspy.Example(**{**right, **given}).with_inputs(*given)


class ExampleMetric:
    """Scores the answers of one program by a metric of the platform, as DSPy's optimisers call metrics."""

    def __init__(self, program: Program, metric: Mapping[str, Any]) -> None:
        """Takes a metric that was checked; raises `UnsupportedOption` for one that needs more than answers."""
        if looks_at_runs(metric):
            message = (
                "An optimiser cannot improve cost or latency yet, nor ask a judge: it compares what programs answer. "
                "Optimise for a metric of answers, and evaluate by the other."
            )
            raise UnsupportedOption(message)
        self._program = program
        self._metric = metric
        inputs = {field.name for field in program.inputs}
        self._outputs = {name: inner for name, inner in program.inner_names.items() if name not in inputs}

    def score(self, example: dspy.Example, prediction: Mapping[str, Any], _trace: object = None) -> float:
        """Returns the score from 0 to 1; an answer that breaks its signature is none and scores 0."""
        return self._scored(example, prediction)[0]

    def explain(
        self,
        example: dspy.Example,
        prediction: Mapping[str, Any],
        _trace: object = None,
        _predictor: object = None,
        _predictor_trace: object = None,
    ) -> dspy.Prediction:
        """Returns the score with what was wrong, in words for a model that is to find a better instruction."""
        score, expected, answer = self._scored(example, prediction)
        right = _shown(expected)
        feedback = (
            f"The answer is right: {right}." if score == 1 else f"The right answer is {right}. Score: {score:.2f}."
        )
        if answer is None:
            feedback = f"The answer could not be read. {feedback}"
        elif score < 1:
            feedback = f"The answer was {_shown(answer)}. {feedback}"
        return dspy.Prediction(score=score, feedback=feedback)

    def _scored(
        self, example: dspy.Example, prediction: Mapping[str, Any]
    ) -> tuple[float, Mapping[str, Any], Mapping[str, Any] | None]:
        expected = {name: example.get(inner) for name, inner in self._outputs.items() if inner in example}
        answer: dict[str, Any] | None = None
        # What DSPy hands over for an answer that could not be read is no mapping.
        if isinstance(prediction, dspy.Prediction):
            with contextlib.suppress(OutputInvalid):
                written = self._program.written(prediction)
                answer = {name: written[name] for name in self._outputs if name in written}
        return score_example(self._metric, ScoredExample(expected, answer)) or 0.0, expected, answer


def _shown(values: Mapping[str, Any]) -> str:
    text = canonical_json(dict(values))
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}..."
