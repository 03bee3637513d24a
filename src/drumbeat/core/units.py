"""Units: durations, percentages and clock times as people write them, and aware times."""

import re
from datetime import datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, PlainSerializer, WithJsonSchema

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
# Beyond ten years somebody has slipped on the keys.
_LONGEST_SECONDS = 3653 * _SECONDS["d"]
_DURATION = re.compile(r"([0-9]+)([smhdw])")
_PERCENT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)\s*%")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def parse_duration(value: Any) -> Any:
    """Read ``15m``, ``4h``, ``2d`` or ``1d12h``. Raises ValueError for a number without a unit."""
    if isinstance(value, timedelta):
        return value
    text = str(value).strip()
    parts = _DURATION.findall(text)
    if not parts or "".join(a + u for a, u in parts) != text or isinstance(value, bool):
        raise ValueError(f"expected a duration such as 15m, 4h, 2d, got {value!r}")
    seconds = sum(int(amount) * _SECONDS[unit] for amount, unit in parts)
    if seconds > _LONGEST_SECONDS:
        raise ValueError(f"expected a duration of ten years at most, got {text[:40]!r}")
    return timedelta(seconds=seconds)


def show_duration(value: timedelta) -> str:
    """The shortest exact text ``parse_duration`` reads back; parts of a second are cut."""
    left, text = int(value.total_seconds()), ""
    for unit in ("d", "h", "m", "s"):
        count, left = divmod(left, _SECONDS[unit])
        text += f"{count}{unit}" if count else ""
    return text or "0s"


def parse_percent(value: Any) -> Any:
    """Read ``20%`` as the fraction 0.2. Raises ValueError for text without a percent sign."""
    if isinstance(value, float):
        return value
    match = _PERCENT.fullmatch(str(value).strip())
    if not match:
        raise ValueError(f"expected a percentage such as 20%, got {value!r}")
    return float(match[1]) / 100


def show_percent(value: float) -> str:
    """``0.2`` as ``20%``, to six significant digits."""
    return f"{value * 100:.6g}%"


def parse_clock(value: Any) -> Any:
    """Read ``09:00`` as a local time of day."""
    if isinstance(value, time):
        return value
    match = _CLOCK.fullmatch(str(value).strip())
    if not match:
        raise ValueError(f'expected a time of day such as "09:00", got {value!r}')
    return time(int(match[1]), int(match[2]))


def known_zone(value: str) -> str:
    """An IANA time zone's name. Raises ValueError when there is no such zone."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as error:
        raise ValueError(
            f"no time zone is named {value!r}; write one such as Europe/Berlin"
        ) from error
    return value


def _text(example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "examples": [example]})


Duration = Annotated[
    timedelta, BeforeValidator(parse_duration), PlainSerializer(show_duration), _text("4h")
]
Percent = Annotated[
    float, BeforeValidator(parse_percent), PlainSerializer(show_percent), _text("20%")
]
ClockTime = Annotated[
    time,
    BeforeValidator(parse_clock),
    PlainSerializer(lambda t: t.strftime("%H:%M")),
    _text("09:00"),
]
Zone = Annotated[str, AfterValidator(known_zone)]
Moment = AwareDatetime


def aware(moment: datetime) -> datetime:
    """The moment itself, once it is known to carry a zone. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment
