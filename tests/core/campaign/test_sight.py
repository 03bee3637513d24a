"""What an agent sees: whole scopes, columns of them, or nothing; and what it asked for in vain."""

from decimal import Decimal

import pytest

from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.data_scope import columns_of
from drumbeat.core.campaign.history import HistoryKind, HistoryRow
from drumbeat.core.campaign.sight import Sight

ROW = HistoryRow(
    kind=HistoryKind.EMAIL,
    campaign="weekly",
    dimensions={"segment": "loyal"},
    measures={"clicks": Decimal(4), "delivered": Decimal(90)},
    amounts={"revenue": Decimal("12.50")},
    currency="EUR",
)
PIECE = Piece.model_validate(
    {
        "id": "grind",
        "title": "How to grind",
        "summary": "Finer, then coarser.",
        "url": "https://shop.example/grind",
        "topics": ["gear"],
        "language": "en",
        "points": ["Sour means finer."],
    }
)


def sight(*granted: str) -> Sight:
    return Sight("planner", granted)


@pytest.mark.parametrize(
    ("granted", "columns"),
    [
        pytest.param(("history",), None, id="whole"),
        pytest.param(("history.clicks", "segments"), frozenset({"clicks"}), id="one-column"),
        pytest.param(("segments",), frozenset(), id="nothing"),
        pytest.param(("history.clicks", "history"), None, id="whole-wins"),
    ],
)
def test_columns_of_a_scope(granted: tuple[str, ...], columns: frozenset[str] | None) -> None:
    assert columns_of(granted, "history") == columns


def test_a_whole_scope_is_shown_as_it_is() -> None:
    seen = sight("history", "content")
    assert seen.rows("history", [ROW]) == (ROW,)
    assert seen.records("content", [PIECE]) == (PIECE,)
    assert (list(seen.seen), list(seen.denied)) == (["history", "content"], [])


def test_of_the_past_only_granted_columns_are_shown() -> None:
    seen = sight("history.clicks", "history.segment")
    (row,) = seen.rows("history", [ROW])
    assert row.measures == {"clicks": Decimal(4)}
    assert row.dimensions == {"segment": "loyal"}
    assert (row.amounts, row.campaign) == ({}, "")
    assert list(seen.seen) == ["history.clicks", "history.segment"]


def test_of_a_record_other_fields_are_as_if_never_filled_in() -> None:
    needed = ("title", "summary", "url", "topics", "language")
    seen = sight(*(f"content.{name}" for name in needed))
    (piece,) = seen.records("content", [PIECE])
    assert (piece.id, piece.title, piece.points) == ("grind", "How to grind", ())


def test_a_record_without_what_makes_it_one_is_not_shown() -> None:
    seen = sight("content.title")
    assert seen.records("content", [PIECE]) == ()
    assert list(seen.denied) == ["content"]


def test_names_of_columns_are_told_apart() -> None:
    seen = sight("readings.delivered")
    assert seen.names("readings", ("delivered", "revenue")) == {"delivered"}
    assert (list(seen.seen), list(seen.denied)) == (["readings.delivered"], ["readings.revenue"])


def test_what_is_not_granted_is_hidden_and_remembered() -> None:
    seen = sight("brief")
    assert seen.show("lessons", ("a lesson",), ()) == ()
    assert seen.rows("history", [ROW]) == ()
    assert seen.show("brief", 1, 0) == 1
    assert list(seen.denied) == ["lessons", "history"]
