"""Visits to a real server on loopback: what it answers, and what it cannot make us do."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from drumbeat.connectors.own_pages.guard import Guard, NotVisited
from drumbeat.connectors.own_pages.title import title_in
from drumbeat.connectors.own_pages.visit import NoAnswer, Visitor
from tests.connectors.own_pages.shop_server import (
    HOST,
    Shop,
    at,
    look_up_here,
    open_shop,
    visitor,
)


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as opened:
        yield opened


def test_a_page_answers_with_its_title_and_learns_nothing_of_us(shop: Shop) -> None:
    found = visitor().visit(at(shop, "/kettle"))
    assert (found.status, found.ended_at) == (200, at(shop, "/kettle"))
    assert found.title == "A kettle & a cup"
    assert found.certificate_until is None
    ((_, headers),) = shop.asked
    assert headers == {
        "Host": f"{HOST}:{shop.server_port}",
        "User-Agent": "Drumbeat landing page check",
        "Accept": "text/html, */*;q=0.5",
        "Accept-Encoding": "identity",
    }


@pytest.mark.parametrize("path", ["/moved", "/twice"])
def test_a_redirect_within_our_domains_is_followed_without_cookies(shop: Shop, path: str) -> None:
    found = visitor().visit(at(shop, path))
    assert (found.status, found.ended_at) == (200, at(shop, "/kettle"))
    assert not [headers for _, headers in shop.asked if "Cookie" in headers]


@pytest.mark.parametrize("status", [404, 410, 500, 503])
def test_a_page_that_is_gone_or_broken_says_so(shop: Shop, status: int) -> None:
    shop.fixed["/kettle"] = status
    assert visitor().visit(at(shop, "/kettle")).status == status


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/self", "127.0.0.1 is none of the brand's domains"),
        ("/cloud", "169.254.169.254 is none of the brand's domains"),
        ("/away", "evil.test is none of the brand's domains"),
        ("/inside", "leads to a machine that is not on the open internet"),
        ("/plain", "not https"),
    ],
)
def test_a_redirect_that_leads_away_is_not_followed(shop: Shop, path: str, why: str) -> None:
    with pytest.raises(NotVisited, match=why):
        visitor().visit(at(shop, path))
    assert [asked for asked, _ in shop.asked] == [path]


def test_a_page_that_goes_round_in_circles_is_left(shop: Shop) -> None:
    with pytest.raises(NoAnswer, match="more than 4 times"):
        visitor().visit(at(shop, "/round"))
    assert len(shop.asked) == 5


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_a_slow_page_is_not_waited_for(shop: Shop, path: str) -> None:
    begun = time.monotonic()
    with pytest.raises(NoAnswer, match=r"no whole answer within 0\.4 s"):
        visitor(total=0.4).visit(at(shop, path))
    assert time.monotonic() - begun < 1.4


def test_a_page_without_end_is_read_up_to_its_cap(shop: Shop) -> None:
    found = visitor().visit(at(shop, "/endless"))
    assert (found.status, found.title) == (200, "A kettle & a cup")
    assert shop.sent < 100_000_000


def test_a_line_that_breaks_off_is_no_answer(shop: Shop) -> None:
    with pytest.raises(NoAnswer, match="disconnected"):
        visitor().visit(at(shop, "/hang-up"))


def test_nobody_at_home_is_no_answer(shop: Shop) -> None:
    address = at(shop, "/kettle")
    shop.shutdown()
    shop.server_close()
    with pytest.raises(NoAnswer, match="refused"):
        visitor().visit(address)


def test_a_name_that_is_not_known_or_not_answered_for_is_no_answer() -> None:
    def unknown(host: str, port: int) -> tuple[str, ...]:
        raise OSError("no such name")

    def silent(host: str, port: int) -> tuple[str, ...]:
        time.sleep(1)
        return ()

    for lookup, why in ((unknown, "no such name"), (silent, "name server does not answer")):
        with pytest.raises(NoAnswer, match=why):
            replace(visitor(total=0.2), lookup=lookup).visit(f"http://{HOST}/")


def test_as_a_workspace_has_it_this_machine_is_never_reached(shop: Shop) -> None:
    strict = Visitor(Guard((HOST,)), lookup=look_up_here)
    for address in (at(shop, "/kettle"), at(shop, "/kettle", "https"), f"https://{HOST}/"):
        with pytest.raises(NotVisited):
            strict.visit(address)
    assert shop.asked == []


def test_a_name_is_looked_up_once_and_what_was_checked_is_reached(shop: Shop) -> None:
    """A name server that says one thing to the guard and another to the connection gets no turn."""
    answers = iter([("127.0.0.1",), ("10.0.0.8",)])
    rebinding = replace(visitor(), lookup=lambda host, port: next(answers))
    assert rebinding.visit(at(shop, "/kettle")).status == 200
    with pytest.raises(NotVisited, match="not on the open internet"):
        rebinding.visit(at(shop, "/kettle"))


def test_a_certificate_is_checked_against_the_name_and_its_end_is_told() -> None:
    with open_shop(HOST) as shop:
        address = at(shop, "/kettle", "https")
        found = visitor(trusting=HOST).visit(address)
        assert found.status == 200
        assert found.certificate_until is not None
        left = found.certificate_until - datetime.now(UTC)
        assert timedelta(days=29) < left < timedelta(days=31)
        with pytest.raises(NoAnswer, match="certificate is not good: self-signed"):
            visitor().visit(address)


def test_a_certificate_for_another_name_is_not_good() -> None:
    with open_shop("other.example") as shop, pytest.raises(NoAnswer, match="certificate is not"):
        visitor(trusting="other.example").visit(at(shop, "/kettle", "https"))


@pytest.mark.parametrize(
    ("body", "kind", "title"),
    [
        (b"", "", ""),
        (b"<title>", "", ""),
        (b"<title></title>", "", ""),
        (b"<title lang='en'>Tea</title>", "", "Tea"),
        (b"<TITLE>a\n  b</TITLE><title>c</title>", "", "a b"),
        ("<title>Käse</title>".encode("latin-1"), "text/html; charset=ISO-8859-1", "Käse"),
        ("<title>Käse</title>".encode(), "text/html; charset=klingon", "Käse"),
        (b"<title>" + b"x" * 500 + b"</title>", "", "x" * 119 + "…"),
        (b"<title>" + b"x" * 5_000 + b"</title>", "", ""),
        (b"<title>" * 100_000, "", ""),
    ],
)
def test_a_title_is_words_cut_short(body: bytes, kind: str, title: str) -> None:
    assert title_in(body, kind) == title
