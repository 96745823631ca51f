"""DMARC aggregate reports: read from what mailbox providers send, stored, and grouped by sending source."""
