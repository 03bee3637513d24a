"""Tables: the ledger, the work and what governs it; the migrations make them, code names them."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from drumbeat.core.governance.approval import Approval
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.receipt import Receipt
from drumbeat.core.governance.verdict import Verdict
from drumbeat.store.columns import Json, Kept, UtcTime

metadata = MetaData()

# The ledger. The database itself refuses updates and deletes of it (see the first migration).
entry = Table(
    "entry",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("cycle", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Json, nullable=False),
    Column("prev", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("entry_by_campaign", "campaign", "seq"),
    Index("entry_by_kind", "kind", "seq"),
    Index("entry_by_subject", "subject", "seq"),
)

# What wants a tick, and when. Any number of workers claim rows by compare-and-set.
due = Table(
    "due",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("wake_at", UtcTime),
    Column("lease_until", UtcTime),
    # Counts pokes, so that one that arrives while its tick runs is not lost.
    Column("pokes", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Index("due_by_wake", "wake_at"),
)

cycle = Table(
    "cycle",
    metadata,
    Column("id", Text, primary_key=True),
    Column("campaign", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("occurrence_at", UtcTime, nullable=False),
    Column("stage", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    Column("waiting", Text, nullable=False),
    Unique("campaign", "occurrence_at"),
    Index("cycle_by_campaign", "campaign", "number"),
    Index("cycle_by_status", "status"),
)

document = Table(
    "document",
    metadata,
    Column("cycle", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("body", Json, nullable=False),
    Column("digest", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

proposal = Table(
    "proposal",
    metadata,
    Column("id", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("cycle", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("body", Kept(Proposal), nullable=False),
    Column("verdict", Kept(Verdict), nullable=False),
    Column("policy", Text, nullable=False),
    Column("proposed_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("decide_by", UtcTime),
    # When it takes effect by itself: after an approval's undo hold, or unless somebody objects.
    Column("acts_at", UtcTime),
    Column("decided_at", UtcTime),
    Column("decided_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("proposal_by_status", "status", "decide_by"),
    Index("proposal_by_cycle", "cycle"),
    Index("proposal_by_target", "target", "kind"),
    Index("proposal_by_acts_at", "acts_at"),
)

approval = Table(
    "approval",
    metadata,
    Column("id", Text, primary_key=True),
    Column("proposal", Text, nullable=False),
    Column("body", Kept(Approval), nullable=False),
    Column("used_at", UtcTime),
    Index("approval_by_proposal", "proposal"),
)

# The outbox: one row a change that may be made. The intent is written before the call.
effect = Table(
    "effect",
    metadata,
    Column("permit", Text, primary_key=True),
    Column("proposal", Text, nullable=False, unique=True),
    Column("fingerprint", Text, nullable=False),
    Column("connection", Text, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("cycle", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    # The last attempt whose permit a connector took: a permit passes once an attempt.
    Column("redeemed", Integer, nullable=False),
    Column("wake_at", UtcTime),
    Column("first_attempt_at", UtcTime),
    Column("last_attempt_at", UtcTime),
    # Sticky: once an attempt's outcome was lost, a later refusal does not clear it.
    Column("was_unknown", Boolean, nullable=False),
    Column("receipt", Kept(Receipt)),
    Column("finished_at", UtcTime),
    Index("effect_by_status", "status", "wake_at"),
    Index("effect_by_cycle", "cycle"),
    Index("effect_by_target", "target"),
)

hold = Table(
    "hold",
    metadata,
    Column("id", Text, primary_key=True),
    Column("mode", Text, nullable=False),
    Column("scope_kind", Text, nullable=False),
    Column("scope_of", Text, nullable=False),
    Column("by", Json, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("lifted_at", UtcTime),
    # Of a freeze: when what it called back had been proposed again. Until then its end owes that.
    Column("resumed_at", UtcTime),
)

# What is promised under each cap; the caps themselves live in the campaign files.
budget = Table(
    "budget",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("currency", Text, nullable=False),
    Column("committed_minor", BigInteger, nullable=False),
)

reservation = Table(
    "reservation",
    metadata,
    Column("proposal", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("minor", BigInteger, nullable=False),
    Column("at", UtcTime, nullable=False),
    # When it stops counting, because its change was taken back; None: it counts.
    Column("free_at", UtcTime),
    Index("reservation_by_scope", "scope", "at"),
)

# What people say of an asset. The ledger keeps that they did, never the words: those can go.
comment = Table(
    "comment",
    metadata,
    Column("id", Text, primary_key=True),
    Column("asset", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("text", Text, nullable=False),
    # The name a guest gave; empty for people with an account.
    Column("guest", Text, nullable=False),
    Index("comment_by_asset", "asset", "at"),
    Index("comment_by_author", "by", "at"),
)

history = Table(
    "history",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    # A local date; empty where the export gives none.
    Column("day", Text, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("body", Json, nullable=False),
    Index("history_by_kind", "kind", "day"),
)

# Small facts about the installation itself: its seal key, schema of the demo, who looked when.
setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Json, nullable=False),
)
