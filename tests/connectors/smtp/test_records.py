"""SPF, DKIM and DMARC of a sending domain, from a name server of our own on loopback."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import dns.message
import dns.rcode
import dns.rrset
import pytest

from drumbeat.connectors.smtp import records
from drumbeat.connectors.smtp.connector import SmtpConnector
from drumbeat.connectors.smtp.records import NoAnswer, ask_dns, look_up
from drumbeat.core.campaign.frequency import mailing_of
from drumbeat.core.compliance.facts import DomainRecords
from tests.connectors.smtp.pieces import TARGET, send
from tests.connectors.smtp.post_office import PostOffice

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
GOOD = {
    "shop.example.": ("other=1", "v=spf1 include:mail.example -all"),
    "s1._domainkey.shop.example.": ("v=DKIM1; k=rsa; p=MIGf",),
    "_dmarc.shop.example.": ("v=DMARC1; p=Reject; sp=none",),
}


@contextmanager
def name_server(zone: Mapping[str, tuple[str, ...]], rcode: int = 0) -> Iterator[int]:
    """Answers each TXT question from ``zone``; gives its port."""
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            asked, who = line.recvfrom(4096)
            if not asked:
                return
            question = dns.message.from_wire(asked)
            answer = dns.message.make_response(question)
            name = question.question[0].name
            texts = zone.get(name.to_text())
            answer.set_rcode(dns.rcode.Rcode(rcode or (0 if texts else dns.rcode.NXDOMAIN)))
            if texts:
                quoted = [f'"{one[:20]}" "{one[20:]}"' for one in texts]
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *quoted))
            line.sendto(answer.to_wire(), who)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield line.getsockname()[1]
    finally:
        line.sendto(b"", line.getsockname())
        thread.join()
        line.close()


@pytest.mark.parametrize(
    ("domain", "changes", "wanted"),
    [
        ("shop.example", {}, (True, True, "reject")),
        ("shop.example", {"shop.example.": ("other=1",)}, (False, True, "reject")),
        ("shop.example", {"s1._domainkey.shop.example.": ()}, (True, False, "reject")),
        (
            "shop.example",
            {"s1._domainkey.shop.example.": ("v=DKIM1; p=",)},
            (True, False, "reject"),
        ),
        ("shop.example", {"_dmarc.shop.example.": ("nothing",)}, (True, True, "")),
        ("mail.shop.example", {}, (False, False, "none")),
        (
            "mail.shop.example",
            {"_dmarc.mail.shop.example.": ("v=DMARC1;p=none",)},
            (False, False, "none"),
        ),
    ],
)
def test_a_domain_is_read_as_receivers_read_it(
    domain: str, changes: Mapping[str, tuple[str, ...]], wanted: tuple[bool, bool, str]
) -> None:
    with name_server({**GOOD, **changes}) as port:
        found = look_up(domain, "s1", ask_dns("127.0.0.1", port), NOW)
    assert found == DomainRecords(*wanted, NOW)


def test_a_name_server_that_fails_is_no_answer() -> None:
    with name_server({}, int(dns.rcode.SERVFAIL)) as port, pytest.raises(NoAnswer, match="DNS"):
        look_up("shop.example", "s1", ask_dns("127.0.0.1", port), NOW)


def test_the_connection_tells_it_where_its_selector_is_known(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = mailing_of({TARGET: send(office.stage.now)})
    assert own is not None
    plain = {"try_unsubscribe": "no"}
    assert "dns" not in SmtpConnector(office.wiring(**plain)).tells()
    mail = SmtpConnector(office.wiring(**plain, dkim_selector="s1"))
    assert "dns" in mail.tells()
    with name_server(GOOD) as port:
        asks = ask_dns("127.0.0.1", port)
        monkeypatch.setattr("drumbeat.connectors.smtp.connector.ask_dns", lambda: asks)
        told = mail.mail_facts(own, (), 0)
    assert told.dns == {"shop.example": DomainRecords(True, True, "reject", office.stage.now)}


def test_without_an_answer_it_says_why(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    own = mailing_of({TARGET: send(office.stage.now)})
    assert own is not None

    def ask(name: str) -> tuple[str, ...]:
        raise records.NoAnswer("install drumbeat[dns]")

    monkeypatch.setattr("drumbeat.connectors.smtp.connector.ask_dns", lambda: ask)
    mail = SmtpConnector(office.wiring(try_unsubscribe="no", dkim_selector="s1"))
    told = mail.mail_facts(own, (), 0)
    assert told.dns is None
    assert told.silence == "install drumbeat[dns]"
