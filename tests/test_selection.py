"""Choosing among findings: what may be left out, and what nobody may turn into a pass."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support import AT

from bimikit import Outcome, Report, check_certificate
from bimikit.demands import with_demands
from bimikit.selection import about_kind, outcome_of, selected
from bimikit.testing import MarkCA

CA = MarkCA(at=AT)
GOOD = CA.issue("example.com")
UNKNOWN = "cert.revocation-unknown"


def judged(**more: object) -> Report:
    return check_certificate(GOOD.pem, at=AT, trust=CA.trust, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("select", "ignore", "outcome"),
    [
        ((), (), Outcome.INDETERMINATE),
        (("svg.",), (), Outcome.INDETERMINATE),
        (("cert.expired",), (), Outcome.INDETERMINATE),
        ((), ("cert.",), Outcome.INDETERMINATE),
        ((), ("cert.revocation",), Outcome.INDETERMINATE),
        ((), (UNKNOWN,), Outcome.PASS),
        ((UNKNOWN,), (UNKNOWN,), Outcome.PASS),
    ],
)
def test_what_could_not_be_found_out_is_left_out_by_its_full_id_alone(
    select: tuple[str, ...], ignore: tuple[str, ...], outcome: Outcome
) -> None:
    report = judged(crls=[CA.crl()])  # of the issuing CA's own status nobody knows
    assert [one.rule for one in report.findings if one.outcome is Outcome.INDETERMINATE] == [UNKNOWN]
    assert outcome_of(selected(report, select, ignore)) is outcome


@pytest.mark.parametrize(
    ("select", "kind", "counts"),
    [
        (("svg.",), "svg", True),
        (("cert.",), "svg", False),
        (("cert.", "svg.title"), "svg", True),
        (("svg.",), "certificate", True),
        (("dmarc.",), "certificate", False),
        (("dmarc.",), "domain", True),
        (("svg.",), "appearance", False),
        (("verify.",), "expiry", False),
        ((), "svg", False),
    ],
)
def test_a_choice_counts_for_the_kinds_that_it_is_about(select: tuple[str, ...], kind: str, counts: bool) -> None:
    assert about_kind(select, kind) == (select if counts else ())


def test_what_is_demanded_takes_the_place_of_the_advice() -> None:
    late = check_certificate(GOOD.pem, at=AT + timedelta(days=350), trust=CA.trust)
    assert {"cert.expires-soon", "cert.revocation-not-checked"} <= {one.rule for one in late.findings}
    demanded = with_demands(late, days_left=30, revocation=True)
    rules = [one.rule for one in demanded.findings]
    assert "expiry.soon" in rules
    assert "cert.revocation-required" in rules
    assert not {"cert.expires-soon", "cert.revocation-not-checked"} & set(rules)
    assert (demanded.ok, demanded.complete) == (False, False)
    assert demanded.results["cert.revocation-required"] is Outcome.INDETERMINATE
    assert Report.from_dict(demanded.to_dict()) == demanded


def test_what_is_so_already_changes_nothing() -> None:
    report = judged(crls=[CA.crl(), CA.crl(of="root")])
    assert with_demands(report, days_left=366, revocation=True) is report
    unknown = judged(crls=[CA.crl()])
    assert with_demands(unknown, days_left=None, revocation=True) is unknown


def test_an_ended_certificate_is_told_as_ended_and_no_more() -> None:
    ended = check_certificate(GOOD.pem, at=AT + timedelta(days=400), trust=CA.trust)
    assert with_demands(ended, days_left=30, revocation=False) is ended
