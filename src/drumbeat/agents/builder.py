"""Builder: turns a plan into assets, word by word from the brief, the inventory and the voice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from drumbeat.agents.refusal import Refusal
from drumbeat.agents.role import AgentRole
from drumbeat.agents.writers.listening import Listening
from drumbeat.agents.writers.port import (
    AdOrder,
    CannotWrite,
    CopyOrder,
    EmailDraft,
    EmailOrder,
    PostOrder,
    SubjectDraft,
    Writer,
)
from drumbeat.agents.writers.scripted import ScriptedWriter
from drumbeat.core.campaign.assets import Assets, DynamicBlock
from drumbeat.core.campaign.audience import Segment
from drumbeat.core.campaign.brand import BrandVoice
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.escalation_policy import FailureClass
from drumbeat.core.campaign.link import campaign_code, tracked
from drumbeat.core.campaign.model_call import ModelCall
from drumbeat.core.campaign.naming import Naming, NamingRuleBroken, UtmParameters, utm_for
from drumbeat.core.campaign.naming_choice import NamingChoice
from drumbeat.core.campaign.objects import Creative, LineItem, Post, Send, Variant
from drumbeat.core.campaign.offer import Offer
from drumbeat.core.campaign.plan import (
    CreativePlan,
    LinePlan,
    Plan,
    PostPlan,
    SendPlan,
    Urgency,
    UsualPlan,
)
from drumbeat.core.campaign.rewording import heed
from drumbeat.core.campaign.workspace import Brand
from drumbeat.core.governance.action import Channel

ROLE = AgentRole(
    name="builder",
    reads=frozenset(
        {
            DataScope.BRIEF,
            DataScope.BRAND,
            DataScope.SEGMENTS,
            DataScope.CONTENT,
            DataScope.OFFERS,
            DataScope.HYPOTHESES,
            DataScope.LESSONS,
        }
    ),
    proposes=frozenset(),
    takes="BuildingCase",
    gives="Assets",
    failure_class=FailureClass.COPY,
)


# The variant of a mail that is business as usual.
_USUAL = "usual"
# The one for readers whom another mail pressed lately.
_CALM = "calm"


@dataclass(frozen=True)
class BuildingCase:
    """The plan and the records it names. ``live`` are the line items running now, whose
    creatives stay word for word where the plan keeps them; ``instead`` is what people said in
    place of a text before."""

    brief: Brief
    plan: Plan
    segments: Mapping[str, Segment]
    content: Mapping[str, Piece]
    offers: Mapping[str, Offer]
    brand: Brand
    voice: BrandVoice
    naming: Naming
    naming_choice: NamingChoice
    live: tuple[LineItem, ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Builder:
    """Orders words from a writer and puts them in the shape platforms take."""

    writer: Writer = field(default_factory=ScriptedWriter)
    role: AgentRole = ROLE

    def build(self, case: BuildingCase) -> Assets | Refusal:
        """The assets of the cycle, or what keeps them from being made."""
        missing = tuple(_missing(case))
        if missing:
            return self._refuse("the plan names what is not there", *missing)
        try:
            return heed(self._assets(case), case.instead).assets
        except CannotWrite as error:
            return self._refuse("the writer lacks words", str(error))
        except NamingRuleBroken as error:
            refused = self._refuse("the naming rule cannot be followed", str(error))
            # Without names results cannot be told apart: whoever keeps the data mends that.
            return refused.model_copy(update={"failure_class": FailureClass.DATA})

    def build_and_tell(self, case: BuildingCase) -> tuple[Assets | Refusal, tuple[ModelCall, ...]]:
        """``build``, and what models were asked meanwhile, whatever came of it."""
        listening = Listening(self.writer)
        made = replace(self, writer=listening).build(case)
        return made, tuple(listening.calls)

    def _assets(self, case: BuildingCase) -> Assets:
        plan = case.plan
        sends, blocks = self._send(case, plan.send) if plan.send else ((), ())
        return Assets(
            campaign=plan.campaign,
            cycle=plan.cycle,
            plan=plan.digest,
            sends=sends,
            line_items=tuple(self._line_item(case, line) for line in plan.lines),
            posts=tuple(self._post(case, post) for post in plan.posts),
            blocks=blocks,
        )

    def _send(
        self, case: BuildingCase, plan: SendPlan
    ) -> tuple[tuple[Send, ...], tuple[DynamicBlock, ...]]:
        lead, *more = (case.content[name] for name in case.plan.angle.pieces)
        copy = _copy(case, Channel.EMAIL, lead, plan.send_at)
        include = case.plan.audience.include
        draft = self.writer.email(
            EmailOrder(
                copy=copy,
                more=tuple(more),
                segments=tuple(case.segments[name] for name in include),
                styles=plan.styles,
                settings=plan.settings,
            )
        )
        as_usual = plan.usual.share / (1 - plan.hold_out) if plan.usual else 0.0
        share = (1 - as_usual) / len(draft.drafts)
        settings = plan.settings or ({},) * len(draft.drafts)
        variants = tuple(
            _variant("abcdefgh"[number], one, share, settings[number])
            for number, one in enumerate(draft.drafts)
        )
        blocks = draft.blocks
        if plan.usual is not None:
            usual = self._as_usual(case, plan.usual, plan.send_at)
            words = usual.drafts[0]
            made = _variant(_USUAL, words, as_usual).model_copy(
                update={"theme": plan.usual.theme, "angle": plan.usual.angle}
            )
            variants += (made,)
            blocks += tuple(
                one.model_copy(update={"name": f"{_USUAL}-{one.name}"}) for one in usual.blocks
            )
        if plan.is_calm:
            variants += (self._calm(copy, tuple(more), case, plan),)
        send = Send(
            name=copy.utm.campaign,
            from_name=case.brand.sender.name,
            from_address=case.brand.sender.email,
            reply_to=case.brand.sender.reply_to or case.brand.sender.email,
            segments=include,
            exclude=case.plan.audience.exclude,
            send_at=plan.send_at,
            variants=variants,
            theme=case.plan.angle.theme,
            angle=case.plan.angle.angle,
            offer=case.plan.offer.offer,
            hold_out=plan.hold_out,
            usual=_USUAL if plan.usual else "",
            urgent=case.plan.offer.urgency is not Urgency.NONE,
            calm=_CALM if plan.is_calm else "",
            salt=case.plan.hypothesis.salt if case.plan.hypothesis else "",
            utm_campaign=copy.utm.campaign,
            landing_url=tracked(lead.url, copy.utm, "main"),
        )
        return _by_moment(send, plan), blocks

    def _calm(
        self, copy: CopyOrder, more: tuple[Piece, ...], case: BuildingCase, plan: SendPlan
    ) -> Variant:
        """The same letter without its urgency, for those who were pressed lately; nobody is dealt
        to it."""
        order = EmailOrder(
            copy=replace(copy, urgency=Urgency.NONE),
            more=more,
            segments=tuple(case.segments[name] for name in case.plan.audience.include),
            styles=plan.styles[:1],
            settings=plan.settings[:1],
        )
        return _variant(_CALM, self.writer.email(order).drafts[0], 0.0, dict(*plan.settings[:1]))

    def _as_usual(self, case: BuildingCase, plan: UsualPlan, at: datetime) -> EmailDraft:
        """The mail that would have gone out without an agent, about its own theme."""
        copy = _copy(case, Channel.EMAIL, case.content[plan.piece], at)
        return self.writer.email(
            EmailOrder(
                copy=replace(copy, topic=plan.theme, angle=plan.angle),
                more=(),
                segments=tuple(case.segments[name] for name in case.plan.audience.include),
                styles=(plan.style,),
            )
        )

    def _line_item(self, case: BuildingCase, plan: LinePlan) -> LineItem:
        return LineItem(
            name=plan.name,
            daily_budget_minor=plan.daily_budget.minor,
            currency=plan.daily_budget.currency,
            segments=plan.segments,
            exclude=plan.exclude,
            breadth=plan.breadth,
            creatives=tuple(self._creative(case, plan, one) for one in plan.creatives),
            bid_strategy=plan.bid_strategy,
            target_cpa_minor=plan.target_cpa.minor if plan.target_cpa else 0,
            status="active" if plan.is_active else "paused",
            until=plan.until,
            pacing=plan.pacing,
            trial=plan.trial,
            placements=plan.placements,
        )

    def _creative(self, case: BuildingCase, line: LinePlan, plan: CreativePlan) -> Creative:
        """The one that runs under this name, unchanged; otherwise a new one."""
        running = _running(case, line.name, plan.name)
        if running is not None:
            return running
        piece = case.content[plan.piece]
        ordered = _copy(case, Channel.ADS, piece, case.brief.occurrence_at)
        copy = replace(ordered, angle=plan.angle)
        draft = self.writer.ad(AdOrder(copy=copy, format=plan.format))
        landing = copy.offer.landing_page if copy.offer else piece.url
        return Creative(
            name=plan.name,
            headlines=draft.headlines,
            descriptions=draft.descriptions,
            call_to_action=draft.call_to_action,
            landing_url=tracked(landing, copy.utm, plan.name),
            angle=plan.angle,
            format=plan.format,
            offer=plan.offer,
        )

    def _post(self, case: BuildingCase, plan: PostPlan) -> Post:
        piece = case.content[plan.piece]
        ordered = _copy(case, Channel.SOCIAL, piece, plan.publish_at)
        copy = replace(ordered, topic=plan.topic)
        order = PostOrder(copy=copy, network=plan.network, hook=plan.hook)
        draft = self.writer.post(order)
        local = plan.publish_at.astimezone(ZoneInfo(case.brief.timezone))
        return Post(
            name=f"{copy.utm.campaign}-{plan.network}-{local:%m%d-%H%M}",
            network=plan.network,
            text=draft.text,
            link=draft.link,
            topic=plan.topic,
            hook=plan.hook,
            format=plan.format,
            publish_at=plan.publish_at,
            boost_minor=plan.boost.minor if plan.boost else 0,
            currency=case.brief.currency,
            settings=plan.settings,
        )

    def _refuse(self, why: str, *missing: str) -> Refusal:
        return Refusal(
            agent=self.role.name,
            why=why,
            missing=missing,
            failure_class=self.role.failure_class,
        )


def _by_moment(send: Send, plan: SendPlan) -> tuple[Send, ...]:
    """One mail; two with one deal where the arms go out at different hours. Business as usual
    goes with the first."""
    first, *others = plan.moments or (plan.send_at,)
    if not others:
        return (send,)
    names = [one.name for one in send.arms]
    usual = (send.usual,) if send.usual else ()
    late = send.model_copy(update={"send_at": others[0], "only": (names[1],)})
    return (send.model_copy(update={"send_at": first, "only": (names[0], *usual)}), late)


def _variant(
    name: str, words: SubjectDraft, share: float, settings: Mapping[str, str] | None = None
) -> Variant:
    return Variant(
        name=name,
        subject=words.subject,
        preheader=words.preheader,
        html=words.html,
        text=words.text,
        share=share,
        style=words.style,
        settings=dict(settings or {}),
    )


def _copy(case: BuildingCase, channel: Channel, piece: Piece, at: datetime) -> CopyOrder:
    local = at.astimezone(ZoneInfo(case.brief.timezone))
    offer = case.plan.offer if channel is not Channel.SOCIAL else None
    return CopyOrder(
        brand=case.brand.name,
        website=case.brand.website,
        postal_address=case.brand.postal_address,
        language=piece.language,
        voice=case.voice.languages[piece.language],
        piece=piece,
        topic=case.plan.angle.theme,
        angle=case.plan.angle.angle,
        day=local.date(),
        turn=_turn(case, channel, local),
        offer=case.offers[offer.offer] if offer and offer.offer else None,
        urgency=offer.urgency if offer else Urgency.NONE,
        utm=_utm(case, channel),
    )


def _turn(case: BuildingCase, channel: Channel, local: datetime) -> int:
    """Weeks since the calendar began, so that next week's words differ; days for posts."""
    days = local.date().toordinal()
    return days if channel is Channel.SOCIAL else days // 7


def _utm(case: BuildingCase, channel: Channel) -> UtmParameters:
    """The link parameters. Raises NamingRuleBroken when the workspace declares none."""
    choice = case.naming_choice
    code = campaign_code(case.naming, choice.rule, choice.region, case.brief)
    utm = utm_for(case.naming, channel, code)
    if utm is None:
        raise NamingRuleBroken(f"policy/naming.yaml declares no utm source and medium of {channel}")
    return utm


def _running(case: BuildingCase, line: str, creative: str) -> Creative | None:
    live = (one for item in case.live if item.name == line for one in item.creatives)
    return next((one for one in live if one.name == creative), None)


def _missing(case: BuildingCase) -> Iterator[str]:
    if case.plan.brief != case.brief.digest:
        yield "a plan that answers this brief"
    pieces = [*case.plan.angle.pieces] if case.plan.send else []
    pieces += [case.plan.send.usual.piece] if case.plan.send and case.plan.send.usual else []
    pieces += [post.piece for post in case.plan.posts]
    pieces += [
        one.piece
        for line in case.plan.lines
        for one in line.creatives
        if _running(case, line.name, one.name) is None
    ]
    for name in dict.fromkeys(pieces):
        if name not in case.content:
            yield f"piece {name or '(unnamed)'} of data/content.yaml"
        elif case.content[name].language not in case.voice.languages:
            yield f"a voice for {case.content[name].language} in policy/brand_voice.yaml"
    if case.plan.send and not pieces:
        yield "a piece for the mail to tell of"
    if case.plan.offer.offer and case.plan.offer.offer not in case.offers:
        yield f"offer {case.plan.offer.offer} of data/offers.yaml"
    for name in case.plan.audience.include:
        if name not in case.segments:
            yield f"segment {name} of data/segments.yaml"
