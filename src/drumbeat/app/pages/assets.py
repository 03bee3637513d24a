"""Assets: every mail, ad and post of a cycle, as its readers will see it.

An asset's id is ``<cycle>.<n>``: the n-th object the cycle's builder made.
"""

from dataclasses import dataclass, replace

import sqlalchemy as sa

from drumbeat.app.pages import previews
from drumbeat.app.pages.beside import changed_since
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.landing import pages_of
from drumbeat.app.pages.naming import network_title
from drumbeat.app.pages.pack import Packs
from drumbeat.app.pages.words import sentence
from drumbeat.core.campaign.assets import Assets as Made
from drumbeat.core.campaign.finding import ReviewFinding
from drumbeat.core.campaign.objects import LineItem, Post, Send
from drumbeat.core.untrusted.tainted import Tainted
from drumbeat.cycle.documents import ReviewFindings
from drumbeat.gate.comment import NotSaid, comment
from drumbeat.store import comments, cycles, proposals
from drumbeat.store.comments import Comment
from drumbeat.store.cycles import CycleRow
from drumbeat.store.proposals import Judged, Status
from drumbeat.web.format import show
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.asset import AssetKind, AssetView, Finding, Preview, Variant
from drumbeat.web.views.asset import Comment as Said
from drumbeat.web.views.shell import Person
from drumbeat.web.views.value import Page

_LAUNCH = "campaign.launch"
_KINDS: dict[type, AssetKind] = {
    Send: AssetKind.MAIL,
    LineItem: AssetKind.AD,
    Post: AssetKind.POST,
}


@dataclass(frozen=True)
class Assets:
    """Each asset from what the cycle's builder made, read anew for every page."""

    ground: Ground
    packs: Packs

    def asset(
        self, asset_id: str, *, after: str | None = None, limit: int = 20
    ) -> AssetView | None:
        cycle, _, number = asset_id.rpartition(".")
        if not number.isdecimal():
            return None
        with self.ground.app.database.read() as connection:
            row = cycles.load(connection, cycle)
            documents = cycles.documents(connection, cycle) if row else {}
            said = self._said(connection, asset_id, after, limit)
            before = self.packs.before(connection, row.campaign, cycle) if row else None
            asked = [
                one
                for one in proposals.of_cycle(connection, cycle)
                if one.proposal.action.kind == _LAUNCH
            ]
        if row is None or "assets" not in documents:
            return None
        made = Made.model_validate(documents["assets"])
        objects = list(made.objects().items())
        if int(number) >= len(objects):
            return None
        target, thing = objects[int(number)]
        found = ReviewFindings.model_validate(documents.get("findings") or {})
        view = self._view(asset_id, row, target, thing, made.digest, found, asked)
        view = replace(
            view,
            pages=pages_of(self.ground, row.campaign, made, thing),
            reads_pages=bool(self.ground.app.gate.door.pages),
        )
        if before is not None and not view.approved_version:
            day = before.brief.occurrence_at.astimezone(self.ground.zone)
            view = replace(
                view,
                approved_version=f"what went out for {day:%b} {day.day}",
                changed_since=changed_since(target, thing, made, before.assets),
            )
        return replace(view, comments=said)

    def comment(self, asset_id: str, version: str, person: Person, text: str) -> Answer:
        view = self.asset(asset_id, limit=1)
        if view is None:
            return Refused("There is no such asset.", 404)
        if version != view.version:
            return Refused("It has changed since you looked; read it again before you comment.")
        door, cycle = self.ground.app.gate.door, asset_id.rpartition(".")[0]
        kept = comment(
            door, asset_id, version, person.id, text, campaign=view.campaign_id, cycle=cycle
        )
        if isinstance(kept, NotSaid):
            return Refused(sentence(kept.why), 403)
        return Done("Said: everybody who opens this version sees it")

    def _said(
        self, connection: sa.Connection, asset: str, after: str | None, limit: int
    ) -> Page[Said]:
        skip = int(after) if after and after.isdecimal() and len(after) < 8 else 0
        total = comments.count(connection, asset)
        rows = comments.of_asset(connection, asset, limit, skip)
        shown = (
            Said(
                one.guest or self.ground.actor(one.by if one.is_guest else f"person:{one.by}").name,
                one.at,
                inert(one),
                one.version,
                one.is_guest,
            )
            for one in rows
        )
        end = skip + len(rows)
        return Page(tuple(shown), str(end) if end < total else None, total)

    def _view(
        self,
        asset_id: str,
        row: CycleRow,
        target: str,
        thing: Send | LineItem | Post,
        version: str,
        found: ReviewFindings,
        asked: list[Judged],
    ) -> AssetView:
        newest = asked[-1] if asked else None
        return AssetView(
            id=asset_id,
            title=self._title(thing),
            kind=_KINDS[type(thing)],
            campaign_id=row.campaign,
            campaign=self.ground.title(row.campaign),
            version=version[:8],
            status=f"cycle {row.number}, {_status(newest)}",
            variants=self._variants(asset_id, thing),
            findings=_findings(target, found.findings),
            proposal_id=newest.proposal.id if newest and newest.status is Status.WAITING else "",
            approved_version=version[:8] if newest and newest.status is Status.APPROVED else "",
        )

    def _title(self, thing: Send | LineItem | Post) -> str:
        match thing:
            case Send():
                return thing.variants[0].subject
            case LineItem():
                return f"Line item {thing.name.replace('-', ' ')}"
            case Post():
                at = show(thing.publish_at.astimezone(self.ground.zone))
                return f"{network_title(thing.network)}, {at}"

    def _variants(self, asset_id: str, thing: Send | LineItem | Post) -> tuple[Variant, ...]:
        brand = self.ground.app.files.workspace.brand
        match thing:
            case Send():
                return tuple(
                    Variant(
                        _label(one.name), one.share, (previews.mail(asset_id, thing, one, brand),)
                    )
                    for one in thing.variants
                )
            case LineItem():
                shown: tuple[Preview, ...] = previews.ads(asset_id, thing)
                return (Variant("A", 1.0, shown),)
            case Post():
                return (Variant("A", 1.0, (previews.post(asset_id, thing, brand),)),)


def _label(variant: str) -> str:
    """A, B, … as people say them; the one that goes out without an agent is the usual one."""
    return variant.upper() if len(variant) == 1 else variant


def inert(one: Comment) -> str:
    """A remark's words to be looked at: whatever they hold does nothing."""
    return Tainted(one.text, one.id).inert() if one.text else "Erased: who said it asked for that."


def _status(newest: Judged | None) -> str:
    if newest is None:
        return "not asked for yet"
    return "waits for approval" if newest.status is Status.WAITING else str(newest.status)


def _findings(target: str, found: tuple[ReviewFinding, ...]) -> tuple[Finding, ...]:
    """What the reviewer said of this object, and of what it could not look at; nothing said is
    worth a line too."""
    named = f"{_spoken_of(target)} "
    about = [one for one in found if f"{one.subject} ".startswith((named, "the rules "))]
    if not about:
        return (Finding(True, "Nothing was found by the reviewer’s rules"),)
    return tuple(
        Finding(False, f"{one.subject[:1].upper()}{one.subject[1:]}: {one.text}") for one in about
    )


def _spoken_of(target: str) -> str:
    """What findings call an object: ``mail``, ``line item site-visitors``, ``post 3``."""
    kind, _, path = target.partition(":")
    name = path.rpartition("/")[2]
    return "mail" if kind == "send" else f"{kind.replace('_', ' ')} {name}"
