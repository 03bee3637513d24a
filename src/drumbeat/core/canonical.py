"""Canonical JSON and the names made from it: one content, one byte string, one digest.

Ids are derived from content, never drawn: the same proposal made again after a crash has
the same id, so writing it twice is harmless.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel


def canonical(content: Any) -> bytes:
    """The one byte string of a JSON-like value: sorted keys, no spaces, UTF-8.

    Raises ValueError for NaN and infinities, TypeError for what JSON cannot say.
    """
    return _ENCODER.encode(content).encode()


def digest(content: Any) -> str:
    """SHA-256 of the canonical JSON, as 64 hex digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def name(prefix: str, *parts: Any) -> str:
    """A short, stable id such as ``prop-3f9a2c1b8d04`` made from what it names."""
    return f"{prefix}-{digest(parts)[:12]}"


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
)
