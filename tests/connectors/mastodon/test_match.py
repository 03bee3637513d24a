from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.connectors.mastodon.match import caption, is_ours, length, text_of
from tests.connectors.mastodon.fake_server import as_html
from tests.connectors.mastodon.pieces import LINK, TEXT, post

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_the_link_goes_under_the_text_unless_the_text_has_it() -> None:
    assert caption(post(AT)) == f"{TEXT}\n\n{LINK}"
    assert caption(post(AT, text=f"Read {LINK} now")) == f"Read {LINK} now"
    assert caption(post(AT, link="")) == TEXT


@given(text=st.text(alphabet="ab1 .,<>&'\"\n\té☕#", max_size=60))
def test_words_are_known_again_however_the_server_shows_them(text: str) -> None:
    ours = post(AT, text=text)
    assert is_ours(ours, text_of({"content": as_html(caption(ours))}))
    assert not is_ours(ours, text_of({"content": as_html(f"{caption(ours)} more")}))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("café", 4, id="letters"),
        pytest.param("👩‍👩‍👧 ok", 4, id="one-sign-of-many-code-points"),
        pytest.param(f"see {LINK} and {LINK}", 4 + 23 + 5 + 23, id="links-are-as-long-as-said"),
        pytest.param("ask @ann@barista.example now", 12, id="mentions-without-their-host"),
    ],
)
def test_length_is_counted_as_the_server_does(text: str, count: int) -> None:
    assert length(text, 23) == count
