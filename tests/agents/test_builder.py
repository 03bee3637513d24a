"""Assets say what the plan decided, in words from the inventory, inside every limit."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from drumbeat.agents.builder import Builder
from drumbeat.agents.refusal import Refusal
from drumbeat.agents.writers.port import AdDraft, AdOrder
from drumbeat.agents.writers.scripted import ScriptedWriter
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.copy_text import visible
from drumbeat.core.campaign.dossier import Dossier, uses_of
from drumbeat.core.campaign.link import utm_of
from drumbeat.core.campaign.merge import blocks, problems, render
from drumbeat.core.campaign.network import length, network
from drumbeat.core.campaign.objects import Send
from drumbeat.core.campaign.plan import Plan
from tests.agents.desk import building_case, built, planned, registered
from tests.core.road.shop import (
    BRAND,
    DOSSIER,
    NAMING,
    OFFERS,
    PIECES,
    TUESDAY,
    WEEK,
    ads_brief,
    brief,
    creative,
    line_item,
    social_brief,
)

READER = {"first_name": "Mo", "unsubscribe_url": "https://fernhill.example/leave"}


def week(number: int, of: Any = brief) -> Assets:
    at = TUESDAY + number * WEEK
    asked: Brief = of(cycle=f"c{number}", occurrence_at=at, ends_at=at + WEEK)
    plan = planned(asked, earliest=at - timedelta(days=1), test=registered())
    return built(building_case(asked, plan=plan))


def test_a_mail_has_an_arm_for_each_style_and_speaks_to_each_segment() -> None:
    made = week(0)
    (send,) = made.sends
    assert [v.style for v in send.variants] == ["curiosity", "benefit"]
    assert sum(v.share for v in send.variants) == pytest.approx(1)
    assert len({v.subject for v in send.variants}) == 2
    assert send.segments == ("regulars", "newcomers", "warm-leads")
    assert {block.name for block in made.blocks} == {"greeting", "hello", "more"}
    hello = next(block for block in made.blocks if block.name == "hello")
    assert set(hello.by_segment) == {"regulars", "newcomers", "warm-leads"}
    assert len(set(hello.by_segment.values())) == 3


@pytest.mark.parametrize("part", ["html", "text"])
@pytest.mark.parametrize("segments", [(), ("regulars",), ("newcomers",), ("strangers",)])
@pytest.mark.parametrize("fields", [READER, {"unsubscribe_url": READER["unsubscribe_url"]}])
def test_every_reader_gets_a_whole_letter(
    part: str, segments: tuple[str, ...], fields: dict[str, str]
) -> None:
    template: str = getattr(week(0).sends[0].variants[0], part)
    said = render(template, fields, segments, is_html=part == "html")
    assert "{{" not in said
    assert READER["unsubscribe_url"] in said
    assert "28199 Bremen" in said
    assert problems(template) == ()


def test_the_greeting_is_by_name_where_it_is_known() -> None:
    text = week(0).sends[0].variants[0].text
    assert render(text, READER, ()).startswith("Dear Mo,")
    nameless = render(text, {"unsubscribe_url": "https://x.example"}, ())
    assert nameless.startswith("Hello,")


def test_the_page_can_be_read_by_machines_and_people() -> None:
    page = _letter("grower-anand").sends[0].variants[0].html
    assert '<html lang="en" dir="ltr"' in page
    assert 'alt="A man with a basket between rows of tea"' in page
    tables = page.count("<table")
    assert tables == page.count('<table role="presentation"')
    assert page.count("<h1") == 1
    assert len(page.encode()) < 102 * 1024


def _letter(name: str) -> Assets:
    """A letter about one piece."""
    of = brief()
    plan = planned(of)
    angle = plan.angle.model_copy(update={"pieces": (name,), "theme": PIECES[name].topics[0]})
    return built(building_case(of, plan=plan.model_copy(update={"angle": angle})))


def test_a_quote_is_given_with_its_speaker() -> None:
    html = visible(_letter("grower-anand").sends[0].variants[0].html)
    assert "“We pick before the sun is up.” Anand, grower" in html


def test_text_and_page_say_the_same() -> None:
    variant = week(0).sends[0].variants[0]
    piece = PIECES[planned().angle.pieces[0]]
    for words in (piece.summary, *piece.points):
        assert words in visible(variant.html)
        assert words in variant.text


def test_every_link_carries_the_declared_parameters() -> None:
    send = week(0).sends[0]
    assert utm_of(send.landing_url) == {
        "source": "mail",
        "medium": "email",
        "campaign": "fh_nl_eu_202603_10",
        "content": "main",
    }


def test_an_offer_is_made_in_its_own_words_only() -> None:
    plan = planned()
    offer = OFFERS[plan.offer.offer]
    text = week(0).sends[0].variants[0].text
    assert offer.headline in text
    assert offer.terms in text
    assert f"{offer.landing_page}?utm_source=mail" in text


def test_no_offer_means_not_a_word_of_one() -> None:
    of = brief(offers=())
    made = built(building_case(of, plan=planned(of)))
    text = made.sends[0].variants[0].text
    assert not [o for o in OFFERS.values() if o.headline in text]
    assert "EUR" not in text


def test_letters_differ_from_week_to_week() -> None:
    sends: list[Send] = []
    plans: list[Plan] = []
    for number in range(12):
        at = TUESDAY + number * WEEK
        asked = brief(cycle=f"c{number}", occurrence_at=at, ends_at=at + WEEK)
        past = Dossier(tallies=DOSSIER.tallies, uses=uses_of(plans))
        plans.append(
            planned(asked, earliest=at - timedelta(days=1), dossier=past, test=registered())
        )
        sends += built(building_case(asked, plan=plans[-1])).sends
    subjects = [{variant.subject for variant in send.variants} for send in sends]
    openings = [send.variants[0].text.split("\n\n")[2] for send in sends]
    assert all(one.isdisjoint(next_) for one, next_ in pairwise(subjects))
    assert all(one != next_ for one, next_ in pairwise(openings))
    assert len(set().union(*subjects)) >= 16


def test_the_same_order_and_seed_give_the_same_words_another_seed_may_not() -> None:
    case = building_case()
    first, again = Builder().build(case), Builder().build(case)
    seeds = [Builder(writer=ScriptedWriter(seed)).build(case) for seed in range(4)]
    assert first == again
    assert len({str(one) for one in seeds}) > 1


def test_ads_keep_to_their_limits_and_name_only_the_offers_price() -> None:
    made = week(0, ads_brief)
    ads = [one for item in made.line_items for one in item.creatives]
    assert len(ads) >= 4
    for one in ads:
        assert 3 <= len(one.headlines) <= 5
        assert 2 <= len(one.descriptions) <= 4
        assert all(len(text) <= 30 and "!" not in text for text in one.headlines)
        assert all(len(text) <= 90 for text in one.descriptions)
        assert len(set(one.headlines)) == len(one.headlines)
        assert one.landing_url.startswith("https://fernhill.example/tasting-set?utm_source=ads")
    assert any("EUR 24" in text for one in ads for text in one.headlines)


def test_ads_of_different_angles_argue_differently() -> None:
    (item, *_) = week(0, ads_brief).line_items
    leads = {one.angle: one.descriptions[0] for one in item.creatives}
    assert len(leads) >= 2
    assert len(set(leads.values())) >= 2


def test_a_creative_that_runs_stays_word_for_word() -> None:
    running = (creative("a", headlines=("Kept", "as", "it is")), creative("b"))
    live = (line_item("visitors", creatives=running), line_item("warm-leads", creatives=running))
    of = ads_brief()
    made = built(building_case(of, plan=planned(of, live=live), live=live))
    assert made.line_items[0].creatives == running


def test_posts_fit_their_network_and_lead_to_the_piece() -> None:
    made = week(0, social_brief)
    assert {post.network for post in made.posts} == {"mastodon", "linkedin"}
    for post in made.posts:
        on = network(post.network)
        assert length(on, post.text) <= on.most
        assert post.link in post.text
        assert utm_of(post.link)["medium"] == "social"
    assert len({post.name for post in made.posts}) == len(made.posts)


def test_a_long_piece_still_fits_a_short_network() -> None:
    long = {name: _wordy(one) for name, one in PIECES.items()}
    of = social_brief()
    plan = planned(of, networks=("bluesky", "x"), content=tuple(long.values()))
    made = built(building_case(of, plan=plan, content=long))
    for post in made.posts:
        assert length(network(post.network), post.text) <= network(post.network).most


def _wordy(piece: Piece) -> Piece:
    return piece.model_copy(update={"summary": "Leaves, water, patience. " * 40})


def test_german_pieces_are_written_about_in_german() -> None:
    german = {
        name: one.model_copy(update={"language": "de", "call_to_action": None})
        for name, one in PIECES.items()
    }
    of = brief(languages=("de",))
    plan = planned(of, content=tuple(german.values()))
    variant = built(building_case(of, plan=plan, content=german)).sends[0].variants[0]
    assert '<html lang="de"' in variant.html
    assert "Mit einem Klick abmelden" in variant.text
    assert render(variant.text, READER, ()).startswith("Guten Tag Mo,")


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        pytest.param({"content": {}}, "piece", id="no inventory"),
        pytest.param({"offers": {}}, "offer tasting-set", id="no offers"),
        pytest.param({"segments": {}}, "segment regulars", id="no segments"),
        pytest.param(
            {"naming": NAMING.model_copy(update={"utm": None})}, "declares no utm", id="no utm"
        ),
        pytest.param({"brief": brief(themes=("tea",))}, "answers this brief", id="another brief"),
    ],
)
def test_what_is_missing_is_asked_for(changes: dict[str, Any], missing: str) -> None:
    answer = Builder().build(replace(building_case(), **changes))
    assert isinstance(answer, Refusal)
    assert missing in answer.missing[0]


def test_a_writer_without_words_for_a_language_says_so() -> None:
    answer = Builder(writer=ScriptedWriter(books={})).build(building_case())
    assert isinstance(answer, Refusal)
    assert "no phrase book for en" in answer.missing[0]


class Shouting(ScriptedWriter):
    """A writer such as a model might be: it says what it likes."""

    def ad(self, order: AdOrder) -> AdDraft:
        return AdDraft(("BUY NOW!",) * 3, ("Cures everything.",) * 2, "Buy")


def test_another_writer_can_stand_in_and_its_words_are_only_data() -> None:
    of = ads_brief()
    made = Builder(writer=Shouting()).build(building_case(of, plan=planned(of)))
    assert isinstance(made, Assets)
    assert made.line_items[0].creatives[0].headlines[0] == "BUY NOW!"
    assert made.line_items[0].daily_budget_minor == planned(of).lines[0].daily_budget.minor


def test_the_sender_is_the_brand() -> None:
    send = week(0).sends[0]
    assert (send.from_address, send.reply_to) == (BRAND.sender.email, BRAND.sender.email)
    assert blocks(send.variants[0].html)
