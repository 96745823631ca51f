"""Publishing what a plan says moves a domain on: real questions to a name server on loopback, before and after."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import dns.rdatatype
import dns.zone
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from plan_world import AS_OF, CERTIFICATE, LOGO, OURS, PASSING, Listed, inventory, one_of, outlook, weighing

from bimikit import aio
from bimikit.dns.answers import MX, Question
from bimikit.dns.resolve import Deadline, aask
from bimikit.output.plan_zone import line_of, render
from bimikit.plan import Plan, PlannedRecord, make_plan
from bimikit.plan.model import STAGES
from bimikit.portfolio.row import Scanned, Sending
from bimikit.portfolio.scan import scan_domains
from bimikit.raising.model import Weighing
from bimikit.statement import Statement
from bimikit.testing import Zone

K = "kaori.example"
D = f"_dmarc.{K}"
RUA = f"rua={OURS}"


def scan(zone: Zone, domains: Sequence[str]) -> dict[str, Scanned]:
    """Rows of a scan, with SPF and MX."""

    async def rows() -> dict[str, Scanned]:
        found = {}
        async for row in scan_domains(domains, servers=[("127.0.0.1", zone.port)]):
            found[row.domain] = replace(row, sending=await sending(row.domain), at="2026-11-24T00:00:00Z")
        return found

    async def sending(domain: str) -> Sending:
        resolver = zone.async_resolver()
        facts = (await aio.check_spf(domain, resolver=resolver)).facts["spf"]
        mx = await aask(Question(domain, MX), resolver, Deadline(resolver.lifetime))
        return Sending(spf=facts["state"], spf_text=facts["record"], mx=mx.records)

    return asyncio.run(rows())


def publish(zone: Zone, plan: Plan) -> int:
    """Put what is due into the zone, from the lines of zone files that a plan writes; how many records that were."""
    due = [record for one in plan.domains for record in one.records if record.when == "now"]
    for record in due:
        zone.remove(record.name, record.type)
    count = 0
    for block in render(plan, lang="ja").split("$ORIGIN ")[1:]:
        origin = block.partition("\n")[0]
        read = dns.zone.from_text(f"$ORIGIN {block}", origin=origin, check_origin=False, relativize=False)
        for name, _ttl, rdata in read.iterate_rdatas():
            zone.add_text(f"{name} 300 IN {dns.rdatatype.to_text(rdata.rdtype)} {rdata}")
            count += 1
    assert count == len({(one.name, one.type, one.value) for one in due})
    return count


def listed(goal: Any, name: str = K, **more: Any) -> Listed:
    return Listed(name=name, goal=goal, **more)


SET_UP = outlook(aligned=900)
LONG_AGO = AS_OF - timedelta(days=60)
ROADS: dict[str, tuple[list[Listed], Mapping[str, Any], list[Weighing], list[str]]] = {
    "a logo, from nothing": (
        [listed("logo", logo=LOGO, certificate=CERTIFICATE)], {}, [weighing(K, "go", "go", SET_UP)],
        ["listed", "sources-known", "bimi-ready", "live"],
    ),
    "a logo, past open subdomains and a trial": (
        [listed("logo", logo=LOGO)], {D: f"v=DMARC1; p=quarantine; sp=none; t=y; pct=20; {RUA}"},
        [weighing(K, "go", "go", SET_UP)], ["sources-known", "bimi-ready", "live"],
    ),
    "a logo in place of another": (
        [listed("logo", logo=LOGO, certificate=CERTIFICATE)],
        {D: "v=DMARC1; p=reject", f"default._bimi.{K}": "v=BIMI1; l=https://old.example/l.svg; a="}, [],
        ["bimi-ready", "live"],
    ),
    "a policy that can't be read": (
        [listed("enforced")], {D: f"v=DMARC1; p=rejct; {RUA}"}, [weighing(K, "go", "go", SET_UP)],
        ["sources-known", "sources-known", "quarantine", "reject"],
    ),
    "two records": (
        [listed("enforced")], {D: ["v=DMARC1; p=none", "v=DMARC1; p=reject"]}, [weighing(K, "go", "go", SET_UP)],
        ["listed", "sources-known", "quarantine", "reject"],
    ),
    "subdomains that lag behind": (
        [listed("enforced")], {D: f"v=DMARC1; p=reject; sp=none; {RUA}"}, [weighing(K, "go", "go", SET_UP)],
        ["sources-known", "quarantine", "reject"],
    ),
    "a logo that is declined": (
        [listed("enforced", declines=True)], {D: f"v=DMARC1; p=quarantine; {RUA}"},
        [weighing(K, "go", "go", SET_UP)], ["quarantine", "reject"],
    ),
    "a domain that never sends": (
        [listed("locked", monitored_since=LONG_AGO)], {}, [weighing("other.example", "go", "go")],
        ["listed", "monitored", "locked"],
    ),
    "one that never sends, with leftovers": (
        [listed("locked")],
        {D: f"v=DMARC1; p=none; sp=none; pct=5; {RUA}", K: ["v=spf1 a ~all"], f"s1._domainkey.{K}": "v=DKIM1; p="},
        [weighing(K, "go", "go", outlook(counts_as="not-ours", failing=90))], ["sources-known", "locked"],
    ),
    "one below another with a logo": (
        [listed("locked", f"old.{K}", monitored_since=LONG_AGO), listed("enforced")],
        {D: f"v=DMARC1; p=reject; {RUA}", f"default._bimi.{K}": f"v=BIMI1; l={LOGO}"},
        [weighing("other.example", "go", "go")], ["reject", "locked"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("domains", "records", "weighings", "stages"), ROADS.values(), ids=list(ROADS))
def test_publishing_what_is_due_leads_to_the_goal(
    domains: list[Listed], records: Mapping[str, Any], weighings: list[Weighing], stages: list[str]
) -> None:
    first = domains[0].name
    with Zone(records) as zone:
        seen = []
        for _ in range(len(stages) + 1):
            rows = scan(zone, [one.name for one in domains])
            if rows[first].location:
                rows[first] = replace(rows[first], hosted=PASSING)
            plan = make_plan(
                inventory(*domains), scanned=rows, reported={one.domain: one for one in weighings}, as_of=AS_OF
            )
            one = one_of(plan, first)
            seen.append(one.stage)
            if one.done:
                break
            assert publish(zone, plan), (one.blocks, one.refusals)
    assert seen == stages
    assert one.done
    assert not [record for record in one.records if record.zone.endswith(K)]


TAGS = st.fixed_dictionaries(
    {},
    optional={
        "p": st.sampled_from(["none", "quarantine", "reject", "x"]),
        "sp": st.sampled_from(["none", "quarantine", "reject", "x"]),
        "np": st.sampled_from(["none", "reject", "x"]),
        "pct": st.sampled_from(["0", "30", "x"]),
        "t": st.sampled_from(["y", "n"]),
        "rua": st.sampled_from([OURS, "mailto:a@b.example", "nobody"]),
        "aspf": st.just("s"),
    },
)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(TAGS, st.sampled_from(["logo", "enforced", "locked"]))
def test_from_any_record_there_is_a_road(tags: dict[str, str], goal: Any) -> None:
    text = "; ".join(["v=DMARC1", *(f"{name}={value}" for name, value in tags.items())])
    domain = listed(goal, logo=LOGO) if goal == "logo" else listed(goal)
    with Zone({D: text}) as zone:
        reached = 0
        for _ in range(8):
            row = scan(zone, [K])[K]
            rows = {K: replace(row, hosted=PASSING) if row.location else row}
            one = make_plan(
                inventory(domain), scanned=rows, reported={K: weighing(K, "go", "go")}, as_of=AS_OF
            ).domains[0]
            if one.done:
                return
            assert not (reached and STAGES.index(one.stage) < reached)
            reached = STAGES.index(one.stage)
            publish(zone, replace(PLAN, domains=(one,)))
    raise AssertionError((text, one.stage, one.blocks, one.refusals))


PLAN = make_plan(inventory(), scanned={}, reported={}, as_of=AS_OF)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=900), st.sampled_from(["a", '"', "\\", "あ", ";"]))
def test_zone_lines_are_read_back_as_they_were_meant(text: str, sign: str) -> None:
    value = text.encode("utf-8", "replace").decode() + sign * 300
    planned = PlannedRecord(name=f"x.{K}", type="TXT", value=value, why=Statement("record.bimi"), zone=K)
    read = dns.zone.from_text(f"$TTL 60\n{line_of(planned)}\n", origin=f"{K}.", check_origin=False, relativize=False)
    ((name, _ttl, rdata),) = read.iterate_rdatas()
    assert all(len(piece) <= 255 for piece in rdata.strings)
    assert b"".join(rdata.strings).decode() == value
    assert str(name) == f"x.{K}."


def test_a_zone_of_somebody_else_is_told_as_that() -> None:
    there = inventory(Listed(name=K, goal="enforced"), reports_to=("mailto:a@agency.test",))
    plan = make_plan(there, scanned=scan_of_nothing(), reported={}, as_of=AS_OF)
    text = render(plan, lang="en")
    assert (
        "; This zone isn't one of the inventory's: give what follows to whoever keeps agency.test.\n$ORIGIN agency.test.\n"
        in text
    )


def scan_of_nothing() -> dict[str, Scanned]:
    with Zone() as zone:
        return scan(zone, [K])
