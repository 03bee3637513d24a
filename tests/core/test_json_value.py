"""JsonValue: what JSON can say goes through as it is, anything else is refused by name."""

from datetime import UTC, datetime
from enum import StrEnum

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from drumbeat.core.json_value import JsonValue


class Holder(BaseModel):
    state: JsonValue


class Channel(StrEnum):
    EMAIL = "email"


@pytest.mark.parametrize(
    "value", [None, True, 0, 1.5, "a", [], {}, {"a": [1, {"b": None}, False]}, [["x"], 2]]
)
def test_plain_values_stay_as_they_are(value: JsonValue) -> None:
    kept = Holder(state=value).state
    assert kept == value
    assert type(kept) is type(value)
    written = Holder(state=value).model_dump_json()
    assert Holder.model_validate_json(written).state == value


def test_what_is_kept_is_a_copy() -> None:
    given = {"lines": [1]}
    kept = Holder(state=given).state
    given["lines"].append(2)
    assert kept == {"lines": [1]}


def test_subclasses_become_plain() -> None:
    kept = Holder(state={Channel.EMAIL: Channel.EMAIL}).state
    assert isinstance(kept, dict)
    assert [(type(key), type(value)) for key, value in kept.items()] == [(str, str)]
    assert kept == {"email": "email"}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "datetime"),
        ((1, 2), "tuple"),
        ({"a": {1, 2}}, "set"),
        ([b"raw"], "bytes"),
        ({1: "a"}, "keys"),
    ],
)
def test_other_values_are_refused(value: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Holder.model_validate({"state": value})


def test_any_json_is_allowed_by_its_schema() -> None:
    assert TypeAdapter(JsonValue).json_schema() == {}
