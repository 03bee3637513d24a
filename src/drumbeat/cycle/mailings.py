"""Mailings: what the other cycles mail around one of ours, over all campaigns."""

from datetime import timedelta
from typing import Any

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.frequency import WEEK, Mailing, mailing_of
from drumbeat.core.campaign.objects import Send
from drumbeat.cycle.desk import Desk
from drumbeat.store import cycles

# A mail may go out some days after its cycle's own moment.
_SPREAD = timedelta(days=8)


def own_mailing(assets: Assets) -> Mailing | None:
    """What this cycle mails; None where it mails nothing."""
    return mailing_of(_sends(assets))


def mailings_around(desk: Desk, own: Mailing) -> tuple[Mailing, ...]:
    """What other cycles sent, or passed their review to send, within a week of ours: of two that
    are too many together, the one that is reviewed first goes."""
    reach = WEEK + _SPREAD
    with desk.office.database.read() as connection:
        rows = cycles.between(connection, own.at - reach, own.at + reach)
        near = [one.id for one in rows if one.id != desk.cycle.id and one.is_reviewed]
        made = cycles.read_many(connection, near, "assets")
    found = (_read(made.get(name)) for name in near)
    return tuple(one for one in found if one is not None and abs(one.at - own.at) < WEEK)


def _read(body: Any) -> Mailing | None:
    return own_mailing(Assets.model_validate(body)) if body else None


def _sends(assets: Assets) -> dict[str, Send]:
    return {name: one for name, one in assets.objects().items() if isinstance(one, Send)}
