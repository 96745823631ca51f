"""The plan from p=none to a logo: every stage, every record, every refusal, and that applying a plan moves things on."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from string import Formatter
from typing import Any

import msgspec
import pytest
from aggregate_reports import feedback, row
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from plan_world import (
    AS_OF,
    CERTIFICATE,
    LOGO,
    OURS,
    PASSING,
    inventory,
    keys,
    one_of,
    outlook,
    plan_of,
    record,
    scanned,
    sending,
    statements,
    weighing,
)

from bimikit.dns.bimi import is_record, read_assertion
from bimikit.dns.dmarc import POLICIES, record_of
from bimikit.locale import words_of
from bimikit.output import plan_markdown, plan_page, plan_text
from bimikit.plan import DomainPlan, Listed, Plan, PlanError, differences, from_json, make_plan, newest, to_json
from bimikit.plan import words as plan_words
from bimikit.plan.dmarc_text import level, raised
from bimikit.plan.model import STAGES
from bimikit.plan.plan import MOST_WEEKS, weeks_of
from bimikit.plan.stages import NEXT
from bimikit.portfolio.row import Hosted
from bimikit.raising.decisions import Decisions
from bimikit.raising.model import Decision
from bimikit.raising.reported import gathered
from bimikit.raising.weigh import weigh
from bimikit.statement import Statement

LONG_AGO = AS_OF - timedelta(days=60)
K = "kaori.example"
D = f"_dmarc.{K}"
RUA = f"rua={OURS}"
NONE, QUARANTINE, REJECT = (f"v=DMARC1; p={policy}; {RUA}" for policy in POLICIES)
BIMI = f"v=BIMI1; l={LOGO}; a={CERTIFICATE}"
DECLINED = "v=BIMI1; l=; a="


def listed(goal: Any = "enforced", name: str = K, **more: Any) -> Listed:
    return Listed(name=name, goal=goal, **more)


LOGO_DOMAIN = listed("logo", logo=LOGO, certificate=CERTIFICATE)


# stages

GO = weighing(K, "go", "go", outlook(aligned=1000))
HELD = weighing(K, "no-go", "no-go", outlook(failing=300, aligned=700, hinders=True))
STAGE_CASES: dict[str, tuple[Listed, dict[str, Any], Sequence[Any], dict[str, Any], str, str | None]] = {
    "nothing published": (listed(), {}, [], {}, "listed", "monitored"),
    "a policy, but nobody is told": (listed(), {D: "v=DMARC1; p=none"}, [], {}, "listed", "monitored"),
    "an address for reports that is none": (listed(), {D: "v=DMARC1; p=none; rua=me@x"}, [], {}, "listed", "monitored"),
    "reports asked for": (listed(), {D: NONE}, [], {}, "monitored", "sources-known"),
    "reports with a source that fails": (listed(), {D: NONE}, [HELD], {}, "monitored", "sources-known"),
    "reports with every source set up": (listed(), {D: NONE}, [GO], {}, "sources-known", "quarantine"),
    "quarantine": (listed(), {D: QUARANTINE}, [GO], {}, "quarantine", "reject"),
    "quarantine for a part": (listed(), {D: f"{QUARANTINE}; pct=50"}, [GO], {}, "sources-known", "quarantine"),
    "quarantine on trial": (listed(), {D: f"{QUARANTINE}; t=y"}, [GO], {}, "sources-known", "quarantine"),
    "reject for a part": (listed(), {D: f"{REJECT}; pct=20"}, [GO], {}, "quarantine", "reject"),
    "reject on trial": (listed(), {D: f"{REJECT}; t=y"}, [GO], {}, "quarantine", "reject"),
    "reject, subdomains open": (listed(), {D: f"{REJECT}; sp=none"}, [GO], {}, "sources-known", "quarantine"),
    "reject, subdomains in quarantine": (listed(), {D: f"{REJECT}; sp=quarantine"}, [GO], {}, "quarantine", "reject"),
    "reject": (listed(), {D: REJECT}, [], {}, "reject", None),
    "reject without reports": (listed(), {D: "v=DMARC1; p=reject"}, [], {}, "reject", None),
    "reject, a logo that isn't declined yet": (listed(declines=True), {D: REJECT}, [], {}, "reject", "reject"),
    "reject and declined": (
        listed(declines=True), {D: REJECT, f"default._bimi.{K}": DECLINED}, [], {}, "reject", None,
    ),
    "a policy that can't be read": (listed(), {D: f"v=DMARC1; p=rejekt; {RUA}"}, [], {}, "monitored", "sources-known"),
    "two records": (listed(), {D: [NONE, REJECT]}, [], {}, "listed", "monitored"),
    "quarantine does for a logo": (LOGO_DOMAIN, {D: QUARANTINE}, [GO], {}, "bimi-ready", "live"),
    "and reject": (LOGO_DOMAIN, {D: REJECT}, [], {}, "bimi-ready", "live"),
    "subdomains open bar a logo": (LOGO_DOMAIN, {D: f"{QUARANTINE}; sp=none"}, [GO], {}, "sources-known", "quarantine"),
    "a record that nobody looked behind": (
        LOGO_DOMAIN, {D: REJECT, f"default._bimi.{K}": BIMI}, [], {}, "bimi-ready", "live",
    ),
    "a logo with faults": (
        LOGO_DOMAIN, {D: REJECT, f"default._bimi.{K}": BIMI}, [], {"hosted": Hosted("fail", ("svg.size",))},
        "bimi-ready", "live",
    ),
    "all in order": (LOGO_DOMAIN, {D: REJECT, f"default._bimi.{K}": BIMI}, [], {"hosted": PASSING}, "live", None),
    "another logo than was asked for": (
        LOGO_DOMAIN, {D: REJECT, f"default._bimi.{K}": "v=BIMI1; l=https://other.example/l.svg"}, [],
        {"hosted": PASSING}, "bimi-ready", "live",
    ),
    "closed in part": (
        listed("locked"), {D: REJECT}, [], {"sending": sending(spf="valid", spf_text="v=spf1 -all")}, "reject", "locked",
    ),
    "closed": (
        listed("locked"), {D: REJECT}, [],
        {"sending": sending(spf="valid", spf_text="V=spf1  -all", mx=("0 .",))}, "locked", None,
    ),
    "closed for sending, and it receives": (
        listed("locked"), {D: REJECT}, [],
        {"sending": sending(spf="valid", spf_text="v=spf1 -all", mx=("10 mx.example.",))}, "locked", None,
    ),
    "closed, as far as is known of SPF": (
        listed("locked"), {D: REJECT}, [],
        {"sending": sending(spf="valid", spf_text="v=spf1 -all", mx=("0 .",), unanswered=("spf",))}, "reject", "locked",
    ),
    "closed, and then opened": (
        listed("locked"), {D: QUARANTINE}, [],
        {"sending": sending(spf="valid", spf_text="v=spf1 -all", mx=("0 .",))}, "quarantine", "locked",
    ),
    "closed, as far as is known": (
        listed("locked"), {D: REJECT}, [],
        {"sending": sending(spf="valid", spf_text="v=spf1 -all", unanswered=("mx",))}, "reject", "locked",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("domain", "records", "weighings", "row", "stage", "following"), STAGE_CASES.values(), ids=list(STAGE_CASES)
)
def test_a_domain_is_at_its_stage(
    domain: Listed, records: Any, weighings: Any, row: Any, stage: str, following: str | None
) -> None:
    one = one_of(plan_of(domain, records, weighings, rows={K: row}))
    assert (one.stage, one.next, one.done) == (stage, following, following is None)
    assert not (one.done and (one.blocks or one.refusals))


def test_what_is_seen_and_not_listed_comes_last_and_is_to_be_listed() -> None:
    seen = weighing("zweig.example", "wait", "wait", outlook(failing=10))
    plan = make_plan(
        inventory(listed()),
        scanned={name: scanned(name, {}) for name in ("b.example", K, "a.example")},
        reported={seen.domain: seen},
        as_of=AS_OF,
    )
    assert [one.domain for one in plan.domains] == [K, "a.example", "b.example", "zweig.example"]
    assert [one.stage for one in plan.domains[1:]] == ["unlisted"] * 3
    assert {one.next for one in plan.domains[1:]} == {"listed"}
    assert all(not one.records for one in plan.domains[1:])
    assert "plan.unlisted" in keys(plan.notices)


# what isn't known

UNKNOWN = {
    "its own record": [D],
    "the domain above": ["_dmarc.example"],
}


@pytest.mark.parametrize("failing", UNKNOWN.values(), ids=list(UNKNOWN))
def test_nothing_is_recommended_that_rests_on_what_gave_no_answer(failing: list[str]) -> None:
    for domain in (listed(), LOGO_DOMAIN, listed("locked"), listed(declines=True)):
        one = one_of(plan_of(domain, {}, [GO], failing=failing))
        assert not one.known
        assert "block.undecided" in keys(one.blocks)
        assert not [record for record in one.records if record.name == D]


def test_no_logo_is_published_where_nobody_knows_which_is_there() -> None:
    records = {D: REJECT}
    one = one_of(plan_of(LOGO_DOMAIN, records, failing=[f"default._bimi.{K}"]))
    assert (one.known, one.stage, one.records) == (False, "bimi-ready", ())
    one = one_of(plan_of(listed(declines=True), records, failing=[f"default._bimi.{K}"]))
    assert (one.known, one.records, keys(one.blocks)) == (False, (), ["block.undecided"])


def test_a_domain_that_was_not_scanned_gets_no_record() -> None:
    for domain in (listed(), LOGO_DOMAIN, listed("locked", declines=True)):
        plan = make_plan(inventory(domain), scanned={}, reported={K: GO}, as_of=AS_OF)
        one = one_of(plan)
        assert (one.known, one.records, one.stage) == (False, (), "sources-known")
        assert keys(one.blocks)[0] == "block.not-scanned"
        assert "plan.no-scan" in keys(plan.notices)


def test_without_spf_and_mx_a_domain_is_not_closed() -> None:
    one = one_of(plan_of(listed("locked", monitored_since=LONG_AGO), {D: NONE}, [weighing("other.example")]))
    assert {item.name for item in one.records} == {D}
    assert "step.close-mail" in [refusal.step.key for refusal in one.refusals]
    assert "block.sending-not-scanned" in keys(one.blocks)


# the DMARC record

DMARC_CASES: dict[str, tuple[Listed, Mapping[str, Any], Sequence[Any], str | None]] = {
    "the first": (listed(), {}, [], NONE),
    "reports are asked for": (listed(), {D: "v=DMARC1; p=none; adkim=s"}, [], f"v=DMARC1; p=none; adkim=s; {RUA}"),
    "what is no address goes": (listed(), {D: "v=DMARC1; p=none; rua=x; fo=1"}, [], f"v=DMARC1; p=none; {RUA}; fo=1"),
    "others' reports come to us, too": (
        listed(), {D: "v=DMARC1; p=none; rua=mailto:a@b.example; ruf=mailto:c@d.example"}, [],
        f"v=DMARC1; p=none; rua=mailto:a@b.example,{OURS}; ruf=mailto:c@d.example",
    ),
    "no address is added where reports come": (
        listed(), {D: "v=DMARC1; p=none; rua=mailto:a@b.example"}, [HELD], None,
    ),
    "to quarantine, with all that was said": (
        listed(), {D: "v=DMARC1; p=none; adkim=s; aspf=s; fo=1; ruf=mailto:c@d.example; rua=mailto:a@b.example"}, [GO],
        "v=DMARC1; p=quarantine; adkim=s; aspf=s; fo=1; ruf=mailto:c@d.example; rua=mailto:a@b.example",
    ),
    "the policy comes second": (
        listed(), {D: f"v=DMARC1; {RUA}; p=none"}, [GO], f"v=DMARC1; p=quarantine; {RUA}",
    ),
    "a trial ends": (listed(), {D: f"v=DMARC1; p=quarantine; t=y; {RUA}"}, [GO], QUARANTINE),
    "a part becomes the whole": (listed(), {D: f"v=DMARC1; p=quarantine; pct=10; {RUA}"}, [GO], QUARANTINE),
    "pct=100 may stay": (
        listed(), {D: f"v=DMARC1; p=none; pct=100; {RUA}"}, [GO], f"v=DMARC1; p=quarantine; pct=100; {RUA}",
    ),
    "subdomains follow": (listed(), {D: f"v=DMARC1; p=none; sp=none; np=none; {RUA}"}, [GO], QUARANTINE),
    "stricter subdomains stay so": (
        listed(), {D: f"v=DMARC1; p=none; sp=reject; {RUA}"}, [GO], f"v=DMARC1; p=quarantine; sp=reject; {RUA}",
    ),
    "subdomains catch up by one": (
        listed(), {D: f"v=DMARC1; p=reject; sp=none; {RUA}"}, [GO], f"v=DMARC1; p=reject; sp=quarantine; {RUA}",
    ),
    "and by the other": (listed(), {D: f"v=DMARC1; p=reject; sp=quarantine; {RUA}"}, [GO], REJECT),
    "to reject": (listed(), {D: QUARANTINE}, [GO], REJECT),
    "quarantine does for a logo": (LOGO_DOMAIN, {D: QUARANTINE}, [GO], None),
    "nothing goes beyond reject": (listed(), {D: REJECT}, [GO], None),
    "a policy that can't be read enforces nothing at once": (
        listed(), {D: f"v=DMARC1; p=reject; sp=rejekt; {RUA}"}, [GO], NONE,
    ),
    "one in place of two": (listed(), {D: [QUARANTINE, REJECT]}, [GO], NONE),
    "a tag that is there twice": (listed(), {D: f"{REJECT}; p=none"}, [GO], NONE),
}  # fmt: skip


@pytest.mark.parametrize(("domain", "records", "weighings", "text"), DMARC_CASES.values(), ids=list(DMARC_CASES))
def test_a_dmarc_record_is_planned(domain: Listed, records: Any, weighings: Any, text: str | None) -> None:
    one = one_of(plan_of(domain, records, weighings))
    assert record(one, D) == text
    for item in one.records:
        if item.name == D and isinstance(records.get(D), str) and item.instead:
            assert item.instead == (records[D],)


@pytest.mark.parametrize("policy", ["none", "quarantine"])
@pytest.mark.parametrize("verdict", ["wait", "no-go", None])
def test_no_policy_is_raised_unless_the_reports_say_go(policy: str, verdict: Any) -> None:
    weighings = [] if verdict is None else [weighing(K, verdict, verdict, grounds=["ground.ours-lost"])]
    one = one_of(plan_of(listed(), {D: f"v=DMARC1; p={policy}; {RUA}"}, weighings))
    assert record(one, D) is None
    (refusal,) = one.refusals
    assert refusal.step == Statement("step.raise", {"policy": POLICIES[POLICIES.index(policy) + 1]})
    assert keys(refusal.why) == (["why.no-reports"] if verdict is None else ["ground.ours-lost"])
    assert one.blocks


def test_sources_that_hold_a_policy_up_are_named_the_first_five() -> None:
    outlooks = [outlook(f"network:192.0.{number}.0/24", failing=10, hinders=True) for number in range(7)]
    outlooks[0] = outlook("sender:sendgrid", "undecided", failing=10, hinders=True)
    one = one_of(plan_of(listed(), {D: NONE}, [weighing(K, "no-go", "no-go", *outlooks)]))
    assert keys(one.blocks) == ["block.source-undecided"] + ["block.source-fails"] * 4 + ["block.sources-more"]
    assert "SendGrid" in plan_words.text(one.blocks[0], "ja")


def test_without_a_store_no_policy_is_raised_and_without_an_address_nothing_is_monitored() -> None:
    one = one_of(plan_of(listed(), {D: NONE}, store=""))
    assert keys(one.blocks) == ["block.no-store"]
    one = one_of(plan_of(listed(), {D: "v=DMARC1; p=none"}, reports_to=()))
    assert (one.records, keys(one.blocks)) == ((), ["block.no-addresses", "block.no-reports"])
    assert one_of(plan_of(listed(), {D: "v=DMARC1; p=reject"}, reports_to=())).done
    one = one_of(plan_of(listed(), {}, reports_to=()))
    assert (one.records, keys(one.blocks)) == ((), ["block.no-addresses"])
    assert [refusal.step.key for refusal in one.refusals] == ["step.monitor"]


AUTHORISED: dict[str, tuple[str, Sequence[Any], Sequence[str], list[tuple[str, str]]]] = {
    "of the same organization": ("", [], [OURS], []),
    "of its subdomain": ("", [], ["mailto:d@reports.kaori.example"], []),
    "of another": ("", [], ["mailto:d@dmarc.vendor.example"], [("dmarc.vendor.example", "vendor.example")]),
    "of several": (
        "", [], ["mailto:d@a.example", "mailto:e@a.example", "mailto:f@b.example"],
        [("a.example", "a.example"), ("b.example", "b.example")],
    ),
    "an address on the web": ("", [], ["https://vendor.example/d"], []),
    "there already, as reports come": ("v=DMARC1; p=none; rua=mailto:d@a.example", [GO], ["mailto:d@a.example"], []),
    "perhaps missing, as none come": (
        "v=DMARC1; p=none; rua=mailto:d@a.example!10m", [], ["mailto:d@a.example"], [("a.example", "a.example")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "weighings", "addresses", "hosts"), AUTHORISED.values(), ids=list(AUTHORISED))
def test_others_who_get_the_reports_have_to_allow_it(
    text: str, weighings: Any, addresses: Sequence[str], hosts: list[tuple[str, str]]
) -> None:
    one = one_of(plan_of(listed(), {D: text} if text else {}, weighings, reports_to=addresses))
    found = [item for item in one.records if "._report." in item.name]
    assert [(item.name, item.zone) for item in found] == [(f"{K}._report._dmarc.{host}", zone) for host, zone in hosts]
    assert {item.value for item in found} <= {"v=DMARC1"}


def test_one_record_for_all_is_told_of_where_several_domains_need_one() -> None:
    plan = plan_of([listed(), listed(name="cha.example")], {}, reports_to=["mailto:d@vendor.example"])
    assert Statement(
        "plan.wildcard", {"host": "vendor.example", "count": 2, "name": "*._report._dmarc.vendor.example"}
    ) in plan.notices  # fmt: skip


# subdomains

S = f"news.{K}"


def test_a_domain_below_follows_the_one_above_unless_that_is_closed() -> None:
    below = listed(name=S)
    one = one_of(plan_of([listed(), below], {D: NONE}, [HELD]), S)
    assert (one.stage, one.records) == ("monitored", ())
    assert one.blocks == (Statement("block.follows", {"domain": K}),)
    assert one_of(plan_of([below], {D: NONE}), S).blocks == (Statement("block.follows-unlisted", {"domain": K}),)
    one = one_of(plan_of([listed("locked"), below], {D: f"{REJECT}; sp=quarantine"}), S)
    assert record(one, f"_dmarc.{S}") == QUARANTINE
    assert one_of(plan_of([listed(), below], {D: REJECT}), S).done


def test_the_domain_above_gets_the_first_record() -> None:
    plan = plan_of([listed(), listed(name=S)], {})
    assert record(one_of(plan), D) == NONE
    assert (one_of(plan, S).records, keys(one_of(plan, S).blocks)) == ((), ["block.organization-first"])
    alone = one_of(plan_of([listed(name=S)], {}), S)
    assert record(alone, f"_dmarc.{S}") == NONE


def test_a_first_record_above_one_that_asks_for_more_says_what_it_changes_there() -> None:
    below = listed(name=S)
    one = one_of(plan_of([listed(), below], {f"_dmarc.{S}": REJECT}))
    assert one.records[0].why == Statement("record.dmarc-first-above", {"names": S})
    one = one_of(plan_of([listed(), below], {f"_dmarc.{S}": NONE}))
    assert one.records[0].why.key == "record.dmarc-first"


def test_two_records_above_are_mended_above() -> None:
    plan = plan_of([listed(), listed(name=S)], {D: [NONE, REJECT]})
    assert record(one_of(plan), D) == NONE
    assert (one_of(plan, S).records, keys(one_of(plan, S).blocks)) == ((), ["block.organization-first"])


def test_reports_on_the_domain_above_show_that_one_below_is_monitored() -> None:
    below = listed(name=S)
    assert one_of(plan_of([below], {D: NONE}), S).stage == "listed"
    assert one_of(plan_of([below], {D: NONE}, [HELD]), S).stage == "monitored"


def test_silence_says_nothing_where_reports_go_elsewhere_or_are_not_allowed() -> None:
    never = listed("locked", monitored_since=LONG_AGO)
    elsewhere = {D: "v=DMARC1; p=none; rua=mailto:a@b.example"}
    one = one_of(plan_of(never, elsewhere, [weighing("other.example")], rows={K: CLOSING}))
    assert [keys(refusal.why) for refusal in one.refusals] == [["why.silent-elsewhere"]]
    assert record(one, D) == f"v=DMARC1; p=none; rua=mailto:a@b.example,{OURS}"
    row = {K: {"sending": replace(CLOSING["sending"], unauthorised=("reports.example",))}}
    one = one_of(plan_of(never, {D: NONE}, [weighing("other.example")], rows=row))
    assert [keys(refusal.why) for refusal in one.refusals] == [["why.silent-unauthorised"]]
    assert record(one, D) is None


def test_old_mail_keeps_a_domain_open_until_its_source_is_said_to_have_ended() -> None:
    for counts_as, why in (("ours", ["why.passes"]), ("stop", [])):
        old = outlook(counts_as=counts_as, aligned=90)
        ended = weighing(K, "wait", "wait", old, grounds=["ground.too-old"])
        one = one_of(plan_of(listed("locked"), {D: NONE}, [ended, weighing("other.example")], rows={K: CLOSING}))
        assert [keys(refusal.why) for refusal in one.refusals] == ([why] if why else [])


def test_nothing_is_put_beside_an_alias() -> None:
    one = one_of(plan_of(listed("locked"), {D: NONE}, [weighing(K, "go", "go")], rows={
        K: {"sending": replace(CLOSING["sending"], alias="host.example"), "aliases": (D,)},
    }))  # fmt: skip
    assert [item.name for item in one.records if item.when == "now"] == [f"*._domainkey.{K}"]
    assert [block.values["name"] for block in one.blocks if block.key == "block.alias"] == [D, K]


def test_a_record_that_is_there_keeps_what_the_inventory_does_not_name() -> None:
    there = f"v=BIMI1; l={LOGO}; a={CERTIFICATE}; avp=brand; lps=news"
    records = {D: REJECT, f"default._bimi.{K}": there}
    same = one_of(plan_of(listed("logo", logo=LOGO), records))
    assert [item.name for item in same.records] == []
    moved = one_of(plan_of(listed("logo", logo="https://www.kaori.example/new.svg"), records))
    (item,) = moved.records
    assert item.value == f"v=BIMI1; l=https://www.kaori.example/new.svg; a={CERTIFICATE}; avp=brand; lps=news"
    assert item.instead == (there,)


def test_who_inherits_a_policy_is_told() -> None:
    plan = plan_of([listed(), listed(name=S)], {D: NONE}, [HELD])
    assert Statement("notice.inherited-by", {"names": S}) in one_of(plan).notices


def test_subdomains_that_send_are_told() -> None:
    source = outlook(failing=40, aligned=10, below=30, authors=[(S, 45), (K, 5)])
    one = one_of(plan_of(listed(), {D: NONE}, [weighing(K, "wait", "wait", source)]))
    assert Statement("notice.subdomains-send", {"messages": 45, "failing": 30, "names": S}) in one.notices


@pytest.mark.parametrize("verdict", ["go", "wait"])
def test_a_record_that_some_receivers_overlook_is_made_one_for_all_where_nothing_breaks(verdict: Any) -> None:
    between, below = f"shop.{K}", f"a.shop.{K}"
    reports = weighing(between, "go", verdict)
    one = one_of(plan_of([listed(name=below), listed(name=between)], {f"_dmarc.{between}": REJECT}, [reports]), below)
    assert (one.policy, record(one, f"_dmarc.{below}")) == ("", REJECT if verdict == "go" else None)
    assert [refusal.step.key for refusal in one.refusals] == ([] if verdict == "go" else ["step.raise"])


def test_one_of_two_records_enforces_nothing_that_reports_do_not_allow() -> None:
    records = {D: REJECT, f"_dmarc.{S}": [NONE, QUARANTINE]}
    for verdict in ("go", "wait"):
        one = one_of(plan_of([listed(), listed(name=S)], records, [weighing(K, "go", verdict)]), S)
        strongest = record(one, f"_dmarc.{S}")
        assert strongest == (REJECT if verdict == "go" else None)


def test_one_of_two_records_takes_the_place_of_both() -> None:
    one = one_of(plan_of(listed(), {D: [NONE, QUARANTINE]}))
    (planned,) = (item for item in one.records if item.name == D)
    assert (planned.value, planned.instead, planned.why.key) == (NONE, (NONE, QUARANTINE), "record.dmarc-one")
    assert keys(one.blocks) == ["block.record-multiple"]


def test_a_policy_that_some_receivers_overlook_for_an_unreadable_np_stays_for_the_others() -> None:
    records = {D: f"v=DMARC1; p=none; sp=reject; np=; {RUA}"}
    for verdict, value in (("wait", None), ("go", f"v=DMARC1; p=none; sp=reject; {RUA}")):
        one = one_of(plan_of(listed(), records, [weighing(K, "go", verdict)]))
        assert (record(one, D), keys(one.blocks)[0]) == (value, "block.record-broken")


def test_a_policy_that_rests_on_one_organization_is_not_said_to_be_early() -> None:
    reports = weighing(K, "wait", "wait", outlook(aligned=90))
    ground = Statement("ground.rests-on-one", {"reporter": "x.example", "ours": 1, "undecided": 2, "passed": 3})
    options = tuple(replace(option, grounds=(ground,)) for option in reports.options)
    one = one_of(plan_of(listed(), {D: NONE}, [replace(reports, options=options)]))
    assert keys(one.blocks) == ["block.rests-on"]


def test_two_records_above_are_not_told_as_those_of_a_domain_below() -> None:
    one = one_of(plan_of([listed(name=S)], {D: [NONE, REJECT]}), S)
    assert not [block for block in one.blocks if block.values.get("name") == f"_dmarc.{S}"]


# closing a domain

CLOSING = {"sending": sending(spf="valid", spf_text="v=spf1 mx ~all")}
LOCK_CASES: dict[str, tuple[Mapping[str, Any], Sequence[Any], str, list[str]]] = {
    "reports on it show none of ours": ({D: NONE}, [weighing(K, "go", "go", outlook(counts_as="not-ours", failing=9))], "s", []),
    "reports on others come, and none on it": ({D: NONE}, [weighing("other.example")], "s", ["why.silent-since-when"]),
    "no reports at all": ({D: NONE}, [], "s", ["why.no-reports"]),
    "no store": ({D: NONE}, [], "", ["why.no-store"]),
    "not monitored": ({}, [weighing("other.example")], "s", ["why.not-monitored"]),
    "mail that passes": ({D: NONE}, [weighing(K, "go", "go", outlook(counts_as="ours", aligned=5))], "s", ["why.passes"]),
    "mail that passes, of one who ends": (
        {D: NONE}, [weighing(K, "go", "go", outlook(counts_as="stop", aligned=5))], "s", [],
    ),
    "mail of ours that fails": (
        {D: NONE}, [weighing(K, "go", "go", outlook(counts_as="ours", failing=5))], "s", ["why.ours"],
    ),
    "mail that nobody decided about": (
        {D: NONE}, [weighing(K, "go", "go", outlook(counts_as="undecided", failing=50, hinders=True))], "s",
        ["why.undecided"],
    ),
    "a few messages that nobody decided about": (
        {D: NONE}, [weighing(K, "go", "go", outlook(counts_as="undecided", failing=3))], "s", [],
    ),
    "too short a time": (
        {D: NONE}, [weighing(K, "wait", "wait", grounds=["ground.quiet-too-short"])], "s", ["ground.quiet-too-short"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("records", "weighings", "store", "why"), LOCK_CASES.values(), ids=list(LOCK_CASES))
def test_a_domain_is_closed_only_where_reports_show_no_mail_of_ours(
    records: Mapping[str, Any], weighings: Any, store: str, why: list[str]
) -> None:
    one = one_of(plan_of(listed("locked"), records, weighings, store=store, rows={K: CLOSING}))
    if why:
        (refusal,) = one.refusals
        assert (refusal.step.key, keys(refusal.why)) == ("step.lock", why)
        assert record(one, D) == (None if records else NONE)
        assert {item.name for item in one.records} <= {D}
        return
    assert one.next == "locked"
    assert [(item.name, item.type, item.value, item.instead) for item in one.records] == [
        (D, "TXT", REJECT, (NONE,)),
        (K, "TXT", "v=spf1 -all", ("v=spf1 mx ~all",)),
        (K, "MX", "0 .", ()),
        (f"*._domainkey.{K}", "TXT", "v=DKIM1; p=", ()),
    ]


@pytest.mark.parametrize(
    ("days", "others", "why"),
    [
        (30, True, []),
        (29, True, ["why.silent-too-short"]),
        (-5, True, ["why.silent-too-short"]),
        (90, False, ["why.no-reports"]),
    ],
)
def test_silence_without_any_report_has_to_last_since_a_day_that_is_told(
    days: int, others: bool, why: list[str]
) -> None:
    domain = listed("locked", monitored_since=AS_OF - timedelta(days=days))
    heard = [weighing("other.example")] if others else []
    one = one_of(plan_of(domain, {D: NONE}, heard, rows={K: CLOSING}, store="s"))
    assert [keys(refusal.why) for refusal in one.refusals] == ([why] if why else [])
    assert record(one, D) == (None if why else REJECT)


@pytest.mark.parametrize(("days", "closed"), [(10, False), (40, True)])
def test_silence_has_to_last_in_reports_as_they_are_weighed(days: int, closed: bool) -> None:
    def strangers(day: date) -> list[tuple[date, str, Any]]:
        failing = {"dkim": "fail", "spf": "fail", "signatures": (), "envelopes": ()}
        return [
            (
                day,
                "mailbox.example",
                row(f"100.{64 + number}.{day.day}.9", header_from=K, envelope_from="x.example", **failing),
            )
            for number in range(30)
        ]

    dates = [AS_OF - timedelta(days=number) for number in range(days)]
    heads = [
        feedback([], str(day), domain=K, reporter=name, begin=datetime.combine(day, time(), UTC)).head
        for day in dates
        for name in ("mailbox.example", "post.example")
    ]  # fmt: skip
    found = gathered(K, heads, [one for day in dates for one in strangers(day)])
    one = one_of(plan_of(listed("locked"), {D: NONE}, [weigh(K, found, as_of=AS_OF)], rows={K: CLOSING}))
    assert (record(one, D) == REJECT) is closed
    assert [keys(refusal.why) for refusal in one.refusals] == ([] if closed else [["ground.quiet-too-short"]])


def test_a_domain_below_is_closed_by_a_record_of_its_own_where_the_one_above_sends() -> None:
    below = listed("locked", name=S)
    source = outlook(aligned=10, authors=[(K, 10)])
    one = one_of(
        plan_of(
            [listed(), below],
            {D: NONE},
            [replace(weighing(K, "go", "go", source), first=AS_OF - timedelta(days=40))],
            rows={S: CLOSING},
        ),
        S,
    )
    assert one.next == "locked"
    assert record(one, f"_dmarc.{S}") == REJECT
    covered = one_of(
        plan_of(
            [listed(), below],
            {D: REJECT},
            [replace(weighing(K, "go", "go", source), first=AS_OF - timedelta(days=40))],
            rows={S: CLOSING},
        ),
        S,
    )
    assert record(covered, f"_dmarc.{S}") is None
    assert {item.value for item in covered.records if item.name == S} == {"v=spf1 -all", "0 ."}


def test_a_domain_that_receives_mail_keeps_its_servers() -> None:
    row = {K: {"sending": sending(mx=("10 mx.kaori.example.",), dkim=("s1",))}}
    one = one_of(plan_of(listed("locked", monitored_since=LONG_AGO), {D: NONE}, [weighing("other.example")], rows=row))
    assert "MX" not in {item.type for item in one.records}
    assert {"notice.receives", "notice.keys-left"} <= set(keys(one.notices))


def test_a_closed_domain_shows_no_logo_of_the_one_above() -> None:
    below = listed("locked", name=S)
    records = {D: REJECT, f"default._bimi.{K}": BIMI}
    row = {S: {"sending": sending(spf="valid", spf_text="v=spf1 -all", mx=("0 .",))}}
    one = one_of(plan_of([listed(), below], records, [weighing("other.example")], rows=row), S)
    assert (one.done, record(one, f"default._bimi.{S}")) == (False, DECLINED)
    closed = one_of(plan_of([listed(), below], {**records, f"default._bimi.{S}": DECLINED}, rows=row), S)
    assert (closed.stage, closed.done) == ("locked", True)


def test_a_domain_below_is_not_closed_while_its_name_is_in_the_reports_above() -> None:
    source = outlook(aligned=10, authors=[(S, 4), (K, 6)])
    plan = plan_of([listed(), listed("locked", name=S)], {D: NONE}, [weighing(K, "go", "go", source)])
    (refusal,) = one_of(plan, S).refusals
    assert keys(refusal.why) == ["why.seen-above"]


# the logo

LOGO_RECORDS: dict[str, tuple[Listed, Mapping[str, Any], Sequence[Any], str | None, str | None]] = {
    "at quarantine": (LOGO_DOMAIN, {D: QUARANTINE}, [], BIMI, "now"),
    "at none": (LOGO_DOMAIN, {D: NONE}, [], None, None),
    "once quarantine is published, which may be": (LOGO_DOMAIN, {D: NONE}, [GO], BIMI, "next"),
    "there already": (LOGO_DOMAIN, {D: REJECT, f"default._bimi.{K}": BIMI}, [], None, None),
    "there already, word for word, before the policy": (
        LOGO_DOMAIN,
        {D: NONE, f"default._bimi.{K}": BIMI},
        [GO],
        None,
        None,
    ),
    "there already, written otherwise": (
        LOGO_DOMAIN,
        {D: NONE, f"default._bimi.{K}": BIMI.replace("; ", " ;")},
        [GO],
        None,
        None,
    ),
    "another, before the policy": (
        LOGO_DOMAIN,
        {D: NONE, f"default._bimi.{K}": "v=BIMI1; l=https://a.example/l.svg"},
        [GO],
        BIMI,
        "next",
    ),
    "under another selector, before the policy": (
        listed("logo", logo=LOGO, certificate=CERTIFICATE, selector="v2"),
        {D: NONE, f"default._bimi.{K}": BIMI},
        [GO],
        BIMI,
        "next",
    ),
    "one that nobody asks to change": (listed("logo"), {D: NONE, f"default._bimi.{K}": BIMI}, [GO], None, None),
    "another": (LOGO_DOMAIN, {D: REJECT, f"default._bimi.{K}": "v=BIMI1; l=https://a.example/l.svg"}, [], BIMI, "now"),
    "a broken one": (LOGO_DOMAIN, {D: REJECT, f"default._bimi.{K}": "v=BIMI1; a="}, [], BIMI, "now"),
    "a declination": (LOGO_DOMAIN, {D: REJECT, f"default._bimi.{K}": DECLINED}, [], BIMI, "now"),
    "no logo": (listed("logo"), {D: REJECT}, [], None, None),
    "no certificate": (listed("logo", logo=LOGO), {D: REJECT}, [], f"v=BIMI1; l={LOGO}; a=", "now"),
}


@pytest.mark.parametrize(
    ("domain", "records", "weighings", "text", "when"), LOGO_RECORDS.values(), ids=list(LOGO_RECORDS)
)
def test_the_logo_is_published_when_dmarc_is_good_enough(
    domain: Listed, records: Any, weighings: Any, text: str | None, when: Any
) -> None:
    one = one_of(plan_of(domain, records, weighings))
    assert [(item.value, item.when) for item in one.records if "_bimi" in item.name] == ([(text, when)] if text else [])
    steps = [refusal.step.key for refusal in one.refusals]
    assert ("step.publish" in steps) is ("step.raise" in steps)


def test_a_domain_below_waits_for_the_one_above_in_both_readings() -> None:
    below = listed("logo", name=S, logo=LOGO)
    for above, listed_too in itertools.product((NONE, "", f"{REJECT}; sp=none"), (True, False)):
        domains = [listed(), below] if listed_too else [below]
        one = one_of(plan_of(domains, {f"_dmarc.{S}": REJECT, **({D: above} if above else {})}), S)
        key = "block.organization-first" if listed_too else "block.organization-unlisted"
        assert Statement(key, {"domain": K}) in one.blocks
        assert [refusal.step.key for refusal in one.refusals] == ["step.publish"]
        assert not [item for item in one.records if "_bimi" in item.name]
    ready = one_of(plan_of([listed(), below], {f"_dmarc.{S}": REJECT, D: REJECT}), S)
    assert record(ready, f"default._bimi.{S}") == f"v=BIMI1; l={LOGO}; a="


def test_the_logo_of_the_domain_above_is_enough_where_no_other_is_asked_for() -> None:
    below = listed("logo", name=S)
    plan = plan_of([below], {D: REJECT, f"default._bimi.{K}": BIMI}, rows={S: {"hosted": PASSING}})
    assert (one_of(plan, S).stage, one_of(plan, S).done) == ("live", True)


def test_an_open_rule_for_subdomains_that_means_nothing_is_taken_out() -> None:
    below = listed("logo", name=S, logo=LOGO)
    one = one_of(plan_of([listed(), below], {D: REJECT, f"_dmarc.{S}": f"{REJECT}; sp=none"}), S)
    assert record(one, f"_dmarc.{S}") == REJECT


def test_who_declines_says_so_whatever_the_policy() -> None:
    one = one_of(plan_of(listed(declines=True), {D: NONE}))
    assert record(one, f"default._bimi.{K}") == DECLINED


BARS = {
    "": ["missing"],
    NONE: ["policy-none"],
    "v=DMARC1": ["only-version"],
    "v=DMARC1; aspf=s": ["policy-missing"],
    f"v=DMARC1; p=x; {RUA}": ["policy-unusable"],
    f"{REJECT}; p=none": ["tag-duplicate"],
    f"{REJECT}; sp=none": ["subdomain-none"],
    f"{QUARANTINE}; pct=9": ["quarantine-partial"],
    f"{QUARANTINE}; t=y": ["quarantine-testing"],
    f"{QUARANTINE}; t=y; pct=9; sp=none": ["quarantine-testing", "subdomain-none", "quarantine-partial"],
}


@pytest.mark.parametrize(("text", "bars"), BARS.items(), ids=[*map("+".join, BARS.values())])
def test_why_there_is_no_logo_yet_is_told(text: str, bars: list[str]) -> None:
    one = one_of(plan_of(LOGO_DOMAIN, {D: text} if text else {}))
    (why,) = [refusal.why for refusal in one.refusals if refusal.step.key == "step.publish"]
    assert keys(why) == [f"bar.{bar}" for bar in bars]


@pytest.mark.parametrize(("above", "bar"), [("", "organizational-missing"), (NONE, "organizational-none")])
def test_why_there_is_none_below_is_told(above: str, bar: str) -> None:
    records = {f"_dmarc.{S}": REJECT, **({D: above} if above else {})}
    one = one_of(plan_of([listed(), listed("logo", name=S, logo=LOGO)], records), S)
    assert f"bar.{bar}" in keys(one.refusals[0].why)


BLOCKED: dict[str, tuple[Listed, str, Any, str]] = {
    "nothing published": (LOGO_DOMAIN, "", None, "block.not-published"),
    "another logo": (LOGO_DOMAIN, "v=BIMI1; l=https://a.example/l.svg", None, "block.published-else"),
    "another certificate": (LOGO_DOMAIN, f"v=BIMI1; l={LOGO}", None, "block.published-else"),
    "no logo to publish": (listed("logo"), "", None, "block.no-logo"),
    "none, in place of a broken one": (listed("logo"), "v=BIMI1; l", None, "block.assertion-broken"),
    "none, in place of a declination": (listed("logo"), DECLINED, None, "block.assertion-declined"),
    "files that nobody looked at": (LOGO_DOMAIN, BIMI, None, "block.hosted-not-scanned"),
    "files with faults": (LOGO_DOMAIN, BIMI, Hosted("fail", ("svg.size",)), "block.hosted-fails"),
    "files that gave no answer": (LOGO_DOMAIN, BIMI, Hosted("indeterminate"), "block.hosted-undecided"),
}


@pytest.mark.parametrize(("domain", "text", "hosted", "key"), BLOCKED.values(), ids=list(BLOCKED))
def test_what_keeps_a_logo_from_being_live_is_told(domain: Listed, text: str, hosted: Any, key: str) -> None:
    records = {D: REJECT, **({f"default._bimi.{K}": text} if text else {})}
    one = one_of(plan_of(domain, records, rows={K: {"hosted": hosted}}))
    assert (one.stage, one.next, keys(one.blocks)) == ("bimi-ready", "live", [key])


def test_a_selector_that_the_scan_did_not_look_for_is_told() -> None:
    domain = listed("logo", logo=LOGO, certificate=CERTIFICATE, selector="spring")
    one = one_of(plan_of(domain, {D: REJECT}))
    assert record(one, f"spring._bimi.{K}") == BIMI
    assert Statement("notice.selector", {"selector": "spring"}) in one.notices
    row = scanned(K, {D: REJECT, f"spring._bimi.{K}": BIMI}, selector="spring")
    plan = make_plan(inventory(domain), scanned={K: replace(row, hosted=PASSING)}, reported={}, as_of=AS_OF)
    assert one_of(plan).done


def test_a_logo_of_which_one_reading_knows_nothing_is_not_live() -> None:
    """RFC 9989 falls back to a domain between, RFC 7489 to the one at the top."""
    between, below = f"shop.{K}", f"a.shop.{K}"
    records = {
        D: REJECT,
        f"_dmarc.{between}": f"{REJECT}; psd=n",
        f"_dmarc.{below}": REJECT,
        f"default._bimi.{K}": BIMI,
    }
    one = one_of(plan_of([listed("logo", name=below, logo=LOGO)], records, rows={below: {"hosted": PASSING}}), below)
    assert one.stage == "bimi-ready"


# what else is worth knowing


def test_spf_that_fails_holds_up_nothing_by_itself() -> None:
    row = {K: {"sending": sending(spf="valid", spf_lookups=14, rules=("spf.lookups",), dkim=("a",))}}
    one = one_of(plan_of(listed(dkim=("a", "b")), {D: NONE}, [GO], rows=row))
    assert record(one, D) == QUARANTINE
    assert {"notice.spf-lookups", "notice.sending-rules", "notice.dkim-missing"} <= set(keys(one.notices))


def test_mail_that_is_hit_already_and_readings_that_differ_are_told() -> None:
    one = one_of(plan_of(listed(), {D: f"{REJECT}; t=y; np=none"}, [weighing(K, "no-go", "no-go", ours=12)]))
    assert Statement("notice.hit-now", {"policy": "quarantine", "messages": 12}) in one.notices
    assert Statement("notice.views-differ", {"rfc9989": "quarantine", "rfc7489": "reject"}) in one.notices
    assert "notice.np-weaker" in keys(one.notices)


def test_a_certificate_that_ends_soon_is_told() -> None:
    hosted = replace(PASSING, certificate_ends="2026-12-24")
    one = one_of(plan_of(LOGO_DOMAIN, {D: REJECT, f"default._bimi.{K}": BIMI}, rows={K: {"hosted": hosted}}))
    assert Statement("notice.certificate-ends", {"day": "2026-12-24", "days": 30}) in one.notices


def test_inputs_that_are_old_missing_or_partial_are_told_and_never_by_the_clock() -> None:
    row = scanned(K, {D: NONE})
    both = [listed(), listed(name="cha.example")]
    plan = make_plan(inventory(*both), scanned={K: row}, reported={K: GO}, as_of=AS_OF + timedelta(days=30))
    assert {"plan.scan-partial", "plan.scan-old", "plan.reports-old", "plan.no-decisions"} <= set(keys(plan.notices))
    fresh = make_plan(inventory(listed()), scanned={K: row}, reported={K: GO}, as_of=AS_OF)
    assert keys(fresh.notices) == ["plan.no-decisions"]
    early = make_plan(inventory(listed()), scanned={K: row}, reported={}, as_of=date(2026, 1, 1))
    assert keys(early.notices) == ["plan.no-reports", "plan.later"]
    for lang in ("en", "ja"):
        for statement in (*plan.notices, *early.notices):
            assert "{" not in plan_words.text(statement, lang)
    assert newest({K: row}, {}) == AS_OF
    assert newest({}, {}) is None


# weeks


def test_weeks_have_no_gaps_and_are_not_endless() -> None:
    monday = date(2026, 11, 23)
    found = weeks_of([(AS_OF, 5, 4), (monday, 1, 1), (monday - timedelta(days=15), 2, 0)])
    assert [(one.monday, one.messages, one.passed) for one in found] == [
        (monday - timedelta(days=21), 2, 0),
        (monday - timedelta(days=14), 0, 0),
        (monday - timedelta(days=7), 0, 0),
        (monday, 6, 5),
    ]
    assert weeks_of([]) == ()
    assert len(weeks_of([(date.min, 1, 0), (date.max, 1, 0)])) == MOST_WEEKS
    assert weeks_of([(date.min, 1, 0)])[0].messages == 1


# what holds for every plan

TAGS = st.fixed_dictionaries(
    {"p": st.sampled_from(["none", "quarantine", "reject", "Reject", "rejekt"])},
    optional={
        "sp": st.sampled_from([*POLICIES, "x"]),
        "np": st.sampled_from([*POLICIES, "x"]),
        "pct": st.sampled_from(["0", "50", "100", "x", ""]),
        "t": st.sampled_from(["y", "n", "z"]),
        "adkim": st.just("s"),
        "fo": st.just("1:d"),
        "rua": st.sampled_from([OURS, "mailto:a@b.example,mailto:c@d.example", "nobody", ""]),
        "psd": st.just("n"),
        "other": st.just("kept"),
    },
)
TEXTS = st.builds(
    lambda tags, order: "v=DMARC1; " + "; ".join(f"{name}={tags[name]}" for name in sorted(tags, key=order.index)),
    TAGS,
    st.permutations(["p", "sp", "np", "pct", "t", "adkim", "fo", "rua", "psd", "other"]),
)
CHANGING = {"v", "p", "sp", "np", "pct", "t", "rua"}


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TEXTS, st.sampled_from(["enforced", "logo", "locked"]))
def test_every_planned_dmarc_record_means_what_the_plan_says(text: str, goal: Any) -> None:
    domain = LOGO_DOMAIN if goal == "logo" else listed(goal)
    quiet = weighing(K, "go", "go")
    before = one_of(plan_of(domain, {D: text}, [quiet]))
    new = record(before, D)
    if new is None:
        return
    was, now = record_of(K, text), record_of(K, new)
    assert not now.tags.flaws
    assert now.policy("p") is not None
    assert [tag.name.text for tag in now.tags.tags][:2] == ["v", "p"]
    assert now.reports_somewhere
    kept = {tag.name.text: tag.value.text for tag in was.tags.tags if tag.name.text not in CHANGING}
    assert kept == {tag.name.text: tag.value.text for tag in now.tags.tags if tag.name.text not in CHANGING}
    after = one_of(plan_of(domain, {D: new}, [quiet]))
    assert level(after.policy) >= level(before.policy)
    for tag in ("sp", "np"):  # nothing is invented, and nothing gets weaker
        assert was.value(tag) is not None or now.value(tag) is None
    read_before, read_after = scanned(f"x.{K}", {D: text}), scanned(f"x.{K}", {D: new})
    for rfc in ("rfc9989", "rfc7489"):
        assert level(getattr(read_after, rfc).policy) >= level(getattr(read_before, rfc).policy)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(TEXTS, st.sampled_from(POLICIES[1:]))
def test_a_raised_record_asks_for_the_policy_everywhere_and_raising_again_changes_nothing(
    text: str, policy: str
) -> None:
    was = record_of(K, text)
    now = record_of(K, raised(was, policy))
    assert level(now.policy("p")) >= level(policy)
    for tag in ("sp", "np"):
        assert now.value(tag) is None or level(now.policy(tag)) >= level(policy)
    assert (now.percent, now.testing) == (100, False)
    assert raised(now, policy) == now.tags.text


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.sampled_from(["", "https://a.example/l.svg", "https://a.example/l.svgz", "https://x.example/with?a=b&c=%2C"]),
    st.sampled_from(["", "https://a.example/v.pem"]),
    st.sampled_from([NONE, QUARANTINE, REJECT]),
)
def test_every_planned_assertion_can_be_read(logo: str, certificate: str, text: str) -> None:
    domain = listed("logo", logo=logo, certificate=certificate if logo else "")
    for one in (one_of(plan_of(domain, {D: text}, [GO])), one_of(plan_of(listed(declines=True), {D: text}))):
        for item in one.records:
            if "_bimi" in item.name:
                assert is_record(item.value)
                assertion = read_assertion(item.name, 1, item.value)
                assert not assertion.broken
                assert assertion.declines is (item.value == DECLINED)


def everything() -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """A large inventory: every case of the tables under a name of its own."""
    domains, rows, reports = [], {}, {}
    for number, (one, records, weighings, more, *_rest) in enumerate(STAGE_CASES.values()):
        name = f"d{number}.example"
        renamed = {key.replace(K, name): value for key, value in records.items()}
        domains.append(replace(one, name=name))
        rows[name] = replace(scanned(name, renamed), **more)
        reports.update((name, replace(weighing, domain=name)) for weighing in weighings)
    rows["z.example"] = scanned("z.example", {})
    return inventory(*domains), rows, reports


def test_a_plan_is_the_same_whatever_the_order_of_what_it_rests_on() -> None:
    declared, rows, reports = everything()
    told = {to_json(make_plan(declared, scanned=rows, reported=reports, as_of=AS_OF))}
    for seed in range(5):
        shuffled = list(rows.items())
        random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order, and no secret
        told.add(
            to_json(make_plan(declared, scanned=dict(shuffled), reported=dict(reversed(reports.items())), as_of=AS_OF))
        )
    assert len(told) == 1


def test_a_plan_outlasts_json() -> None:
    declared, rows, reports = everything()
    plan = make_plan(declared, scanned=rows, reported=reports, as_of=AS_OF)
    assert from_json(to_json(plan)) == plan
    assert from_json(to_json(plan, [Statement("changed.gone", {"domain": K})])) == plan


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_plan_may_be_saved_as_windows_does(encoding: str) -> None:
    declared, rows, reports = everything()
    plan = make_plan(declared, scanned=rows, reported=reports, as_of=AS_OF)
    assert from_json(to_json(plan).encode(encoding)) == plan


def test_a_plan_in_which_a_domain_stands_twice_is_none_to_compare_with() -> None:
    declared, rows, reports = everything()
    plan = make_plan(declared, scanned=rows, reported=reports, as_of=AS_OF)
    with pytest.raises(PlanError, match=f"{plan.domains[1].domain} stands there twice"):
        from_json(to_json(replace(plan, domains=(*plan.domains, plan.domains[1]))))


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"schema_version": 1}', "\xff", '{"schema_version": "1"}', "[" * 10**5]
)
def test_what_is_no_plan_is_told(text: str) -> None:
    with pytest.raises(PlanError, match="no plan"):
        from_json(text)
    with pytest.raises(PlanError, match="version 9"):
        from_json('{"schema_version": 9}')


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_all_that_a_plan_says_has_words(lang: str) -> None:
    declared, rows, reports = everything()
    plan = make_plan(declared, scanned=rows, reported=reports, as_of=AS_OF)
    for statement in statements(plan):
        assert "{" not in plan_words.text(statement, lang)
        assert statement.text("plan_words", lang)
    assert {f"stage.{stage}" for stage in STAGES} <= set(words_of("plan_words", lang))


def test_both_languages_say_the_same_things() -> None:
    english, japanese = (
        {key: text for key, text in words_of("plan_words", lang).items() if not key.startswith("ground.")}
        for lang in ("en", "ja")
    )
    assert list(english) == list(japanese)
    for key, text in english.items():
        assert _blanks(text) == _blanks(japanese[key]), key


def _blanks(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name}


def test_every_stage_on_a_road_has_one_after_it_and_each_road_ends() -> None:
    for goal, last in (("logo", "live"), ("enforced", "reject"), ("locked", "locked")):
        stage, seen = "listed", []
        while stage != last:
            assert stage not in seen
            seen.append(stage)
            stage = NEXT[goal][stage]  # type: ignore[index]


# what changed


def test_what_changed_is_told_domain_by_domain() -> None:
    def plan(text: str, *weighings: Any, **more: Any) -> Plan:
        return plan_of(listed(**more), {D: text} if text else {}, weighings)

    cases: list[tuple[Plan, Plan, list[str]]] = [
        (plan(NONE), plan(NONE), []),
        (plan(""), plan(NONE), ["changed.ahead.monitored", "changed.policy-come", "changed.records-gone"]),
        (plan(NONE, GO), plan(QUARANTINE, GO), ["changed.ahead.quarantine", "changed.policy", "changed.records-gone", "changed.records-due"]),
        (plan(REJECT), plan(NONE), ["changed.back.monitored", "changed.policy"]),
        (plan(QUARANTINE), plan(REJECT), ["changed.ahead.reject", "changed.done.enforced", "changed.policy"]),
        (plan(NONE, HELD), plan(NONE, GO), ["changed.ahead.sources-known", "changed.source-settled", "changed.records-due"]),
        (plan(NONE), plan(NONE, goal="logo"), ["changed.goal.logo"]),
        (plan(NONE), plan(""), ["changed.back.listed", "changed.policy-gone", "changed.records-due"]),
        (plan(f"{REJECT}; sp=none"), plan(f"{REJECT}; sp=quarantine"), ["changed.ahead.quarantine", "changed.policy-below"]),
        (plan(REJECT), plan(f"{REJECT}; sp=quarantine"), ["changed.back.quarantine", "changed.policy-below"]),
        (plan(NONE, STRAYS), plan(NONE, LOST), ["changed.blocks"]),
        (plan(NONE, LOST), plan(NONE, LOST), []),
        (plan(REJECT), plan(f"{REJECT}; np=none"), ["changed.notices"]),
        (plan_of(listed(), {}, failing=[D]), plan(""), ["changed.known"]),
        (plan(""), plan_of(listed(), {}, failing=[D]), ["changed.unknown"]),
        (plan(""), plan_of(listed(name="cha.example"), {}), ["changed.new", "changed.gone"]),
    ]  # fmt: skip
    for old, new, expected in cases:
        found = differences(old, new)
        assert keys(found) == expected
        assert all("domain" in one.values for one in found)
        for lang in ("en", "ja"):
            assert all("{" not in one.text("plan_words", lang) for one in found)


def test_the_model_is_plain_data() -> None:
    declared, rows, reports = everything()
    plan = make_plan(declared, scanned=rows, reported=reports, as_of=AS_OF)
    assert msgspec.convert(msgspec.to_builtins(plan), Plan) == plan


# in spite of what was decided, or published


@pytest.mark.parametrize("ground", ["ground.still-sends", "ground.not-ours-but-passes"])
def test_a_domain_is_not_closed_while_mail_comes_in_spite_of_a_decision(ground: str) -> None:
    reports = weighing(K, "go", "go", outlook(counts_as="stop", aligned=50), grounds=[ground])
    one = one_of(plan_of(listed("locked"), {D: NONE}, [reports], rows={K: CLOSING}))
    assert [keys(refusal.why) for refusal in one.refusals] == [[ground]]
    assert record(one, D) is None
    assert ground in keys(one.notices)


def test_a_closed_domain_in_whose_name_mail_passes_is_not_at_its_goal() -> None:
    closed = {K: {"sending": sending(spf="valid", spf_text="v=spf1 -all", mx=("0 .",))}}
    for counts_as, done in (("ours", False), ("undecided", False), ("not-ours", True), ("stop", True)):
        reports = weighing(K, "go", "go", outlook(counts_as=counts_as, aligned=40))
        one = one_of(plan_of(listed("locked"), {D: REJECT}, [reports], rows=closed))
        assert (one.stage, one.done) == ("locked", done)
        assert keys(one.blocks) == ([] if done else ["block.closed-but-sends"])


def test_a_policy_that_hits_our_own_mail_is_not_the_goal() -> None:
    one = one_of(plan_of(listed(), {D: REJECT}, [LOST]))
    assert (one.stage, one.done, keys(one.blocks)) == ("reject", False, ["notice.hit-now"])


STRAYS = weighing(K, "wait", "wait", outlook(failing=90, aligned=10))
LOST = weighing(K, "no-go", "no-go", outlook(failing=90, aligned=10), grounds=["ground.ours-lost"], ours=90)


@pytest.mark.parametrize("part", ["pct=50", "t=y"])
def test_a_policy_that_some_receivers_apply_hits_our_own_mail_already(part: str) -> None:
    one = one_of(plan_of(listed(), {D: f"{QUARANTINE}; {part}"}, [LOST]))
    assert one.policy == "none"
    (says,) = [block for block in one.blocks if block.key == "notice.hit-in-part"]
    assert says.values == {"policy": "quarantine", "messages": 90}
    assert "notice.hit-in-part" not in keys(one_of(plan_of(listed(), {D: NONE}, [LOST])).blocks)


def test_subdomains_under_a_weaker_policy_are_told_of_beside_the_domains() -> None:
    for text, policy, below in (
        (f"{REJECT}; sp=none", "reject", "none"),
        (f"{REJECT}; sp=quarantine", "reject", "quarantine"),
        (f"{QUARANTINE}; sp=reject", "quarantine", ""),
        (REJECT, "reject", ""),
        (f"{REJECT}; sp=none; pct=50", "quarantine", "none"),
    ):
        plan = plan_of(listed(), {D: text})
        assert (one_of(plan).policy, one_of(plan).subdomain_policy) == (policy, below)
        for render in (plan_text.render, plan_markdown.render, plan_page.render):
            told = render(plan, lang="en")
            assert ("subdomains: " in told) is bool(below)


def test_a_name_in_other_letters_is_told_as_its_owner_reads_it_where_something_changed() -> None:
    name = "xn--o9jd6d657reg1e.example"
    old, new = (plan_of(listed(name=name), {f"_dmarc.{name}": text}) for text in (NONE, QUARANTINE))
    for render, begin in ((plan_text.render, "- "), (plan_markdown.render, "- "), (plan_page.render, "<strong><bdi>")):
        assert f"{begin}みなと食品.example (xn--" in render(new, lang="ja", differences=differences(old, new))


def test_what_changed_in_a_domain_is_told_together_and_names_sources_as_people_do() -> None:
    held = weighing(K, "no-go", "no-go", outlook("sender:sendgrid", failing=300, aligned=700, hinders=True))
    old, new = plan_of(listed(), {D: NONE}, [GO]), plan_of(listed(), {D: REJECT}, [held])
    for lang, told in (
        ("en", f"  - {K}: Moved on to: reject. Reached its goal: p=reject. The policy went from none to reject. The source Twilio SendGrid holds it up now."),
        ("ja", f"  - {K}：「reject（拒否）」に進みました。目標の「p=reject」に達しました。ポリシーがnoneからrejectに変わりました。送信元SendGridが新たに妨げになっています。"),
    ):  # fmt: skip
        assert told in plan_text.render(new, lang=lang, differences=differences(old, new))


@pytest.mark.parametrize("part", ["t=y", "pct=50"])
def test_a_reject_in_part_becomes_whole_before_subdomains_are_rejected(part: str) -> None:
    for sp in ("none", "quarantine"):
        one = one_of(plan_of(listed(), {D: f"v=DMARC1; p=reject; sp={sp}; {part}; {RUA}"}, [GO]))
        assert record(one, D) == f"v=DMARC1; p=reject; sp=quarantine; {RUA}"


def test_only_what_speaks_against_a_step_stands_with_it() -> None:
    said = ["ground.ours-lost", "ground.nothing-of-ours-fails", "ground.part", "ground.covered", "ground.rests-on-one"]
    one = one_of(plan_of(listed(), {D: NONE}, [weighing(K, "no-go", "no-go", outlook(failing=9), grounds=said)]))
    assert [keys(refusal.why) for refusal in one.refusals] == [["ground.ours-lost", "ground.rests-on-one"]]


def test_whether_a_logo_is_live_is_not_known_where_its_files_could_not_be_judged() -> None:
    def logo(**more: Any) -> DomainPlan:
        return one_of(plan_of(LOGO_DOMAIN, {D: REJECT, f"default._bimi.{K}": BIMI}, rows={K: more}))

    unread = logo(hosted=Hosted("indeterminate", unanswered=("cert.crl",)))
    assert (unread.stage, unread.known, unread.done) == ("bimi-ready", False, False)
    assert keys(unread.blocks) == ["block.hosted-undecided"]
    assert logo(hosted=Hosted("fail", ("svg.size",))).known
    barred = one_of(plan_of(LOGO_DOMAIN, {D: NONE}, rows={K: {"hosted": Hosted("indeterminate")}}))
    assert barred.known


def test_a_file_of_decisions_in_which_nothing_is_decided_is_told() -> None:
    declared = inventory(listed())
    declared = msgspec.structs.replace(declared, decisions="decisions.toml")
    for choices, told in ((["undecided"], True), (["undecided", "ours"], False), ([], True)):
        decisions = Decisions([Decision(domain=K, source=f"own:{n}", choice=c) for n, c in enumerate(choices)])  # type: ignore[arg-type]
        plan = make_plan(declared, scanned={}, reported={K: GO}, as_of=AS_OF, decisions=decisions)
        assert ("plan.none-decided" in keys(plan.notices)) is told


def test_reports_far_beyond_all_else_keep_policies_and_domains_as_they_are() -> None:
    declared, day = inventory(listed(), listed("locked", "old.example")), AS_OF + timedelta(days=90)
    rows = {K: scanned(K, {D: NONE})}
    days = [day - timedelta(days=n) for n in range(5)]
    plan = make_plan(declared, scanned=rows, reported={K: GO}, as_of=AS_OF, beyond=days)
    (notice,) = [one for one in plan.notices if one.key == "plan.reports-beyond"]
    assert notice.values == {"count": 5, "day": day.isoformat(), "as_of": AS_OF.isoformat()}
    one = one_of(plan)
    assert (record(one, D), [keys(refusal.why) for refusal in one.refusals]) == (None, [["why.reports-beyond"]])
    few = make_plan(declared, scanned=rows, reported={K: GO}, as_of=AS_OF, beyond=days[:4])  # anybody may make up some
    assert "plan.reports-misdated" in keys(few.notices)
    assert record(one_of(few), D) == QUARANTINE
    closing = {K: msgspec.structs.replace(scanned(K, {D: NONE}), **CLOSING)}
    shut = one_of(make_plan(inventory(listed("locked", monitored_since=LONG_AGO)), scanned=closing, reported={"other.example": weighing("other.example")}, as_of=AS_OF, beyond=days))  # fmt: skip
    assert (shut.records, [keys(refusal.why) for refusal in shut.refusals]) == ((), [["why.reports-beyond"]])


def test_an_authorisation_waits_with_the_record_that_needs_it() -> None:
    held = one_of(plan_of(listed(), {}, rows={K: {"aliases": (D,)}}, reports_to=("mailto:d@else.example",)))
    assert {item.when for item in held.records} == {"next"}
    free = one_of(plan_of(listed(), {}, reports_to=("mailto:d@else.example",)))
    assert {item.when for item in free.records} == {"now"}
    assert len(held.records) == len(free.records) == 2


def test_who_closes_a_domain_is_told_in_time_to_note_since_when_it_asks_for_reports() -> None:
    for domain, noted in (
        (listed("locked"), True),
        (listed("locked", monitored_since=LONG_AGO), False),
        (listed(), False),
    ):
        one = one_of(plan_of(domain, {}, rows={K: {"sending": sending()}}))
        assert record(one, D) == NONE
        assert ("notice.note-since" in keys(one.notices)) is noted
    little = weighing(K, "go", "go", outlook(failing=1, aligned=999), ours=1)
    one = one_of(plan_of(listed(), {D: REJECT}, [little]))
    assert (one.done, keys(one.notices)) == (True, ["notice.hit-now"])


def test_a_logo_whose_certificate_has_ended_is_not_live() -> None:
    row = {K: {"hosted": replace(PASSING, certificate_ends=(AS_OF - timedelta(days=1)).isoformat())}}
    records = {D: REJECT, f"default._bimi.{K}": BIMI}
    one = one_of(plan_of(LOGO_DOMAIN, records, rows=row))
    assert (one.stage, one.done) == ("bimi-ready", False)
    assert "block.certificate-ended" in keys(one.blocks)


def test_tags_in_capitals_are_no_tags_and_do_not_stay() -> None:
    one = one_of(plan_of(listed(), {D: f"v=DMARC1; P=None; RUA=x; {RUA}; X=1"}))
    assert record(one, D) == f"v=DMARC1; p=none; {RUA}; X=1"


def test_a_test_mode_is_ended_only_where_the_whole_policy_breaks_nothing() -> None:
    testing = {D: f"v=DMARC1; p=reject; t=y; {RUA}"}
    for reject, value in (("wait", None), ("go", REJECT)):
        one = one_of(plan_of(listed(), testing, [weighing(K, "go", reject)]))
        assert record(one, D) == value


def test_mending_a_policy_enforces_nothing_below() -> None:
    one = one_of(plan_of(listed(), {D: f"v=DMARC1; p=rejekt; sp=reject; {RUA}"}))
    assert record(one, D) == NONE


def test_a_subdomain_is_not_closed_on_the_reports_of_a_day() -> None:
    above = weighing(K, "go", "go", outlook(aligned=9, authors=[(K, 9)]))
    for first, last, why in (
        (29, 0, []),
        (28, 0, ["why.silent-too-short"]),
        (200, 61, ["why.no-reports"]),
    ):
        days = {"first": AS_OF - timedelta(days=first), "last": AS_OF - timedelta(days=last)}
        domains = [listed(), listed("locked", name=S)]
        one = one_of(plan_of(domains, {D: NONE}, [replace(above, **days)], rows={S: CLOSING}), S)
        assert [keys(refusal.why) for refusal in one.refusals] == ([why] if why else [])


def test_one_report_of_a_stranger_neither_closes_a_domain_nor_raises_its_policy() -> None:
    head = feedback([], domain=K, begin=datetime.combine(AS_OF - timedelta(days=90), time(), UTC)).head
    failing = row("192.0.2.9", header_from=K, dkim="fail", spf="fail", signatures=(), envelopes=())
    said = gathered(K, [head], [(head.begin.date(), head.reporter, failing)])
    stray = weigh(K, said, as_of=AS_OF)
    closed = one_of(plan_of(listed("locked"), {D: NONE}, [stray, weighing("other.example")], rows={K: CLOSING}))
    assert [keys(refusal.why) for refusal in closed.refusals] == [["why.silent-since-when"]]
    unmonitored = one_of(plan_of(listed("locked"), {D: "v=DMARC1; p=none"}, [stray], rows={K: CLOSING}, reports_to=()))
    assert [keys(refusal.why) for refusal in unmonitored.refusals if refusal.step.key == "step.lock"] == [
        ["why.not-monitored"]
    ]
    raised_too_soon = one_of(plan_of(listed(), {D: NONE}, [stray]))
    assert record(raised_too_soon, D) is None


def test_a_domain_that_leaves_names_that_do_not_exist_open_is_not_closed() -> None:
    closed = {K: {"sending": sending(spf="valid", spf_text="v=spf1 -all", mx=("0 .",))}}
    domain = listed("locked", monitored_since=LONG_AGO)
    one = one_of(plan_of(domain, {D: f"v=DMARC1; p=reject; np=none; {RUA}"}, [weighing("other.example")], rows=closed))
    assert (one.stage, one.done, record(one, D)) == ("reject", False, REJECT)


def test_a_null_mx_beside_mail_servers_is_neither_closed_nor_kept_silent() -> None:
    closed = {K: {"sending": sending(spf="valid", spf_text="v=spf1 -all", mx=("0 .", "10 mx.kaori.example."))}}
    domain = listed("locked", monitored_since=LONG_AGO)
    one = one_of(plan_of(domain, {D: REJECT}, [weighing("other.example")], rows=closed))
    assert (one.stage, one.done, keys(one.blocks)) == ("reject", False, ["block.null-mx-beside"])


def test_a_domain_by_which_the_mail_of_another_passes_is_not_closed() -> None:
    domains = [listed("locked", monitored_since=LONG_AGO), listed(name=S)]
    helped = replace(weighing(S, "go", "go", outlook(aligned=900)), helping=((K, 900),))
    one = one_of(plan_of(domains, {D: NONE, f"_dmarc.{S}": NONE}, [helped], rows={K: CLOSING}))
    assert [keys(refusal.why) for refusal in one.refusals] == [["why.helps"]]
    assert one.refusals[0].why[0].values == {"messages": 900, "domain": S}
    ended = [domains[0], listed("locked", name=S)]
    one = one_of(plan_of(ended, {D: NONE, f"_dmarc.{S}": NONE}, [helped], rows={K: CLOSING}))
    assert not one.refusals


@pytest.mark.parametrize("ground", ["ground.undecided", "ground.undecided-together"])
def test_a_policy_that_hits_what_nobody_decided_about_is_not_the_goal(ground: str) -> None:
    reports = weighing(K, "wait", "wait", outlook(counts_as="undecided", failing=90), grounds=[ground])
    one = one_of(plan_of(listed(), {D: REJECT}, [reports]))
    assert (one.stage, one.done, keys(one.blocks)) == ("reject", False, ["notice.hit-undecided"])


WEAKENED = [
    ("v=DMARC1; p=quarantine; sp=reject; pct=50", "wait", None),
    ("v=DMARC1; p=quarantine; sp=reject; pct=50", "go", "v=DMARC1; p=quarantine; sp=reject"),
    ("v=DMARC1; p=quarantine; np=reject; t=y", "wait", None),
    ("v=DMARC1; p=quarantine; pct=50", "wait", "v=DMARC1; p=quarantine"),
]


@pytest.mark.parametrize(("published", "reject", "value"), WEAKENED)
def test_what_a_weakened_record_says_of_subdomains_is_weighed_before_it_holds_for_all(
    published: str, reject: Any, value: str | None
) -> None:
    one = one_of(plan_of(listed(), {D: f"{published}; {RUA}"}, [weighing(K, "go", reject)]))
    assert record(one, D) == (None if value is None else f"{value}; {RUA}")


@pytest.mark.parametrize(
    ("published", "notice"),
    [
        (
            "p=quarantine; pct=20",
            "The record says p=quarantine with pct=20, which lets receivers apply less: only none is sure to hold for all mail.",
        ),
        (
            "p=reject; t=y",
            "The record says p=reject with t=y, which lets receivers apply less: only quarantine is sure to hold for all mail.",
        ),
        ("p=reject; pct=100", None),
    ],
)
def test_a_policy_for_a_part_of_the_mail_is_explained(published: str, notice: str | None) -> None:
    one = one_of(plan_of(listed(), {D: f"v=DMARC1; {published}; {RUA}"}, [GO]))
    found = [plan_words.text(one, "en") for one in one.notices if one.key == "notice.in-part"]
    assert found == ([] if notice is None else [notice])


@pytest.mark.parametrize(
    ("rua", "asks"),
    [
        ("mailto:dmarc@kaori.example", False),
        ("mailto:DMARC@kaori.example!10m", False),
        ("mailto:somebody@kaori.example", True),
    ],
)
def test_reports_reach_us_at_our_own_address_alone(rua: str, asks: bool) -> None:
    one = one_of(plan_of(listed(), {D: f"v=DMARC1; p=none; rua={rua}"}))
    assert ("block.reports-elsewhere" in keys(one.blocks)) is asks


def test_decisions_that_look_like_slips_of_the_pen_are_told() -> None:
    made = [
        ("sender:sendgrid", K),
        ("sender:sendgird", K),
        ("network:192.0.2.0/24", K),
        ("own:x.example", "kaorri.example"),
    ]
    entries = [
        Decision(domain=domain, source=source, choice="ours", line=line)
        for line, (source, domain) in enumerate(made, 1)
    ]
    reports = {K: weighing(K, "go", "go", outlook("sender:sendgrid", aligned=9))}
    plan = make_plan(inventory(listed()), scanned={}, reported=reports, as_of=AS_OF, decisions=Decisions(entries))
    told = [(one.key, one.values["line"], one.values.get("meant")) for one in plan.notices if "decision-" in one.key]
    assert told == [("plan.decision-meant", 2, "sender:sendgrid"), ("plan.decision-meant", 4, K)]


@pytest.mark.parametrize("term", [f"include:{K}", f"redirect={K}", f"include:{K.upper()}."])
def test_a_domain_whose_spf_record_another_takes_in_is_not_closed(term: str) -> None:
    domains = [listed("locked", monitored_since=LONG_AGO), listed(name="shop.example")]
    taking = {"sending": sending(spf="valid", spf_text=f"v=spf1 ip4:192.0.2.1 {term}")}
    records = {D: NONE, "_dmarc.shop.example": NONE}
    one = one_of(plan_of(domains, records, [weighing("shop.example")], rows={K: CLOSING, "shop.example": taking}))
    assert one.refusals[0].why == (Statement("why.spf-included", {"names": "shop.example"}),)
    domains[1] = listed("locked", name="shop.example")
    one = one_of(plan_of(domains, records, [weighing("shop.example")], rows={K: CLOSING, "shop.example": taking}))
    assert "why.spf-included" not in [why.key for refusal in one.refusals for why in refusal.why]


def test_what_a_subdomain_sends_is_not_hit_where_the_record_spares_subdomains() -> None:
    spared, own = outlook(failing=90, below=90), outlook("domain:a.example", failing=70, below=20)
    for outlooks, ours, told in (((spared,), 90, []), ((spared, own), 160, ["notice.hit-now"])):
        reports = weighing(K, "no-go", "no-go", *outlooks, grounds=["ground.ours-lost"], ours=ours)
        one = one_of(plan_of(listed(), {D: f"v=DMARC1; p=quarantine; sp=none; {RUA}"}, [reports]))
        hits = [block for block in one.blocks if block.key == "notice.hit-now"]
        assert keys(hits) == told
        assert not told or hits[0].values["messages"] == 50
        assert one.refusals[0].step == Statement("step.raise-below", {"policy": "quarantine"})


@pytest.mark.parametrize("hit", ["ours", "undecided", "passed_on"])
def test_a_stricter_policy_says_what_it_hits(hit: str) -> None:
    whole = weighing(K, "go", "wait")
    options = tuple(replace(option, **{hit: 4}) for option in whole.options)
    one = one_of(plan_of(listed(), {D: NONE}, [replace(whole, options=options)]))
    assert (one.records[0].why.key, one.records[0].why.values[hit]) == ("record.dmarc-raised-hits", 4)
    assert one_of(plan_of(listed(), {D: NONE}, [whole])).records[0].why.key == "record.dmarc-raised"


def test_a_public_suffix_is_told_as_one() -> None:
    suffix, below = plan_of([listed(name="co.jp"), listed(name="example.co.jp")], {}).domains
    assert "notice.public-suffix" in keys(suffix.notices)
    assert "notice.public-suffix" not in keys(below.notices)


def test_a_selector_of_ones_own_needs_a_header() -> None:
    told = Statement("notice.selector-header", {"domain": K, "selector": "spring"})
    assert told in one_of(plan_of(listed("logo", logo=LOGO, selector="spring"), {D: REJECT}, [GO])).notices
    assert "notice.selector-header" not in keys(one_of(plan_of(listed("logo", logo=LOGO), {D: REJECT}, [GO])).notices)


def test_any_number_of_decisions_about_nothing_is_bounded() -> None:
    entries = [Decision(domain=f"d{n}.example", source="own:a.example", choice="ours", line=n) for n in range(500)]
    reported = {K: weighing(K)}
    plan = make_plan(inventory(listed()), scanned={}, reported=reported, as_of=AS_OF, decisions=Decisions(entries))
    told = [notice for notice in plan.notices if notice.key.startswith("plan.decision")]
    assert (len(told), told[-1]) == (21, Statement("plan.decisions-more", {"count": 480}))


def test_a_domain_whose_goal_asks_for_more_than_the_one_above_needs_gets_a_record_of_its_own() -> None:
    domains = [listed("logo", logo=LOGO), listed(name=S)]
    one = one_of(plan_of(domains, {D: QUARANTINE}, [GO]), S)
    assert (record(one, f"_dmarc.{S}"), one.records[0].why) == (
        QUARANTINE,
        Statement("record.dmarc-further", {"domain": K}),
    )
    under_way = one_of(plan_of(domains, {D: NONE}, [GO]), S)
    assert (under_way.records, keys(under_way.blocks)) == ((), ["block.follows"])


def test_where_pct_ends_it_is_the_whole_policy_that_is_named() -> None:
    one = one_of(plan_of(listed(), {D: f"v=DMARC1; p=reject; pct=50; sp=none; {RUA}"}, [weighing(K, "go", "go")]))
    published = REJECT.replace("; rua", "; sp=quarantine; rua")
    assert (one.records[0].value, one.records[0].why.values["policy"]) == (published, "reject")
    held = one_of(plan_of(listed(), {D: f"v=DMARC1; p=reject; pct=50; sp=none; {RUA}"}, [weighing(K)]))
    assert (held.records, held.refusals[0].step.values["policy"]) == ((), "reject")


def test_a_domain_below_whose_mail_is_in_the_reports_on_the_one_above_is_not_closed_by_a_record_of_its_own() -> None:
    above = weighing(K, "go", "go", outlook(aligned=900, authors=[(S, 400), (K, 500)]))
    domains = [listed(), listed("locked", name=S, monitored_since=LONG_AGO)]
    one = one_of(plan_of(domains, {D: NONE, f"_dmarc.{S}": NONE}, [above], rows={S: CLOSING}), S)
    assert one.refusals[0].why == (Statement("why.seen-above", {"messages": 400, "domain": K}),)


def test_small_sources_that_nobody_decided_about_are_named_beside_a_stricter_policy() -> None:
    small = outlook("domain:payroll.example", "undecided", failing=10)
    stray = outlook("domain:stray.example", "undecided", failing=9)
    one = one_of(plan_of(listed(), {D: NONE}, [weighing(K, "go", "wait", outlook(aligned=1000), small, stray)]))
    named = [notice.values["id"] for notice in one.notices if notice.key == "block.source-undecided"]
    assert (record(one, D), named) == (QUARANTINE, ["domain:payroll.example"])
