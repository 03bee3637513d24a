"""A mail reads right for every reader, and says nothing a reader's own data slipped in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.campaign.merge import MergeError, block_text, blocks, problems, render, tags

LETTER = (
    "{{#block greeting}}{{#when has:first_name}}Dear {{first_name}},{{#otherwise}}Hello,{{/block}}"
    " {{#block hello}}{{#when regulars}}Back again?{{#when newcomers}}Welcome.{{#otherwise}}Hi."
    "{{/block}} {{city|town}} {{unsubscribe_url}}"
)
LINK = {"unsubscribe_url": "https://x.example/u?a=1&b=2"}


@pytest.mark.parametrize(
    ("fields", "segments", "text"),
    [
        pytest.param({"first_name": "Jo"}, ("regulars",), "Dear Jo, Back again? town", id="known"),
        pytest.param({}, (), "Hello, Hi. town", id="nothing known"),
        pytest.param({"first_name": "  "}, ("newcomers",), "Hello, Welcome. town", id="blank name"),
        pytest.param(
            {"city": "Bremen"}, ("newcomers", "regulars"), "Hello, Back again? Bremen", id="first"
        ),
    ],
)
def test_each_reader_gets_their_own_words(
    fields: dict[str, str], segments: tuple[str, ...], text: str
) -> None:
    assert render(LETTER, fields | LINK, segments) == f"{text} {LINK['unsubscribe_url']}"


def test_a_readers_name_cannot_open_a_tag_or_markup() -> None:
    said = render(LETTER, {"first_name": "<b>{{city}}</b>"} | LINK, (), is_html=True)
    assert "&lt;b&gt;{ {city}}" in said
    assert "<b>" not in said


def test_a_link_only_the_sender_knows_must_be_given() -> None:
    with pytest.raises(MergeError, match="unsubscribe_url"):
        render(LETTER, {}, ())


def test_a_block_without_words_for_this_reader_is_an_error() -> None:
    with pytest.raises(MergeError, match="block x"):
        render("{{#block x}}{{#when regulars}}Hi{{/block}}", {}, ())


@pytest.mark.parametrize(
    ("template", "said"),
    [
        pytest.param("{{first_name}}", "has no fallback", id="no fallback"),
        pytest.param("{{first_name|}}", "has no fallback", id="empty fallback"),
        pytest.param("{{iban|none}}", "no field a mail may show", id="not ours to show"),
        pytest.param("{{#block x}}{{#when a}}b{{/block}}", "outside its segments", id="left out"),
        pytest.param("Hello {{first name}}", "no tag this grammar knows", id="typing mistake"),
        pytest.param("{{#block x}}never closed", "no tag this grammar knows", id="open block"),
    ],
)
def test_what_would_go_wrong_is_told_beforehand(template: str, said: str) -> None:
    assert any(said in one for one in problems(template))


def test_a_sound_letter_has_no_problems() -> None:
    assert problems(LETTER) == ()
    assert [tag.field for tag in tags(LETTER)] == ["first_name", "city", "unsubscribe_url"]


def test_a_block_is_read_back_as_it_was_written() -> None:
    (found,) = blocks(block_text("hello", {"a": "one", "b": "two"}, "all"))
    assert (found.name, found.branches, found.fallback) == (
        "hello",
        (("a", "one"), ("b", "two")),
        "all",
    )


@given(st.text(max_size=40), st.text(max_size=20))
def test_whatever_a_reader_is_called_the_letter_goes_out(name: str, city: str) -> None:
    said = render(LETTER, {"first_name": name, "city": city} | LINK, (), is_html=True)
    assert "{{" not in said
    assert LINK["unsubscribe_url"].replace("&", "&amp;") in said
