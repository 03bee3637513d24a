"""Themes, angles, hours and offers: chosen from evidence, with rest and restraint."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from drumbeat.core.campaign.angle import Angle, angles_of, rank_angles
from drumbeat.core.campaign.brief import Brief, Signal, SignalKind
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.content import ContentKind, Quote
from drumbeat.core.campaign.context import ContextFile
from drumbeat.core.campaign.daily import per_day, within
from drumbeat.core.campaign.dossier import Dossier, Use, UseKind
from drumbeat.core.campaign.lesson import LessonElement
from drumbeat.core.campaign.plan import OfferChoice, Urgency
from drumbeat.core.campaign.send_time import SendTime, choose_send_time
from drumbeat.core.campaign.theme import ThemeChoice, themes_for
from drumbeat.core.campaign.urgency import UrgencyBudget, choose_offer
from drumbeat.core.governance.action import Channel
from drumbeat.core.money import RateRange
from tests.core.road.shop import (
    DOSSIER,
    OFFERS,
    PIECES,
    TUESDAY,
    WEEK,
    ZONE,
    brief,
    euros,
    offer,
    piece,
    tally,
)

SOLD_OUT = ContextFile.model_validate(
    {"version": 1, "availability": [{"product": "tasting-set", "state": "out_of_stock"}]}
)
DECLARED = Citation(source="campaigns/weekly.yaml", text="due Tuesday")


def themes(
    of: Brief | None = None, uses: tuple[Use, ...] = (), **changes: Any
) -> tuple[ThemeChoice, ...]:
    fields: dict[str, Any] = {
        "content": PIECES.values(),
        "dossier": Dossier(tallies=DOSSIER.tallies, uses=uses),
        "context": ContextFile(version=1),
        "channel": Channel.EMAIL,
        "element": LessonElement.THEME,
        "at": TUESDAY,
    }
    return themes_for(of or brief(), **fields | changes)


def used(kind: UseKind, subject: str, days_ago: int) -> Use:
    return Use(kind, subject, TUESDAY - timedelta(days=days_ago))


def test_the_theme_with_the_best_figures_comes_first() -> None:
    first = themes()[0]
    assert first.theme == "brewing"
    assert "click rate 7.0% over 10,000 delivered" in first.citations[0].text


def test_a_theme_used_last_week_lets_another_go_first() -> None:
    assert themes(uses=(used(UseKind.THEME, "brewing", 7),))[0].theme != "brewing"
    assert themes(uses=(used(UseKind.THEME, "brewing", 28),))[0].theme == "brewing"


def test_a_theme_in_season_is_lifted_and_cites_the_season() -> None:
    season = Citation(source="data/context.yaml#season:growers", text="Harvest")
    signal = Signal(kind=SignalKind.SEASON, subject="growers", citation=season)
    found = {one.theme: one for one in themes(brief(signals=(signal,)))}
    assert season in found["growers"].citations
    assert found["growers"].score == pytest.approx(1.25 * _score("growers"))


def _score(theme: str) -> float:
    return next(one.score for one in themes() if one.theme == theme)


def test_pieces_shown_lately_come_after_rested_ones() -> None:
    recent = (used(UseKind.PIECE, "scones", 7),)
    brewing = next(one for one in themes(uses=recent) if one.theme == "brewing")
    assert [one.id for one in brewing.pieces] == ["kettle-care", "scones"]
    assert themes(uses=recent)[-1].theme == "recipes"


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        pytest.param({"context": SOLD_OUT}, "tasting-set", id="sold out"),
        pytest.param(
            {"content": (*PIECES.values(), piece("auf-deutsch", language="de"))},
            "auf-deutsch",
            id="another language",
        ),
        pytest.param(
            {"content": (*PIECES.values(), piece("ad-only", channels=(Channel.ADS,)))},
            "ad-only",
            id="another channel",
        ),
    ],
)
def test_what_cannot_be_shown_is_not_chosen(changes: dict[str, Any], gone: str) -> None:
    shown = {one.id for theme in themes(**changes) for one in theme.pieces}
    assert gone not in shown
    assert shown


def test_without_a_single_piece_there_is_no_theme() -> None:
    assert themes(content=()) == ()


def test_an_angle_needs_words_to_argue_with() -> None:
    assert angles_of(piece("a")) == (Angle.PRODUCT,)
    guide = piece("b", kind=ContentKind.GUIDE, quote=Quote(text="Yes.", by="Mo"))
    assert angles_of(guide) == (Angle.PRODUCT, Angle.MAKING, Angle.PROOF)


def test_the_angle_of_last_week_rests() -> None:
    dossier = Dossier(uses=(used(UseKind.ANGLE, "product", 7),))
    ranked = rank_angles(("product", "making"), dossier, (), TUESDAY)
    assert [one.subject for one in ranked] == ["making", "product"]


def hour(name: str, hits: int, trials: int = 20_000) -> Any:
    return tally(LessonElement.SEND_HOUR, name, hits, trials)


def at(*tallies: Any, occurrence: datetime = TUESDAY, **changes: Any) -> SendTime:
    fields: dict[str, Any] = {"earliest": occurrence - WEEK, "declared": DECLARED}
    return choose_send_time(occurrence, ZONE, Dossier(tallies=tallies), (), **fields | changes)


def test_the_declared_hour_stands_without_evidence() -> None:
    found = at()
    assert found.at == TUESDAY
    assert found.citations == (DECLARED,)


def test_a_clearly_better_hour_of_the_same_day_is_taken_and_cited() -> None:
    found = at(hour("09", 1000), hour("18", 1400))
    assert found.at == datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
    assert "send hour 18" in found.citations[0].text


@pytest.mark.parametrize(
    "tallies",
    [
        pytest.param((hour("09", 1000), hour("18", 1030)), id="hardly better"),
        pytest.param((hour("09", 50, 1000), hour("18", 90, 1000)), id="too few"),
        pytest.param((hour("18", 1400),), id="nothing known of the declared hour"),
        pytest.param((hour("09", 1000), hour("03", 2000)), id="at night"),
    ],
)
def test_an_hour_is_not_moved_on_little_evidence(tallies: tuple[Any, ...]) -> None:
    assert at(*tallies).at == TUESDAY


def test_an_hour_that_cannot_be_made_is_not_chosen() -> None:
    early = (hour("09", 1000), hour("07", 1400))
    assert at(*early).at == TUESDAY - timedelta(hours=2)
    assert at(*early, earliest=TUESDAY - timedelta(hours=1)).at == TUESDAY
    assert at(*early, earliest=TUESDAY + timedelta(hours=5)).at == TUESDAY + timedelta(hours=5)


def test_the_hour_is_the_local_one_after_the_clocks_change() -> None:
    summer = datetime(2026, 3, 31, 7, 0, tzinfo=UTC)
    found = at(hour("09", 1000), hour("18", 1400), occurrence=summer)
    assert found.at == datetime(2026, 3, 31, 16, 0, tzinfo=UTC)


def chosen(uses: tuple[Use, ...] = (), **changes: Any) -> OfferChoice:
    fields: dict[str, Any] = {
        "offers": OFFERS,
        "context": ContextFile(version=1),
        "dossier": Dossier(uses=uses),
        "at": TUESDAY,
        "segments": ("newcomers",),
        "budget": UrgencyBudget(),
    }
    return choose_offer(brief(), **fields | changes)


def test_an_open_offer_for_these_people_is_made_and_cited() -> None:
    found = chosen()
    assert found.offer in OFFERS
    assert found.citations[0].source == f"data/offers.yaml#{found.offer}"


def test_the_offer_made_longest_ago_comes_next() -> None:
    made = (used(UseKind.OFFER, "tasting-set", 20),)
    assert chosen(made).offer == "welcome"


@pytest.mark.parametrize(
    ("uses", "why"),
    [
        pytest.param((used(UseKind.OFFER, "welcome", 5),), "last 12 days", id="one just now"),
        pytest.param(
            (used(UseKind.OFFER, "welcome", 15), used(UseKind.OFFER, "tasting-set", 25)),
            "2 offers were made in the last 28 days",
            id="two this month",
        ),
    ],
)
def test_the_budget_of_trust_says_when_to_make_no_offer(uses: tuple[Use, ...], why: str) -> None:
    found = chosen(uses)
    assert found.offer == ""
    assert why in found.why
    assert found.citations


def test_ads_that_mail_nobody_have_no_such_budget() -> None:
    found = chosen((used(UseKind.OFFER, "welcome", 1),), budget=None)
    assert found.offer
    assert found.urgency is Urgency.NONE


def test_an_offer_that_is_sold_out_or_meant_for_others_is_not_made() -> None:
    assert chosen(context=SOLD_OUT, segments=("regulars",)).offer == ""


@pytest.mark.parametrize(
    ("ends", "uses", "urgency"),
    [
        pytest.param(date(2026, 3, 5), (), Urgency.DEADLINE, id="in two days"),
        pytest.param(date(2026, 3, 10), (), Urgency.REMINDER, id="in a week"),
        pytest.param(date(2026, 6, 1), (), Urgency.NONE, id="in summer"),
        pytest.param(
            date(2026, 3, 5),
            (used(UseKind.URGENCY, "deadline", 14),),
            Urgency.REMINDER,
            id="a deadline was pressed this month",
        ),
    ],
)
def test_a_deadline_is_pressed_only_when_near_and_seldom(
    ends: date, uses: tuple[Use, ...], urgency: Urgency
) -> None:
    found = chosen(uses, offers={"tasting-set": offer("tasting-set", valid_to=ends)})
    assert found.urgency is urgency


def test_rates_of_money_are_brought_to_a_day() -> None:
    declared = RateRange.parse("EUR 0-304/month")
    assert per_day(declared)[1] == 1000
    assert within(RateRange.parse("EUR 50-150/day"), per_day(declared)[0]) == euros(50)
