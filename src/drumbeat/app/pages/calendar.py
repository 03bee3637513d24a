"""Calendar: what went out and will, on every channel, and the occurrences nothing is ready for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.moving import can_move
from drumbeat.app.pages.naming import network_title
from drumbeat.app.pages.standing import Standing, standing_of
from drumbeat.app.pages.upcoming import moments
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.exposure import goes_out_at
from drumbeat.core.campaign.objects import LineItem, Post, Send
from drumbeat.core.governance.action import Channel
from drumbeat.core.governance.freeze import HoldMode
from drumbeat.store import cycles, objects, proposals
from drumbeat.store.cycles import CycleRow
from drumbeat.web.views.calendar import CalendarItem, CalendarView, Gap, ItemStatus, Pressure

_CHANNELS: dict[type, Channel] = {
    Send: Channel.EMAIL,
    LineItem: Channel.ADS,
    Post: Channel.SOCIAL,
}
_LAUNCH = "campaign.launch"
_SCHEDULING = ("email.schedule_send", "social.schedule_post")
# Objects may go out some days after their cycle's own moment.
_SPREAD = timedelta(days=8)
# More mails than this to one segment on one day is pressure.
_MAILS_A_DAY = 1


@dataclass(frozen=True)
class _Cycle:
    """A cycle in sight, with what it made and whether people have agreed. ``moments`` is when its
    live objects go out, by target; ``moves`` the waiting wishes for another moment."""

    row: CycleRow
    made: Assets | None
    waits: str
    moments: Mapping[str, datetime]
    moves: Mapping[str, str]


@dataclass(frozen=True)
class Calendar:
    """Days are the workspace's own, the first and the last included. An item names the proposal
    that would move or launch it, where one waits."""

    ground: Ground

    def calendar(self, first: date, last: date) -> CalendarView:
        zone = self.ground.zone
        since = datetime.combine(first, time(), tzinfo=zone)
        until = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
        with self.ground.app.database.read() as connection:
            standing = standing_of(self.ground, connection)
            found = self._cycles(connection, since, until)
        made = [item for one in found for item in self._items(one, standing)]
        planned = list(self._planned(found, since, until))
        items = [item for item in (*made, *planned) if since <= item.at < until]
        return CalendarView(
            items=tuple(sorted(items, key=lambda item: (item.at, item.id))),
            gaps=tuple(self._gaps(found, since, until)),
            pressure=tuple(self._pressure(found, since, until)),
            days_off=self._days_off(first, last),
        )

    def _cycles(self, connection: sa.Connection, since: datetime, until: datetime) -> list[_Cycle]:
        rows = cycles.between(connection, since - _SPREAD, until + _SPREAD)
        bodies = cycles.read_many(connection, [row.id for row in rows], "assets")
        waiting = [one.proposal for one in proposals.waiting(connection)]
        asked = {one.action.cycle: one.id for one in waiting if one.action.kind == _LAUNCH}
        moves = {one.action.target: one.id for one in waiting if one.action.kind in _SCHEDULING}
        moments = objects.moments(connection, [row.id for row in rows])
        return [
            _Cycle(row, _read(bodies.get(row.id)), asked.get(row.id, ""), moments, moves)
            for row in rows
        ]

    def _items(self, one: _Cycle, standing: Standing) -> Iterator[CalendarItem]:
        row = one.row
        if one.made is None or row.is_off:
            return
        for number, (target, thing) in enumerate(one.made.objects().items()):
            # A line item lives on under its name: its last change is no date of this cycle.
            moved = None if isinstance(thing, LineItem) else one.moments.get(target)
            at = moved or goes_out_at(thing) or row.occurrence_at
            status = self._status(one, at, standing)
            yield CalendarItem(
                id=f"{row.id}.{number}",
                at=at,
                title=_title(thing),
                channel=_CHANNELS[type(thing)],
                campaign_id=row.campaign,
                campaign=self.ground.title(row.campaign),
                status=status,
                asset_id=f"{row.id}.{number}",
                proposal_id=one.moves.get(target) or one.waits,
                can_move=status is ItemStatus.SCHEDULED and self._moves(row.campaign, thing),
            )

    def _moves(self, campaign: str, thing: Send | LineItem | Post) -> bool:
        channel = _CHANNELS[type(thing)]
        found = self.ground.campaigns.get(campaign)
        return found is not None and can_move(
            self.ground, channel, found.connection.get(channel, "")
        )

    def _status(self, one: _Cycle, at: datetime, standing: Standing) -> ItemStatus:
        if one.row.is_out and at <= self.ground.now:
            return ItemStatus.SENT
        if standing.hold(one.row.campaign, HoldMode.FREEZE):
            return ItemStatus.FROZEN
        if standing.hold(one.row.campaign, HoldMode.OBSERVE):
            return ItemStatus.OBSERVED
        if one.waits:
            return ItemStatus.NEEDS_APPROVAL
        return ItemStatus.SCHEDULED if one.row.is_out else ItemStatus.DRAFT

    def _planned(
        self, found: list[_Cycle], since: datetime, until: datetime
    ) -> Iterator[CalendarItem]:
        """The occurrences ahead for which no cycle has made anything yet."""
        known = {(one.row.campaign, one.row.occurrence_at) for one in found if one.made}
        for name, campaign in self.ground.campaigns.items():
            start = max(since, self.ground.now)
            for moment in moments(self.ground, name, start, until) if start < until else ():
                if (name, moment) not in known:
                    yield CalendarItem(
                        id=f"{name}.{moment:%Y%m%d}",
                        at=moment,
                        title=f"Next cycle of {campaign.title}",
                        channel=campaign.channels[0],
                        campaign_id=name,
                        campaign=campaign.title,
                        status=ItemStatus.DRAFT,
                    )

    def _gaps(self, found: list[_Cycle], since: datetime, until: datetime) -> Iterator[Gap]:
        """Cycles that ended without putting anything out."""
        for one in found:
            if one.row.is_off and since <= one.row.occurrence_at < until:
                day = one.row.occurrence_at.astimezone(self.ground.zone).date()
                title = self.ground.title(one.row.campaign)
                yield Gap(day, f"{title}: nothing goes out ({one.row.waiting})")

    def _pressure(
        self, found: list[_Cycle], since: datetime, until: datetime
    ) -> Iterator[Pressure]:
        """Segments that would get more than one mail on one day, over all campaigns."""
        mails: dict[tuple[date, str], list[_Cycle]] = defaultdict(list)
        for one in found:
            for send in one.made.sends if one.made else ():
                if since <= send.send_at < until:
                    day = send.send_at.astimezone(self.ground.zone).date()
                    for segment in send.segments:
                        mails[day, segment].append(one)
        for (day, segment), several in sorted(mails.items(), key=lambda pair: pair[0]):
            if len(several) > _MAILS_A_DAY:
                names = ", ".join(self.ground.title(one.row.campaign) for one in several)
                waits = next((one.waits for one in several if one.waits), "")
                yield Pressure(day, f"{segment}: {len(several)} mails ({names})", waits)

    def _days_off(self, first: date, last: date) -> tuple[Gap, ...]:
        """Days on which a campaign's calendar lets nothing out, with whose they are."""
        skipped: dict[date, list[str]] = defaultdict(list)
        library = self.ground.app.office.library
        for name, campaign in self.ground.campaigns.items():
            for day in library.skipped_dates(name):
                if first <= day <= last:
                    skipped[day].append(campaign.title)
        return tuple(Gap(day, f"off: {_some(names)}") for day, names in sorted(skipped.items()))


def _read(body: Any) -> Assets | None:
    return Assets.model_validate(body) if body else None


def _title(thing: Send | LineItem | Post) -> str:
    match thing:
        case Send():
            return thing.variants[0].subject
        case LineItem():
            return thing.name.replace("-", " ")
        case Post():
            return f"{network_title(thing.network)}: {thing.topic}"


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
