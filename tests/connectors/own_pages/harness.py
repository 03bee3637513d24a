"""The reader's way into the conformance suite: a shop on this machine, and nothing to change."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import ClassVar

from drumbeat.connectors.contract import Connector
from drumbeat.connectors.own_pages.connector import OwnPages
from drumbeat.connectors.registry import Wiring
from drumbeat.testing.harness import Harness, Peer, Place, Sample
from tests.connectors.own_pages.shop_server import HOST, Shop, at, open_shop, visitor


class ShopPeer(Peer):
    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.settings = {}
        self.page = at(shop, "/kettle")

    def trace(self) -> Sequence[str]:
        return ()

    def go_away(self) -> None:
        self._shop.shutdown()
        self._shop.server_close()


class OwnPagesHarness(Harness):
    name: ClassVar[str] = "own-pages"
    connector: ClassVar[str] = "own-pages"
    samples: ClassVar[tuple[Sample, ...]] = ()

    @contextmanager
    def open(self, place: Place, *, lossy: bool) -> Iterator[ShopPeer]:
        with open_shop() as shop:
            yield ShopPeer(shop)

    def connect(self, peer: Peer, wiring: Wiring) -> Connector:
        own = replace(wiring, domains=(HOST,), website=peer.page)
        return OwnPages(own, visitor())


HARNESSES = (OwnPagesHarness(),)
