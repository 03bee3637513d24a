"""What a reader gets, as it arrives at a real server."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.connectors.contract import ConnectorError, ErrorKind
from drumbeat.connectors.smtp.contacts import Contact
from drumbeat.connectors.smtp.mime import Envelope, compose, letter
from drumbeat.connectors.unsubscribe import contact_of
from tests.connectors.smtp.pieces import HTML, TEXT, send, variant
from tests.connectors.smtp.post_office import KEY, PostOffice, hashed

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ENVELOPE = Envelope("letters.shop.example", "https://shop.example/u/token")


def test_a_mail_has_a_text_and_an_html_part(office: PostOffice) -> None:
    office.list_of(["ann@readers.example,Ann,all"])
    office.deliver()
    [taken] = office.server.taken
    mail = taken.mail
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert (taken.sender, taken.recipient) == ("news@shop.example", "ann@readers.example")
    assert mail["From"] == "Shop <news@shop.example>"
    assert mail["To"] == "ann@readers.example"
    assert mail["Reply-To"] == "help@shop.example"
    assert mail["Subject"] == "Fresh coffee, Ann"
    assert mail["Date"].datetime == AT


def test_one_click_unsubscribe_survives_the_wire_in_one_piece(office: PostOffice) -> None:
    office.list_of(["ann@readers.example,Ann,all"])
    office.deliver()
    [taken] = office.server.taken
    assert taken.mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert taken.mail["List-Id"] == "<letters.shop.example>"
    line = next(x for x in taken.raw.splitlines() if x.startswith(b"List-Unsubscribe: "))
    link = line.decode().removeprefix("List-Unsubscribe: ").strip("<>")
    assert link.startswith("https://shop.example/u/")
    assert len(link) > 78  # the length at which a naive writer folds and encodes
    assert contact_of(link.rpartition("/")[2], KEY) == hashed("ann@readers.example")
    for part in taken.mail.iter_parts():
        assert link in part.get_content()


def test_every_reader_has_an_own_way_out(office: PostOffice) -> None:
    office.list_of(["ann@readers.example,Ann,all", "ben@readers.example,Ben,all"])
    office.deliver()
    links = {taken.mail["List-Unsubscribe"] for taken in office.server.taken}
    numbers = {taken.mail["Message-ID"] for taken in office.server.taken}
    assert (len(links), len(numbers)) == (2, 2)


def test_fields_are_merged_with_fallbacks_and_escaped_in_html(office: PostOffice) -> None:
    office.list_of(["ann@readers.example,<b>Ann</b>,all", "ben@readers.example,,all"])
    office.deliver()
    ann, ben = (taken.mail for taken in office.server.taken)
    text, html = (part.get_content() for part in ann.iter_parts())
    assert "Hello <b>Ann</b>" in text
    assert "Hello &lt;b&gt;Ann&lt;/b&gt;" in html
    assert ben["Subject"] == "Fresh coffee, friend"
    assert "Hello there" in next(ben.iter_parts()).get_content()


def test_a_block_reads_differently_for_each_segment(office: PostOffice) -> None:
    block = "{{#block intro}}{{#when tea}}Tea!{{#otherwise}}Coffee!{{/block}}\n{{unsubscribe_url}}"
    office.list_of(["ann@readers.example,,all;tea", "ben@readers.example,,all"])
    office.deliver(send(AT, variants=(variant(text=block),)))
    first = [next(taken.mail.iter_parts()).get_content() for taken in office.server.taken]
    assert [text.splitlines()[0] for text in first] == ["Tea!", "Coffee!"]


def test_letters_from_everywhere_arrive_whole(office: PostOffice) -> None:
    subject = "Käffchen für {{first_name|alle}} — ☕ " + "sehr " * 30 + "gut"
    office.list_of(["ann@readers.example,Žofie,all"])
    office.deliver(send(AT, from_name="Röster & Söhne", variants=(variant(subject=subject),)))
    [taken] = office.server.taken
    assert taken.mail["Subject"] == subject.replace("{{first_name|alle}}", "Žofie")
    assert taken.mail["From"].addresses[0].display_name == "Röster & Söhne"
    assert max(len(line) for line in taken.raw.splitlines()) <= 998


def test_a_long_line_and_a_lonely_dot_arrive_whole(office: PostOffice) -> None:
    text = "x" * 5_000 + "\n.\n..\nthe end {{unsubscribe_url}}"
    office.list_of(["ann@readers.example,Ann,all"])
    office.deliver(send(AT, variants=(variant(text=text, html=HTML),)))
    [taken] = office.server.taken
    got = next(taken.mail.iter_parts()).get_content()
    assert got.splitlines()[:3] == ["x" * 5_000, ".", ".."]
    assert max(len(line) for line in taken.raw.splitlines()) <= 998


def test_an_international_domain_is_spelt_for_smtp(office: PostOffice) -> None:
    office.list_of(["ann@käffchen.example,Ann,all"])
    office.deliver()
    assert office.server.recipients == ["ann@xn--kffchen-5wa.example"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"from_name": "Shop\r\nBcc: all@evil.example"}, id="from-name"),
        pytest.param({"from_address": "news@shop.example\nBcc: a@evil.example"}, id="from"),
        pytest.param({"from_address": "no address"}, id="from-nonsense"),
        pytest.param({"reply_to": "help@shop.example\r\nX-Evil: 1"}, id="reply-to"),
        pytest.param({"variants": (variant(subject="Hi\r\nBcc: a@evil.example"),)}, id="subject"),
        pytest.param({"variants": (variant(subject="Hi\x00"),)}, id="control-character"),
        pytest.param({"variants": (variant(text="Hi {{nickname}}"),)}, id="unknown-field"),
        pytest.param({"variants": (variant(html="Hi {{first_name}}"),)}, id="no-fallback"),
        pytest.param({"variants": (variant(html="Hi {{#when"),)}, id="broken-tag"),
    ],
)
def test_a_mail_that_is_not_sound_reaches_nobody(
    office: PostOffice, changes: dict[str, object]
) -> None:
    with pytest.raises(ConnectorError) as caught:
        office.deliver(send(AT, **changes))
    assert caught.value.kind is ErrorKind.BAD_REQUEST
    assert office.server.taken == []
    assert not office.stage.connector.preview(office.action(send(AT, **changes))).accepted


def test_a_name_that_looks_like_a_header_stays_a_name(office: PostOffice) -> None:
    office.list_of(
        [
            '"ann@readers.example","Ann\r\nBcc: all@evil.example\r\n\r\nBuy now",all',
            "ben@readers.example,{{unsubscribe_url}},all",
        ]
    )
    office.deliver()
    ann, ben = (taken.mail for taken in office.server.taken)
    assert ann["Subject"] == "Fresh coffee, Ann Bcc: all@evil.example Buy now"
    assert ann["Bcc"] is None
    assert office.server.recipients == ["ann@readers.example", "ben@readers.example"]
    assert ben["Subject"] == "Fresh coffee, { {unsubscribe_url}}"


def test_the_preview_is_the_first_readers_mail(office: PostOffice) -> None:
    office.list_of(["ann@readers.example,Ann,all", "ben@readers.example,Ben,all"])
    preview = office.stage.connector.preview(office.action())
    assert preview.accepted
    assert preview.detail == "2 contacts"
    assert isinstance(preview.rendered, list)
    assert "Hello Ann" in str(preview.rendered[0])
    assert office.server.sessions == 0


def test_a_preview_for_nobody_says_so(office: PostOffice) -> None:
    preview = office.stage.connector.preview(office.action(send(AT, segments=("nobody",))))
    assert not preview.accepted
    assert preview.detail == "nobody is in the audience"


_words = st.text(max_size=40)


_addresses = _words | st.sampled_from(["ann@readers.example", "a.b+c@käffchen.example"])


@given(address=_addresses, name=_words, subject=_words, sender=_words)
def test_a_mail_is_sound_or_refused_whatever_it_is_made_of(
    address: str, name: str, subject: str, sender: str
) -> None:
    """Headers never grow and bytes can always be written."""
    contact = Contact(address, frozenset(), {"first_name": name})
    wanted = send(AT, from_name=sender, variants=(variant(subject="{{first_name|x}}" + subject),))
    try:
        mail = compose(wanted, wanted.variants[0], contact, ENVELOPE, permit="pmt", at=AT)
        made = letter(wanted, mail, contact)
    except ValueError:
        return
    head = made.content.split(b"\r\n\r\n")[0].split(b"\r\n")
    names = [line.split(b":")[0].lower() for line in head if not line.startswith((b" ", b"\t"))]
    assert names == [name.lower().encode() for name in mail]
    assert b"\n" not in made.recipient.encode()
    assert TEXT.splitlines()[-1].split(":")[0].encode() in made.content
