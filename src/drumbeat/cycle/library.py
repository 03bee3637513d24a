"""Library: the workspace's files as the stages ask for them, computed once."""

from collections.abc import Iterable
from datetime import date
from functools import cache, cached_property
from typing import Protocol, TypeVar

from drumbeat.core.campaign.audience import Segment
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.history import HistoryKind, HistoryRow
from drumbeat.core.campaign.offer import Offer
from drumbeat.core.governance.action import Channel
from drumbeat.files.holidays import skip_days
from drumbeat.files.load import LoadedWorkspace, load

# Where a social connection names no networks of its own.
_NETWORKS = ("mastodon", "linkedin", "instagram")


class Named(Protocol):
    """A record that a file names."""

    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Named)


def by_id(records: Iterable[T]) -> dict[str, T]:
    """The records under their names."""
    return {one.id: one for one in records}


class Library:
    """One loaded workspace, as it stood at the start but for what was taken up since."""

    def __init__(self, files: LoadedWorkspace, today: date) -> None:
        self.files = files
        # Holidays are only known for years somebody asked about.
        self._years = tuple(range(today.year - 1, today.year + 3))
        self.skipped_dates = cache(self._skipped_dates)

    def take_up_material(self) -> None:
        """Read inventory, offers, segments, voice and names anew. Raises WorkspaceInvalid, and
        then changes nothing."""
        self.files = self.files.with_material_of(load(self.files.root))
        for computed in ("segments", "segment_sizes", "content", "vouched", "offers"):
            self.__dict__.pop(computed, None)

    @property
    def campaigns(self) -> dict[str, Campaign]:
        return self.files.campaigns

    @property
    def zone(self) -> str:
        """The workspace's time zone."""
        return self.files.workspace.timezone

    def zone_of(self, campaign: str) -> str:
        """The zone a campaign's days are counted in."""
        return self.campaigns[campaign].cadence.timezone or self.zone

    def _skipped_dates(self, campaign: str) -> frozenset[date]:
        """Local dates on which nothing of this campaign goes out."""
        cadence = self.campaigns[campaign].cadence
        return skip_days(cadence, self.files.calendar, self._years)

    @cached_property
    def segments(self) -> dict[str, Segment]:
        return {segment.id: segment for segment in self.files.segments.segments}

    @cached_property
    def segment_sizes(self) -> dict[str, int]:
        """How many people each segment held at its last count."""
        return {name: segment.size or 0 for name, segment in self.segments.items()}

    @cached_property
    def content(self) -> dict[str, Piece]:
        return {piece.id: piece for piece in self.files.content.content}

    @cached_property
    def vouched(self) -> frozenset[str]:
        """Sentences of the content inventory, which somebody answers for."""
        said = ((p.title, p.summary, *p.points) for p in self.content.values())
        return frozenset(sentence for sentences in said for sentence in sentences)

    @cached_property
    def offers(self) -> dict[str, Offer]:
        return {offer.id: offer for offer in self.files.offers.offers}

    def networks_of(self, campaign: str) -> tuple[str, ...]:
        """The networks a campaign's social connection serves; none without one."""
        own = self.campaigns[campaign]
        if Channel.SOCIAL not in own.channels:
            return ()
        connection = self.files.workspace.connection(own.connection[Channel.SOCIAL])
        named = connection.settings.get("networks") if connection else None
        return tuple(map(str, named)) if isinstance(named, tuple | list) else _NETWORKS

    def history(self, kind: HistoryKind) -> tuple[HistoryRow, ...]:
        """The rows of the workspace's own export files."""
        return self._history.get(kind, ())

    @cached_property
    def _history(self) -> dict[HistoryKind, tuple[HistoryRow, ...]]:
        kinds = {row.kind for row in self.files.history}
        return {k: tuple(r for r in self.files.history if r.kind is k) for k in kinds}
