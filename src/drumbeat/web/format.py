"""Format: values as people read them. Templates use these as filters; times need the page's
clock and zone, which they find in the ``shell`` every page has."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from drumbeat.core.money import Money, Rate, exponent
from drumbeat.web.views.value import Change, Count, Factor, Points, Share, Value

_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
_MINUS, _NOTHING = "\u2212", "\u2014"
# Holds a number and its unit on one line.
_NO_BREAK = "\u00a0"
# Characters that hide, reorder or impersonate: control, bidi, zero width, tags. A joiner inside
# an emoji is left alone, and one that keeps a minus with its figure.
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4"
    "\u17b5\u180b-\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2061-\u206f\u3164\ufdd0-\ufdef"
    "\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]|(?<!\u2212)\u2060|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"
)


def show(value: Value) -> str:
    """Any value of a view as text with its unit."""
    match value:
        case None:
            return _NOTHING
        case str():
            return value
        case Money():
            return money(value)
        case Rate():
            return f"{money(value.money)} a {value.period}"
        case timedelta():
            return span(value)
        case datetime():
            return value.strftime("%b %-d, %H:%M")
        case _:
            return _number(value)


def _number(value: Share | Count | Change | Points | Factor) -> str:
    match value:
        case Share(of_one, decimals):
            return f"{of_one * 100:.{decimals}f}%".replace("-", _MINUS)
        case Change(of_one, decimals):
            return _signed(f"{of_one * 100:+.{decimals}f}%")
        case Points(of_one):
            return _signed(f"{of_one * 100:+.1f} pt")
        case Factor(times):
            return f"{times:.1f}×"
        case Count(number, True):
            return _short(number)
        case Count(number):
            return f"{number:,.0f}".replace("-", _MINUS)


def money(value: Money) -> str:
    """``€400.00``, ``€11,240``: minor units are shown below 1,000 and wherever there are some."""
    digits = exponent(value.currency)
    is_round = value.minor % 10**digits == 0
    decimals = 0 if is_round and abs(value.major) >= 1000 else digits
    return _amount(value, decimals)


def whole(value: Money) -> str:
    """Money without minor units, for pace and stats."""
    return _amount(value, 0)


def _amount(value: Money, decimals: int) -> str:
    symbol = _SYMBOLS.get(value.currency, f"{value.currency} ")
    sign = _MINUS if value.minor < 0 else ""
    return f"{sign}{symbol}{abs(value.major):,.{decimals}f}"


def span(length: timedelta) -> str:
    """``25 min``, ``1 h 40 min``, ``3 d``: two units at most, the second only below a day."""
    minutes = int(abs(length.total_seconds()) // 60)
    if minutes < 1:
        return _with_unit(int(abs(length.total_seconds())), "s")
    if minutes < 60:
        return _with_unit(minutes, "min")
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        further = f" {_with_unit(f'{rest:02d}', 'min')}" if rest else ""
        return _with_unit(hours, "h") + further
    return _with_unit(hours // 24, "d")


def _roughly(length: timedelta) -> str:
    hours = length // timedelta(hours=1)
    return _with_unit(hours, "h") if hours else span(length)


def _with_unit(number: int | str, unit: str) -> str:
    return f"{number}{_NO_BREAK}{unit}"


@pass_context
def until(context: Context, moment: datetime) -> str:
    """The time left, or how late it is."""
    left: timedelta = moment - context["shell"].now
    return span(left) if left >= timedelta(0) else f"{span(left)} late"


@pass_context
def ago(context: Context, moment: datetime) -> str:
    """``6 min ago``, ``yesterday``, ``Nov 20``."""
    passed: timedelta = context["shell"].now - moment
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(hours=12):
        return f"{_roughly(passed)} ago"
    return day(context, moment)


@pass_context
def clock(context: Context, moment: datetime) -> str:
    """The time of day in the workspace's zone; with the day when it is another one."""
    local = moment.astimezone(context["shell"].zone)
    if local.date() == _today(context):
        return f"{local:%H:%M}"
    return f"{day(context, moment)}, {local:%H:%M}"


@pass_context
def day(context: Context, moment: datetime | date) -> str:
    """``today``, ``yesterday``, ``Thu``, ``Nov 20``."""
    local = (
        moment.astimezone(context["shell"].zone).date() if isinstance(moment, datetime) else moment
    )
    apart = (local - _today(context)).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if apart in near:
        return near[apart]
    return f"{local:%a}" if 1 < apart < 7 else f"{local:%b} {local.day}"


@pass_context
def is_soon(context: Context, moment: datetime | None, minutes: int = 60) -> bool:
    """Whether the moment has passed or is less than ``minutes`` away."""
    return moment is not None and moment - context["shell"].now < timedelta(minutes=minutes)


def iso(moment: datetime) -> str:
    """ISO 8601 to the second with its offset, for programs that read a page's times."""
    return moment.isoformat(timespec="seconds")


def visible(value: Any) -> Any:
    """Text with its hidden characters made visible, so that nobody approves what they cannot
    see. Runs over everything a template prints."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    if value.isascii() and value.isprintable():
        return value
    return _HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", value)


def _today(context: Context) -> date:
    shell = context["shell"]
    today: date = shell.now.astimezone(shell.zone).date()
    return today


def _signed(text: str) -> str:
    """With a real minus; what rounds to nothing goes neither up nor down."""
    if not any(digit in text for digit in "123456789"):
        return f"±{text[1:]}"
    return text.replace("-", _MINUS)


def _short(number: float) -> str:
    for size, letter in ((1_000_000, "m"), (1_000, "k")):
        if abs(number) >= size:
            return f"{number / size:.1f}{letter}"
    return f"{number:,.0f}"


FILTERS = {
    "show": show,
    "money": money,
    "whole": whole,
    "span": span,
    "until": until,
    "ago": ago,
    "clock": clock,
    "day": day,
    "iso": iso,
    "is_soon": is_soon,
}
