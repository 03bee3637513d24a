"""JsonValue: what JSON can say, checked by plain code and written without any."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_PLAIN = frozenset({str, int, float, bool, type(None)})


def _copied(value: object) -> Any:
    """The value in plain JSON types, lists and dicts copied; raises on anything JSON lacks."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, dict):
        return {_key(key): _copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copied(item) for item in value]
    for plain in (str, int, float):
        if isinstance(value, plain):
            return plain(value)
    raise PydanticCustomError("invalid-json-value", "JSON has no {type}", {"type": kind.__name__})


def _key(key: object) -> str:
    if isinstance(key, str):
        return str(key)
    raise PydanticCustomError("invalid-json-key", "keys of a JSON object must be text")


class _Json:
    """pydantic's own JsonValue asks a Python function for the type of every single value when it
    writes one. That costs, and an interruption that arrives in it is lost: the serializer takes
    every error there for an unknown type and goes on."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _: object, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.json_or_python_schema(
            json_schema=core_schema.any_schema(),
            python_schema=core_schema.no_info_plain_validator_function(
                _copied, json_schema_input_schema=core_schema.any_schema()
            ),
        )


if TYPE_CHECKING:
    from pydantic import JsonValue as JsonValue
else:
    JsonValue = Annotated[Any, _Json]
