"""Leaks: secrets, personal data and planted canaries in text that is about to go out."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from drumbeat.core.untrusted.tainted import Tainted


class LeakKind(StrEnum):
    """What sort of thing must not leave."""

    CANARY = "canary"
    SECRET = "secret"  # noqa: S105 - the name of a kind, not a secret
    EMAIL = "email address"
    PHONE = "phone number"
    ACCOUNT = "bank account"
    CARD = "payment card"


@dataclass(frozen=True)
class Leak:
    """``found`` is shortened, so that reporting a leak does not repeat it."""

    kind: LeakKind
    found: str


# Forms issuers publish for their credentials; a bare checksum, UUID or base64 text is none.
_SECRETS = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    r"\bgh[pousr]_[A-Za-z0-9]{36,}\b",
    r"\bgithub_pat_[A-Za-z0-9_]{22,}\b",
    r"\bglpat-[A-Za-z0-9_-]{20,}\b",
    r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    r"\bsk-(?:[a-z]+-)*[A-Za-z0-9_-]{20,}",
    r"\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}",
    r"\bAIza[0-9A-Za-z_-]{35}\b",
    r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    r"\bwhsec_[A-Za-z0-9+/=]{16,}",
    # A signed token has three parts; two are an unsigned sample.
    r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}",
    r"(?i:\b(?:pass(?:word|wort)|contraseña|api[ _-]?key|secret|token)\s*[:=]\s*)"
    r"(?=\S*[0-9])\S{8,}",
)
_SECRET = re.compile("|".join(_SECRETS))
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,}\b")
_PHONE = re.compile(r"(?<![\w.,/=-])(?<![0-9] )(?:\+|00)[1-9](?:[ ()/.-]{0,2}[0-9]){7,13}(?!\w)")
_LOCAL_PHONE = re.compile(
    r"(?i:\b(?:tel|phone|call|telefon|teléfono|ruf|mobil)\w*[.:]?\s*)"
    r"(0[0-9 ()/.-]{7,16}[0-9])"
)
_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_CARD = re.compile(r"(?<![\w-])[3-6][0-9]{3}(?:[ -]?[0-9]{2,6}){2,4}(?![\w-])")


def leaks(
    text: str, *, allowed: Collection[str] = (), canaries: Collection[str] = ()
) -> tuple[Leak, ...]:
    """Everything in the text that must not go out; ``allowed`` are addresses that are ours.

    Invisible characters and markup do not hide a leak: the plain form is looked at as well.
    """
    fine = {one.casefold() for one in allowed}
    forms = dict.fromkeys((text, Tainted(text, "outgoing").plain))
    every = (leak for form in forms for leak in _in(form, tuple(canaries)))
    found = (leak for leak in every if leak[1].casefold() not in fine)
    return tuple(Leak(kind, _short(what)) for kind, what in dict.fromkeys(found))


def masked(text: str) -> str:
    """The text with secrets, accounts and cards shortened beyond use: for messages that repeat
    what was found, since they are told, sent and kept for good."""
    told = _SECRET.sub(lambda one: _short(one[0]), text)
    told = _IBAN.sub(lambda one: _short(one[0]) if _is_iban(one[0]) else one[0], told)
    return _CARD.sub(lambda one: _short(one[0]) if _is_card(one[0]) else one[0], told)


def nameless(text: str) -> str:
    """``masked``, and no mail address or phone number either: for what people look at later."""
    told = _EMAIL.sub("…@…", masked(text))
    told = _PHONE.sub(lambda one: _short(one[0]), told)
    return _LOCAL_PHONE.sub(lambda one: one[0].replace(one[1], _short(one[1])), told)


@lru_cache(maxsize=4096)
def _in(text: str, canaries: tuple[str, ...]) -> tuple[tuple[LeakKind, str], ...]:
    """Kept, since a mail's parts and variants repeat the same paragraphs."""
    return tuple(_found(text, canaries))


def _found(text: str, canaries: tuple[str, ...]) -> Iterator[tuple[LeakKind, str]]:
    folded = text.casefold()
    yield from ((LeakKind.CANARY, one) for one in canaries if one and one.casefold() in folded)
    yield from _matching(LeakKind.SECRET, _SECRET, text)
    yield from _matching(LeakKind.EMAIL, _EMAIL, text)
    yield from _matching(LeakKind.PHONE, _PHONE, text)
    yield from ((LeakKind.PHONE, one[1]) for one in _LOCAL_PHONE.finditer(text))
    yield from _matching(LeakKind.ACCOUNT, _IBAN, text, _is_iban)
    yield from _matching(LeakKind.CARD, _CARD, text, _is_card)


def _matching(
    kind: LeakKind, pattern: re.Pattern[str], text: str, holds: Callable[[str], bool] = bool
) -> Iterator[tuple[LeakKind, str]]:
    yield from ((kind, one[0]) for one in pattern.finditer(text) if holds(one[0]))


def _is_iban(text: str) -> bool:
    """ISO 7064 mod 97, so that a lot number is not taken for an account."""
    plain = text.replace(" ", "")
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def _is_card(text: str) -> bool:
    """Luhn over 13 to 19 digits."""
    digits = [int(c) for c in text if c.isdigit()]
    doubled = (d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(reversed(digits)))
    return 13 <= len(digits) <= 19 and sum(doubled) % 10 == 0


def _short(found: str) -> str:
    keep = min(4, len(found) // 3)
    return f"{found[:keep]}…{found[-2:]}" if len(found) > 8 else found[:2] + "…"
