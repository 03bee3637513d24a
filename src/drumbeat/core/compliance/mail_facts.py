"""Mail facts: what a mail connection can tell of a send before anybody has it."""

from collections.abc import Mapping
from dataclasses import dataclass

from drumbeat.core.compliance.facts import (
    ConsentTally,
    DomainRecords,
    FrequencyTally,
    MailHeaders,
    OptOuts,
    UnsubscribeEndpoint,
)


@dataclass(frozen=True)
class MailFacts:
    """Named as in ComplianceFacts; None is not told. ``zones`` counts recipients by time zone,
    those of whom none is known under the empty name. ``silence`` is why something is not told that
    could have been."""

    headers: MailHeaders | None = None
    endpoint: UnsubscribeEndpoint | None = None
    opt_outs: OptOuts | None = None
    dns: Mapping[str, DomainRecords] | None = None
    consent: ConsentTally | None = None
    suppressed_in_audience: int | None = None
    frequency: FrequencyTally | None = None
    zones: Mapping[str, int] | None = None
    silence: str = ""


NOTHING_TOLD = MailFacts()
