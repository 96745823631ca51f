"""What SQLite keeps beside a database."""

from __future__ import annotations

WRITTEN = ("-wal", "-journal")
"""Ends of the names of what is there while the database is written to."""
LOGS = (*WRITTEN, "-shm")
"""The same, and of what is there while it is read."""
