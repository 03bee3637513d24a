"""Themes: what an inventory's piece is cited with."""

from datetime import UTC, date, datetime

import pytest

from drumbeat.core.campaign.dossier import Dossier, Use, UseKind
from drumbeat.core.campaign.theme import cite_piece
from tests.core.road.shop import piece

SEPTEMBER = datetime(2026, 9, 28, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("by_file", "by_us", "said"),
    [
        pytest.param(None, None, "never used", id="never"),
        pytest.param(date(2026, 3, 31), None, "last used 2026-03-31", id="before us"),
        pytest.param(date(2026, 3, 31), SEPTEMBER, "last used 2026-09-28", id="by us since"),
        pytest.param(None, SEPTEMBER, "last used 2026-09-28", id="by us alone"),
        pytest.param(date(2026, 10, 2), SEPTEMBER, "last used 2026-10-02", id="by others since"),
    ],
)
def test_a_piece_is_cited_with_its_latest_use(
    by_file: date | None, by_us: datetime | None, said: str
) -> None:
    uses = (Use(UseKind.PIECE, "green-tea", by_us),) if by_us else ()
    cited = cite_piece(piece("green-tea", last_used=by_file), Dossier(uses=uses))
    assert cited.text.endswith(f", {said}")
