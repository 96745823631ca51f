"""The rules on how a logo looks, in the order in which `bimikit rules` lists them."""

from __future__ import annotations

from ..engine import CRASHED
from ..findings import Applicability, Outcome, Severity
from ..rules import Rule, RuleSet
from ..sources import Citation, cite
from .rules import RULES as SVG_RULES

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTICE
_COLOURS = cite("svg-ps", "section 2.4", "#section-2.4")
_ADVISED = cite("bimikit", "appearance")

_FAILS: tuple[tuple[str, Severity, Citation], ...] = (
    ("nothing-drawn", _E, _COLOURS),
    ("one-colour", _E, _COLOURS),
    ("transparent-background", _W, _ADVISED),
    ("low-contrast-light", _W, _ADVISED),
    ("low-contrast-dark", _W, _ADVISED),
    ("low-contrast", _W, _ADVISED),
    ("outside-circle", _W, _ADVISED),
    ("near-circle-edge", _N, _ADVISED),
    ("too-small", _N, _ADVISED),
    ("not-centred", _N, _ADVISED),
    ("details-vanish", _W, _ADVISED),
)
_UNDECIDED: tuple[tuple[str, Severity, Citation], ...] = (
    ("not-drawable", _E, _ADVISED),
    ("drawn-in-part", _W, _ADVISED),
)
"""What could not be found out."""

APPEARANCE_RULES = RuleSet(
    (
        *(Rule(f"appearance.{name}", severity, source, Applicability.VISIBLE) for name, severity, source in _FAILS),
        *(
            Rule(f"appearance.{name}", severity, source, Applicability.MANUAL, outcome=Outcome.INDETERMINATE)
            for name, severity, source in _UNDECIDED
        ),
    )
)
"""What is asked of a logo's picture."""

TOLD_BY_FILE = {
    "appearance.nothing-drawn": "svg.nothing-drawn",
    "appearance.one-colour": "svg.one-colour",
    "appearance.transparent-background": "receiver.gmail.background",
}
"""Rules on the picture, each with the rule on the file that tells the same of a logo in whose text it can be seen."""

RULES = RuleSet((*APPEARANCE_RULES, SVG_RULES[CRASHED]))
"""What a report on a logo's picture answers for."""
