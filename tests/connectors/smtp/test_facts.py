"""What the mail connection tells of a mailing before anybody has it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from drumbeat.connectors.smtp.connector import SmtpConnector
from drumbeat.connectors.smtp.endpoint import try_endpoint
from drumbeat.connectors.unsubscribe import NOBODY, contact_of
from drumbeat.core.campaign.frequency import Mailing, mailing_of
from drumbeat.core.compliance.facts import ConsentTally, FrequencyTally, UnsubscribeEndpoint
from drumbeat.core.compliance.mail_facts import MailFacts
from tests.connectors.smtp.pieces import TARGET, crowd, send
from tests.connectors.smtp.post_office import KEY, PostOffice

CONSENT = "consent,consent_on,consent_source,consent_wording,country"
LINK = "https://shop.example/u"


def mailing(office: PostOffice, days: float = 0, target: str = TARGET) -> Mailing:
    found = mailing_of({target: send(office.stage.now + timedelta(days=days))})
    assert found is not None
    return found


def told(office: PostOffice, *others: Mailing, cap: int = 0, **settings: str) -> MailFacts:
    return connector(office, **settings).mail_facts(mailing(office), others, cap)


def connector(office: PostOffice, **settings: str) -> SmtpConnector:
    return SmtpConnector(office.wiring(**{"try_unsubscribe": "no", **settings}))


def table(office: PostOffice, head: str, *rows: str) -> None:
    path: Path = office.stage.place.home / "contacts.csv"
    path.write_text("\n".join([f"email,segments,{head}", *rows]) + "\n", encoding="utf-8")


def test_the_headers_are_those_of_a_mail_as_it_leaves(office: PostOffice) -> None:
    headers = told(office).headers
    assert headers is not None
    assert headers.list_unsubscribe.startswith(f"<{LINK}/")
    assert headers.list_unsubscribe_post == "List-Unsubscribe=One-Click"
    assert headers.dkim_signed is None
    signed = told(office, dkim_headers="From : list-unsubscribe").headers
    assert signed is not None
    assert signed.dkim_signed == frozenset({"from", "list-unsubscribe"})


def test_a_mail_nobody_could_be_sent_has_no_headers(office: PostOffice) -> None:
    broken = mailing_of({TARGET: send(office.stage.now, from_address="no address")})
    assert broken is not None
    assert connector(office).mail_facts(broken, (), 0).headers is None


def test_opt_outs_are_read_at_dispatch(office: PostOffice) -> None:
    """What test_sending shows of the book, said by it."""
    known = told(office).opt_outs
    assert known is not None
    assert (known.read_at_dispatch, known.hours_to_all_stores) == (True, 0.0)


@pytest.mark.parametrize(
    ("gone", "others", "wanted"),
    [
        ("ann.lee@gmail.com", "annlee@gmail.com", 1),
        ("ann.lee@gmail.com", "ann.lee@gmail.com", 0),
        ("ann.lee@shop.example", "annlee@shop.example", 0),
    ],
)
def test_who_opted_out_is_left_out_and_counted_at_another_spelling_only(
    office: PostOffice, gone: str, others: str, wanted: int
) -> None:
    office.list_of([f"{gone},,all", f"{others},,all"])
    office.suppress(gone)
    assert told(office).suppressed_in_audience == wanted


def test_consent_is_told_where_the_list_keeps_it(office: PostOffice) -> None:
    assert "consent" not in connector(office).tells()
    assert told(office).consent is None
    table(
        office,
        CONSENT,
        "a@x.example,all,double opt-in,2026-01-01,form,v3,DE",
        "b@x.example,all,opt-in,2026-01-01,form,v3,DE",
        "c@x.example,all,,,,,",
        "d@x.example,staff,,,,,",
        "e@x.example,all,opt-in,soon,form,v3,FR",
    )
    assert "consent" in connector(office).tells()
    office.suppress("c@x.example")
    assert told(office).consent == ConsentTally(
        3, {"no double opt-in (Germany)": 1, "no time on record": 1}
    )


def test_zones_are_told_where_the_list_keeps_them(office: PostOffice) -> None:
    assert told(office).zones is None
    rows = ("a@x.example,all,Europe/Berlin", "b@x.example,all,Nowhere/Land", "c@x.example,all,")
    table(office, "timezone", *rows)
    assert told(office).zones == {"Europe/Berlin": 1, "": 2}


def test_frequency_counts_what_each_person_got_and_what_is_queued(office: PostOffice) -> None:
    office.list_of([*crowd(2), "late@readers.example,,tea"])
    assert told(office).frequency is None
    assert told(office, cap=1).frequency == FrequencyTally(1, 0)
    office.deliver(target="send:other/1", number="pmt-other")
    sent = mailing(office, target="send:other/1")
    assert told(office, sent, cap=1).frequency == FrequencyTally(1, 2)
    assert told(office, sent, cap=2).frequency == FrequencyTally(2, 0)
    queued = mailing(office, 3, target="send:third/1")
    assert told(office, sent, queued, cap=2).frequency == FrequencyTally(2, 2)
    office.wait(days=8)
    assert told(office, cap=1).frequency == FrequencyTally(1, 0)


def test_its_own_mail_and_one_that_was_refused_do_not_count(office: PostOffice) -> None:
    office.list_of(crowd(1))
    office.deliver()
    assert told(office, cap=1).frequency == FrequencyTally(1, 0)


def test_a_list_nobody_can_read_stays_silent(office: PostOffice) -> None:
    (office.stage.place.home / "contacts.csv").unlink()
    mute = connector(office)
    known = mute.mail_facts(mailing(office), (), 3)
    assert {"consent", "zones", "frequency", "suppressed_in_audience"} <= mute.tells()
    assert known.headers is not None
    assert (known.consent, known.zones, known.frequency) == (None, None, None)
    assert known.suppressed_in_audience is None
    assert "contacts.csv" in known.silence


def test_the_address_is_a_source_unless_the_settings_say_it_cannot_be_tried(
    office: PostOffice,
) -> None:
    assert "endpoint" in SmtpConnector(office.wiring()).tells()
    assert "endpoint" not in connector(office).tells()
    assert told(office).endpoint is None


class Address:
    """Somebody's unsubscribe page. ``opted_out`` is its list."""

    def __init__(self, answer: Callable[[httpx.Request], int], acts_on_get: bool = False) -> None:
        self.opted_out: set[str] = set()
        self._answer = answer
        self._acts_on_get = acts_on_get

    def __call__(self, request: httpx.Request) -> httpx.Response:
        contact = contact_of(request.url.path.rpartition("/")[2], KEY)
        assert contact is not None
        if request.method == "GET" and self._acts_on_get:
            self.opted_out.add(contact)
        assert request.method == "GET" or request.content == b"List-Unsubscribe=One-Click"
        assert request.method == "GET" or contact == NOBODY
        return httpx.Response(self._answer(request), headers={"location": "https://x.example/"})

    def tried(self) -> UnsubscribeEndpoint:
        return try_endpoint(LINK, KEY, self.opted_out.__contains__, httpx.MockTransport(self))


def _away(request: httpx.Request) -> int:
    raise httpx.ConnectError("nobody there")


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        pytest.param(Address(lambda _: 200), (200, False, False, False), id="good"),
        pytest.param(Address(lambda _: 404), (404, False, False, False), id="unknown"),
        pytest.param(Address(lambda _: 302), (302, True, False, False), id="redirects"),
        pytest.param(Address(lambda _: 401), (401, False, True, False), id="a-login"),
        pytest.param(Address(lambda _: 200, True), (200, False, False, True), id="acts-on-get"),
        pytest.param(Address(_away), (0, False, False, False), id="away"),
    ],
)
def test_the_address_is_tried_as_scanners_and_mail_programs_do(
    page: Address, wanted: tuple[int, bool, bool, bool]
) -> None:
    tried = page.tried()
    assert (
        tried.post_status,
        tried.redirects,
        tried.needs_login,
        tried.get_changes_state,
    ) == wanted
    assert tried.token_days >= 60
