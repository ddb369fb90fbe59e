"""What all messages share; the models in ``messages`` are generated on top of it."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """An immutable message; members are snake_case in Python and camelCase on the wire."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False, protected_namespaces=())

    @classmethod
    def from_wire(cls, message: object) -> Self:
        """Read a message from decoded JSON; raises ``pydantic.ValidationError`` for anything the contract refuses."""
        return cls.model_validate(message, by_alias=True, by_name=False)

    def to_wire(self) -> dict[str, Any]:
        """Give the message as a value that JSON can carry; members that were never set are left out."""
        return self.model_dump(by_alias=True)
