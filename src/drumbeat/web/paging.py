"""Paging: one page of a list that is in memory already, with the cursor of the next one."""

from collections.abc import Sequence
from typing import TypeVar

from drumbeat.web.views.value import Page

T = TypeVar("T")


def cut(items: Sequence[T], after: str, limit: int) -> Page[T]:
    """``after`` is the position of the first item shown; anything else means the beginning."""
    start = int(after) if after.isdecimal() and len(after) < 8 else 0
    end = start + limit
    return Page(tuple(items[start:end]), str(end) if end < len(items) else None, len(items))
