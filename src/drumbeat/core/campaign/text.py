"""Text as files carry it: names, lines and addresses, refused with a reason a person can use."""

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from drumbeat.core.campaign.address import parts_of

_SLUG = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_EMAIL = re.compile(r"[^\s@<>,;:\"]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_ENVIRONMENT = re.compile(r"[A-Z][A-Z0-9_]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*")


def is_slug(value: str) -> bool:
    """Whether it is a name as files carry it: ``weekly-newsletter``."""
    return _SLUG.fullmatch(value) is not None


def _matching(pattern: re.Pattern[str], wanted: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(f"expected {wanted}, got {value!r}")
        return value

    return check


def _pattern(pattern: re.Pattern[str], wanted: str) -> tuple[AfterValidator, WithJsonSchema]:
    schema = {"type": "string", "pattern": f"^{pattern.pattern}$", "description": wanted}
    return AfterValidator(_matching(pattern, wanted)), WithJsonSchema(schema)


def _one_line(value: str) -> str:
    text = value.strip()
    if not text:
        raise ValueError("is empty; write at least a word")
    if "\n" in text:
        raise ValueError("must stay on one line")
    return text


def _some_text(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty; write at least a sentence")
    return value.strip()


def _web_address(value: str) -> str:
    parts = parts_of(value)
    is_whole = parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)
    if not is_whole or re.search(r"\s", value):
        raise ValueError(f"expected a web address such as https://example.com/page, got {value!r}")
    return value


def _one_value(value: Any) -> Any:
    if isinstance(value, (dict, list, tuple)) or value is None:
        raise ValueError("expected a text, a number, true or false")
    return value


# A value without parts, such as a setting of a test's arm.
Plain = Annotated[str | int | float | bool, BeforeValidator(_one_value)]
Slug = Annotated[
    str, *_pattern(_SLUG, "a short lower-case name such as weekly-newsletter or warm_leads")
]
Line = Annotated[str, AfterValidator(_one_line)]
Paragraph = Annotated[str, AfterValidator(_some_text)]
Url = Annotated[
    str, AfterValidator(_web_address), WithJsonSchema({"type": "string", "format": "uri"})
]
EmailAddress = Annotated[str, *_pattern(_EMAIL, "an email address such as ana@example.com")]
EnvironmentName = Annotated[
    str, *_pattern(_ENVIRONMENT, "the name of an environment variable such as SMTP_PASSWORD")
]
Language = Annotated[str, *_pattern(_LANGUAGE, "a language such as en, de or pt-BR")]
Currency = Annotated[str, *_pattern(_CURRENCY, "a currency code such as EUR")]
Domain = Annotated[str, *_pattern(_DOMAIN, "a domain such as example.com")]
