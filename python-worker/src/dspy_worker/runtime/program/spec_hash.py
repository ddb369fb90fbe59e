"""Recomputes the hash of a specification: SHA-256 of its RFC 8785 (JCS) form."""

import hashlib
import json
import math
from decimal import Decimal
from typing import Any

from dspy_worker.contracts.messages import SignatureSpec
from dspy_worker.failures import SignatureMismatch

# ECMAScript writes plain decimals between these powers of ten, exponents outside.
_LARGEST_PLAIN_EXPONENT, _SMALLEST_PLAIN_EXPONENT = 21, -7
_LARGEST_EXACT_INTEGER = 2**53


def spec_hash(spec: SignatureSpec) -> str:
    """Hashes everything of a specification but its name, version and hash; returns 64 hex digits."""
    content = {name: value for name, value in spec.to_wire().items() if name not in {"name", "version", "hash"}}
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def check_spec_hash(spec: SignatureSpec) -> None:
    """Raises `SignatureMismatch` unless the specification has the hash it came with."""
    if (found := spec_hash(spec)) != spec.hash:
        message = (
            f'Signature "{spec.name}" version {spec.version} has the hash {found}, but came with {spec.hash}: it was '
            "changed on the way or written by another release. Publish the signature again."
        )
        raise SignatureMismatch(message)


def canonical_json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Writes a JSON value in RFC 8785 form: members in UTF-16 order, numbers as ECMAScript prints them."""
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int() | float():
            return _number(value)
        case list():
            return f"[{','.join(map(canonical_json, value))}]"
        case dict():
            names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
            members = (f"{json.dumps(name, ensure_ascii=False)}:{canonical_json(value[name])}" for name in names)
            return f"{{{','.join(members)}}}"
    message = f"{type(value).__name__} is not JSON"
    raise TypeError(message)


def _number(value: float) -> str:
    if isinstance(value, int):
        if abs(value) <= _LARGEST_EXACT_INTEGER:
            return str(value)
        value = float(value)
    if not math.isfinite(value):
        message = f"{value} is not JSON"
        raise ValueError(message)
    if value == 0:
        return "0"
    # repr() gives the shortest digits that read back, as ECMAScript does; only their layout differs.
    sign, digit_tuple, exponent = Decimal(repr(value)).normalize().as_tuple()
    digits = "".join(map(str, digit_tuple))
    point = len(digits) + int(exponent)
    return ("-" if sign else "") + _layout(digits, point)


def _layout(digits: str, point: int) -> str:
    if _SMALLEST_PLAIN_EXPONENT < point - 1 < _LARGEST_PLAIN_EXPONENT:
        if point <= 0:
            return f"0.{'0' * -point}{digits}"
        if point >= len(digits):
            return digits + "0" * (point - len(digits))
        return f"{digits[:point]}.{digits[point:]}"
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{mantissa}e{point - 1:+d}"
