"""Proposal: an action somebody wants, with the reason, the evidence and what it rests on."""

from datetime import datetime

from drumbeat.core.canonical import name
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment


class Evidence(Noun):
    """One thing observed and where: ``source`` cites a reading, a file or a ledger entry."""

    text: str
    source: str


class Proposal(Noun):
    """``action`` as ``by`` wants it. ``pack`` is the digest of the LaunchPack it belongs to;
    ``if_nothing`` says what happens without it; ``expires_at`` is when it stops being asked."""

    id: str
    action: Action
    by: Actor
    why: str
    proposed_at: Moment
    expires_at: Moment
    evidence: tuple[Evidence, ...] = ()
    confidence: Confidence | None = None
    if_nothing: str = ""
    pack: str = ""
    # The proposal this one replaces after a person edited it, and who edited.
    edits: str = ""
    editor: str = ""
    # The proposal whose change this one takes back.
    takes_back: str = ""
    # The proposal whose change a freeze called back, and this one makes once more.
    resumes: str = ""
    # The proposal that this one is a part of: it is made only as that one says, and with it.
    part_of: str = ""
    # The proposals that must have been carried out, and be seen so, before this one may be.
    follows: tuple[str, ...] = ()
    # When the effect may start; None: as soon as it is allowed.
    not_before: Moment | None = None

    @property
    def fingerprint(self) -> str:
        return self.action.fingerprint

    @property
    def signals(self) -> frozenset[str]:
        """The independent signals that agree."""
        return frozenset(self.confidence.signals) if self.confidence else frozenset()


def propose(
    action: Action,
    by: Actor,
    why: str,
    *,
    now: datetime,
    expires_at: datetime,
    evidence: tuple[Evidence, ...] = (),
    confidence: Confidence | None = None,
    if_nothing: str = "",
    pack: str = "",
    not_before: datetime | None = None,
    occasion: str = "",
) -> Proposal:
    """A proposal named by its content, so that asking again after a crash is not asking twice.

    ``occasion`` tells apart two honest wishes for the same change, such as the day of a review.
    """
    return Proposal(
        id=name("prop", action.fingerprint, str(by), pack, occasion),
        action=action,
        by=by,
        why=why,
        proposed_at=now,
        expires_at=expires_at,
        evidence=evidence,
        confidence=confidence,
        if_nothing=if_nothing,
        pack=pack,
        not_before=not_before,
    )
