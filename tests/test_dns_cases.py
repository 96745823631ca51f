"""A domain judged against dns_cases.toml: what zones hold, and what the standards make of it in both readings.

The expectations come from the standards' texts, not from the code. Each case asks a real DNS server.
"""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path
from typing import Any

import pytest
from support import AT

import bimikit
from bimikit.dns.answers import Answer, Question
from bimikit.domains import normal_domain
from bimikit.portfolio.client import Client
from bimikit.portfolio.lookup import Looked, look
from bimikit.testing import Strings, Zone

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("dns_cases.toml").read_text("utf-8"))["case"]
READINGS = ("rfc9989", "rfc7489")
DIFFER = {"dmarc.readings-differ", "dmarc.one-reading-bars", "bimi.readings-differ"}
KEYS = {"name", "domain", "selector", "local_part", "lifetime", "zone", "fail", "differ", "undecided", "malformed"}
KEYS |= {"never_asked", "dmarc", "dmarc9989", "dmarc7489", "bimi", "bimi9989", "bimi7489"}


def test_cases_are_well_formed() -> None:
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)
    for case in CASES:
        assert case.keys() <= KEYS, case["name"]
        assert case.get("malformed") or case.keys() & {"dmarc", "dmarc9989"}, case["name"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    with Zone() as zone:
        fill(zone, case)
        report = bimikit.check_domain(
            case["domain"],
            selector=case.get("selector", "default"),
            local_part=case.get("local_part"),
            at=AT,
            fetch=False,
            resolver=zone.resolver(lifetime=case.get("lifetime", 5.0)),
        )
        asked = {query.name for query in zone.queries}
    if case.get("malformed"):
        assert not report.ok
        assert report.findings
        assert "ready" not in report.verdicts.values()
        assert not any(facts["eligible"] for facts in report.facts.get("bimi", {}).values())
        assert not asked
        return
    wrong = [
        f"{kind}.{reading}.{fact}: {got!r} instead of {expected!r}"
        for kind in ("dmarc", "bimi")
        for reading in READINGS
        for fact, expected in expectations(case, kind, reading).items()
        if not matches(got := report.facts[kind][reading][fact], expected)
    ]
    told = sorted(DIFFER.intersection(finding.rule for finding in report.findings))
    if case.get("differ", False) is not bool(told) and case.get("differ") != "open":
        wrong.append(f"told of a difference: {told}")
    undecided = case.get("undecided", False)
    if undecided != "open" and report.complete is undecided:
        wrong.append(f"complete: {report.complete}")
    good = undecided is not True and any(passes(case, reading) for reading in READINGS)
    if not good and "ready" in report.verdicts.values():
        wrong.append(f"ready: {report.verdicts}")
    if unwanted := asked.intersection(case.get("never_asked", ())):
        wrong.append(f"asked for {sorted(unwanted)}")
    assert not wrong, "\n".join([case["name"], *wrong])


async def looked_up(case: dict[str, Any], port: int) -> Looked:
    client = Client([("127.0.0.1", port)], tries=(0.3, 0.3))
    asking = look(normal_domain(case["domain"]), case.get("selector", "default"))
    questions = next(asking)
    try:
        while True:
            answers: dict[Question, Answer] = {}
            whole = asyncio.Event()

            def told(question: Question, answer: Answer, of: int = len(questions)) -> None:
                answers[question] = answer  # noqa: B023 - read in this round alone
                if len(answers) == of:  # noqa: B023
                    whole.set()  # noqa: B023

            for question in questions:
                client.ask(question, told)
            await whole.wait()
            questions = asking.send(answers)
    except StopIteration as end:
        found: Looked = end.value
        return found
    finally:
        client.close()


SCANNED = [
    case for case in CASES if not case.get("malformed") and "local_part" not in case and "@" not in case["domain"]
]


@pytest.mark.parametrize("case", SCANNED, ids=[case["name"] for case in SCANNED])
def test_a_scan_finds_the_same(case: dict[str, Any]) -> None:
    with Zone() as zone:
        fill(zone, case)
        looked = asyncio.run(looked_up(case, zone.port))
    facts = {
        "dmarc": {rfc: reading.facts() for rfc, reading in looked.readings.items()},
        "bimi": {rfc: one.facts(looked.readings[rfc].eligible) for rfc, one in looked.discovered.items()},
    }
    wrong = [
        f"{kind}.{reading}.{fact}: {got!r} instead of {expected!r}"
        for kind in ("dmarc", "bimi")
        for reading in READINGS
        for fact, expected in expectations(case, kind, reading).items()
        if not matches(got := facts[kind][reading][fact], expected)
    ]
    assert not wrong, "\n".join([case["name"], *wrong])


def fill(zone: Zone, case: dict[str, Any]) -> None:
    """Add the records and faults of a case."""
    for name, records in case.get("zone", {}).items():
        for record in one_or_more(records):
            if isinstance(record, str):
                zone.add(name, "TXT", record)
            elif "latin1" in record:
                zone.add(name, "TXT", record["latin1"].encode("latin-1"))
            elif "strings" in record:
                zone.add(name, "TXT", Strings(*record["strings"]))
            else:
                for rdtype, data in record.items():
                    zone.add(name, rdtype, data)
    for name, how in case.get("fail", {}).items():
        fault = how if isinstance(how, dict) else {"how": how}
        zone.fail(name, **fault)


def expectations(case: dict[str, Any], kind: str, reading: str) -> dict[str, Any]:
    """The facts that a reading must have: those of both readings, its own, and what follows from the policy."""
    own = case.get(kind + reading.removeprefix("rfc"), {})
    facts = {**case.get(kind, {}), **own}
    if "policy" in facts:
        facts.setdefault("applied_policy", facts["policy"])
        if reading == "rfc7489":
            facts["applied_policy"] = facts["policy"]
        if facts["policy"] != "-":
            facts.setdefault("testing", False)
    return facts


def passes(case: dict[str, Any], reading: str) -> bool:
    """Whether a reading may find everything in order."""
    return "pass" in one_or_more(expectations(case, "bimi", reading).get("result", "pass"))


def one_or_more(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def matches(got: Any, expected: Any) -> bool:
    """Whether a fact is what was expected, or one of what was; "-" is null."""
    return any(got is None if each == "-" else got == each for each in one_or_more(expected))
