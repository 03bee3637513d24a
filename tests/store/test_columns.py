"""Columns give back what was kept: the very noun, or nothing."""

import pytest
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

from drumbeat.core.governance.receipt import Outcome, Receipt
from drumbeat.store.columns import Kept

RECEIPT = Receipt(outcome=Outcome.DONE, detail="sent")


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        pytest.param(RECEIPT.model_dump_json(), RECEIPT, id="a noun"),
        pytest.param(None, None, id="nothing"),
        pytest.param("null", None, id="nothing, of a database begun earlier"),
    ],
)
def test_a_kept_noun_is_read_back(text: str | None, noun: Receipt | None) -> None:
    read = Kept(Receipt).result_processor(SQLiteDialect(), None)
    assert read(text) == noun
