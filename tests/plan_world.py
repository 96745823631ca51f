"""What tests of plans share: rows of a scan from records, without a network, and weighings as they are wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from bimikit.aggregate.sources import Source
from bimikit.dns.answers import ABSENT, FAILED, FOUND, MX, NODATA, Answer, Question
from bimikit.plan import DomainPlan, Inventory, Listed, Plan, make_plan
from bimikit.plan.words import text
from bimikit.portfolio.lookup import look
from bimikit.portfolio.row import Hosted, Scanned, Sending, row_of
from bimikit.raising.model import Choice, Option, Outlook, Verdict, Weighing
from bimikit.statement import Statement

AS_OF = date(2026, 11, 24)
OURS = "mailto:dmarc@kaori.example"
LOGO = "https://www.kaori.example/logo.svg"
CERTIFICATE = "https://www.kaori.example/vmc.pem"
PASSING = Hosted("pass", ready=("gmail",))

Records = Mapping[str, str | Sequence[str]]


def scanned(domain: str, records: Records, *, failing: Sequence[str] = (), selector: str = "default") -> Scanned:
    """The row of a domain, as a scan finds it where the DNS holds these TXT records, by the code that scans use."""
    asking = look(domain, selector)
    questions = next(asking)
    while True:
        answers = {one: _answer(one, records, failing) for one in questions}
        try:
            questions = asking.send(answers)
        except StopIteration as end:
            return row_of(end.value, 1, "2026-11-24T00:00:00Z")


def _answer(one: Question, records: Records, failing: Sequence[str]) -> Answer:
    if one.name in failing:
        return Answer(FAILED, reason="servfail")
    texts = records.get(one.name, ())
    texts = (texts,) if isinstance(texts, str) else tuple(texts)
    if one.type == "TXT" and texts:
        return Answer(FOUND, texts)
    below = any(name == one.name or name.endswith(f".{one.name}") for name in records)
    return Answer(NODATA) if below else ABSENT


def sending(**more: Any) -> Sending:
    return Sending(**{"spf": "none", **more})


def outlook(
    name: str = "network:192.0.2.0/24",
    counts_as: Choice = "ours",
    *,
    failing: int = 0,
    aligned: int = 0,
    hinders: bool = False,
    below: int = 0,
    authors: Sequence[tuple[str, int]] = (),
) -> Outlook:
    by, _, of = name.partition(":")
    count = failing + aligned
    source = Source(
        by=by, name=of, guess="unknown", evidence=(), set_up="partly", count=count, aligned=aligned, dkim=aligned,
        spf=0, addresses=1, networks=1, dispositions={"none": count}, volumes=((AS_OF, count),),
    )  # fmt: skip
    return Outlook(
        id=name, source=source, decision=None, counts_as=counts_as, failing=failing, below=below, excepted=0, causes=(),
        author_domains=tuple(authors), hinders=hinders, fixes=(),
    )  # fmt: skip


def weighing(
    domain: str,
    quarantine: Verdict = "go",
    reject: Verdict = "wait",
    *outlooks: Outlook,
    messages: int = 1000,
    policy: str = "none",
    grounds: Sequence[str] = ("ground.covered",),
    ours: int = 0,
) -> Weighing:
    told = tuple(Statement(key, {}) for key in grounds)
    passed = sum(one.source.aligned for one in outlooks)
    first = AS_OF - timedelta(days=20)
    return Weighing(
        domain=domain, policy=policy, subdomain_policy="", first=first, last=AS_OF, days=21, reporters=3,
        messages=messages, passed=passed, volumes=((first, messages - 1, 0), (AS_OF, 1, 0)), outlooks=outlooks,
        options=tuple(
            Option(policy=of, verdict=verdict, grounds=told, ours=ours, undecided=0, passed_on=0, not_ours=7)
            for of, verdict in (("quarantine", quarantine), ("reject", reject))
        ),
    )  # fmt: skip


def inventory(*domains: Listed, reports_to: Sequence[str] = (OURS,), store: str = "reports.sqlite") -> Inventory:
    return Inventory(organization="Kaori Tea", store=store, reports_to=tuple(reports_to), domains=domains)


def plan_of(
    listed: Listed | Sequence[Listed],
    records: Records,
    weighings: Sequence[Weighing] = (),
    *,
    failing: Sequence[str] = (),
    rows: Mapping[str, Mapping[str, Any]] | None = None,
    reports_to: Sequence[str] = (OURS,),
    store: str = "reports.sqlite",
) -> Plan:
    """The plan for some domains, where the DNS holds some records.

    Args:
        listed: The domains.
        records: TXT records.
        weighings: What their reports come to.
        failing: Names that give no answer.
        rows: By domain, what its row has besides.
        reports_to: Where reports go.
        store: The store; empty for none.
    """
    domains = [listed] if isinstance(listed, Listed) else list(listed)
    found = {one.name: scanned(one.name, records, failing=failing) for one in domains}
    found = {name: replace(row, **(rows or {}).get(name, {})) for name, row in found.items()}
    plan = make_plan(
        inventory(*domains, reports_to=reports_to, store=store),
        scanned=found,
        reported={one.domain: one for one in weighings},
        as_of=AS_OF,
    )
    for lang in ("en", "ja"):
        for statement in statements(plan):
            assert "{" not in text(statement, lang)
    return plan


def statements(plan: Plan) -> list[Statement]:
    """All that a plan says; but for grounds of a weighing, which are made up here."""
    found = list(plan.notices)
    for one in plan.domains:
        found += [*one.blocks, *one.notices, *(item.why for item in one.records)]
        for refusal in one.refusals:
            found += [refusal.step, *refusal.why]
    return [one for one in found if not one.key.startswith("ground.")]


def one_of(plan: Plan, domain: str = "kaori.example") -> DomainPlan:
    return next(one for one in plan.domains if one.domain == domain)


def record(one: DomainPlan, name: str, when: str = "now") -> str | None:
    """The value of a planned record; None where there is none."""
    found = [record.value for record in one.records if record.name == name and record.when == when]
    assert len(found) < 2, found
    return found[0] if found else None


def keys(statements: Sequence[Statement]) -> list[str]:
    return [one.key for one in statements]


__all__ = [
    "AS_OF", "CERTIFICATE", "LOGO", "MX", "OURS", "PASSING", "Listed", "inventory", "keys", "one_of", "outlook",
    "plan_of", "record", "scanned", "sending", "statements", "weighing",
]  # fmt: skip
