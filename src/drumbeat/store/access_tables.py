"""Access tables: who is signed in, with what they prove who they are, and what was used up."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, Text

from drumbeat.store.columns import Json, UtcTime
from drumbeat.store.tables import metadata

# ``id`` names a session for good; ``digest`` is of the secret in the cookie, which rotates.
session = Table(
    "session",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("account", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    # When the person last showed that it is them, by password or passkey; never: an SSO's word.
    Column("proven_at", UtcTime),
    Column("address", Text, nullable=False),
    Column("browser", Text, nullable=False),
    Index("session_by_account", "account"),
)

passkey = Table(
    "passkey",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    # Counts the uses where the device counts them; one that falls back was copied.
    Column("sign_count", BigInteger, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Index("passkey_by_account", "account"),
)

# Only the digest of a token is kept: it is shown once, when it is made.
api_token = Table(
    "api_token",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("revoked_at", UtcTime),
    Index("api_token_by_account", "account"),
)

# What works once and was used: links, challenges, chat messages. Kept until it would lapse anyway.
used = Table(
    "used",
    metadata,
    Column("id", Text, primary_key=True),
    Column("until", UtcTime, nullable=False),
    Index("used_by_until", "until"),
)

# What was shown to somebody without an account, by a signed link; ended: it was taken back.
share = Table(
    "share",
    metadata,
    Column("id", Text, primary_key=True),
    Column("cycle", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("whom", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    Column("may_comment", Boolean, nullable=False),
    Column("ended_at", UtcTime),
    Index("share_by_cycle", "cycle", "at"),
)

# How somebody answered a drill: what was wrong on purpose, and whether it was caught.
drill = Table(
    "drill",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("flaw", Text, nullable=False),
    Column("is_caught", Boolean, nullable=False),
    Index("drill_by_time", "at"),
)
