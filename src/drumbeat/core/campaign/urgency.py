"""Urgency: which offer a cycle makes and how hard it presses, inside a budget of trust."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.context import ContextFile
from drumbeat.core.campaign.dossier import Dossier, UseKind
from drumbeat.core.campaign.offer import Offer
from drumbeat.core.campaign.plan import OfferChoice, Urgency

# A deadline may be pressed when it is this near, and is then true.
_DEADLINE_NEAR = timedelta(days=3)
_REMINDER_NEAR = timedelta(days=10)


@dataclass(frozen=True)
class UrgencyBudget:
    """How often, in four weeks, one programme may make an offer and press a deadline, and how
    long it rests between two offers."""

    offers: int = 2
    deadlines: int = 1
    window: timedelta = timedelta(days=28)
    rest: timedelta = timedelta(days=12)


def choose_offer(
    brief: Brief,
    offers: Mapping[str, Offer],
    context: ContextFile,
    dossier: Dossier,
    *,
    at: datetime,
    segments: Iterable[str],
    budget: UrgencyBudget | None = None,
) -> OfferChoice:
    """The open offer of the brief made longest ago, then ending first; none when the budget is
    used up.

    With ``budget`` None (always-on ads, where nobody is mailed) only availability counts.
    """
    day, segments = at.date(), frozenset(segments)
    usable = [o for o in _allowed(brief, offers) if _is_usable(o, context, day, segments)]
    if not usable:
        return _none("no offer of the brief is open, in stock and meant for them", brief)
    if budget and (spent := _is_spent(dossier, at, budget)):
        return _none(f"{spent}; this one builds trust instead", brief)
    offer = min(usable, key=lambda one: (_last_made(one, dossier), one.valid_to, one.id))
    urgency = _urgency(offer, day, dossier, at, budget) if budget else Urgency.NONE
    return OfferChoice(
        offer=offer.id,
        urgency=urgency,
        why=f"{offer.headline}: open until {offer.valid_to}{_stock_text(offer)}",
        citations=(_cite(offer),),
    )


def _is_spent(dossier: Dossier, at: datetime, budget: UrgencyBudget) -> str | None:
    made = dossier.used_since(UseKind.OFFER, at - budget.window)
    if len(made) >= budget.offers:
        return f"{len(made)} offers were made in the last {budget.window.days} days"
    if dossier.used_since(UseKind.OFFER, at - budget.rest):
        return f"an offer was made in the last {budget.rest.days} days"
    return None


def _last_made(offer: Offer, dossier: Dossier) -> float:
    made = dossier.last_used(UseKind.OFFER, offer.id)
    return made.timestamp() if made else 0.0


def _allowed(brief: Brief, offers: Mapping[str, Offer]) -> list[Offer]:
    return [offers[name] for name in brief.offers if name in offers]


def _is_usable(offer: Offer, context: ContextFile, day: date, segments: frozenset[str]) -> bool:
    sold_out = offer.product is not None and context.is_sold_out(offer.product) is True
    meant = not offer.segments or bool(segments & set(offer.segments))
    return offer.is_open(day) and not sold_out and meant


def _urgency(
    offer: Offer, day: date, dossier: Dossier, at: datetime, budget: UrgencyBudget
) -> Urgency:
    left = offer.valid_to - day
    pressed = dossier.used_since(UseKind.URGENCY, at - budget.window)
    deadlines = [use for use in pressed if use.subject == Urgency.DEADLINE]
    if left <= _DEADLINE_NEAR and len(deadlines) < budget.deadlines:
        return Urgency.DEADLINE
    return Urgency.REMINDER if left <= _REMINDER_NEAR else Urgency.NONE


def _none(why: str, brief: Brief) -> OfferChoice:
    listed = ", ".join(brief.offers) or "none"
    return OfferChoice(
        why=why, citations=(Citation(source=brief.source, text=f"offers allowed: {listed}"),)
    )


def _cite(offer: Offer) -> Citation:
    text = f"{offer.headline}; {offer.terms}; {offer.valid_from} to {offer.valid_to}"
    return Citation(source=f"data/offers.yaml#{offer.id}", text=f"{text}{_stock_text(offer)}")


def _stock_text(offer: Offer) -> str:
    return "" if offer.stock is None else f", {offer.stock:,} left"
