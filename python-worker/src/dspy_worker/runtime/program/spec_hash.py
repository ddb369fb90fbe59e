"""Recomputes the hash of a specification: SHA-256 of its RFC 8785 (JCS) form."""

import hashlib

from dspy_worker.contracts.messages import SignatureSpec
from dspy_worker.failures import SignatureMismatch
from dspy_worker.runtime.values.canonical_json import canonical_json


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
