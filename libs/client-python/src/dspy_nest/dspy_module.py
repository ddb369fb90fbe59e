"""A program of the platform inside a program of DSPy. Needs DSPy, which the rest of the package does not."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from types import GenericAlias
from typing import Any, Literal

import dspy
from pydantic import BaseModel, Field, create_model

from dspy_nest.program import Program

_PRIMITIVES: Mapping[str, Any] = {
    "string": str,
    "int": int,
    "float": float,
    "bool": bool,
    "probability": float,
    "reasoning": list[str],
    # As the platform sends them.
    "date": str,
    "datetime": str,
    "url": str,
    "email": str,
    "json": Any,
    "image": dspy.Image,
}
_LIMITS: Mapping[str, str] = {
    "min": "ge",
    "max": "le",
    "minLength": "min_length",
    "maxLength": "max_length",
    "pattern": "pattern",
    "minItems": "min_length",
    "maxItems": "max_length",
}


class RemoteModule(dspy.Module):  # type: ignore[misc] # DSPy has no types
    """A part of a program that runs on the platform.

    It has nothing that an optimiser of the outer program could learn, so its state is empty; what it learned itself the
    platform has. Neither its state nor a pickle of it has the client, whose key stays where it is.
    """

    def __init__(self, program: Program) -> None:
        super().__init__()
        self._program: Program | None = program

    @property
    def program(self) -> Program:
        """The program that it calls."""
        if self._program is None:
            message = "A module that was pickled has lost its client. Give it one: module.connect(client.program(…))."
            raise RuntimeError(message)
        return self._program

    def connect(self, program: Program) -> None:
        """Has it call this program from now on."""
        self._program = program

    def forward(self, **inputs: Any) -> Any:  # noqa: ANN401 - by the signature
        """Calls the program and waits."""
        return self.program(**inputs)

    async def aforward(self, **inputs: Any) -> Any:  # noqa: ANN401 - by the signature
        """Calls the program and waits, without holding the thread."""
        return await self.program.acall(**inputs)

    def __deepcopy__(self, _memo: object) -> "RemoteModule":
        """A module of its own, by the same client."""
        return RemoteModule(self.program)

    def __getstate__(self) -> dict[str, Any]:
        """What a pickle has: no client."""
        return {**super().__getstate__(), "_program": None}


def to_signature(spec: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a class of DSPy's
    """A signature of the platform as a class of DSPy."""
    fields = {field["name"]: _field(field, dspy.InputField) for field in spec["inputs"]}
    fields.update({field["name"]: _field(field, dspy.OutputField) for field in spec["outputs"]})
    return dspy.Signature(fields, spec.get("instructions"), signature_name=spec["name"])


def _field(field: Mapping[str, Any], make: Any) -> tuple[Any, Any]:  # noqa: ANN401 - functions and types of DSPy's
    options = _limits(field.get("constraints"))
    if "description" in field:
        options["desc"] = field["description"]
    if field.get("default") is not None:
        options["default"] = field["default"]
    annotation = _type(field["type"])
    return (annotation | None if field["optional"] else annotation), make(**options)


def _type(spec: Any) -> Any:  # noqa: ANN401, PLR0911 - any JSON in, any type out; a line for each kind
    if isinstance(spec, str):
        return _PRIMITIVES[spec]
    match spec["kind"]:
        case "list":
            return GenericAlias(list, (_type(spec["items"]),))
        case "dict":
            return GenericAlias(dict, (_type(spec["keys"]), _type(spec["values"])))
        case "optional":
            return _type(spec["of"]) | None
        case "union":
            return reduce(or_, (_type(member) for member in spec["members"]))
        case "enum":
            return Literal[tuple(spec["values"])]
        case "constrained":
            # The platform checks limits inside of types; here they would only be said twice.
            return _type(spec["of"])
        case _:
            return _object(spec)


def _object(spec: Mapping[str, Any]) -> type[BaseModel]:
    members: dict[str, Any] = {}
    for field in spec["fields"]:
        annotation = _type(field["type"])
        described = {"description": field["description"]} if "description" in field else {}
        if field["optional"]:
            members[field["name"]] = (annotation | None, Field(default=None, **described))
        else:
            members[field["name"]] = (annotation, Field(**described))
    return create_model("Object", **members)


def _limits(constraints: Mapping[str, Any] | None) -> dict[str, Any]:
    return {_LIMITS[name]: value for name, value in (constraints or {}).items()}
