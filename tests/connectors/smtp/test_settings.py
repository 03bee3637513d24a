from pathlib import Path

import pytest

from drumbeat.connectors.contract import ConnectorError, ErrorKind
from drumbeat.connectors.registry import BadSetting, MissingSetting, build, discover
from drumbeat.connectors.smtp.connector import create
from drumbeat.connectors.smtp.server import LOCAL_HOSTS, connect
from drumbeat.connectors.smtp.settings import read_settings
from tests.connectors.smtp.pieces import settings
from tests.connectors.smtp.post_office import PostOffice


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"port": "smtp"}, "port: expected a number such as 587", id="port"),
        pytest.param({"port": "70000"}, "port: expected a number", id="no-port"),
        pytest.param({"security": "ssl"}, "security: write starttls, tls or none", id="security"),
        pytest.param({"unsubscribe_url": "http://shop.example"}, "https", id="plain-link"),
        pytest.param({"unsubscribe_url": "https://"}, "https", id="no-link"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(changes: dict[str, str], why: str) -> None:
    with pytest.raises(BadSetting, match=why):
        read_settings({**settings(25), **changes}, Path())


def test_settings_have_safe_defaults() -> None:
    plain = {"host": "mail.example", "unsubscribe_url": "https://a.example/u/", "list_id": "<l.a>"}
    found = read_settings(plain, Path("home"))
    assert (found.server.port, found.server.security) == (587, "starttls")
    assert found.contacts == Path("home/data/contacts.csv")
    assert (found.link, found.list_id) == ("https://a.example/u", "l.a")


def test_a_connection_without_its_settings_is_not_built(office: PostOffice) -> None:
    manifest, _ = discover()["smtp"]
    with pytest.raises(MissingSetting, match="connection here: set host, list_id"):
        build(manifest, office.wiring(host="", list_id=""))


@pytest.mark.parametrize("host", ["mail.example", "192.0.2.1", "127.0.0.1.evil.example", "0.0.0.0"])
def test_mail_never_leaves_this_machine_in_the_clear(host: str) -> None:
    server = read_settings(settings(25, host=host), Path()).server
    with pytest.raises(ConnectorError, match=f"refusing to send to {host} without") as caught:
        connect(server)
    assert caught.value.kind is ErrorKind.BAD_REQUEST


def test_this_machine_goes_by_these_names() -> None:
    assert {"127.0.0.1", "::1", "localhost"} == LOCAL_HOSTS


def test_a_server_without_encryption_is_refused_and_told_apart(office: PostOffice) -> None:
    health = create(office.wiring(security="starttls")).check()
    assert not health.is_well
    assert "STARTTLS" in health.detail
    assert office.server.taken == []


def test_a_server_that_knows_no_sign_in_is_told_apart(office: PostOffice) -> None:
    health = create(office.wiring(username="ann", password="secret")).check()
    assert not health.is_well
    assert "AUTH" in health.detail
    assert "secret" not in health.detail


def test_a_server_that_speaks_something_else_is_not_well(office: PostOffice) -> None:
    health = create(office.wiring(security="tls")).check()
    assert not health.is_well
    assert "check host, port and security" in health.detail


def test_the_health_counts_the_contacts(office: PostOffice) -> None:
    assert office.stage.connector.check().detail == "4 contacts"
    office.list_of(["no address,,all"])
    health = office.stage.connector.check()
    assert not health.is_well
    assert "contacts.csv:2: 'no address' is no email address" in health.detail
