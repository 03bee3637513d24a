"""Asset: mails, ads and posts as the people who get them will see them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from drumbeat.core.units import aware
from drumbeat.web.verbs import Answer
from drumbeat.web.views.shell import Person
from drumbeat.web.views.value import Page


class AssetKind(StrEnum):
    """What it is to whoever gets it: one channel each."""

    MAIL = "mail"
    AD = "ad"
    POST = "post"


@dataclass(frozen=True)
class Profile:
    """A real-looking reader the merge fields are filled for; never a real contact."""

    id: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class MailPreview:
    """``html`` is one whole document per profile id; it is only ever shown in a sandbox."""

    asset_id: str
    sender: str
    subject: str
    preheader: str
    html: dict[str, str]
    profiles: tuple[Profile, ...]
    size_bytes: int
    send_at: datetime

    def __post_init__(self) -> None:
        aware(self.send_at)


@dataclass(frozen=True)
class AdPreview:
    """One ad at one placement."""

    asset_id: str
    placement: str
    headline: str
    text: str
    link: str
    call: str
    headline_limit: int
    text_limit: int
    creative: str = ""


@dataclass(frozen=True)
class PostPreview:
    """One post on one network; ``length`` is counted the way the network counts."""

    asset_id: str
    network: str
    account: str
    text: str
    length: int
    limit: int
    link: str = ""


Preview = MailPreview | AdPreview | PostPreview


@dataclass(frozen=True)
class Comment:
    """A remark pinned to one version of the asset. A guest has no account: ``by`` is the name they
    gave, and nobody has checked it."""

    by: str
    at: datetime
    text: str
    version: str
    is_guest: bool = False


@dataclass(frozen=True)
class Finding:
    """What quality assurance said of the asset."""

    is_passed: bool
    text: str


@dataclass(frozen=True)
class LandingPage:
    """A page the asset leads to, without the parameters of its links; ``source`` names the file
    that tells of it, ``places`` where in the asset its links stand. ``is_safe``: it may be a link.
    ``read_at`` is when the page itself was asked for last, if it ever was, and ``called`` what it
    called itself then: other people's text."""

    url: str
    is_safe: bool
    host: str
    title: str = ""
    about: str = ""
    source: str = ""
    places: tuple[str, ...] = ()
    parameters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    checks: tuple[Finding, ...] = ()
    read_at: datetime | None = None
    called: str = ""


@dataclass(frozen=True)
class Variant:
    """One version beside the others; ``label`` is A, B, ..."""

    label: str
    share: float
    previews: tuple[Preview, ...]


@dataclass(frozen=True)
class AssetView:
    """One mail, ad or post of a cycle. ``version`` names what the cycle's builder made, and remarks
    are pinned to it. ``approved_version`` is the version people agreed to, or in words the cycle
    that went out before; ``changed_since`` names the parts that differ from that one.
    ``proposal_id`` is the launch that waits, if one does."""

    id: str
    title: str
    kind: AssetKind
    campaign_id: str
    campaign: str
    version: str
    status: str
    variants: tuple[Variant, ...]
    findings: tuple[Finding, ...] = ()
    pages: tuple[LandingPage, ...] = ()
    # Whether somebody here reads those pages.
    reads_pages: bool = False
    comments: Page[Comment] = field(default_factory=Page)
    proposal_id: str = ""
    approved_version: str = ""
    changed_since: tuple[str, ...] = field(default=())


class AssetReads(Protocol):
    """What the asset page needs of the cycles and their remarks: one asset as its readers will see
    it, and a way to say something of it."""

    def asset(
        self, asset_id: str, *, after: str | None = None, limit: int = 20
    ) -> AssetView | None:
        """The asset with a page of its comments, the newest first."""
        ...

    def comment(self, asset_id: str, version: str, person: Person, text: str) -> Answer:
        """Pin a remark to the version that was looked at."""
        ...
