"""Quantities: numbers as goals and guardrails write them, each with its unit."""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from drumbeat.core.money import Money, Period
from drumbeat.core.noun import Noun

_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")
_PERCENT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)\s*%")


class Unit(StrEnum):
    """What a figure counts in."""

    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"


class Quantity(Noun):
    """A number with its unit. ``amount`` is a fraction for percent, major units for money."""

    amount: Decimal
    unit: Unit
    currency: str | None = None

    @classmethod
    def parse(cls, text: str) -> "Quantity":
        """Read ``40``, ``0.1%`` or ``EUR 12.50``. Raises ValueError for anything else."""
        stripped = text.strip()
        if percent := _PERCENT.fullmatch(stripped):
            return cls(amount=Decimal(percent[1]) / 100, unit=Unit.PERCENT)
        if _NUMBER.fullmatch(stripped):
            return cls(amount=Decimal(stripped.replace(",", "")), unit=Unit.NUMBER)
        if re.match(r"[A-Z]{3}\s", stripped):
            money = Money.parse(stripped)
            return cls(amount=money.major, unit=Unit.MONEY, currency=money.currency)
        raise ValueError(f"expected a number such as 40, a share such as 2% or money, got {text!r}")

    def __str__(self) -> str:
        match self.unit:
            case Unit.PERCENT:
                return f"{(self.amount * 100).normalize():f}%"
            case Unit.MONEY:
                return f"{self.currency} {self.amount:,}"
            case _:
                return f"{self.amount:,f}"


class Target(Noun):
    """A goal's figure, over a period where it adds up over time (``40/week``)."""

    quantity: Quantity
    period: Period | None = None

    @classmethod
    def parse(cls, text: str) -> "Target":
        """Read ``40/week``, ``3.5``, ``25%`` or ``EUR 1,200/month``. Raises ValueError else."""
        amount, slash, period = text.rpartition("/")
        if not slash:
            return cls(quantity=Quantity.parse(text))
        if period.strip() not in set(Period):
            raise ValueError(f"expected a period such as /week or /month, got {text!r}")
        return cls(quantity=Quantity.parse(amount), period=Period(period.strip()))

    def __str__(self) -> str:
        return f"{self.quantity}/{self.period}" if self.period else str(self.quantity)


def read_quantity(value: Any) -> Any:
    """Text or a bare number to a quantity; what is neither is left for the model to refuse."""
    return Quantity.parse(str(value)) if _is_plain(value) else value


def _read_target(value: Any) -> Any:
    return Target.parse(str(value)) if _is_plain(value) else value


def _is_plain(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _text(example: str) -> tuple[PlainSerializer, WithJsonSchema]:
    schema = {"type": ["string", "number"], "examples": [example]}
    return PlainSerializer(str, return_type=str), WithJsonSchema(schema)


QuantityText = Annotated[Quantity, BeforeValidator(read_quantity), *_text("2%")]
TargetText = Annotated[Target, BeforeValidator(_read_target), *_text("40/week")]
