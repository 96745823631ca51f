"""Days from which requirements on Mark Certificates bind; all go by the day a certificate is issued."""

from __future__ import annotations

from datetime import date

MCR_1_0 = date(2021, 7, 9)
MCR_1_5 = date(2023, 7, 15)
"""The version that brought mark types."""
MCR_1_7 = date(2025, 1, 22)
PILOT_UNTIL = date(2025, 3, 15)
"""The first day without the pilot identifier (MCR 7.1.2.3)."""
PRIOR_USE_URL_SINCE = date(2025, 4, 15)
"""MCR 7.1.4.2.2, priorUseMarkSourceURL."""
