"""Shared: what a guest sees by a link, and the links people here have given away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from drumbeat.web.verbs import Answer
from drumbeat.web.views.asset import AssetView, Comment
from drumbeat.web.views.shell import Person


@dataclass(frozen=True)
class SharedLink:
    """A link that still shows something; ``path`` is its address here."""

    id: str
    whom: str
    by: str
    until: datetime
    may_comment: bool
    is_whole: bool
    path: str


@dataclass(frozen=True)
class SharedView:
    """``of`` is the brand whose work it is; ``assets`` go by their number in the link's address.
    ``said`` holds this link's own remarks only."""

    id: str
    of: str
    title: str
    whom: str
    now: datetime
    zone: ZoneInfo
    until: datetime
    may_comment: bool
    assets: tuple[tuple[str, AssetView], ...]
    said: tuple[tuple[str, Comment], ...] = ()


@dataclass(frozen=True)
class NothingShared:
    """The link shows nothing, and why."""

    why: str


class Sharing(Protocol):
    """What the share pages need of the gate: links by which somebody without an account looks. Each
    lapses, and can be taken back."""

    def links(self, asset_id: str) -> tuple[SharedLink, ...]:
        """The links in force that show this asset."""
        ...

    def share(
        self,
        asset_id: str,
        person: Person,
        *,
        whom: str,
        days: int,
        is_whole: bool,
        may_comment: bool,
    ) -> Answer: ...

    def unshare(self, share_id: str, person: Person) -> Answer: ...

    def look(self, token: str) -> SharedView | NothingShared:
        """What the link shows; looking changes nothing."""
        ...

    def remark(self, token: str, number: str, version: str, name: str, text: str) -> Answer:
        """A guest's words on one version; they answer nothing."""
        ...
