"""Fixtures of the engine's tests."""

from tests.postgres import postgres

__all__ = ["postgres"]
