"""Noun: the base of everything we store or hash, a frozen record that refuses unknown fields."""

from pydantic import BaseModel, ConfigDict


class Noun(BaseModel):
    """A frozen, validated record. Equal content means equal records."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_timedelta="float")
