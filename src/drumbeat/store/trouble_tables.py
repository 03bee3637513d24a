"""Trouble tables: promises that run, what went wrong, and who was told of it."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from drumbeat.core.operations.sla_clock import SlaClock
from drumbeat.store.columns import Json, Kept, UtcTime
from drumbeat.store.tables import metadata

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
    Column("body", Kept(SlaClock), nullable=False),
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
