"""One link that was given away, over the roaster's made-up assets."""

from dataclasses import dataclass
from datetime import timedelta

from drumbeat.testing.web_content.people import ZONE
from drumbeat.testing.web_world import WebWorld
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.asset import Comment
from drumbeat.web.views.shared import NothingShared, SharedLink, SharedView
from drumbeat.web.views.shell import Person


@dataclass(frozen=True)
class MadeUpSharing:
    """Implements the port; ``look`` shows a mail, ``ad`` an ad and lets nobody comment."""

    world: WebWorld

    def links(self, asset_id: str) -> tuple[SharedLink, ...]:
        until = self.world.now + timedelta(days=7)
        return (
            SharedLink("shr-1", "Growers' board", "Ana Petrov", until, True, False, "/shared/look"),
        )

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
        if not whom:
            return Refused("Say whom it is for.", 422)
        self.world.orders.append(("share", asset_id, whom, str(days)))
        return Done(f"The link for {whom} is below: copy it from there")

    def unshare(self, share_id: str, person: Person) -> Answer:
        self.world.orders.append(("unshare", share_id))
        return Done("It shows nothing any more")

    def look(self, token: str) -> SharedView | NothingShared:
        named = {"look": "issue-42", "ad": "ad-starter-set"}.get(token, "")
        if named not in self.world.assets:
            return NothingShared("It has lapsed.")
        asset, now = self.world.assets[named], self.world.now
        return SharedView(
            id=f"shr-{token}",
            of="Northbean",
            title=asset.title,
            whom="Growers' board",
            now=now,
            zone=ZONE,
            until=now + timedelta(days=7),
            may_comment=named == "issue-42",
            assets=(("0", asset),),
            said=(("0", Comment("Robin", now, "Can the cup be larger?", asset.version, True)),),
        )

    def remark(self, token: str, number: str, version: str, name: str, text: str) -> Answer:
        if not name.strip() or not text.strip():
            return Refused("Say who you are, in 80 characters at most.", 422)
        self.world.orders.append(("remark", name, text))
        return Done("Said. The people who work on it see it beside this version.")
