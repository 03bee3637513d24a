"""Amounts, dates, hosts and sentences are read as people of three languages write them."""

from datetime import date
from decimal import Decimal

import pytest

from drumbeat.agents.refusal import Refusal
from drumbeat.agents.reviewer import Reviewer
from drumbeat.core.compliance.amount import amounts, days, prices_of
from drumbeat.core.compliance.claim import sentence_at
from drumbeat.core.compliance.host import address_trouble, host_of, said_host
from drumbeat.core.compliance.lexicon.topic import Topic
from drumbeat.core.compliance.lexicon.words import LANGUAGES, every, figures, found, number, pattern
from drumbeat.core.compliance.place import spoken
from drumbeat.core.compliance.rule_set import rule_set
from drumbeat.core.compliance.sample_reader import READERS
from drumbeat.core.money import Money
from tests.core.compliance.cases import ad, post
from tests.core.road.shop import offer


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("EUR 49", ["EUR 49.00"]),
        ("€49.50", ["EUR 49.50"]),
        ("49 €", ["EUR 49.00"]),
        ("49,50 EUR", ["EUR 49.50"]),
        ("1.234,50 €", ["EUR 1,234.50"]),
        ("EUR 1,234.50", ["EUR 1,234.50"]),
        ("49 Euro", ["EUR 49.00"]),
        ("$5 and £6", ["USD 5.00", "GBP 6.00"]),
        ("JPY 500", ["JPY 500"]),
        ("from €20 to €30.", ["EUR 20.00", "EUR 30.00"]),
        ("LOT 14, 250 g, 1,800 metres", []),
        ("49", []),
    ],
)
def test_amounts_are_read_in_either_habit(text: str, wanted: list[str]) -> None:
    assert [str(one.money) for one in amounts(text)] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("until Monday, 30 August", [date(2026, 8, 30)]),
        ("until August 30th, 2027", [date(2027, 8, 30)]),
        ("bis 30. August", [date(2026, 8, 30)]),
        ("bis 30.8.2027", [date(2027, 8, 30)]),
        ("hasta el 30 de agosto de 2027", [date(2027, 8, 30)]),
        ("2027-08-30", [date(2027, 8, 30)]),
        ("31 February", []),
        ("a quarter past six", []),
    ],
)
def test_dates_are_read_in_three_languages(text: str, wanted: list[date]) -> None:
    assert list(days(text, 2026)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1,400", "1400"),
        ("1.400", "1400"),
        ("14.5", "14.5"),
        ("14,5", "14.5"),
        ("1.234,56", "1234.56"),
    ],
)
def test_figures_are_read_in_either_habit(text: str, wanted: str) -> None:
    assert number(text) == Decimal(wanted)


def test_an_offer_is_worth_its_price_its_discount_and_what_is_left() -> None:
    share = offer("a", price="EUR 27", discount="10%", headline="Refill", terms="From EUR 20 on.")
    assert prices_of(share) == {Money.parse(f"EUR {one}") for one in ("27", "2.70", "24.30", "20")}
    flat = offer("b", price="EUR 27", discount="EUR 5", headline="Refill", terms="Once.")
    assert prices_of(flat) == {Money.parse(f"EUR {one}") for one in ("27", "5", "22")}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("fernhill.example", "fernhill.example"),
        ("https://www.Bank.com/login?a=1", "bank.com"),
        ("→ shop.co.uk", "shop.co.uk"),
        ("Read on.", ""),
        ("e.g. this", ""),
        ("v1.2", ""),
        ("our shop.com page", ""),
    ],
)
def test_a_host_named_in_a_links_words_is_read(text: str, wanted: str) -> None:
    assert said_host(text) == wanted


def test_a_broken_address_has_no_host_and_is_trouble() -> None:
    assert host_of("https://[x") == ""
    assert address_trouble("https://[x", ("x",)) == "The address cannot be read."
    assert address_trouble("https://a.x/", ("x",)) is None


@pytest.mark.parametrize(
    "address",
    ["https://[1", "https://[fernhill/?utm_source=ads", "https://a]b/", "//[", "https://[v1.x"],
)
def test_a_review_answers_about_an_address_nobody_can_read(address: str) -> None:
    """Each with findings, and no rule fails over it."""
    for case in (ad(landing_url=address), post(link=address)):
        found = Reviewer(rule_set()).review(case)
        assert not isinstance(found, Refusal)
        assert {"E16", "U01"} <= {one.rule for one in found}
        assert not [one.text for one in found if "could not answer" in one.text]


@pytest.mark.parametrize(
    ("text", "word", "wanted"),
    [
        ("One. Two best. Three.", "best", "Two best."),
        ("No. 1 in town", "No. 1", "No."),
        ("one\ntwo best", "best", "two best"),
        ("best", "best", "best"),
    ],
)
def test_the_sentence_of_a_word_is_found(text: str, word: str, wanted: str) -> None:
    assert sentence_at(text, text.index(word)) == wanted


@pytest.mark.parametrize("topic", list(Topic))
def test_every_language_has_phrases_of_every_topic(topic: Topic) -> None:
    assert set(LANGUAGES) == {"en", "de", "es"}
    assert all(lexicon[topic] for lexicon in LANGUAGES.values())
    assert pattern(topic).search("") is None


def test_a_phrase_stands_between_word_boundaries() -> None:
    assert found(Topic.GREEN, "ein umweltfreundlicher Beutel") == "umweltfreundlicher"
    assert found(Topic.CODE, "decoded") is None
    assert every(Topic.FREE, "free and free") == ("free",)
    assert figures(Topic.FEW_LEFT, "Only 1,400 left") == (("Only 1,400 left", Decimal(1400)),)


def test_a_template_says_its_fallbacks_and_every_branch() -> None:
    text = "{{#block b}}{{#when x}}A{{#otherwise}}B {{city|there}}{{/block}} {{unsubscribe_url}}"
    assert spoken(text).split() == ["A", "B", "there"]


def test_fifty_readers_stretch_a_template() -> None:
    assert len(READERS) == 50
    assert any(not reader["first_name"] for reader in READERS)
