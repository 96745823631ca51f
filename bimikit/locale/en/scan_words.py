"""A scan of many domains, in English."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "title": "Many domains: DMARC and BIMI",
    # what a domain comes to
    "state.ready": "records in place",
    "state.barred": "DMARC bars it",
    "state.no-record": "no BIMI record",
    "state.broken-record": "broken BIMI record",
    "state.declined": "declined",
    "state.undecided": "not found out",
    "state.no-domain": "no domain name",
    "about.ready": "DMARC is good enough and there is a BIMI record. Whether the logo shows depends on the files it names and on each mailbox provider.",
    "about.barred": "DMARC is missing, broken, or not strict enough, so that no logo can show.",
    "about.no-record": "DMARC is good enough; a BIMI record is what is missing.",
    "about.broken-record": "DMARC is good enough, but the BIMI record can't be used.",
    "about.declined": "The BIMI record says that no logo is wanted.",
    "about.undecided": "Name servers didn't answer. This is neither good nor bad; ask again later.",
    "about.no-domain": "What was given is no domain name.",
    # why
    "policy": "p={policy}",
    "policy-applied": "p={policy}, applied as {applied}",
    "policy-from": "{policy} (from {domain})",
    "readings": "{new} by RFC 9989, {old} by RFC 7489",
    "no-dmarc": "no DMARC",
    "no-certificate": "no certificate named",
    "at": "record at {name}",
    "unanswered": "no answer for {names}",
    "hosted.pass": "files: as they should be",
    "hosted.fail": "files: {rules}",
    "hosted.indeterminate": "files: not all found out ({rules})",
    "sending": "SPF and DKIM: {rules}",
    # the whole
    "done": "Domains: {count:,}",
    "shown": "The first {shown:,} of {count:,}; a file in JSON Lines, CSV or SQLite has all of them.",
    "head.domain": "Domain",
    "head.state": "Outcome",
    "head.count": "Domains",
    "head.share": "Share",
    "head.policy": "Policy",
    "head.why": "Why",
    "progress": "{done:,} done, {rate:,} per second",
    "progress.unknown": ", {count:,} not found out",
    "progress.left": ", about {left} left",
}
