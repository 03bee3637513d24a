"""Scalars by the YAML 1.2 core rules: ``no``, ``on`` and ``12:30`` are text, dates are text too."""

import re

_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
# Far beyond any figure of a workspace; Python refuses to convert thousands of digits.
_MOST_DIGITS = 30

Scalar = str | int | float | bool | None


class NotANumber(ValueError):
    """A figure no calculation can use: infinite, undefined or absurdly long."""


def resolve(text: str) -> Scalar:
    """The value of a plain (unquoted) scalar. Raises NotANumber for .inf, .nan and huge figures."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if text[0] not in "+-.0123456789":
        return text
    return _number(text)


def _number(text: str) -> Scalar:
    if _NOT_FINITE.fullmatch(text):
        raise NotANumber(f"{text} is no figure")
    if _INT.fullmatch(text):
        return int(_short(text))
    if _OCTAL.fullmatch(text) or _HEX.fullmatch(text):
        return int(_short(text), 0)
    if _FLOAT.fullmatch(text):
        value = float(_short(text))
        if value in (float("inf"), float("-inf")):
            raise NotANumber(f"{text} is too large")
        return value
    return text


def _short(text: str) -> str:
    if len(text) > _MOST_DIGITS:
        raise NotANumber(f"a figure of {len(text)} digits is too long")
    return text
