"""Experiment tables: the registry of tests, where their arms are, and who was shown them."""

from sqlalchemy import BigInteger, Column, Index, Table, Text

from drumbeat.core.experiments.placement import Placement
from drumbeat.core.experiments.registered import Registered
from drumbeat.store.columns import Kept, UtcTime
from drumbeat.store.tables import metadata

# Tests, sealed before they start; ``body`` is what was frozen and what came of it.
experiment = Table(
    "experiment",
    metadata,
    Column("id", Text, primary_key=True),
    Column("campaign", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("registered_at", UtcTime, nullable=False),
    Column("body", Kept(Registered), nullable=False),
    Index("experiment_by_status", "status"),
)

# The objects on platforms that carry a test's arms; while it runs nothing else changes them.
placement = Table(
    "placement",
    metadata,
    Column("experiment", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("body", Kept(Placement), nullable=False),
)

# Who was shown which arm, counted by day and segment: apart from assignment, which is computed.
# ``assigned`` counts it where an arm shows nothing to some of its own, by design.
exposure = Table(
    "exposure",
    metadata,
    Column("experiment", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("arm", Text, primary_key=True),
    Column("segment", Text, primary_key=True),
    Column("units", BigInteger, nullable=False),
    Column("assigned", BigInteger),
)
