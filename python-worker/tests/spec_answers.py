"""Answers what the worker makes of each line of its input: a specification, or the bits of a double.

The property tests of the signature language start it, so that both languages judge the same random rows.
"""

import struct
import sys
from typing import Any

import orjson

from dspy_worker.contracts.messages import SignatureSpec
from dspy_worker.runtime.program.signatures import build_signature
from dspy_worker.runtime.program.spec_hash import check_spec_hash, spec_hash
from dspy_worker.runtime.values.canonical_json import canonical_json


def answer_spec(wire: dict[str, Any]) -> dict[str, Any]:
    read = SignatureSpec.from_wire(wire)
    check_spec_hash(read)
    answer = {"hash": spec_hash(read), "canonical": canonical_json(read.to_wire())}
    built = build_signature(read)
    own_names = {inner: name for name, inner in built.inner_names.items()}
    sides = (built.signature.input_fields, built.signature.output_fields)
    return {**answer, "fields": [[own_names[inner] for inner in side] for side in sides]}


def answer(row: Any) -> Any:
    if isinstance(row, str):
        (number,) = struct.unpack(">d", bytes.fromhex(row))
        return canonical_json(number)
    return answer_spec(row)


for line in sys.stdin.buffer:
    sys.stdout.buffer.write(orjson.dumps(answer(orjson.loads(line))) + b"\n")
