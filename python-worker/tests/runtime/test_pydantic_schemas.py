"""What pydantic writes for common models, which the tests of the signature language read."""

import datetime as dt
from pathlib import Path
from typing import Any, Literal

import orjson
import pytest
from pydantic import AnyUrl, BaseModel, Field

FIXTURE = Path(__file__).parents[3] / "libs" / "signature" / "fixtures" / "pydantic-schemas.json"


class Address(BaseModel):
    """Where somebody lives."""

    street: str
    zip: str = Field(pattern="^[0-9]{5}$", description="five digits")


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = Field(gt=0, le=9)


class Dog(BaseModel):
    kind: Literal["dog"]
    good: bool | None = None


class Person(BaseModel):
    name: str = Field(min_length=1)
    age: int | None = Field(ge=0)
    born: dt.date
    seen: dt.datetime
    home: Address
    others: list[Address] = Field(max_length=3)
    tags: dict[str, float]
    site: AnyUrl
    pet: Cat | Dog = Field(discriminator="kind")
    extra: Any


class Node(BaseModel):
    label: str
    inner: "Node | None"


class Unique(BaseModel):
    numbers: set[int]


class Pair(BaseModel):
    both: tuple[int, str]


class Positive(BaseModel):
    size: float = Field(gt=0)


@pytest.mark.parametrize("model", [Person, Node, Unique, Pair, Positive], ids=lambda model: model.__name__)
def test_the_fixture_is_what_pydantic_writes(model: type[BaseModel]) -> None:
    assert orjson.loads(FIXTURE.read_bytes())[model.__name__]["schema"] == model.model_json_schema()
