"""Certificate files made to exhaust a reader; the tests judge them, and benchmarks/hostile.py measures them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bimikit.cert import oids
from bimikit.testing import MarkCA, der
from bimikit.testing.plan import Plan, to_pem

AT = datetime(2026, 11, 24, tzinfo=UTC)
CA = MarkCA(at=AT)


def made(change: Callable[[Plan], object]) -> bytes:
    """A file of which something was changed before it was signed."""
    plan = CA._plan()  # noqa: SLF001
    change(plan)
    certificates = plan.make()
    return b"".join(to_pem(certificates[part]) for part in plan.in_file)


def _extension(oid: str, content: bytes) -> bytes:
    return made(lambda plan: plan.leaf.extensions.__setitem__(oid, (False, content)))


def _svg(svg: bytes) -> bytes:
    return CA.issue(logo=svg).pem


def _crowd() -> bytes:
    """Certificates without logotype, all of one long name, among which the Mark Certificate is looked for."""
    plan = CA._plan()  # noqa: SLF001
    plan.logotype = None
    plan.leaf.subject += [("2.5.4.11", f"unit {number}", der.UTF8) for number in range(340)]
    files = []
    for number in range(49):
        plan.leaf.serial += number + 1
        files.append(to_pem(plan.make()["leaf"]))
    return b"".join(files)


HOSTILE: dict[str, bytes] = {
    "deep DER": to_pem(b"\x30\x82\xff\xff" * 16_000),
    "huge length": b"\x30\x84\xff\xff\xff\xff" + b"\0" * 100,
    "indefinite lengths": b"\x30\x80" * 100_000,
    "many BEGIN lines": b"-----BEGIN CERTIFICATE-----\n" * 30_000,
    "one long line": b"-----BEGIN CERTIFICATE-----" + b"A" * 900_000 + b"-----END CERTIFICATE-----",
    "many blank lines": b"-----BEGIN CERTIFICATE-----" + b" \n" * 400_000 + b"-----END CERTIFICATE-----",
    "a bomb in the logotype": CA.issue(defect="bomb").pem,
    "a logo of 1.9 MB": _svg(b"<svg>" + b" " * 1_900_000 + b"</svg>"),
    "a logo of 90,000 elements": _svg(b"<svg>" + b"<g/>" * 90_000 + b"</svg>"),
    "an entity bomb in the logo": _svg(
        b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><svg>&b;</svg>'
    ),
    "90,000 names": _extension(oids.SUBJECT_ALT_NAME, der.sequence(*[der.implicit(2, b"*")] * 90_000)),
    "90,000 policies": _extension(oids.CERTIFICATE_POLICIES, der.sequence(*[der.sequence(der.oid("1.2.3"))] * 90_000)),
    "30,000 attributes": made(lambda plan: plan.leaf.subject.extend([("2.5.4.11", "x", der.UTF8)] * 30_000)),
    "40,000 extensions": made(lambda plan: plan.leaf.more_extensions.extend([("1.2.3", True, b"")] * 40_000)),
    "a serial of 100 KB": made(lambda plan: setattr(plan.leaf, "serial", 1 << 800_000)),
    "45 issuing CAs of one name": b"".join(to_pem(MarkCA(at=AT, seed=str(n)).issue().issuing) for n in range(45))
    + CA.issue().pem,
    "12,000 wrong hashes": made(lambda plan: setattr(plan.logotype, "hashes", [("sha1", b"\0" * 20)] * 12_000)),
    "49 certificates of one long name": _crowd(),
    "every byte": bytes(range(256)) * 2_000,
}
