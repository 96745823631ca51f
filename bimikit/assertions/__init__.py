"""Assertions on logos, certificates, publications and domains, for any test framework; pytest has the fixture `bimi`.

``assert_svg("brand/logo.svg")`` and its kin are for unittest and scripts; `Bimi` has the subjects that can be asked one
thing after the other. What isn't as asked is an `AssertionError` whose text is the report as the command line prints
it, what could not be found out is `Undecided`. docs/pipelines.md is the guide.
"""

from __future__ import annotations

from .bimi import Bimi
from .outcomes import Undecided
from .plain import assert_certificate, assert_domain, assert_publication, assert_svg
from .settings import IgnoreEnded, IgnoreUnused, Kept, NothingAsked, Settings
from .subjects import Certificate, Domain, Publication, Subject, Svg

__all__ = [
    "Bimi",
    "Certificate",
    "Domain",
    "IgnoreEnded",
    "IgnoreUnused",
    "Kept",
    "NothingAsked",
    "Publication",
    "Settings",
    "Subject",
    "Svg",
    "Undecided",
    "assert_certificate",
    "assert_domain",
    "assert_publication",
    "assert_svg",
]
