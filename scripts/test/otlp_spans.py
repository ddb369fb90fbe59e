"""Reads OTLP trace requests (protobuf as hex, one a line) and prints their spans as JSON, for tests in TypeScript."""

import json
import sys

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue


def texts(attributes: list[KeyValue]) -> dict[str, str]:
    """The attributes that are texts."""
    return {pair.key: pair.value.string_value for pair in attributes if pair.value.HasField("string_value")}


spans = [
    {
        "service": texts(resource.resource.attributes).get("service.name", ""),
        "name": span.name,
        "traceId": span.trace_id.hex(),
        "spanId": span.span_id.hex(),
        "parentSpanId": span.parent_span_id.hex(),
    }
    for line in sys.stdin
    for resource in ExportTraceServiceRequest.FromString(bytes.fromhex(line)).resource_spans
    for scope in resource.scope_spans
    for span in scope.spans
]
print(json.dumps(spans))
