"""Permits: proof, for one exact change, that the gate let it through."""

import hashlib
import hmac
from datetime import datetime

from drumbeat.core.canonical import canonical, name
from drumbeat.core.governance.action import Action
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment


class Permit(Noun):
    """``number`` is the idempotency key of the change, the same at every attempt.

    ``seal`` is an HMAC-SHA256 over the rest with the workspace's key, so that nothing but
    the gate can issue one.
    """

    number: str
    fingerprint: str
    connection: str
    attempt: int
    expires_at: Moment
    seal: str = ""


class PermitRefused(Exception):
    """A connector was asked to change something without a good permit."""


def number_for(proposal_id: str, fingerprint: str) -> str:
    """The permit number of a proposal's change: derived, never drawn, so a crash cannot fork it."""
    return name("pmt", proposal_id, fingerprint)


def sealed(permit: Permit, key: bytes) -> Permit:
    """The permit with its seal: an HMAC under the workspace's key over every other field."""
    return permit.model_copy(update={"seal": _seal(permit, key)})


def objection(
    permit: Permit | None, action: Action, connection: str, key: bytes, now: datetime
) -> str | None:
    """Why this permit does not let this action pass over this connection; None when it does.

    Whether it was used before is the permit desk's to say: that needs memory.
    """
    if permit is None:
        return "no permit"
    if not hmac.compare_digest(permit.seal, _seal(permit, key)):
        return "the permit was not issued by this workspace's gate"
    if permit.fingerprint != action.fingerprint:
        return "the permit is for another change"
    if permit.connection != connection or action.connection != connection:
        return "the permit is for another connection"
    if permit.expires_at <= now:
        return "the permit has expired"
    return None


def _seal(permit: Permit, key: bytes) -> str:
    content = permit.model_dump(mode="json", exclude={"seal"})
    return hmac.new(key, canonical(content), hashlib.sha256).hexdigest()
