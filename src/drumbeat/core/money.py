"""Money: integer minor units with a currency, and rates with a period. Never a bare number."""

import re
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from drumbeat.core.noun import Noun

# ISO 4217 exponents that are not 2.
_EXPONENT = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
# The codes of ISO 4217 in use, so that a text's "LOT 14" is not taken for money.
_CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
    CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW
    KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR
    MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
    SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD
    UYI UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
CODES = frozenset(_CODES.split())
# More than any brand spends, and within what a database keeps as a whole number.
_MOST = 10**12
_AMOUNT = r"[0-9][0-9,]*(?:\.[0-9]+)?"
_MONEY = re.compile(rf"([A-Z]{{3}})\s+(-?{_AMOUNT})")
_RANGE = re.compile(rf"([A-Z]{{3}})\s+({_AMOUNT})\s*-\s*({_AMOUNT})")


class Period(StrEnum):
    """The window a rate of money speaks of."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were put together."""


class Money(Noun):
    """An amount: ``minor`` units (cents) of an ISO 4217 ``currency``."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> "Money":
        """Major units to money, rounded once, half to even."""
        scale = Decimal(10) ** exponent(currency)
        minor = (Decimal(amount) * scale).quantize(Decimal(1), ROUND_HALF_EVEN)
        return cls(minor=int(minor), currency=currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        return cls(minor=0, currency=currency)

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Read ``EUR 1,250.50``. Raises ValueError for anything else."""
        match = _MONEY.fullmatch(text.strip())
        if not match:
            raise ValueError(f"expected money such as EUR 400, got {text!r}")
        return cls._exact(match[2], match[1])

    @classmethod
    def _exact(cls, amount: str, currency: str) -> "Money":
        value = Decimal(amount.replace(",", ""))
        if abs(value) > _MOST:
            raise ValueError(f"expected at most {currency} {_MOST:,}, got {amount[:40]}")
        money = cls.of(value, currency)
        if money.major != value:
            raise ValueError(f"{currency} has {exponent(currency)} decimals, got {amount}")
        return money

    @property
    def major(self) -> Decimal:
        """The amount in major units (euros), exact."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: "Money") -> "Money":
        return Money(minor=self.minor + self._same(other).minor, currency=self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(minor=self.minor - self._same(other).minor, currency=self.currency)

    def __neg__(self) -> "Money":
        return Money(minor=-self.minor, currency=self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def times(self, factor: Decimal | int | str) -> "Money":
        """Scaled and rounded once, half to even."""
        exact = Decimal(self.minor) * Decimal(factor)
        return Money(minor=int(exact.quantize(Decimal(1), ROUND_HALF_EVEN)), currency=self.currency)

    def __str__(self) -> str:
        return f"{self.currency} {self.major:,}"

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not add up")
        return other


class Rate(Noun):
    """Money per period, such as a daily budget."""

    money: Money
    period: Period

    @classmethod
    def parse(cls, text: str) -> "Rate":
        """Read ``EUR 400/day``. Raises ValueError for anything else."""
        amount, period = _split_period(text, "EUR 400/day")
        return cls(money=Money.parse(amount), period=period)

    def __str__(self) -> str:
        return f"{self.money}/{self.period}"


class RateRange(Noun):
    """A low and a high amount per period, such as a budget range; both ends belong to it."""

    low: Money
    high: Money
    period: Period

    @classmethod
    def parse(cls, text: str) -> "RateRange":
        """Read ``EUR 0-200/month``. Raises ValueError for anything else."""
        amounts, period = _split_period(text, "EUR 0-200/month")
        match = _RANGE.fullmatch(amounts.strip())
        if not match:
            raise ValueError(f"expected a range such as EUR 0-200/month, got {text!r}")
        low, high = (Money._exact(amount, match[1]) for amount in (match[2], match[3]))
        if high < low:
            raise ValueError(f"the range ends below its start: {text!r}")
        return cls(low=low, high=high, period=period)

    def __str__(self) -> str:
        return f"{self.low.currency} {self.low.major:,}-{self.high.major:,}/{self.period}"


def exponent(currency: str) -> int:
    """How many decimals the currency has (ISO 4217)."""
    return _EXPONENT.get(currency, 2)


def _split_period(text: str, example: str) -> tuple[str, Period]:
    amount, slash, period = text.rpartition("/")
    if not slash or period.strip() not in set(Period):
        raise ValueError(f"expected an amount with a period such as {example}, got {text!r}")
    return amount, Period(period.strip())


def _reader(kind: type[Money] | type[Rate] | type[RateRange], example: str) -> BeforeValidator:
    def read(value: Any) -> Any:
        if isinstance(value, (int, float)):
            raise ValueError(f"expected an amount with its currency such as {example}, got {value}")
        return kind.parse(value) if isinstance(value, str) else value

    return BeforeValidator(read)


def _text(example: str) -> tuple[PlainSerializer, WithJsonSchema]:
    schema = {"type": "string", "examples": [example]}
    return PlainSerializer(str, return_type=str), WithJsonSchema(schema)


# For fields of files: written as text with units, read into the nouns above.
MoneyText = Annotated[Money, _reader(Money, "EUR 400"), *_text("EUR 400")]
RateText = Annotated[Rate, _reader(Rate, "EUR 400/day"), *_text("EUR 400/day")]
RateRangeText = Annotated[
    RateRange, _reader(RateRange, "EUR 0-200/month"), *_text("EUR 0-200/month")
]
