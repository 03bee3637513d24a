"""Records: what a sending domain publishes so that receivers can tell its mail: SPF, DKIM, DMARC.

Reading them takes dnspython, which comes with ``drumbeat[dns]``.
"""

from collections.abc import Callable
from datetime import datetime

from drumbeat.core.compliance.facts import DomainRecords

_SECONDS = 5.0
# The texts at a name, none where there is no such name. Raises NoAnswer.
Ask = Callable[[str], tuple[str, ...]]


class NoAnswer(Exception):
    """Nobody could be asked: why, in words for people."""


def look_up(domain: str, selector: str, ask: Ask, now: datetime) -> DomainRecords:
    """What the domain publishes, under our selector as to DKIM. Raises NoAnswer.

    The envelope's sender is the From address itself, so that a domain's own SPF record is aligned.
    """
    key = _tagged(ask(f"{selector}._domainkey.{domain}"), "p")
    return DomainRecords(
        spf_aligned=any(one.lower().split(" ")[0] == "v=spf1" for one in ask(domain)),
        dkim_aligned=bool(key),
        dmarc=_policy(domain, ask),
        checked_at=now,
    )


def _policy(domain: str, ask: Ask) -> str:
    """The policy of the domain, or of the nearest above it that has one; empty for none."""
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        texts = ask(".".join(("_dmarc", *labels[start:])))
        told = [one for one in texts if one.lower().replace(" ", "").startswith("v=dmarc1")]
        if told:
            below = _tagged(tuple(told), "sp") if start else ""
            return (below or _tagged(tuple(told), "p")).lower()
    return ""


def _tagged(texts: tuple[str, ...], tag: str) -> str:
    """The first value of a tag in texts such as ``v=DMARC1; p=none``."""
    parts = (part.partition("=") for text in texts for part in text.split(";"))
    return next((value.strip() for name, _, value in parts if name.strip().lower() == tag), "")


def ask_dns(server: str = "", port: int = 53) -> Ask:
    """Texts from the machine's own resolver, or from ``server``."""

    def ask(name: str) -> tuple[str, ...]:
        try:
            import dns.exception
            import dns.resolver
        except ImportError as error:
            raise NoAnswer("install drumbeat[dns] to look up SPF, DKIM and DMARC") from error
        try:
            resolver = dns.resolver.Resolver(configure=not server)
            if server:
                resolver.nameservers, resolver.port = [server], port
            found = resolver.resolve(name, "TXT", lifetime=_SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except (dns.exception.DNSException, OSError) as error:
            raise NoAnswer(f"DNS does not tell about {name}: {error}") from error
        return tuple(b"".join(one.strings).decode(errors="replace") for one in found)

    return ask
