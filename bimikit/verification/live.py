"""`verify_publication`: is what's published the same as what was planned?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..domain import Progress, gather_domain
from ..findings import Report
from ..gathered import Given
from ..plans import Records
from ..web.policy import FetchPolicy
from .report import compare


def verify_publication(
    *,
    domain: str,
    selector: str = "default",
    local_part: str | None = None,
    svg: bytes | None = None,
    certificate: bytes | None = None,
    dmarc: Records | None = None,
    record: Records | None = None,
    at: datetime | None = None,
    resolver: Any = None,
    policy: FetchPolicy | None = None,
    progress: Progress | None = None,
) -> Report:
    """Compare what is published with what was planned: records, and the bytes of the files that they name.

    The files are those at ``l=`` and ``a=`` of the record that *is* published. The hosted logo is held against the one
    in the hosted certificate, too. Whether all of it would do for a logo to show is `bimikit.check_domain`'s question.

    Args:
        domain: The Author Domain, as people type it.
        selector: The selector of the Assertion Record.
        local_part: What stands before the @, for local-part selectors.
        svg: The file that was to be hosted at ``l=``; like those that follow, it is not compared where it isn't given.
        certificate: The file that was to be hosted at ``a=``.
        dmarc: The planned DMARC record: its text at `domain`, or texts by name, as for `bimikit.check_publication`.
            Names that a mapping leaves out aren't compared, but for the domain's own.
        record: The planned Assertion Record, likewise.
        at: The moment at which a hosted certificate has expired or not; must have a time zone. Now by default.
        resolver: A `dns.resolver.Resolver`; that of the system by default.
        policy: What may be fetched; `FetchPolicy()` by default: public addresses only.
        progress: Called with each step that begins.

    Returns:
        The report, of kind ``"verification"``. It is `ok` unless something is other than planned, or missing, and
        `complete` unless something could not be found out. Its facts hold both sides (docs/verify.md).

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: `at` has no time zone, or the policy's file of CAs can't be read.
        BimikitError: No resolver was given, and the system names none.
    """
    plan = Given.of(svg, certificate, dmarc, record, ())
    gathered = gather_domain(
        domain,
        selector=selector,
        local_part=local_part,
        at=at,
        resolver=resolver,
        policy=policy,
        progress=progress,
        revocation=False,
    )
    if progress is not None and not gathered.problem:
        progress("judge")
    return compare(gathered, plan)
