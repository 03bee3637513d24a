"""Shadow tables: what people did while agents only proposed, and the verdicts on each occasion."""

from sqlalchemy import Column, Index, Table, Text

from drumbeat.store.columns import Json, UtcTime
from drumbeat.store.tables import metadata

human_decision = Table(
    "human_decision",
    metadata,
    Column("id", Text, primary_key=True),
    Column("campaign", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("body", Json, nullable=False),
    Index("human_decision_by_campaign", "campaign", "at"),
)

shadow_case = Table(
    "shadow_case",
    metadata,
    Column("id", Text, primary_key=True),
    Column("campaign", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("body", Json, nullable=False),
    Index("shadow_case_by_campaign", "campaign", "at"),
)
