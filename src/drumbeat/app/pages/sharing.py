"""Sharing: assets shown to somebody without an account, by a link, and what they said of them."""

from dataclasses import dataclass
from datetime import timedelta

from drumbeat.app.pages.assets import Assets, inert
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.words import sentence
from drumbeat.core.campaign.assets import Assets as Made
from drumbeat.gate import share
from drumbeat.gate.comment import NotSaid
from drumbeat.gate.share import NotShared
from drumbeat.store import comments, cycles, shares
from drumbeat.store.shares import Share
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.asset import AssetView, Comment
from drumbeat.web.views.shared import NothingShared, SharedLink, SharedView
from drumbeat.web.views.shell import Person

_MOST_SAID = 50


@dataclass(frozen=True)
class Sharing:
    """A guest's link shows, and takes remarks on, what it names and nothing else, until it lapses
    or is taken back. Refusals say why, with an HTTP status."""

    ground: Ground
    assets: Assets

    def links(self, asset_id: str) -> tuple[SharedLink, ...]:
        cycle, now = asset_id.rpartition(".")[0], self.ground.now
        with self.ground.app.database.read() as connection:
            made = shares.of_cycle(connection, cycle)
        lasting = (one for one in made if one.ended_at is None and one.until > now)
        return tuple(self._link(one) for one in lasting if one.holds(asset_id))

    def share(
        self,
        asset_id: str,
        person: Person,
        *,
        whom: str,
        days: int,
        is_whole: bool,
        may_comment: bool,
    ) -> Answer:
        view = self.assets.asset(asset_id, limit=1)
        if view is None:
            return Refused("There is no such asset.", 404)
        cycle = asset_id.rpartition(".")[0]
        made = share.share(
            self.ground.app.gate.door,
            cycle if is_whole else asset_id,
            person.id,
            cycle=cycle,
            campaign=view.campaign_id,
            whom=whom,
            span=timedelta(days=days),
            may_comment=may_comment,
        )
        if isinstance(made, NotShared):
            return Refused(sentence(made.why), 422)
        return Done(f"The link for {made.whom} is below: copy it from there")

    def unshare(self, share_id: str, person: Person) -> Answer:
        made = share.unshare(self.ground.app.gate.door, share_id, person.id)
        if isinstance(made, NotShared):
            return Refused(sentence(made.why), 403)
        return Done(f"The link for {made.whom} shows nothing any more")

    def look(self, token: str) -> SharedView | NothingShared:
        made = share.open_share(self.ground.app.gate.door, token)
        if isinstance(made, NotShared):
            return NothingShared(sentence(made.why))
        shown = tuple(self._assets(made))
        if not shown:
            return NothingShared("What it showed is gone.")
        with self.ground.app.database.read() as connection:
            said = comments.said_by(connection, share.guest_of(made), _MOST_SAID)
        brand = self.ground.app.files.workspace.brand.name
        return SharedView(
            id=made.id,
            of=brand,
            title=shown[0][1].title if len(shown) == 1 else shown[0][1].campaign,
            whom=made.whom,
            now=self.ground.now,
            zone=self.ground.zone,
            until=made.until,
            may_comment=made.may_comment,
            assets=shown,
            said=tuple(
                (_number(one.asset), Comment(one.guest, one.at, inert(one), one.version, True))
                for one in said
                if one.text
            ),
        )

    def remark(self, token: str, number: str, version: str, name: str, text: str) -> Answer:
        door = self.ground.app.gate.door
        made = share.open_share(door, token)
        if isinstance(made, NotShared):
            return Refused(sentence(made.why), 410)
        asset = f"{made.cycle}.{number}"
        view = self.assets.asset(asset, limit=1) if made.holds(asset) else None
        if view is None:
            return Refused("There is no such thing behind this link.", 404)
        if view.version != version:
            return Refused("It has changed since you looked; read it again before you comment.")
        kept = share.remark(door, token, asset, version, name, text)
        if isinstance(kept, NotSaid):
            return Refused(sentence(kept.why), 422)
        return Done("Said. The people who work on it see it beside this version.")

    def _assets(self, made: Share) -> list[tuple[str, AssetView]]:
        """What is behind the link, by its number, with nothing but what is to be judged."""
        if made.subject != made.cycle:
            numbers = [_number(made.subject)]
        else:
            with self.ground.app.database.read() as connection:
                kept = cycles.documents(connection, made.cycle).get("assets")
            count = len(Made.model_validate(kept).objects()) if kept else 0
            numbers = [str(number) for number in range(count)]
        found = ((n, self.assets.asset(f"{made.cycle}.{n}", limit=1)) for n in numbers)
        return [(n, view) for n, view in found if view is not None]

    def _link(self, made: Share) -> SharedLink:
        token = share.token_of(made, self.ground.app.gate.door.key)
        return SharedLink(
            made.id,
            made.whom,
            self.ground.name(made.by),
            made.until,
            made.may_comment,
            made.subject == made.cycle,
            f"/shared/{token}",
        )


def _number(asset: str) -> str:
    return asset.rpartition(".")[2]
