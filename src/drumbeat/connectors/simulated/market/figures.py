"""Figures by target: which reports a target has."""

from functools import cached_property
from typing import assert_never

from drumbeat.connectors.simulated.market.figure import Figure, Window, measured_by
from drumbeat.connectors.simulated.market.line_item_figures import of_line_item
from drumbeat.connectors.simulated.market.market import Market
from drumbeat.connectors.simulated.market.order import MarketObject, Reply
from drumbeat.connectors.simulated.market.post_figures import PostFigures, of_account
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


class Reports:
    """What platforms report over one window, in total or also in ``parts``: for many objects the
    counting that they share is done once."""

    def __init__(self, market: Market, window: Window, *, parts: bool = True) -> None:
        self._market, self._window, self._parts = market, window, parts

    @cached_property
    def _posts(self) -> PostFigures:
        return PostFigures(self._market, self._window)

    def of(self, target: str, found: MarketObject) -> list[Figure]:
        """The figures of an object, present or removed."""
        asked = self._market, target
        match found:
            case Send():
                sent = of_send(*asked, found, self._window, parts=self._parts)
                return measured_by("mail platform", sent)
            case LineItem():
                shown = of_line_item(*asked, found, self._window, parts=self._parts)
                return measured_by("ad platform", shown)
            case Post():
                return measured_by(found.network, self._posts.of(target))
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
