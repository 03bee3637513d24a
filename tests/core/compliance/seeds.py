"""Seeds: one violation of each rule, as an edit that can be made to any campaign."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from drumbeat.core.campaign.objects import Variant
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.facts import (
    BudgetChange,
    ConsentTally,
    FrequencyTally,
    Media,
    OptOuts,
)
from drumbeat.core.governance.action import Channel
from drumbeat.core.money import Money
from tests.core.compliance.cases import ENDPOINT, HEADERS, RECORDS, inside

Seed = Callable[[ComplianceCase], ComplianceCase]


def _known(**changes: Any) -> Seed:
    return lambda case: replace(case, facts=replace(case.facts, **changes))


def _send(**changes: Any) -> Seed:
    def seed(case: ComplianceCase) -> ComplianceCase:
        send = case.assets.sends[0].model_copy(update=changes)
        return replace(case, assets=case.assets.model_copy(update={"sends": (send,)}))

    return seed


def _mail(**edits: Callable[[str], str]) -> Seed:
    def edited(one: Variant) -> Variant:
        return one.model_copy(update={part: edits[part](getattr(one, part)) for part in edits})

    def seed(case: ComplianceCase) -> ComplianceCase:
        return _send(variants=tuple(edited(one) for one in case.assets.sends[0].variants))(case)

    return seed


def _said(text: str) -> Seed:
    return _mail(html=inside(f"<p>{text}</p>"), text=lambda whole: f"{text}\n\n{whole}")


def _line(**changes: Any) -> Seed:
    def seed(case: ComplianceCase) -> ComplianceCase:
        line = case.assets.line_items[0].model_copy(update=changes)
        return replace(case, assets=case.assets.model_copy(update={"line_items": (line,)}))

    return seed


def _ad(**changes: Any) -> Seed:
    def seed(case: ComplianceCase) -> ComplianceCase:
        one = case.assets.line_items[0].creatives[0].model_copy(update=changes)
        return _line(creatives=(one,))(case)

    return seed


def _headline(text: str) -> Seed:
    def seed(case: ComplianceCase) -> ComplianceCase:
        own = case.assets.line_items[0].creatives[0].headlines
        return _ad(headlines=(text, *own[1:]))(case)

    return seed


def _post(**changes: Any) -> Seed:
    def seed(case: ComplianceCase) -> ComplianceCase:
        post = case.assets.posts[0].model_copy(update=changes)
        return replace(case, assets=case.assets.model_copy(update={"posts": (post,)}))

    return seed


def _both(*seeds: Seed) -> Seed:
    def seed(case: ComplianceCase) -> ComplianceCase:
        for one in seeds:
            case = one(case)
        return case

    return seed


def _late(case: ComplianceCase) -> ComplianceCase:
    send = case.assets.sends[0]
    return _send(send_at=send.send_at.replace(hour=3))(case)


def _doubled(case: ComplianceCase) -> ComplianceCase:
    assert case.now is not None
    money = (Money.of(50, "EUR"), Money.of(100, "EUR"))
    return _known(budget_changes=(BudgetChange("line", *money, case.now),))(case)


def _stale(case: ComplianceCase) -> ComplianceCase:
    assert case.now is not None
    records = replace(RECORDS, checked_at=case.now - timedelta(days=3))
    return _known(dns={"northbean.example": records})(case)


def _longer(html: str) -> str:
    return html + f"<!--{'x' * 110_000}-->"


SEEDS: dict[str, tuple[Channel, Seed]] = {
    "E01": (Channel.EMAIL, _known(headers=replace(HEADERS, list_unsubscribe=""))),
    "E02": (Channel.EMAIL, _known(endpoint=replace(ENDPOINT, get_changes_state=True))),
    "E03": (Channel.EMAIL, _mail(html=lambda one: one.replace("{{unsubscribe_url}}", "#"))),
    "E04": (Channel.EMAIL, _known(opt_outs=OptOuts(False, 1))),
    "E05": (Channel.EMAIL, _known(endpoint=replace(ENDPOINT, token_days=7))),
    "E06": (Channel.EMAIL, _mail(text=lambda one: one.replace("Lehrter", "Lange"))),
    "E07": (Channel.EMAIL, _send(from_address="ana@shop.example")),
    "E08": (Channel.EMAIL, _stale),
    "E09": (Channel.EMAIL, _known(complaint_rate=0.0031)),
    "E10": (Channel.EMAIL, _known(consent=ConsentTally(1000, {"no record": 12}))),
    "E11": (Channel.EMAIL, _send(exclude=())),
    "E12": (Channel.EMAIL, _known(frequency=FrequencyTally(3, 212))),
    "E13": (Channel.EMAIL, _late),
    "E14": (Channel.EMAIL, _mail(subject=lambda one: f"Re: {one}")),
    "E15": (Channel.EMAIL, _mail(text=lambda one: f"Dear {{{{first_name}}}},\n{one}")),
    "E16": (Channel.EMAIL, _mail(html=inside('<a href="https://bit.ly/x">tea</a>'))),
    "E17": (Channel.EMAIL, _mail(html=inside('<img src="x.png">'))),
    "E18": (Channel.EMAIL, _mail(html=_longer)),
    "E19": (Channel.EMAIL, _mail(text=lambda one: "See this mail in your browser.")),
    "E20": (Channel.EMAIL, _mail(html=inside('<p style="display:none">Order now</p>'))),
    "C01": (Channel.EMAIL, _said("The best coffee in town.")),
    "C02": (Channel.EMAIL, _said("It lowers your blood pressure.")),
    "C03": (Channel.EMAIL, _said("Yours for EUR 3.33.")),
    "C04": (Channel.EMAIL, _said("Was EUR 99, now less.")),
    "C05": (Channel.SOCIAL, _post(text="A bag of coffee, free!")),
    "C06": (Channel.EMAIL, _said("It ends tonight.")),
    "C07": (Channel.EMAIL, _said("“It changed my mornings for good.” Jane D.")),
    "C08": (Channel.SOCIAL, _both(_known(is_paid_partnership=True), _post(text="I like it."))),
    "C09": (Channel.EMAIL, _said("Unser Kaffee ist klimaneutral.")),
    "C10": (Channel.EMAIL, _both(_known(competitors=("Beanpalace",)), _said("Not Beanpalace."))),
    "C11": (Channel.EMAIL, _said("Your code: SPRING40")),
    "C12": (Channel.EMAIL, _known(media=(Media("a.jpg", True),))),
    "C13": (Channel.EMAIL, _said("Write to jane.doe@gmail.com")),
    "C14": (Channel.EMAIL, _known(audience_attributes=frozenset({"religion"}))),
    "A01": (Channel.ADS, _headline("x" * 31)),
    "A02": (Channel.ADS, _headline("Coffee!")),
    "A03": (Channel.ADS, _headline("We are hiring")),
    "A04": (Channel.ADS, _headline("Vote for coffee")),
    "A05": (Channel.ADS, _known(creates_paused=False)),
    "A06": (Channel.SOCIAL, _post(text="x" * 700, network="linkedin", boost_minor=500)),
    "A07": (Channel.ADS, _doubled),
    "S01": (Channel.SOCIAL, _post(text="x" * 281, network="x")),
    "S02": (Channel.SOCIAL, _post(text="x" * 301, network="bluesky")),
    "S03": (Channel.SOCIAL, _post(text="x" * 501, network="threads")),
    "S04": (Channel.SOCIAL, _post(text="Thank you @somebody")),
    "U01": (Channel.EMAIL, _mail(html=lambda one: one.replace("utm_medium=email", "utm_medium=E"))),
    "U02": (Channel.EMAIL, _mail(subject=lambda one: f"={one}")),
    "N01": (Channel.EMAIL, _send(name="spring sale")),
    "T01": (Channel.EMAIL, _said("An amazing cup.")),
}
