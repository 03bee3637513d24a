"""Platform tables: what we put on platforms and whom it reached, and what came back from them."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Table, Text

from drumbeat.store.columns import Json, UtcTime
from drumbeat.store.tables import metadata

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

# Kept in the order in which it is asked for: a campaign's days. A target has one campaign.
reading = Table(
    "reading",
    metadata,
    Column("campaign", Text, primary_key=True),
    Column("since", UtcTime, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("metric", Text, primary_key=True),
    Column("dimensions", Text, primary_key=True),
    Column("until", UtcTime, primary_key=True),
    Column("as_of", UtcTime, nullable=False),
    Column("value", Float, nullable=False),
    Column("currency", Text, nullable=False),
    Column("source", Text, nullable=False),
    sqlite_with_rowid=False,
)

# How our own pages answered when they were asked for last.
page = Table(
    "page",
    metadata,
    Column("address", Text, primary_key=True),
    Column("read_at", UtcTime, nullable=False),
    Column("reading", Json, nullable=False),
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
    Column("presses", Boolean, nullable=False, default=False),
    Index("delivery_by_target", "target", "contact"),
    Index("delivery_by_contact", "contact", "at"),
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
