"""Hosts: whether an address is one we may send people to."""

import re
from collections.abc import Collection
from ipaddress import ip_address

from drumbeat.core.campaign import address
from drumbeat.core.compliance.count.top_level_domain import is_top_level

_SHORTENERS = frozenset(
    (
        "bit.ly",
        "buff.ly",
        "cutt.ly",
        "goo.gl",
        "is.gd",
        "lnkd.in",
        "ow.ly",
        "rb.gy",
        "rebrand.ly",
        "s.id",
        "shorturl.at",
        "t.co",
        "t.ly",
        "tiny.cc",
        "tinyurl.com",
        "v.gd",
    )
)
# What stands at the start of a link's words and looks like a host.
_SAID = re.compile(r"(?:https?://)?(?:www\.)?((?:[\w-]+\.)+[\w-]{2,})(?:[/?#:]\S*)?", re.IGNORECASE)


def host_of(url: str) -> str:
    """The host of an address in lower case; empty where there is none."""
    return address.host_of(url).removeprefix("www.")


def is_ours(host: str, domains: Collection[str]) -> bool:
    """Whether a host is one of the domains, or below one."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def address_trouble(url: str, domains: Collection[str]) -> str | None:
    """What is wrong with an address people are sent to, or None."""
    parts = address.parts_of(url)
    if parts is None:
        return "The address cannot be read."
    host = parts.hostname or ""
    if parts.scheme != "https":
        return "The address is not https."
    if parts.username or parts.password:
        return "The address carries a user name."
    if _is_number(host):
        return "The address is a bare number."
    if host.removeprefix("www.") in _SHORTENERS:
        return "A shortener hides where the link goes."
    return None if is_ours(host, domains) else f"{host or 'It'} is not ours."


def said_host(text: str) -> str:
    """The host a link's words name; empty where they name none."""
    hit = _SAID.fullmatch(text.strip(" <>()[]→»."))
    if hit is None:
        return ""
    named = hit[1].lower()
    known = is_top_level(named.rpartition(".")[2]) or named.endswith((".example", ".test"))
    return named if known else ""


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return host.isdigit() or host.startswith("0x")
    return True
