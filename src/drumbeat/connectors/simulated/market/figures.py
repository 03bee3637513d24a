"""Figures by target: which reports a target has."""

from typing import assert_never

from drumbeat.connectors.simulated.market.figure import Figure, Window, measured_by
from drumbeat.connectors.simulated.market.line_item_figures import of_line_item
from drumbeat.connectors.simulated.market.market import Market
from drumbeat.connectors.simulated.market.order import MarketObject, Reply
from drumbeat.connectors.simulated.market.post_figures import of_account, of_post
from drumbeat.connectors.simulated.market.send_figures import of_send
from drumbeat.connectors.simulated.market.site_figures import of_site
from drumbeat.core.campaign.objects import LineItem, Post, Send

SITE = "site:shop"
ACCOUNT = "account:"


def is_shop(target: str) -> bool:
    """Whether a target is the shop's own site rather than an object on a platform."""
    return target == SITE


def account_of(target: str, networks: dict[str, int]) -> str | None:
    """The network of ``account:<network>``; None for another target."""
    network = target.removeprefix(ACCOUNT)
    return network if target.startswith(ACCOUNT) and network in networks else None


def of_object(
    market: Market, target: str, found: MarketObject, window: Window, *, parts: bool = True
) -> list[Figure]:
    """What the platform reports about an object, present or removed, in total or also in parts."""
    match found:
        case Send():
            return measured_by("mail platform", of_send(market, target, found, window, parts=parts))
        case LineItem():
            return measured_by(
                "ad platform", of_line_item(market, target, found, window, parts=parts)
            )
        case Post():
            return measured_by(found.network, of_post(market, target, found, window))
        case Reply():
            return []
        case _:
            assert_never(found)


def of_fixture(market: Market, target: str, window: Window) -> list[Figure] | None:
    """The figures of the site or an account; None when the target is neither."""
    if is_shop(target):
        return of_site(market, window)
    network = account_of(target, market.ground.scenario.networks)
    if network is None:
        return None
    return measured_by(network, of_account(market, network, window))
