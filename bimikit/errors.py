"""What bimikit raises where the caller has to act. Bad input never raises; bad calls raise Python's own errors."""

from __future__ import annotations


class BimikitError(Exception):
    """Something outside the input stands in the way, such as a computer without a DNS resolver."""

    def told(self, lang: str = "en") -> str:
        """It in words; in English where there are no others.

        Args:
            lang: ``"en"`` or ``"ja"``.
        """
        return str(self)
