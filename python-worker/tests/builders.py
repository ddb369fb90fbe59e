"""Makes messages of the contracts with sensible members, for tests to change what matters to them."""

import hashlib
import time
from typing import Any

from dspy_worker.contracts.messages import ExecutionRunV1, ModelConnectionV1, ProgramVersionV1, SignatureSpec
from dspy_worker.runtime.calling.execution import Execution
from dspy_worker.runtime.calling.meter import CallMeter
from dspy_worker.runtime.calling.recovery import RecoveryBudget
from dspy_worker.runtime.program.spec_hash import spec_hash
from dspy_worker.runtime.recording.call_recorder import CallRecorder
from dspy_worker.runtime.recording.coercion_log import CoercionLog
from dspy_worker.runtime.tools.declarations import HttpTool
from dspy_worker.runtime.transport.active_call import ExecutionControl
from dspy_worker.runtime.values.canonical_json import canonical_json

EXECUTION_ID = "01930000-0000-7000-8000-000000000001"
PROGRAM_ID = "01930000-0000-7000-8000-000000000002"
MODEL_ID = "01930000-0000-7000-8000-000000000003"


def field(name: str, type_: Any = "string", **members: Any) -> dict[str, Any]:
    return {"name": name, "type": type_, "optional": False, **members}


def enum(*values: Any) -> dict[str, Any]:
    return {"kind": "enum", "values": list(values)}


def spec(inputs: list[dict[str, Any]], outputs: list[dict[str, Any]], **members: Any) -> SignatureSpec:
    wire = {
        "name": "Test",
        "version": 1,
        "definition": f"{inputs} -> {outputs}",
        "hash": "0" * 64,
        "inputs": inputs,
        "outputs": outputs,
        **members,
    }
    wire["hash"] = spec_hash(SignatureSpec.from_wire(wire))
    return SignatureSpec.from_wire(wire)


def program(signature: SignatureSpec, **members: Any) -> ProgramVersionV1:
    wire = {
        "tenant": "default",
        "programId": PROGRAM_ID,
        "name": "test",
        "version": 1,
        "signature": signature.to_wire(),
        "module": "Predict",
        "model": None,
        "adapter": "auto",
        "format": "auto",
        "config": {},
        "state": None,
        **members,
    }
    content_hash = hashlib.sha256(canonical_json(wire).encode()).hexdigest()
    return ProgramVersionV1.from_wire({"hash": content_hash, **wire})


def connection(
    base_url: str, *, grammar: bool = False, json_schema: bool = False, trusted: bool = True, **members: Any
) -> ModelConnectionV1:
    """Trusts the server unless told not to, for those of tests are on this machine."""
    return ModelConnectionV1.from_wire(
        {
            "id": MODEL_ID,
            "name": "test-model",
            "version": 1,
            "model": "wire-model",
            "baseUrl": base_url,
            "apiKey": None,
            "pricing": None,
            "capabilities": {"grammar": grammar, "jsonSchema": json_schema},
            **({"trusted": True} if trusted else {}),
            **members,
        }
    )


def job(inputs: dict[str, Any], **members: Any) -> ExecutionRunV1:
    return ExecutionRunV1.from_wire(
        {
            "executionId": EXECUTION_ID,
            "epoch": 1,
            "programId": PROGRAM_ID,
            "program": "test",
            "version": 1,
            "programHash": "0" * 64,
            "modelId": MODEL_ID,
            "modelVersion": 1,
            "format": "chat",
            "inputs": inputs,
            "timeoutMs": 60_000,
            "limits": {"connectMs": 5_000, "firstTokenMs": 60_000, "idleMs": 30_000, "attemptMs": 120_000},
            "maxRetries": 0,
            "record": True,
            "deadlineAt": None,
            "acceptedAtMs": time.time() * 1000,
            "replyTo": "dspy.cmd.execution.execution-test.complete.v1",
            **members,
        }
    )


def execution_with(control: ExecutionControl | None = None, max_retries: int = 0) -> Execution:
    return Execution(
        control or ExecutionControl(),
        CallMeter(),
        RecoveryBudget(max_retries),
        CallRecorder(attempt=1, keeps_texts=True),
        CoercionLog(keeps_contents=True),
    )


def http_tool(url: str = "http://127.0.0.1:9/{city}", **members: Any) -> HttpTool:
    wire = {
        "name": "weather",
        "kind": "http",
        "description": "The weather of a city.",
        "url": url,
        "args": {"city": {"type": "string"}},
        "trusted": True,
        **members,
    }
    return HttpTool.model_validate(wire)


def chat_answer(**outputs: str) -> str:
    """Writes outputs as DSPy's chat format expects them."""
    return "\n\n".join(f"[[ ## {name} ## ]]\n{text}" for name, text in outputs.items()) + "\n\n[[ ## completed ## ]]"
