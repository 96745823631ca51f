"""Mailbox providers as dated data, and what is known of a domain turned into a verdict for each of them.

`names` has their ids, `providers` reads ``data/*.toml``, `traits` has what a subject may have that a provider minds,
`verdict` judges, `words` says it, and `page` writes the table for the documentation.
"""

from __future__ import annotations

from .names import ALIASES, PROVIDER_IDS, canonical, provider_ids

__all__ = ["ALIASES", "PROVIDER_IDS", "canonical", "provider_ids"]
