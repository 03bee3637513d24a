"""An HTML mail is read as rules need it: what is shown, hidden, linked, and how it looks."""

import pytest

from drumbeat.core.compliance.mail.color import contrast, read_color
from drumbeat.core.compliance.mail.page import MailPage
from drumbeat.core.compliance.mail.reader import read_page
from drumbeat.core.compliance.mail.style import Look, StyleSheet, declarations, look_of


def body(markup: str, css: str = "") -> MailPage:
    return read_page(f"<html lang=en><head><style>{css}</style></head><body>{markup}</body></html>")


@pytest.mark.parametrize(
    ("text", "color"),
    [
        ("#fff", (255, 255, 255)),
        ("#FFFFFF", (255, 255, 255)),
        ("#7a2e12ff", (122, 46, 18)),
        ("#abcd", (170, 187, 204)),
        ("rgb(1, 2, 3)", (1, 2, 3)),
        ("rgb(1 2 3 / 50%)", (1, 2, 3)),
        ("rgba(300,2,3,.5)", (255, 2, 3)),
        (" Navy ", (0, 0, 128)),
        ("inherit", None),
        ("#12", None),
        ("#12345", None),
        ("nonsense", None),
    ],
)
def test_colors_are_read(text: str, color: tuple[int, int, int] | None) -> None:
    assert read_color(text) == color


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ((0, 0, 0), (255, 255, 255), 21.0),
        ((255, 255, 255), (255, 255, 255), 1.0),
        ((119, 119, 119), (255, 255, 255), 4.48),
        ((118, 118, 118), (255, 255, 255), 4.54),
        ((0, 0, 255), (255, 255, 255), 8.59),
    ],
)
def test_contrast_is_that_of_wcag(
    one: tuple[int, int, int], other: tuple[int, int, int], ratio: float
) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(
    ("style", "needs"),
    [
        ("font-size:16px", 4.5),
        ("font-size:24px", 3.0),
        ("font-size:18pt", 3.0),
        ("font-size:19px;font-weight:bold", 3.0),
        ("font-size:19px", 4.5),
        ("font-size:1.5rem", 3.0),
        ("font-size:150%", 3.0),
        ("font-size:2em;font-weight:400", 3.0),
        ("font-size:larger", 4.5),
    ],
)
def test_large_words_need_less_contrast(style: str, needs: float) -> None:
    assert look_of(Look(), style, {}).needs == needs


@pytest.mark.parametrize(
    ("style", "ratio"),
    [
        ("color:#000", 21.0),
        ("color:#fff;background:#000", 21.0),
        ("color:#fff;background-color:#000", 21.0),
        ("color:#fff;background:#000 no-repeat", 21.0),
        ("color:#fff;background:url(a.png)", None),
        ("color:#fff;background:linear-gradient(red,blue)", None),
        ("color:var(--ink)", None),
        ("color:inherit", 21.0),
        ("color:#fff !important;background:#000", 21.0),
    ],
)
def test_ink_and_paper_are_taken_from_the_style(style: str, ratio: float | None) -> None:
    assert look_of(Look(), style, {}).contrast == (pytest.approx(ratio) if ratio else None)


def test_a_look_is_handed_down_until_it_is_changed() -> None:
    page = body(
        '<div style="color:#fff;background:#000"><p>a <i style="color:#888">b</i> c</p></div>'
    )
    inks = [one.look.ink for one in page.words]
    assert inks == [(255, 255, 255), (136, 136, 136), (255, 255, 255)]


@pytest.mark.parametrize(
    ("css", "hidden"),
    [
        (".x{display:none}", ("Words",)),
        ("P{display:none}", ("Words",)),
        ("p.x , b{display:none}", ("Words",)),
        ("#y{display:none}", ("Words",)),
        ("/* p{display:none} */", ()),
        ("@media print{.x{display:none}}", ()),
        ("@import url(a.css); .x{display:none}", ("Words",)),
        ("@media print{.x{display:none}} .x{visibility:hidden}", ("Words",)),
        (".x:hover{display:none}", ()),
        ("div .x{display:none}", ()),
        (".z{display:none}", ()),
        (".x{display:none", ()),
    ],
)
def test_simple_selectors_of_the_page_count(css: str, hidden: tuple[str, ...]) -> None:
    assert body('<p class="x" id="y">Words</p>', css).hidden == hidden


def test_an_elements_own_style_has_the_last_word() -> None:
    sheet = StyleSheet()
    sheet.add(".x{color:red}")
    style = sheet.of("p", {"class": "x", "style": "color:blue"})
    assert declarations(style)["color"] == "blue"


def test_links_say_where_they_lead_and_what_they_say() -> None:
    page = body('<a href="https://a.example"><b>Read</b> on <img alt="a cup" src="c.png"></a>')
    (link,) = page.links
    assert (link.href, link.text) == ("https://a.example", "Read on a cup")


def test_pictures_keep_the_difference_between_no_words_and_empty_words() -> None:
    page = body('<img src="a"><img src="b" alt><img src="c" alt="A cup">')
    assert [one.alt for one in page.pictures] == [None, "", "A cup"]


def test_paragraphs_stand_apart_and_inline_words_together() -> None:
    page = body("<p>One <b>and</b> two.</p><ul><li>a</li><li>b</li></ul>")
    assert page.blocks == ("One and two.", "a", "b")


def test_every_branch_of_a_merge_block_is_shown() -> None:
    page = body(
        "{{#block b}}{{#when x}}<p>A</p>{{#otherwise}}<p>B {{first_name|you}}</p>{{/block}}"
    )
    assert page.shown == "A B you"


def test_what_nobody_reads_is_no_text() -> None:
    page = body("<script>x</script><!-- y --><template>z</template><title>t</title><p>Words</p>")
    assert page.shown == "Words"


def test_tables_without_a_role_are_counted() -> None:
    page = body('<table><tr><td><table role="presentation"></table></td></tr></table>')
    assert page.unmarked_tables == 1


def test_quotations_that_are_set_apart_are_kept() -> None:
    assert body("<blockquote>“Early.” <i>Anand</i></blockquote>").quotes == ("“Early.” Anand",)


def test_the_size_is_in_bytes() -> None:
    assert read_page("é").size == 2


def test_broken_markup_is_read_to_the_end() -> None:
    page = read_page("<p>One</div></b><a href='x'>two<p style='display:none'>three")
    assert "One" in page.shown
    assert page.hidden == ("three",)
