"""Expressions: a small language for conditions that one metric and one line cannot say.

``click_rate < 80% * click_rate.forecast and delivered >= 10000``. There are metrics, their moving
lines (``.forecast``, ``.baseline``, ``.last_cycle``, ``.target``), numbers, shares (``20%``),
money (``EUR 40``) and durations (``4h``); ``+ - * /``, comparisons, ``and or not`` (also written
``&& || !``) and brackets. Units are checked when the text is read: money is never compared with a
count. The answer has three values; a missing metric, a division by nothing or a figure that is
not finite is unknown, and unknown never becomes true.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from drumbeat.core.campaign.guardrail_rule import Reference
from drumbeat.core.operations.expression_syntax import (
    Binary,
    ExpressionInvalid,
    Literal,
    Name,
    Node,
    Unary,
    parse,
)
from drumbeat.core.operations.guardrail import Lines, Truth
from drumbeat.core.operations.metrics import BASE, RATES, Unit, value_of

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}
_LOGIC = ("and", "or")


@dataclass(frozen=True)
class Dimension:
    """What a figure is made of: powers of money and of time; counts and shares have neither."""

    money: int = 0
    seconds: int = 0

    def __str__(self) -> str:
        known = {(0, 0): "a number", (1, 0): "money", (0, 1): "a duration"}
        return known.get((self.money, self.seconds), f"money^{self.money} time^{self.seconds}")


_NUMBER = Dimension()
_OF_UNIT = {
    Unit.COUNT: _NUMBER,
    Unit.SHARE: _NUMBER,
    Unit.MONEY: Dimension(money=1),
    Unit.SECONDS: Dimension(seconds=1),
}


@dataclass(frozen=True)
class Expression:
    """A text that was read and found sound. Equal texts are equal expressions."""

    text: str
    tree: Node

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=512)
def read(text: str, currency: str = "") -> Expression:
    """The expression of a text. Raises ExpressionInvalid: where, what is wrong, what is possible.

    With ``currency`` given, money in any other is refused.
    """
    tree = parse(text)
    found = _dimension(tree, currency)
    if found is not None:
        raise ExpressionInvalid(text, 0, f"says {found}; a condition compares, such as spend > 0")
    return Expression(text, tree)


def holds(expression: Expression, counts: Mapping[str, float], lines: Lines) -> Truth:
    """Whether it is true of these base counts and moving lines."""
    return _truth(expression.tree, counts, lines)


def metrics(expression: Expression) -> frozenset[str]:
    """The metrics it speaks of, with or without a line."""
    return frozenset(_named_in(expression.tree))


def _named_in(node: Node) -> Iterator[str]:
    match node:
        case Name(metric=metric):
            yield metric
        case Unary(over=over):
            yield from _named_in(over)
        case Binary(left=left, right=right):
            yield from _named_in(left)
            yield from _named_in(right)
        case _:
            pass


def _dimension(node: Node, currency: str) -> Dimension | None:
    """The node's dimension; None for one that is true or false. Raises ExpressionInvalid."""
    match node:
        case Literal():
            return _of_literal(node, currency)
        case Name():
            return _of_name(node)
        case Unary(operator="not"):
            _logical(node, node.over, currency)
            return None
        case Unary():
            return _figure(node, node.over, currency)
        case Binary() if node.operator in _LOGIC:
            _logical(node, node.left, currency)
            _logical(node, node.right, currency)
            return None
        case Binary():
            return _of_pair(node, currency)


def _of_literal(node: Literal, currency: str) -> Dimension:
    if node.currency and currency and node.currency != currency:
        node.refuse(f"is {node.currency}, but the campaign's money is {currency}")
    return Dimension(money=1 if node.currency else 0, seconds=1 if node.is_duration else 0)


def _of_name(node: Name) -> Dimension:
    if node.line and node.line not in set(Reference):
        node.refuse(f"has no line {node.line!r}; there are {', '.join(Reference)}")
    if node.metric in BASE:
        return _OF_UNIT[BASE[node.metric]]
    if node.metric not in RATES:
        node.refuse(f"{node.metric!r} is no metric")
    ratio = RATES[node.metric]
    over, under = _OF_UNIT[BASE[ratio.over]], _OF_UNIT[BASE[ratio.under]]
    return Dimension(over.money - under.money, over.seconds - under.seconds)


def _of_pair(node: Binary, currency: str) -> Dimension | None:
    left, right = _figure(node, node.left, currency), _figure(node, node.right, currency)
    if node.operator == "*":
        return Dimension(left.money + right.money, left.seconds + right.seconds)
    if node.operator == "/":
        return Dimension(left.money - right.money, left.seconds - right.seconds)
    if left != right:
        node.refuse(f"puts {left} beside {right}")
    return None if node.operator in _COMPARE else left


def _figure(parent: Node, node: Node, currency: str) -> Dimension:
    found = _dimension(node, currency)
    if found is None:
        parent.refuse("needs a figure, not something true or false")
    return found


def _logical(parent: Node, node: Node, currency: str) -> None:
    found = _dimension(node, currency)
    if found is not None:
        parent.refuse(f"needs something true or false, not {found}")


def _truth(node: Node, counts: Mapping[str, float], lines: Lines) -> Truth:
    match node:
        case Unary(operator="not", over=over):
            return _NOT[_truth(over, counts, lines)]
        case Binary(operator="and", left=left, right=right):
            return _all(_truth(left, counts, lines), _truth(right, counts, lines))
        case Binary(operator="or", left=left, right=right):
            return _NOT[_all(*(_NOT[_truth(one, counts, lines)] for one in (left, right)))]
        case Binary(operator=operator, left=left, right=right):
            first, second = _value(left, counts, lines), _value(right, counts, lines)
            if first is None or second is None:
                return Truth.UNKNOWN
            return Truth.TRUE if _COMPARE[operator](first, second) else Truth.FALSE
        case _:
            raise AssertionError("reading lets only conditions through")


_NOT = {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE, Truth.UNKNOWN: Truth.UNKNOWN}


def _all(first: Truth, second: Truth) -> Truth:
    """Both: one that is false decides; otherwise one that is unknown does."""
    if Truth.FALSE in (first, second):
        return Truth.FALSE
    return Truth.UNKNOWN if Truth.UNKNOWN in (first, second) else Truth.TRUE


def _value(node: Node, counts: Mapping[str, float], lines: Lines) -> float | None:
    """The figure, money in minor units; None where it cannot be told."""
    match node:
        case Literal(value=value):
            return value
        case Name():
            found = _named(node, counts, lines)
        case Unary(over=over):
            inner = _value(over, counts, lines)
            found = None if inner is None else -inner
        case Binary(operator=operator, left=left, right=right):
            found = _computed(operator, _value(left, counts, lines), _value(right, counts, lines))
    return found if found is not None and math.isfinite(found) else None


def _named(node: Name, counts: Mapping[str, float], lines: Lines) -> float | None:
    if not node.line:
        return value_of(node.metric, counts)
    moving = lines.of.get((node.metric, Reference(node.line)))
    # A rate is the same at any time of the cycle; what adds up is compared with its part so far.
    return moving if moving is None or node.metric in RATES else moving * lines.progress


def _computed(operator: str, left: float | None, right: float | None) -> float | None:
    if left is None or right is None or (operator == "/" and right == 0):
        return None
    return _ARITHMETIC[operator](left, right)
