"""For tests: a Mark Verifying Authority that issues certificates with any one defect.

`MarkCA` makes what `bimikit.check_certificate` judges; bimikit's own fixtures come from it too.
"""

from __future__ import annotations

from .authority import LOGO, Issued, MarkCA
from .defects import DEFECTS, Defect
from .keys import KINDS as KEY_KINDS
from .variants import VARIANTS

__all__ = ["DEFECTS", "KEY_KINDS", "LOGO", "VARIANTS", "Defect", "Issued", "MarkCA"]
