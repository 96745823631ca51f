"""Records, domain names, zone files, configuration, and records that people paste."""

from __future__ import annotations

import contextlib
import re
import tempfile
import tomllib
from collections.abc import Hashable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import dns.exception
import dns.name
import httpx
import idna

from bimikit import check_publication
from bimikit.config import ConfigError, load
from bimikit.config.zone import read_zone
from bimikit.dns.bimi import is_record, read_assertion
from bimikit.dns.tags import TagList, parse_tags
from bimikit.domains import BadDomain, normal_domain, organizational_domain
from bimikit.locale import LANGUAGES
from tools.fuzzing.engine import Target, require, words
from tools.fuzzing.reports import settled
from webapp.problems import Problem
from webapp.records import as_strings, read_records

AT = datetime(2026, 1, 1, tzinfo=UTC)
DMARC = "v=DMARC1; p=reject; rua=mailto:d@example.com"
BIMI = "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc.pem"
_DMARC_TOKENS = (
    "v=DMARC1", "V = DMARC1 ;", "p=", "sp=none", "np=reject", "pct=0", "pct=100", "t=y", "psd=y", "psd=n", "quarantine",
    "reject", "none", "rua=mailto:a@example.com!10m", "fo=1:d:s", "adkim=s", "aspf=r", "ri=86400", "rf=afrf", ";", "=",
)  # fmt: skip
_BIMI_TOKENS = (
    "v=BIMI1", "l=", "a=", "lps=", "lps=a,b-c", "avp=personal", "avp=brand", "https://", "http://", "example.com", ".svg",
    ".svgz", "%2", "%20", "[::1]", "user@", ":443", ":99999", "?q=1", "#f", ",", "evidence=", "a=self", "l=;", "\t",
)  # fmt: skip
_BLANKS = (
    "\u00a0",
    "\u3000",
    "\ufeff",
    "\u200b",
    "\x00",
    "\x1f",
    "\x7f",
    "\u2028",
    "é",
    "語",
    "\U0001f600",
    '"',
    "\\;",
)


def text_of(data: bytes) -> str:
    """Bytes as the text of an argument, where what is no UTF-8 becomes lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def _spans(found: TagList) -> None:
    for tag in found.tags:
        for span in (tag.name, tag.value, tag.part):
            _stands(found.text, span.start, span.text)
    for flaw in found.flaws:
        _stands(found.text, flaw.part.start, flaw.part.text)


def _stands(text: str, start: int, part: str) -> None:
    require(text[start : start + len(part)] == part, f"{part[:40]!r} isn't where it is said to be")


def _tags(data: bytes) -> Hashable:
    text = text_of(data)
    outcome: list[Hashable] = []
    for dkim in (False, True):
        found = parse_tags(text, dkim=dkim)
        _spans(found)
        meant = [(tag.name.text, tag.value.text) for tag in found.tags]
        again = parse_tags(str(found), dkim=dkim)
        require([(tag.name.text, tag.value.text) for tag in again.tags] == meant, "written and read again it differs")
        plain = [part.partition("=") for part in text.split(";") if part.strip(" \t")]
        if not found.flaws:
            require(
                [(name.strip(" \t"), value.strip(" \t")) for name, _, value in plain] == meant, "it was read otherwise"
            )
        outcome.append((tuple(flaw.kind for flaw in found.flaws)[:6], min(len(found.tags), 6)))
    return tuple(outcome)


def _assertion(data: bytes) -> Hashable:
    text = text_of(data)
    one = read_assertion("default._bimi.example.com", 1, text)
    for flaw in one.flaws:
        _stands(text, flaw.span.start, flaw.span.text)
    for address in (one.location, one.authority):
        if address and is_record(text) and not one.broken:
            url = httpx.URL(address)
            require(url.scheme == "https" and bool(url.host), "an address that another library can't use")
    if not one.broken and one.location is not None:
        again = read_assertion(one.name, 1, str(one.tags))
        require((again.location, again.authority, again.prefixes, again.preference)
                == (one.location, one.authority, one.prefixes, one.preference), "written and read again it differs")  # fmt: skip
    return (tuple(flaw.rule + flaw.problem for flaw in one.flaws)[:5], one.prefixes is None, one.preference)


def _publication(data: bytes) -> Hashable:
    dmarc, _, record = text_of(data).partition("\n")
    texts = {"_dmarc.example.com": dmarc.split("\x1e"), "default._bimi.example.com": record.split("\x1e")}
    report = check_publication(
        domain="mail.example.com",
        dmarc={"_dmarc.example.com": texts["_dmarc.example.com"]},
        record={"default._bimi.example.com": texts["default._bimi.example.com"]},
        local_part="info",
        at=AT,
    )
    for finding in report.findings:
        for place in finding.locations:
            if place.dns_name in texts and place.line is not None:
                line = texts[place.dns_name][place.line - 1]
                require(0 < (place.column or 0) <= len(line) + 1, f"{finding.rule} has no such column")
                require((place.column or 0) - 1 + (place.length or 0) <= len(line) + 1, f"{finding.rule} is too long")
    return (settled(report), tuple(sorted(report.verdicts.items())))


def _domain(data: bytes) -> Hashable:
    text = text_of(data)
    try:
        name = normal_domain(text)
    except BadDomain as problem:
        return str(problem)
    require(normal_domain(name) == name, "its normal form has another")
    require(name.isascii() and name == name.lower() and len(name) <= 253, "no normal form")
    require(dns.name.from_text(name).to_text(omit_final_dot=True) == name, "dnspython reads it otherwise")
    typed = text.strip().rstrip(".")
    if not name.startswith("xn--") and ".xn--" not in name and re.fullmatch(r"[^\s@/:<>?#,;\\]+", typed):
        with contextlib.suppress(idna.IDNAError, UnicodeError):
            require(idna.encode(typed, uts46=True).decode().rstrip(".") == name, "idna reads it otherwise")
    organizational = organizational_domain(name)
    require(organizational is None or f".{name}".endswith(f".{organizational}"), "its organization is elsewhere")
    return (organizational is None, name.count("."), "xn--" in name)


def _zone(data: bytes) -> Hashable:
    try:
        found = read_zone(data, "example.com")
    except ValueError as problem:
        return re.sub(r"[0-9]+|'.*'", "", str(problem))[:40]
    lines = ["$ORIGIN .", "$TTL 60"]
    for records in found:
        for name, texts in records.items():
            require(name == name.lower() and not name.endswith("."), "a name in another form")
            lines += [f"{name}. IN TXT {as_strings(text)}" for text in texts]
    again = read_zone("\n".join(lines).encode(), "example.com")
    if "�" not in "".join(lines):
        require({name: sorted(set(texts)) for records in again for name, texts in records.items()}
                == {name: sorted(set(texts)) for records in found for name, texts in records.items()},
                "written and read again it differs")  # fmt: skip
    return (len(found.dmarc), len(found.record))


def _records(data: bytes) -> Hashable:
    dmarc, _, record = text_of(data).partition("\x1e")
    try:
        found = read_records(dmarc, record)
    except Problem as problem:
        return problem.args[:1]
    values = {name: texts for records in found for name, texts in records.items()}
    for name, texts in values.items():
        require(name == name.lower() and not name.endswith("."), "a name in another form")
        require(not any("\n" in text for text in texts), "a value of several lines")
    return (tuple(name.count(".") for name in values)[:4], tuple(len(texts) for texts in values.values())[:4])


@cache
def _file(name: str) -> Path:
    return Path(tempfile.mkdtemp(prefix="bimikit-fuzz-")) / name


def _config(data: bytes) -> Hashable:
    outcome: list[Hashable] = []
    for name in ("bimikit.toml", "pyproject.toml"):
        file = _file(name)
        file.write_bytes(data)
        try:
            config = load(file)
        except ConfigError as problem:
            for lang in LANGUAGES:
                require(bool(problem.told(lang)), "no words")
            outcome.append((problem.problem, re.sub(r"[0-9]+", "", problem.key)[:30]))
        else:
            require(config.file == file, "another file")
            require(load(file) == config, "a second reading differs")
            whole = tomllib.loads(data.decode())
            require(isinstance(whole, dict), "no TOML")
            outcome.append(tuple(sorted(whole))[:6])
    return tuple(outcome)


def _lines(*texts: str) -> list[bytes]:
    return [text.encode() for text in texts]


_DOMAINS = (
    "example.com", "Example.COM.", "https://user@example.com:8080/a?b#c", "Brand <news@example.com>", "日本語.jp", "例え。テスト",
    "xn--wgv71a119e.jp", "a.b.c.example.co.uk", "faß.de", "_dmarc.example.com", "news@ｅｘａｍｐｌｅ.com", "1.2.3.4", "a\u200db.com",
)  # fmt: skip
_ZONE = f"""$ORIGIN example.com.
$TTL 3600
@ IN SOA ns hostmaster 1 2 3 4 5
_dmarc IN TXT "{DMARC}"
default._bimi 60 IN TXT ( "v=BIMI1; l=https://example.com/" ; comment
   "logo.svg" )
_dmarc.mail TXT "v=DMARC1\\; p=none" "x"
www IN A 192.0.2.1
"""
_CONFIG = """[tool.bimikit]
select = ["svg", "cert.expired"]
ignore = ["bimi"]
providers = ["gmail"]
days-left = 30
[tool.bimikit.trust]
roots = ["roots.pem"]
[tool.bimikit.network]
timeout = 5.0
resolver = "127.0.0.1:53"
[[tool.bimikit.ignores]]
files = ["brand/*.svg"]
rules = ["svg.desc-missing"]
reason = "x"
until = 2026-12-31
[[tool.bimikit.publications]]
domain = "example.com"
selector = "default"
logo = "logo.svg"
zone = "zone.txt"
"""

TARGETS = (
    Target(
        "tags", "parse_tags: spans point into the text, written and read again the same",
        lambda _: _lines(DMARC, BIMI, "v=x;; a=b=c;", "", " v = x ; a", "a=1; a=2; A=1"),
        _tags, words(*_DMARC_TOKENS, *_BLANKS),
    ),
    Target(
        "bimi", "read_assertion: spans, written and read again; httpx takes the addresses that are accepted",
        lambda _: _lines(BIMI, "v=BIMI1; l=; a=;", "v=BIMI1; l=https://a.example/x.svgz; lps=news,info; avp=personal"),
        _assertion, words(*_BIMI_TOKENS, *_BLANKS),
    ),
    Target(
        "publication", "check_publication on any texts of records: places are in the text",
        lambda _: _lines(f"{DMARC}\n{BIMI}", f"{DMARC}; sp=none; np=reject\n{BIMI}\x1e{BIMI}", "v=DMARC1; p=x\nv=BIMI1; l=;"),
        _publication, words(*_DMARC_TOKENS, *_BIMI_TOKENS, *_BLANKS, "\n", "\x1e"),
    ),
    Target(
        "domain", "normal_domain: its own normal form; idna and dnspython agree",
        lambda _: _lines(*_DOMAINS),
        _domain, words(*_DOMAINS, *_BLANKS, "xn--", ".", "。", "@", "/", ":", "-", "_", "ß", "\u0130", "ﷺ", "٣", "\u202e", "\u0627", "a" * 63),
    ),
    Target(
        "zone", "read_zone: read or refused; what is read, written and read again the same",
        lambda _: _lines(_ZONE, f'_dmarc.example.com. TXT "{DMARC}"', f'default._bimi.example.com. IN TXT {BIMI}'),
        _zone, words(*_DMARC_TOKENS[:6], *_BLANKS, "$ORIGIN ", "$TTL ", "$INCLUDE /etc/passwd", "$GENERATE 1-3 a$ TXT x", "IN", "TXT",
                     "CNAME", "TYPE16", "\\# 3 020a0b", "\\255", "\\000", "(", ")", ";", "@", "*", "\n", "\t", "example.com.", "CH", "ANY"),
    ),
    Target(
        "config", "load: a configuration, or what is wrong in words",
        lambda _: _lines(_CONFIG, _CONFIG.replace("tool.bimikit.", "").replace("[tool.bimikit]\n", "")),
        _config, words("[", "]", "=", '"', "[[tool.bimikit.ignores]]", "select", "2026-12-31", "1e999", "nan", "inf", "-1", "true", "{}", "[]",
                       "roots", "logs", '"\\ud800"', "0x", "9" * 30, "'''", "days-left", '"svg.*"', "9" * 5_000, "[" * 2_000),
    ),
    Target(
        "records", "read_records of the portal: a problem in words, or records",
        lambda _: _lines(f"{DMARC}\x1e{BIMI}", f'_dmarc.example.com. 3600 IN TXT "{DMARC}"\x1edefault._bimi TXT ("{BIMI}")', _ZONE),
        _records, words(*_DMARC_TOKENS, *_BIMI_TOKENS, *_BLANKS, "\n", "\x1e", "TXT", "(", ")", "_dmarc.", "._bimi.", "$ORIGIN x.", "“", "」", "|", "`"),
    ),
)  # fmt: skip
