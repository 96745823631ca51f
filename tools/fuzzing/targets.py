"""The table of targets: every parser of bimikit, by name."""

from __future__ import annotations

from collections.abc import Mapping

from tools.fuzzing import certificates, names, portfolio, reports, svg, values, web
from tools.fuzzing.engine import Target

TARGETS: Mapping[str, Target] = {
    target.name: target
    for part in (svg, values, names, web, certificates, reports, portfolio)
    for target in part.TARGETS
}
