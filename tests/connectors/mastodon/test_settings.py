import pytest

from drumbeat.connectors.contract import ConnectorError, ErrorKind
from drumbeat.connectors.mastodon.api import Api
from drumbeat.connectors.mastodon.settings import read_settings
from drumbeat.connectors.registry import BadSetting
from tests.connectors.mastodon.account import MastodonAccount

PLAIN = {"base_url": "https://mastodon.example/", "token": "secret"}


def test_settings_are_read() -> None:
    found = read_settings(PLAIN)
    assert (found.base_url, found.visibility) == ("https://mastodon.example", "public")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"base_url": "http://mastodon.example"}, "base_url", id="in-the-clear"),
        pytest.param({"base_url": "mastodon.example"}, "base_url", id="no-scheme"),
        pytest.param({"base_url": "http://localhost.evil.example"}, "base_url", id="not-local"),
        pytest.param({"token": "sécret"}, "token", id="token"),
        pytest.param({"token": "a\nb"}, "token", id="token-of-two-lines"),
        pytest.param({"visibility": "everybody"}, "write public, unlisted, private", id="who"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(changes: dict[str, str], why: str) -> None:
    with pytest.raises(BadSetting, match=why):
        read_settings({**PLAIN, **changes})


def test_a_token_that_is_no_longer_good_is_told_apart(account: MastodonAccount) -> None:
    with pytest.raises(ConnectorError) as caught:
        Api(account.server.base_url, "another").account()
    assert caught.value.kind is ErrorKind.AUTH_EXPIRED
