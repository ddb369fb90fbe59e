"""The same messages are accepted and refused here and in TypeScript."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import TypeAdapter, ValidationError

from dspy_worker.contracts import messages
from dspy_worker.contracts.error_codes import RETRYABLE

FIXTURES = Path(__file__).parents[2] / "libs" / "contracts" / "fixtures"


def cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{case['contract']}-{case['name']}")
        for file in sorted(FIXTURES.glob("*.json"))
        for case in orjson.loads(file.read_bytes())
        if hasattr(messages, case["contract"])
    ]


CASES = cases()


@pytest.mark.parametrize("case", CASES)
def test_messages_are_accepted_and_refused_alike(case: dict[str, Any]) -> None:
    # Of a union there is no class.
    adapter: TypeAdapter[Any] = TypeAdapter(getattr(messages, case["contract"]))
    if case["valid"]:
        read = adapter.validate_python(case["message"], by_alias=True, by_name=False)
        assert adapter.dump_python(read, by_alias=True) == case["message"]
    else:
        with pytest.raises(ValidationError):
            adapter.validate_python(case["message"], by_alias=True, by_name=False)


def test_there_are_fixtures_for_all_that_crosses() -> None:
    covered = {case.values[0]["contract"] for case in CASES}
    assert covered >= {"CloudEvent", "ExecutionRunV1", "ExecutionOutcomeV1", "ModelConnectionV1", "ProgramVersionV1"}
    assert len(CASES) >= 30


def test_the_workers_codes_are_in_the_table() -> None:
    assert {"output_invalid", "model_error", "model_unavailable", "worker_crashed", "worker_unexpected"} <= set(
        RETRYABLE
    )
