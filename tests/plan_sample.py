"""Plans of the fictional company Kaori Tea, to look at and to take numbers from; and plans of any size and malice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from bimikit.aggregate.sources import Guess, Source
from bimikit.plan.model import DomainPlan, Plan, PlannedRecord, Refusal, Week
from bimikit.raising.model import Choice, Decision, Option, Outlook, Verdict, Weighing
from bimikit.statement import Statement

AS_OF = date(2026, 11, 30)
WEEKS = 26
FIRST = date(2026, 6, 1)


def weeks(begin: int, growth: float, failing: Sequence[float], *, count: int = WEEKS) -> tuple[Week, ...]:
    """Weeks with a season to them, of which a share fails that goes from the first to the last given."""
    made = []
    for number in range(count):
        season = 1 + 0.18 * (number % 4 == 3) + 0.35 * (number in (22, 23))
        messages = int(begin * (1 + growth * number / count) * season)
        place = number / (count - 1) * (len(failing) - 1)
        lower = min(int(place), len(failing) - 2)
        share = failing[lower] + (failing[lower + 1] - failing[lower]) * (place - lower)
        made.append(Week(FIRST + timedelta(7 * number), messages, messages - int(messages * share)))
    return tuple(made)


def source(by: str, name: str, guess: Guess, count: int, aligned: int) -> Source:
    """A source; what the page doesn't show of it is left plain."""
    return Source(
        by=by,  # type: ignore[arg-type]
        name=name,
        guess=guess,
        evidence=(),
        set_up="yes" if aligned == count else "partly" if aligned else "no",
        count=count,
        aligned=aligned,
        dkim=aligned,
        spf=0,
        addresses=1 + count // 5000,
        networks=1,
        dispositions={"none": count},
        volumes=((AS_OF, count),),
    )


def outlook(
    of: Source,
    counts_as: Choice,
    *,
    domain: str,
    decided: bool = True,
    hinders: bool = False,
    fixes: tuple[Statement, ...] = (),
) -> Outlook:
    """A source and what an enforced policy would do to it."""
    ident = f"{of.by}:{of.name}"
    return Outlook(
        id=ident,
        source=of,
        decision=Decision(domain=domain, source=ident, choice=counts_as) if decided else None,
        counts_as=counts_as,
        failing=of.count - of.aligned,
        below=0,
        excepted=0,
        causes=(),
        author_domains=((domain, of.count),),
        hinders=hinders,
        fixes=fixes,
    )


def ground(key: str, **values: int | str) -> Statement:
    """A ground of a weighing, with all that its sentence may name."""
    numbers: dict[str, int | str] = {
        "policy": "quarantine", "now": "none", "sp": "", "pct": "", "days": 179, "seen": 179, "old": 1, "reporters": 9,
        "quarantined": 0, "messages": 187_024, "passed": 168_700, "ours": 7_419, "undecided": 2_160, "passed_on": 390,
        "not_ours": 845, "listed": 12, "excused": 0, "lost": 390, "need_days": 14, "need_reporters": 2,
        "need_quiet": 30, "need_quarantined": 14, "need_fresh": 14, "limit": "1",
        "reporter": "google.com", "largest": "google.com", "percent": 61,
    }  # fmt: skip
    return Statement(f"ground.{key}", {**numbers, **values})


def fix(key: str, ident: str, label: str, domain: str, messages: int) -> Statement:
    """What to do about a source."""
    return Statement(f"fix.{key}", {"source": label, "id": ident, "domain": domain, "messages": messages})


def option(policy: str, verdict: Verdict, grounds: tuple[Statement, ...], hits: tuple[int, int, int, int]) -> Option:
    """A policy and what it would do."""
    ours, undecided, passed_on, not_ours = hits
    return Option(
        policy=policy,  # type: ignore[arg-type]
        verdict=verdict,
        grounds=grounds,
        ours=ours,
        undecided=undecided,
        passed_on=passed_on,
        not_ours=not_ours,
    )


def weighing(
    domain: str, policy: str, of: tuple[Week, ...], outlooks: tuple[Outlook, ...], options: tuple[Option, ...]
) -> Weighing:
    """A domain's reports, weighed."""
    return Weighing(
        domain=domain,
        policy=policy,
        subdomain_policy="",
        first=of[0].monday,
        last=of[-1].monday + timedelta(6),
        days=7 * len(of) - 3,
        reporters=9,
        messages=sum(week.messages for week in of),
        passed=sum(week.passed for week in of),
        volumes=tuple((week.monday, week.messages, week.passed) for week in of),
        outlooks=outlooks,
        options=options,
    )


def of_all(domains: Sequence[DomainPlan]) -> tuple[Week, ...]:
    """The weeks of all domains together."""
    sums: dict[date, tuple[int, int]] = {}
    for one in domains:
        for week in one.weeks:
            messages, passed = sums.get(week.monday, (0, 0))
            sums[week.monday] = messages + week.messages, passed + week.passed
    return tuple(Week(monday, *numbers) for monday, numbers in sorted(sums.items()))


DIFFERENCES = (
    Statement("changed.ahead.bimi-ready", {"domain": "news.kaori-tea.example"}),
    Statement("changed.done.locked", {"domain": "kaoritea.example"}),
)
"""What changed since the plan of the month before."""


def kaori_tea() -> Plan:
    """Eight domains of a tea company, each at another stage."""
    domains = (_shop(), _company(), _japanese(), _news(), *_others())
    return Plan(
        organization="Kaori Tea / 香り茶",
        as_of=AS_OF,
        domains=domains,
        weeks=of_all(domains),
        notices=(Statement("plan.scan-old", {"day": "2026-11-09", "days": 21}),),
    )


def _dmarc(domain: str, value: str, instead: str, why: str, when: str = "now") -> PlannedRecord:
    about = {"policy": "reject" if "p=reject" in value else "quarantine"}
    return PlannedRecord(
        name=f"_dmarc.{domain}",
        type="TXT",
        value=value,
        instead=(instead,) if instead else (),
        why=Statement(why, {**about, "stopped": 845, "reporters": 9, "largest": "google.com", "percent": 61}),
        when=when,  # type: ignore[arg-type]
    )


def _shop() -> DomainPlan:
    domain = "shop.kaori-tea.example"
    mail = weeks(5200, 0.6, (0.19, 0.17, 0.05, 0.02))
    outlooks = (
        outlook(source("sender", "amazon-ses", "legitimate", 128_204, 128_011), "ours", domain=domain),
        outlook(source("sender", "klaviyo", "legitimate", 37_120, 37_088), "ours", domain=domain),
        outlook(
            source("sender", "zendesk", "legitimate", 8_406, 1_212),
            "ours",
            domain=domain,
            hinders=True,
            fixes=(
                fix("dkim-cname", "sender:zendesk", "Zendesk", domain, 7_194),
                fix("spf-include", "sender:zendesk", "Zendesk", domain, 7_194),
            ),
        ),
        outlook(
            source("domain", "loyalty-cards.example", "unknown", 2_160, 0),
            "undecided",
            domain=domain,
            decided=False,
            hinders=True,
            fixes=(fix("ask", "domain:loyalty-cards.example", "loyalty-cards.example", domain, 2_160),),
        ),
        outlook(source("sender", "google", "forwarder", 1_030, 640), "passed-on", domain=domain, decided=False),
        outlook(source("scattered", "", "spoof", 845, 0), "not-ours", domain=domain, decided=False),
    )
    return DomainPlan(
        domain=domain,
        owner="EC事業部 (Sato)",
        note="Christmas campaign starts on 5 December; nothing before 7 January.",
        goal="logo",
        stage="monitored",
        next="sources-known",
        blocks=(
            Statement(
                "block.source-undecided", {"source": "", "id": "domain:loyalty-cards.example", "messages": 2_160}
            ),
            Statement("block.source-fails", {"source": "", "id": "sender:zendesk", "messages": 7_194}),
        ),
        records=(
            _dmarc(
                domain,
                "v=DMARC1; p=none; rua=mailto:dmarc@kaori-tea.example,mailto:r7f3@reports.example",
                "v=DMARC1; p=none; rua=mailto:it@kaori-tea.example",
                "record.dmarc-reports-too",
            ),
            PlannedRecord(
                name=f"{domain}._report._dmarc.reports.example",
                type="TXT",
                value="v=DMARC1",
                why=Statement("record.authorisation", {"domain": domain, "host": "reports.example"}),
                zone="reports.example",
            ),
            _dmarc(
                domain,
                "v=DMARC1; p=quarantine; rua=mailto:dmarc@kaori-tea.example,mailto:r7f3@reports.example",
                "v=DMARC1; p=none; rua=mailto:it@kaori-tea.example",
                "record.dmarc-raised",
                "next",
            ),
        ),
        refusals=(
            Refusal(
                step=Statement("step.publish"),
                why=(Statement("bar.policy-none", {"domain": domain}),),
            ),
        ),
        notices=(Statement("notice.spf-lookups", {"lookups": 11}),),
        policy="none",
        weighing=weighing(
            domain,
            "none",
            mail,
            outlooks,
            (
                option(
                    "quarantine",
                    "wait",
                    (
                        ground(
                            "partly-set-up",
                            id="sender:zendesk",
                            source="Zendesk",
                            hit=7_194,
                            failing=7_194,
                            count=8_406,
                            aligned=1_212,
                            spf=0,
                        ),
                        ground(
                            "undecided",
                            id="domain:loyalty-cards.example",
                            source="loyalty-cards.example",
                            hit=2_160,
                            failing=2_160,
                            count=2_160,
                            aligned=0,
                            spf=0,
                        ),
                    ),
                    (7_419, 2_160, 390, 845),
                ),
                option(
                    "reject",
                    "no-go",
                    (
                        ground(
                            "partly-set-up",
                            id="sender:zendesk",
                            source="Zendesk",
                            hit=7_194,
                            failing=7_194,
                            count=8_406,
                            aligned=1_212,
                            spf=0,
                        ),
                    ),
                    (7_419, 2_160, 390, 845),
                ),
            ),
        ),
        weeks=mail,
    )


def _company() -> DomainPlan:
    domain = "kaori-tea.example"
    mail = weeks(3100, 0.1, (0.09, 0.03, 0.012, 0.008))
    outlooks = (
        outlook(source("sender", "microsoft365", "legitimate", 71_330, 71_206), "ours", domain=domain),
        outlook(source("sender", "sansan", "legitimate", 9_914, 9_820), "ours", domain=domain),
        outlook(source("own", domain, "legitimate", 4_002, 3_990), "ours", domain=domain),
        outlook(source("sender", "google", "forwarder", 2_205, 1_760), "passed-on", domain=domain, decided=False),
        outlook(source("scattered", "", "spoof", 1_370, 0), "not-ours", domain=domain, decided=False),
    )
    return DomainPlan(
        domain=domain,
        owner="情報システム部",
        goal="logo",
        stage="quarantine",
        next="bimi-ready",
        records=(
            _dmarc(
                domain,
                "v=DMARC1; p=reject; rua=mailto:dmarc@kaori-tea.example",
                "v=DMARC1; p=quarantine; rua=mailto:dmarc@kaori-tea.example",
                "record.dmarc-raised",
            ),
            PlannedRecord(
                name=f"default._bimi.{domain}",
                type="TXT",
                value="v=BIMI1; l=https://kaori-tea.example/bimi/logo.svg; a=https://kaori-tea.example/bimi/vmc.pem",
                why=Statement("record.bimi"),
                when="next",
            ),
        ),
        policy="quarantine",
        weighing=weighing(
            domain,
            "quarantine",
            mail,
            outlooks,
            (
                option("quarantine", "go", (ground("ours-fail-little", days=179, ours=230),), (230, 0, 445, 1_370)),
                option("reject", "go", (ground("ours-fail-little", days=179, ours=230),), (230, 0, 445, 1_370)),
            ),
        ),
        weeks=mail,
    )


def _japanese() -> DomainPlan:
    domain = "香り茶.example"
    mail = weeks(900, 0.3, (0.02, 0.01, 0.006))
    outlooks = (outlook(source("sender", "haihaimail", "legitimate", 26_144, 26_060), "ours", domain=domain),)
    go = (ground("ours-fail-little", days=179, ours=230),)
    return DomainPlan(
        domain=domain,
        owner="広報部",
        goal="logo",
        stage="live",
        done=True,
        policy="reject",
        weighing=weighing(
            domain,
            "reject",
            mail,
            outlooks,
            (option("quarantine", "go", go, (84, 0, 12, 60)), option("reject", "go", go, (84, 0, 12, 60))),
        ),
        weeks=mail,
    )


def _news() -> DomainPlan:
    domain = "news.kaori-tea.example"
    mail = weeks(2000, -0.1, (0.01, 0.008, 0.004))
    outlooks = (
        outlook(source("sender", "salesforce-marketing-cloud", "legitimate", 48_870, 48_801), "ours", domain=domain),
    )
    go = (ground("ours-fail-little", days=179, ours=230),)
    return DomainPlan(
        domain=domain,
        owner="Marketing",
        goal="logo",
        stage="bimi-ready",
        next="live",
        blocks=(Statement("block.not-published"),),
        policy="reject",
        weighing=weighing(
            domain,
            "reject",
            mail,
            outlooks,
            (option("quarantine", "go", go, (69, 0, 8, 31)), option("reject", "go", go, (69, 0, 8, 31))),
        ),
        weeks=mail,
    )


def _others() -> tuple[DomainPlan, ...]:
    locked = "kaoritea.example"
    return (
        DomainPlan(domain=locked, owner="法務部", goal="locked", stage="locked", done=True, policy="reject"),
        DomainPlan(
            domain="kaori-cafe.example",
            owner="法務部",
            goal="locked",
            stage="listed",
            next="locked",
            records=(
                _dmarc(
                    "kaori-cafe.example",
                    "v=DMARC1; p=reject; rua=mailto:dmarc@kaori-tea.example",
                    "",
                    "record.dmarc-locked",
                ),
                PlannedRecord(
                    name="kaori-cafe.example",
                    type="MX",
                    value="0 .",
                    instead=("10 mail.parking.example",),
                    why=Statement("record.null-mx"),
                ),
                PlannedRecord(
                    name="kaori-cafe.example",
                    type="TXT",
                    value="v=spf1 -all",
                    why=Statement("record.spf-closed"),
                ),
            ),
            policy="",
        ),
        DomainPlan(
            domain="jobs.kaori-tea.example",
            owner="人事部",
            goal="enforced",
            stage="reject",
            done=True,
            policy="reject",
            weeks=weeks(120, 0.2, (0.05, 0.02, 0.01)),
        ),
        DomainPlan(
            domain="kaori-old.example",
            goal="locked",
            stage="unlisted",
            known=False,
            next="listed",
            blocks=(Statement("block.unlisted"),),
            weeks=weeks(40, -0.5, (0.9, 0.95)),
        ),
    )


def many(count: int) -> Plan:
    """Many domains, each with as much to tell as a busy one."""
    models = kaori_tea().domains
    domains = tuple(
        replace(models[number % len(models)], domain=f"brand-{number:04}.kaori-tea.example") for number in range(count)
    )
    return Plan(organization="Kaori Tea", as_of=AS_OF, domains=domains, weeks=of_all(domains))


HOSTILE = "<script>alert(1)</script>\"' onload=x \u202egnp.exe\x00 עברית {braces} &amp; </bdi></pre></style><b>"


def hostile(count: int) -> Plan:
    """Domains in which strangers wrote whatever they may, and as much of it as they like."""
    text = HOSTILE * 40
    model = _shop()
    assert model.weighing is not None
    outlooks = tuple(
        outlook(
            source("ptr", f"{number} {text}", "unknown", 1000 - number, 0),
            "undecided",
            domain=text,
            decided=False,
            hinders=True,
            fixes=model.weighing.outlooks[2].fixes,
        )
        for number in range(40)
    )
    record = replace(model.records[0], name=text, value=text, instead=(text,) * 20, zone=text)
    said = tuple(Statement("block.follows", {"domain": text}) for _ in range(30))
    one = replace(
        model,
        owner=text,
        note=text,
        policy=text,
        blocks=said,
        records=(record,) * 40,
        refusals=tuple(Refusal(step=model.refusals[0].step, why=said) for _ in range(20)),
        notices=said,
        weighing=replace(model.weighing, outlooks=outlooks),
    )
    domains = tuple(replace(one, domain=f"{number}{text}") for number in range(count))
    return Plan(organization=text, as_of=AS_OF, domains=domains, weeks=of_all(domains[:5]), notices=said)
