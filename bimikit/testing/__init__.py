"""For tests: a Mark Verifying Authority that issues certificates with any one defect, a DNS server and a web server.

`MarkCA` makes what `bimikit.check_certificate` judges; bimikit's own fixtures come from it too. `Zone` and `Web` play
the network for `bimikit.check_domain`, on loopback; they need ``pip install bimikit[testing]``. `reports` makes DMARC
aggregate reports of any size.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .authority import LOGO, Issued, MarkCA
from .defects import DEFECTS, Defect
from .keys import KINDS as KEY_KINDS
from .variants import VARIANTS

if TYPE_CHECKING:
    from .loopback import SilentServer
    from .web import Web
    from .zone import Strings, Zone

__all__ = [
    "DEFECTS",
    "KEY_KINDS",
    "LOGO",
    "VARIANTS",
    "Defect",
    "Issued",
    "MarkCA",
    "SilentServer",
    "Strings",
    "Web",
    "Zone",
]

_OPTIONAL = {"SilentServer": "loopback", "Strings": "zone", "Web": "web", "Zone": "zone"}


def __getattr__(name: str) -> Any:
    home = _OPTIONAL.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value
