"""Tables: everything Drumbeat remembers. The migrations make them; this is how code names them."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from drumbeat.store.columns import Json, UtcTime

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
    Column("body", Json, nullable=False),
    Column("verdict", Json, nullable=False),
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
    Column("body", Json, nullable=False),
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
    Column("receipt", Json),
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

connection = Table(
    "connection",
    metadata,
    Column("id", Text, primary_key=True),
    Column("mode", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

# What we put on platforms and still care for: the watch list.
live_object = Table(
    "live_object",
    metadata,
    Column("target", Text, primary_key=True),
    Column("campaign", Text, nullable=False),
    Column("cycle", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("connection", Text, nullable=False),
    Column("state", Json, nullable=False),
    Column("since", UtcTime, nullable=False),
    # When it reaches people: a mail's or post's own moment, else since it was made.
    Column("goes_out_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime),
    Index("live_object_by_campaign", "campaign"),
)

reading = Table(
    "reading",
    metadata,
    Column("target", Text, primary_key=True),
    Column("metric", Text, primary_key=True),
    Column("since", UtcTime, primary_key=True),
    Column("until", UtcTime, primary_key=True),
    Column("dimensions", Text, primary_key=True),
    Column("as_of", UtcTime, nullable=False),
    Column("value", Float, nullable=False),
    Column("currency", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("campaign", Text, nullable=False),
    Index("reading_by_campaign", "campaign", "since"),
)

event = Table(
    "event",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("target", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("text", Text, nullable=False),
    # Of a comment: the one word of a closed set that may travel where its text may not.
    Column("label", Text, nullable=False),
    Column("value_minor", BigInteger, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Index("event_by_target", "target", "kind"),
)

suppression = Table(
    "suppression",
    metadata,
    Column("contact", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

# Each contact's own key, with which the ledger names them; without it, nobody can tell who it was.
subject_key = Table(
    "subject_key",
    metadata,
    Column("contact", Text, primary_key=True),
    Column("key", Text, nullable=False),
)

# One mail to one contact under one permit: claimed before it is handed over, so never twice.
delivery = Table(
    "delivery",
    metadata,
    Column("permit", Text, primary_key=True),
    Column("contact", Text, primary_key=True),
    Column("target", Text, nullable=False),
    Column("variant", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("delivery_by_target", "target", "contact"),
)

# A connector's own note of what it made, for platforms that cannot be asked.
made = Table(
    "made",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("permit", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("state", Json, nullable=False),
    Column("at", UtcTime, nullable=False),
)

escalation = Table(
    "escalation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("campaign", Text, nullable=False),
    Column("cycle", Text, nullable=False),
    Column("failure", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("due_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("detail", Json, nullable=False),
    # Where it was noticed: a stage, a metric, a lost connection, an SLA.
    Column("kind", Text, nullable=False),
    # The next step of its ladder, and when that is due: what the clocks watch.
    Column("position", Integer, nullable=False),
    Column("next_at", UtcTime),
    Column("answered_by", Text, nullable=False),
    # Another escalation that people were told of instead, or that explains this one.
    Column("leader", Text, nullable=False),
    Column("inhibited_by", Text, nullable=False),
    Index("escalation_by_state", "state", "due_at"),
    Index("escalation_by_next", "next_at"),
)

# Promises that run: ``next_at`` is the precomputed moment of the next warning or the breach.
sla_clock = Table(
    "sla_clock",
    metadata,
    Column("id", Text, primary_key=True),
    Column("policy", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("cycle", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("due_at", UtcTime),
    Column("next_at", UtcTime),
    Column("stopped_at", UtcTime),
    Column("breached_at", UtcTime),
    # Whether a freeze is among the reasons why it stands still.
    Column("is_frozen", Boolean, nullable=False),
    # Counts the changes, so that of two watchers only one makes the next.
    Column("version", Integer, nullable=False),
    Column("body", Json, nullable=False),
    Index("sla_clock_by_next", "next_at"),
    Index("sla_clock_by_freeze", "is_frozen"),
    Index("sla_clock_by_subject", "subject", "stage"),
    Index("sla_clock_by_campaign", "campaign", "started_at"),
)

# What people are told, one row a person and way of telling; kept before it is sent.
notice = Table(
    "notice",
    metadata,
    Column("id", Text, primary_key=True),
    Column("escalation", Text, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("via", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", Text, nullable=False),
    # A letter's own subject and its page; empty for what is told in one line.
    Column("subject", Text, nullable=False),
    Column("html", Text, nullable=False),
    # The digest that lists it, where it is not sent by itself.
    Column("digest", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("due_at", UtcTime),
    Column("sent_at", UtcTime),
    Column("attempt", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Index("notice_by_due", "due_at"),
    Index("notice_by_person", "person", "via", "made_at"),
    Index("notice_by_escalation", "escalation"),
    Index("notice_by_digest", "digest"),
)

silence = Table(
    "silence",
    metadata,
    Column("id", Text, primary_key=True),
    Column("until", UtcTime, nullable=False),
    Column("body", Json, nullable=False),
    Index("silence_by_until", "until"),
)

incident = Table(
    "incident",
    metadata,
    Column("id", Text, primary_key=True),
    Column("campaign", Text, nullable=False),
    Column("cycle", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("runbook", Text, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("resolved_at", UtcTime),
    Index("incident_by_opened", "opened_at"),
)

incident_note = Table(
    "incident_note",
    metadata,
    Column("incident", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("text", Text, nullable=False),
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
