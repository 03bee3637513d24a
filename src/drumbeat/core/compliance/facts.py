"""Facts: what rules need and a text cannot tell: records, rates, counts and declarations.

Every fact may be absent. An absent one is never taken for good news: a rule that needs it says
that it cannot be checked. That blocks where the installation has a source for the fact
(``reachable``) and the source stayed silent; where nothing could tell, one warning names the
rules that were not checked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from drumbeat.core.campaign.brand import BrandVoice
from drumbeat.core.money import Money


@dataclass(frozen=True)
class MailHeaders:
    """The headers the sender will write, and those its DKIM signature covers; None where another
    server signs and nobody said which."""

    list_unsubscribe: str
    list_unsubscribe_post: str
    dkim_signed: frozenset[str] | None


@dataclass(frozen=True)
class UnsubscribeEndpoint:
    """How the unsubscribe address behaved when it was tried, and how long its tokens live.
    ``post_status`` 0: nobody answered."""

    post_status: int
    redirects: bool
    needs_login: bool
    get_changes_state: bool
    token_days: int


@dataclass(frozen=True)
class OptOuts:
    """Whether suppression is read when each mail is handed over, and how long an opt-out takes
    to reach every store."""

    read_at_dispatch: bool
    hours_to_all_stores: float


@dataclass(frozen=True)
class DomainRecords:
    """What a sending domain publishes; ``dmarc`` is its policy, empty for none."""

    spf_aligned: bool
    dkim_aligned: bool
    dmarc: str
    checked_at: datetime


@dataclass(frozen=True)
class ConsentTally:
    """Recipients in all, and those without valid consent by the reason why."""

    recipients: int
    missing: Mapping[str, int]


@dataclass(frozen=True)
class FrequencyTally:
    """Contacts that would get more than ``cap`` mails in seven days, sent and queued."""

    cap: int
    over: int


@dataclass(frozen=True)
class Proof:
    """What substantiates a claim: the words it proves, where and until when."""

    id: str
    claim: str
    valid_to: date
    regions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Media:
    """A picture, film or voice; ``is_synthetic`` where it shows a person no camera saw."""

    url: str
    is_synthetic: bool
    label: str = ""


@dataclass(frozen=True)
class AdTargeting:
    """Whom the ads account aims at, beside our segments."""

    min_age: int = 18
    max_age: int = 65
    all_genders: bool = True
    postcodes: bool = False
    radius_km: float | None = None
    exclusions: bool = False
    look_alikes: bool = False
    countries: frozenset[str] = frozenset()


@dataclass(frozen=True)
class BudgetChange:
    """One change of a line item's daily budget."""

    line: str
    before: Money
    after: Money
    at: datetime


@dataclass(frozen=True)
class ComplianceFacts:
    """Everything known beside the cycle's papers; None where it is not known.

    ``reachable`` names the fields this installation has a source for; ``countries`` are those the
    audience lives in, by ISO 3166 code. ``quiet`` is the local
    time from which, and until which, nothing is sent.
    """

    reachable: frozenset[str] = frozenset()
    # Why a source stayed silent, by field, where it said.
    silence: Mapping[str, str] = field(default_factory=dict)
    # Mail
    headers: MailHeaders | None = None
    endpoint: UnsubscribeEndpoint | None = None
    opt_outs: OptOuts | None = None
    dns: Mapping[str, DomainRecords] | None = None
    complaint_rate: float | None = None
    consent: ConsentTally | None = None
    suppressed_in_audience: int | None = None
    suppression_segments: frozenset[str] | None = None
    frequency: FrequencyTally | None = None
    zones: Mapping[str, int] | None = None
    quiet: tuple[time, time] = (time(21), time(7))
    verified_domains: frozenset[str] | None = None
    # What our own pages answer, by their address without parameters, and why some did not.
    pages: Mapping[str, int] | None = None
    silent_pages: Mapping[str, str] = field(default_factory=dict)
    # Claims
    lowest_prices: Mapping[str, Money] | None = None
    proofs: tuple[Proof, ...] = ()
    proven: frozenset[str] = frozenset()
    testimonials: frozenset[str] | None = None
    is_paid_partnership: bool = False
    competitors: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    is_automatic_reply: bool = False
    is_public_interest: bool = False
    is_approved_by_person: bool = False
    canaries: tuple[str, ...] = ()
    voice: BrandVoice | None = None
    # Ads and social
    audience_attributes: frozenset[str] | None = None
    special_categories: frozenset[str] | None = None
    targeting: AdTargeting | None = None
    is_political: bool = False
    creates_paused: bool | None = None
    budget_changes: tuple[BudgetChange, ...] = ()
    most_changes_a_month: int = 8
    pauses: Mapping[str, int] | None = None
    handles: frozenset[str] | None = None
    tags: frozenset[str] | None = None
    names_taken: Mapping[str, str] = field(default_factory=dict)
    countries: frozenset[str] = frozenset()


NOTHING_KNOWN = ComplianceFacts()
