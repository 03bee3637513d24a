"""Alembic looks for this file; the environment is built in store/migrate.py instead."""
