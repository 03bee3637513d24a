"""Guard: which addresses may be visited, and which machines may be reached for them. Pure.

A page's address comes from an agent's draft or from another page's redirect. Neither may make us
knock on a machine of the house we run in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx

from drumbeat.core.compliance.host import is_ours

# Networks that carry an IPv4 address inside an IPv6 one, by translation (RFC 6052).
_TRANSLATED = ip_network("64:ff9b::/96")

Lookup = Callable[[str, int], Sequence[str]]


class NotVisited(Exception):
    """The address may not be visited: why, in words for people."""


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the open internet's, and one machine's alone."""
    try:
        found = _plain(ip_address(address))
    except ValueError:
        return False
    tunnelled = isinstance(found, IPv6Address) and (found.sixtofour or found.teredo)
    return found.is_global and not (found.is_multicast or found.is_reserved or tunnelled)


def _plain(found: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside an IPv6 one that only wraps it."""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return found.ipv4_mapped
        if found in _TRANSLATED:
            return IPv4Address(int(found) & 0xFFFFFFFF)
    return found


@dataclass(frozen=True)
class Guard:
    """What may be visited. The defaults are the only rules a workspace gets; tests, whose pages
    are on this machine, have others."""

    domains: tuple[str, ...]
    schemes: frozenset[str] = frozenset({"https"})
    ports: frozenset[int] | None = frozenset({443})
    may_reach: Callable[[str], bool] = is_public

    def readable(self, address: str) -> httpx.URL:
        """The address as it will be asked for. Raises NotVisited."""
        try:
            url = httpx.URL(address)
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise NotVisited("the address cannot be read") from error
        if url.scheme not in self.schemes:
            raise NotVisited("the address is not https")
        if url.userinfo:
            raise NotVisited("the address carries a user name")
        if not is_ours(url.raw_host.decode("ascii"), self.domains):
            raise NotVisited(f"{url.host or 'it'} is none of the brand's domains")
        port = url.port or (443 if url.scheme == "https" else 80)
        if self.ports is not None and port not in self.ports:
            raise NotVisited(f"port {port} is not where pages are")
        return url

    def reachable(self, host: str, found: Sequence[str]) -> Sequence[str]:
        """What a name led to, if every one of its machines may be reached. Raises NotVisited."""
        if not found:
            raise NotVisited(f"{host} has no address")
        if not all(map(self.may_reach, found)):
            raise NotVisited(f"{host} leads to a machine that is not on the open internet")
        return found
