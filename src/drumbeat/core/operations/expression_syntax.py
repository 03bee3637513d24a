"""The grammar of expressions: from text to a tree, loosest binding first: or, and, not, compare,
add, multiply, minus."""

import re
from dataclasses import dataclass
from typing import NoReturn

from drumbeat.core.money import Money
from drumbeat.core.units import parse_duration

_LONGEST = 500
_DEEPEST = 40
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<money>[A-Z]{3}\s+[0-9][0-9,]*(?:\.[0-9]+)?)
    | (?P<duration>(?:[0-9]+[smhdw])+(?![0-9a-z_.%]))
    | (?P<number>[0-9][0-9_]*(?:\.[0-9]+)?\s*%?)
    | (?P<name>[a-z][a-z0-9_]*(?:\.[a-z_]+)?)
    | (?P<operator><=|>=|==|!=|&&|\|\||[-+*/()<>!])
    )""",
    re.VERBOSE,
)
_SAME = {"&&": "and", "||": "or", "!": "not"}
_WORDS = frozenset({"and", "or", "not"})
_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})


class ExpressionInvalid(ValueError):
    """An expression that cannot be used; the message quotes it and points at the place."""

    def __init__(self, text: str, at: int, why: str) -> None:
        super().__init__(f"{text!r}, character {at + 1}: {why}")
        self.at = at


@dataclass(frozen=True)
class Place:
    """Where in which text."""

    text: str
    at: int

    def refuse(self, why: str) -> NoReturn:
        """Raise ExpressionInvalid for this place."""
        raise ExpressionInvalid(self.text, self.at, why)


@dataclass(frozen=True)
class Literal(Place):
    """``value``: a share as a fraction, money in minor units, a duration in seconds."""

    value: float
    currency: str = ""
    is_duration: bool = False


@dataclass(frozen=True)
class Name(Place):
    """A metric, or its moving ``line``."""

    metric: str
    line: str = ""


@dataclass(frozen=True)
class Unary(Place):
    """``not`` or a sign before what it is said of."""

    operator: str
    over: "Node"


@dataclass(frozen=True)
class Binary(Place):
    """An operator between two sides: arithmetic, a comparison, ``and`` or ``or``."""

    operator: str
    left: "Node"
    right: "Node"


Node = Literal | Name | Unary | Binary


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(text: str) -> Node:
    """The tree of a text. Raises ExpressionInvalid."""
    if len(text) > _LONGEST:
        raise ExpressionInvalid(text[:40] + "…", 0, f"is longer than {_LONGEST} characters")
    reader = _Reader(text, _tokens(text))
    tree = reader.either()
    if reader.next.kind != "end":
        reader.fail(f"{reader.next.text!r} is one word too many")
    return tree


def _tokens(text: str) -> list[_Token]:
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise ExpressionInvalid(text, at, f"{text[at]!r} means nothing here")
        word = match[match.lastgroup]
        word = _SAME.get(word, word)
        kind = "operator" if word in _WORDS else match.lastgroup
        found.append(_Token(kind, word, match.start(match.lastgroup)))
        at = match.end()
    return [*found, _Token("end", "", end)]


class _Reader:
    """Walks the tokens once; each method reads one level of the grammar."""

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def next(self) -> _Token:
        return self._tokens[self._at]

    def fail(self, why: str) -> NoReturn:
        raise ExpressionInvalid(self._text, self.next.at, why)

    def either(self) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            self.fail(f"is nested more than {_DEEPEST} deep")
        left = self._both()
        while token := self._taken("or"):
            left = Binary(self._text, token.at, "or", left, self._both())
        self._depth -= 1
        return left

    def _both(self) -> Node:
        left = self._negated()
        while token := self._taken("and"):
            left = Binary(self._text, token.at, "and", left, self._negated())
        return left

    def _negated(self) -> Node:
        negations = []
        while token := self._taken("not"):
            negations.append(token)
        node = self._compared()
        for token in reversed(negations):
            node = Unary(self._text, token.at, "not", node)
        return node

    def _compared(self) -> Node:
        left = self._sum()
        if token := self._taken(*_COMPARISONS):
            return Binary(self._text, token.at, token.text, left, self._sum())
        return left

    def _sum(self) -> Node:
        left = self._product()
        while token := self._taken("+", "-"):
            left = Binary(self._text, token.at, token.text, left, self._product())
        return left

    def _product(self) -> Node:
        left = self._signed()
        while token := self._taken("*", "/"):
            left = Binary(self._text, token.at, token.text, left, self._signed())
        return left

    def _signed(self) -> Node:
        if token := self._taken("-"):
            return Unary(self._text, token.at, "-", self._atom())
        return self._atom()

    def _atom(self) -> Node:
        if self._taken("("):
            inner = self.either()
            if not self._taken(")"):
                self.fail("a bracket is not closed")
            return inner
        token = self.next
        if token.kind in ("end", "operator"):
            self.fail("a figure is missing" if token.kind == "end" else f"not {token.text!r} here")
        self._at += 1
        return _leaf(self._text, token)

    def _taken(self, *words: str) -> _Token | None:
        token = self.next
        if token.kind != "operator" or token.text not in words:
            return None
        self._at += 1
        return token


def _leaf(text: str, token: _Token) -> Node:
    match token.kind:
        case "money":
            money = _money(text, token)
            return Literal(text, token.at, float(money.minor), currency=money.currency)
        case "duration":
            seconds = parse_duration(token.text).total_seconds()
            return Literal(text, token.at, seconds, is_duration=True)
        case "number":
            plain = token.text.rstrip("% ").replace("_", "")
            share = 100 if token.text.endswith("%") else 1
            return Literal(text, token.at, float(plain) / share)
        case _:
            metric, _, line = token.text.partition(".")
            return Name(text, token.at, metric, line)


def _money(text: str, token: _Token) -> Money:
    try:
        return Money.parse(token.text)
    except ValueError as error:
        raise ExpressionInvalid(text, token.at, str(error)) from error
