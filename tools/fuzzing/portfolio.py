"""What a project with many domains reads: aggregate reports, inventories, decisions, rows of scans, earlier plans."""

from __future__ import annotations

import tempfile
from collections.abc import Hashable
from contextlib import suppress
from datetime import date
from pathlib import Path

import dns.exception
import dns.message
import dns.rcode

from bimikit.aggregate.containers import Document, documents
from bimikit.aggregate.feedback import FeedbackError
from bimikit.aggregate.outcomes import Tally
from bimikit.aggregate.reading import read_feedback
from bimikit.dns.answers import TXT
from bimikit.errors import BimikitError
from bimikit.locale import LANGUAGES
from bimikit.output.plan_zone import render as as_zone
from bimikit.plan import from_json, make_plan, read_inventory, to_json
from bimikit.planning import render_plan
from bimikit.portfolio.codec import Unreadable, question_part, read
from bimikit.portfolio.row import Scanned
from bimikit.portfolio.rows import read_rows
from bimikit.portfolio.sinks import CSV, JSONL, as_lines
from bimikit.raising import read_decisions
from bimikit.testing.reports import report
from tools.fuzzing.engine import BYTES, Target, require, words

_INVENTORY = b"""[inventory]
organization = "Kaori Tea"
scan = "scan.jsonl"
reports-to = ["mailto:dmarc@kaori.example"]
[[domain]]
name = "kaori.example"
goal = "logo"
logo = "https://www.kaori.example/logo.svg"
dkim = ["s1"]
[[domain]]
name = "kaori-tea.example"
goal = "locked"
monitored-since = 2026-06-01
"""
_DECISIONS = b"""[[source]]
domain = "kaori.example"
source = "sender:sendgrid"
choice = "ours"
note = "newsletter"
decided = 2026-07-07
"""
_TOML = (
    "[", "]", "=", '"', "[[domain]]", "[[source]]", "[inventory]", "goal", "name", '"locked"', "2026-06-01", "1e999", "nan", "true",
    '"\\ud800"', "9" * 30, "'''", "[" * 2_000, '"a.example"', '"*"', '"scattered:"', '"sender:x"', "\u202e", "\u3002",
)  # fmt: skip
_WIRE = question_part("_dmarc.a.example", TXT)


def _told(problem: BimikitError) -> str:
    """A problem, once it was seen that it has words in every language."""
    texts = [problem.told(lang) for lang in LANGUAGES]
    require(all(texts), "a problem without words")
    return type(problem).__name__


def _inventory(data: bytes) -> Hashable:
    try:
        inventory = read_inventory(data)
    except BimikitError as problem:
        return _told(problem)
    plan = make_plan(inventory, scanned={}, reported={}, as_of=date(2026, 6, 1))
    require(from_json(to_json(plan)) == plan, "a plan that isn't read back")
    for lang in LANGUAGES:
        require(bool(render_plan(plan, "text", lang=lang)), "a plan without text")
    return len(plan.domains)


def _decisions(data: bytes) -> Hashable:
    try:
        return len(read_decisions(data).entries)
    except BimikitError as problem:
        return _told(problem)


def _rows(data: bytes) -> Hashable:
    counts: list[Hashable] = []
    with tempfile.TemporaryDirectory() as folder:
        for form in (JSONL, CSV):
            file = Path(folder, form)
            file.write_bytes(data)
            try:
                rows = list(read_rows(file, form))
            except BimikitError as problem:
                counts.append(_told(problem))
                continue
            file.write_bytes(as_lines(rows, form, head=True))
            require(list(read_rows(file, form)) == rows or form == CSV, "rows that aren't read back")
            counts.append(len(rows))
    return tuple(counts)


def _plan(data: bytes) -> Hashable:
    try:
        plan = from_json(data)
    except BimikitError as problem:
        return _told(problem)
    require(from_json(to_json(plan)) == plan, "a plan that isn't read back")
    lines = [line for line in as_zone(plan, lang="en").splitlines() if line and line[0] not in ";$"]
    due = [record for domain in plan.domains for record in domain.records if record.when == "now"]
    require(len(lines) <= len(due), "more lines in the zone than records")
    return len(due)


def _feedback(data: bytes) -> Hashable:
    found: list[Hashable] = []
    for one in documents(data):
        if not isinstance(one, Document):
            found.append("problem")
            continue
        try:
            tally = Tally(read_feedback(one.stream).rows)
            messages = sum(count for chunk in tally.chunks() for _address, _outcome, count in chunk.sums)
            require(messages == tally.messages, "messages that got lost")
            found.append(tally.rows)
        except FeedbackError as problem:
            found.append(problem.reason)
    return tuple(found)


def _message(data: bytes) -> Hashable:
    try:
        reply = read(data, _WIRE, TXT)
    except Unreadable:
        return "unreadable"
    if reply.answer is not None and reply.answer.records:
        with suppress(dns.exception.DNSException):  # it reads every message whole, and refuses more
            other = dns.message.from_wire(data, ignore_trailing=True)
            require(other.rcode() == dns.rcode.NOERROR, "an answer to an error")
    return reply.truncated, reply.alias != "", reply.answer is None or reply.answer.state


def _plans(_seed: int) -> list[bytes]:
    plan = make_plan(read_inventory(_INVENTORY), scanned={}, reported={}, as_of=date(2026, 6, 1))
    return [to_json(plan).encode()]


def _messages(_seed: int) -> list[bytes]:
    asked = dns.message.make_query("_dmarc.a.example", "TXT", id=7)
    found = []
    for text in (
        '_dmarc.a.example. 60 IN TXT "v=DMARC1; p=none"',
        '_dmarc.a.example. 60 IN CNAME b.example.\nb.example. 60 IN TXT "x" "y"',
    ):
        answer = dns.message.make_response(asked)
        for line in text.splitlines():
            name, ttl, _class, kind, value = line.split(" ", 4)
            answer.answer.append(dns.rrset.from_text(name, int(ttl), "IN", kind, value))
        found.append(answer.to_wire())
    return found


TARGETS = (
    Target("feedback", "aggregate reports in whatever they come: rows or a problem, no message is lost",
           lambda seed: [report(3, seed=seed), report(2, seed=seed, dialect="rfc9990")], _feedback,
           words("<record>", "</record>", "<count>", "-1", "9" * 30, "<!DOCTYPE a [", "&a;", "&#0;", "<row>", "</feedback>", "pass",
                 "\x1f\x8b", "PK\x03\x04", "From ", "MIME-Version: 1.0\n", "]]>", "<![CDATA[")),
    Target("inventory", "read_inventory: a plan that is written and read back, or what is wrong in words",
           lambda _: [_INVENTORY], _inventory, words(*_TOML)),
    Target("decisions", "read_decisions: entries, or what is wrong in words", lambda _: [_DECISIONS], _decisions, words(*_TOML)),
    Target("rows", "read_rows: rows, or the line that is none",
           lambda _: [as_lines([Scanned("a.example", "ready", number=1)], form, head=True) for form in (JSONL, CSV)], _rows,
           words('"', ",", "\n", "null", "1e999", '{"number":1}', "'=", "[" * 3_000, "\\ud800", "true", "-1", '"sending":{}')),
    Target("plan", "from_json: a plan that is written and read back, or what is wrong; no record becomes two lines of a zone",
           _plans, _plan, words('"', "null", "true", "-1", "1e999", "[" * 3_000, "\\n", "\\u0000", "\\ud800", '"value":"a\\nb.example. IN A 1"',
                                '"type":"MX"', '"when":"now"', '"schema_version":1,')),
    Target("message", "messages of the DNS: an answer, or none", _messages, _message, BYTES),
)  # fmt: skip
