"""Rule cards: what a rule is, how grave, where it comes from and when that was last checked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.governance.action import Channel
from drumbeat.core.untrusted.leak import masked


@dataclass(frozen=True)
class RuleCard:
    """A rule's label. ``role`` must agree where the severity is approval; ``needs`` names the
    fields of ComplianceFacts it cannot answer without; ``checked`` is when ``source`` was last
    read."""

    id: str
    title: str
    severity: Severity
    source: str
    checked: date
    channels: frozenset[Channel]
    role: str = ""
    needs: tuple[str, ...] = ()

    def finding(
        self,
        place: str,
        said: str,
        *,
        found: object,
        allowed: object,
        fix: str,
        severity: Severity | None = None,
    ) -> ReviewFinding:
        """A finding that names place, found value, allowed value, fix and source."""
        grade = severity or self.severity
        return ReviewFinding(
            rule=self.id,
            severity=grade,
            subject=place,
            text=f"{masked(said)} Found: {_shown(found)}. Allowed: {_shown(allowed)}.",
            fix=fix,
            role=self.role if grade is Severity.APPROVAL else "",
            source=self.source,
        )


EMAIL = frozenset({Channel.EMAIL})
ADS = frozenset({Channel.ADS})
SOCIAL = frozenset({Channel.SOCIAL})
EVERYWHERE = EMAIL | ADS | SOCIAL

Check = Callable[..., Iterator[ReviewFinding]]
# How much of a found text a message repeats.
_SHOWN = 160


def _shown(value: object) -> str:
    text = " ".join(masked(str(value)).split()).rstrip(".")
    return f"{text[:_SHOWN]}…" if len(text) > _SHOWN else text
