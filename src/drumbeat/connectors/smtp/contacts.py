"""Contacts: the list a mail goes to, read from a CSV that the team keeps."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from drumbeat.core.compliance.consent import NOT_ON_RECORD, Consent


class BadContacts(ValueError):
    """The list cannot be used; the message names file, line and what to mend."""


@dataclass(frozen=True)
class Contact:
    """One person on the list. ``fields`` are what mails may show of them; ``zone`` is empty where
    the list does not tell, or tells none there is."""

    address: str
    segments: frozenset[str]
    fields: dict[str, str]
    zone: str = ""
    consent: Consent = NOT_ON_RECORD


@dataclass(frozen=True)
class ContactList:
    """Everybody on the list, and the ``columns`` it tells of each."""

    people: tuple[Contact, ...]
    columns: frozenset[str]


_CONSENT = ("consent", "consent_on", "consent_source", "consent_wording", "country")
_SHOWN = ("first_name", "last_name", "city", "company")


def read_contacts(path: Path) -> tuple[Contact, ...]:
    """Every contact, each address once: rows of one address add their segments up, so that
    leaving out wins there, too. Raises BadContacts; nothing is half-read."""
    return read_list(path).people


def read_list(path: Path) -> ContactList:
    """``read_contacts``, and the columns they were read from. Raises BadContacts."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            return ContactList(_unique(_rows(reader, path)), frozenset(reader.fieldnames or ()))
    except csv.Error as error:
        raise BadContacts(f"{path}: {error}") from error
    except OSError as error:
        raise BadContacts(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadContacts(f"{path}: is not UTF-8 (byte {error.start})") from error


def columns_of(path: Path) -> frozenset[str]:
    """What the list says of each contact. Raises BadContacts."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return frozenset(csv.DictReader(file).fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadContacts(f"{path}: {error}") from error


def audience(
    contacts: tuple[Contact, ...], include: tuple[str, ...], exclude: tuple[str, ...]
) -> tuple[Contact, ...]:
    """Those in any of ``include`` and in none of ``exclude``: leaving out always wins."""
    wanted, unwanted = frozenset(include), frozenset(exclude)
    return tuple(c for c in contacts if c.segments & wanted and not c.segments & unwanted)


def _rows(reader: "csv.DictReader[str]", path: Path) -> Iterator[Contact]:
    missing = {"email", "segments"} - set(reader.fieldnames or ())
    if missing:
        raise BadContacts(f"{path}:1: lacks the column {' and '.join(sorted(missing))}")
    for row in reader:
        address = (row["email"] or "").strip()
        if not _is_address(address):
            raise BadContacts(f"{path}:{reader.line_num}: {address!r} is no email address")
        yield Contact(
            address=address,
            segments=frozenset(s.strip() for s in (row["segments"] or "").split(";") if s.strip()),
            fields={name: " ".join(row[name].split()) for name in _SHOWN if row.get(name)},
            zone=_zone(row.get("timezone") or ""),
            consent=_consent(row),
        )


@lru_cache
def _zone(said: str) -> str:
    try:
        return ZoneInfo(said.strip()).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return ""


def _consent(row: Mapping[str, str | None]) -> Consent:
    told = {name: (row.get(name) or "").strip() for name in _CONSENT}
    return Consent(
        basis=told["consent"],
        on=_day(told["consent_on"]),
        source=told["consent_source"],
        wording=told["consent_wording"],
        country=told["country"],
    )


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said[:10])
    except ValueError:
        return None


def _unique(contacts: Iterator[Contact]) -> tuple[Contact, ...]:
    found: dict[str, Contact] = {}
    for contact in contacts:
        key = contact.address.casefold()
        known = found.get(key, contact)
        found[key] = replace(known, segments=known.segments | contact.segments)
    return tuple(found.values())


def _is_address(text: str) -> bool:
    name, at, host = text.partition("@")
    clean = not any(c.isspace() or c in '<>",' or ord(c) < 32 for c in text)
    return bool(name and at and "." in host and "@" not in host and clean)
