"""Stands in for the Mark Verifying Authority: certifies brand/logo.svg with the test authority of bimikit.

No mailbox trusts it. Your own certificate comes from an authority whose root bimikit knows, so your repository has
neither this folder nor the table [tool.bimikit.trust]. It always writes the same bytes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bimikit.testing import MarkCA

AT = datetime(2026, 12, 1, tzinfo=UTC)
"""The day for which this repository is written: see --bimi-at in addopts, in pyproject.toml."""

repository = Path(__file__).resolve().parent.parent
ca = MarkCA(at=AT, seed="brand-repository")
logo = (repository / "brand" / "logo.svg").read_bytes()
for name, content in {
    "brand/vmc.pem": ca.issue(names=("example.com", "news.example.com"), logo=logo).pem,
    "ca/root.pem": ca.root_pem,
    "ca/log.pem": ca.log_pem,
}.items():
    (repository / name).write_bytes(content)
