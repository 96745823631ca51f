"""Zone files: what is read from them, at which line, and what is told of the usual mistakes in them."""

from __future__ import annotations

import json
import pickle
import re
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest
from click.testing import CliRunner

import bimikit
from bimikit.cli import main
from bimikit.config.zone import ZoneError, read_zone

AT = datetime(2026, 12, 1, tzinfo=UTC)
TOP = "$ORIGIN example.com.\n$TTL 3600\n@ IN SOA ns h (\n  1 ; serial\n  2 3 4 5 )\n"
DMARC = "v=DMARC1; p=reject; rua=mailto:d@example.com"
BIMI = "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc.pem"
GOOD_DMARC, GOOD_BIMI = f'_dmarc IN TXT "{DMARC}"\n', f'default._bimi IN TXT "{BIMI}"\n'


def judged(zone: str, domain: str = "example.com") -> bimikit.Report:
    dmarc, record = read_zone(zone.encode(), domain)
    return bimikit.check_publication(domain=domain, dmarc=dmarc, record=record, at=AT)


def errors(report: bimikit.Report) -> set[str]:
    return {one.rule for one in report.findings if one.severity.value == "error"}


# what is read


def test_each_record_is_read_with_the_line_on_which_it_begins() -> None:
    zone = (
        f"\ufeff{TOP}"
        "\n; a comment with ( and \"\n"
        f'_dmarc 60 IN TXT ( "v=DMARC1;" ; the version\n   " p=reject" )\n'
        f'   IN TXT "{DMARC}" ; of the same name\n'
        f'   IN TXT "{DMARC}"\n'
        f"\n{GOOD_BIMI}"
        'DEFAULT._BIMI.news TXT v=BIMI1\\; l=\n'
        '@ TXT "v=spf1 -all"\n'
        "$GENERATE 1-2 s$._bimi TXT v=BIMI1\n"
    )  # fmt: skip
    dmarc, record = read_zone(zone.encode(), "news.example.com")
    assert dmarc == {"_dmarc.example.com": ["v=DMARC1; p=reject", DMARC]}
    assert record == {
        "default._bimi.example.com": [BIMI],
        "default._bimi.news.example.com": ["v=BIMI1;l="],
        "s1._bimi.example.com": ["v=BIMI1"],
        "s2._bimi.example.com": ["v=BIMI1"],
    }
    assert dmarc.zone.lines == {
        "_dmarc.example.com": [8, 10],
        "default._bimi.example.com": [13],
        "default._bimi.news.example.com": [14],
        "example.com": [15],
        "s1._bimi.example.com": [16],
        "s2._bimi.example.com": [16],
    }
    assert (dmarc.zone.holds, dmarc.zone.covers) == ("example.com", True)
    copied = pickle.loads(pickle.dumps(dmarc))  # noqa: S301 - our own
    assert copied == dmarc
    assert copied.zone == dmarc.zone


def test_the_zone_of_a_subdomain_is_read_as_one() -> None:
    zone = f"$ORIGIN mail.example.com.\n$TTL 60\n@ SOA ns h 1 2 3 4 5\n{GOOD_DMARC}"
    assert read_zone(zone.encode(), "mail.example.com").dmarc == {"_dmarc.mail.example.com": [DMARC]}


DNSSEC = (
    "@ RRSIG TXT 8 2 60 20270101000000 20260101000000 1 @ (\n  AAAA\n  BBBB )\n"
    "alias RRSIG CNAME 8 2 60 20270101000000 20260101000000 1 @ AAAA\n@ DNSKEY 257 3 8 AAAA\n"
)


def test_a_plain_line_is_read_as_any_other() -> None:
    """Each record on a line of its own, with what makes it plain, and with parentheses, which don't."""
    records = (
        ("_dmarc", "60 IN TXT", f'"{DMARC}"'), ("", "TXT", '"v=DMARC1;" "p=none"'), ("@", "in 60 Ns", "NS.other."),
        ("alias", "CNAME", "@"), ("Alias2.example.com.", "CNAME", "b.C"), ("b.c", "A", "192.0.2.1"),
        ("", "AAAA", "2001:db8::1"), ("sub", "NS", "ns.sub"), ("m", "MX", "10 m"), ("_s._tcp", "SRV", "0 0 443 m"),
        ("d", "DNAME", "e"), ("*.w", "TXT", '"a" "b"'),
    )  # fmt: skip
    plain = "".join(f"{name} {kind} {said} ; x\n" for name, kind, said in records)
    other = "".join(f"{name} {kind} ( {said} ) ; x\n" for name, kind, said in records)
    zone = read_zone((TOP + plain + DNSSEC + GOOD_BIMI).encode(), "example.com").record.zone
    assert zone == read_zone((TOP + other + DNSSEC + GOOD_BIMI).encode(), "example.com").record.zone
    assert zone.texts["_dmarc.example.com"] == [DMARC, "v=DMARC1;p=none"]
    assert zone.lines["default._bimi.example.com"] == [6 + len(records) + 5]
    assert zone.aliases == {"alias.example.com": "example.com", "alias2.example.com": "b.c.example.com"}
    assert zone.cuts == {"sub.example.com"}
    assert zone.redirections == {"d.example.com": "e.example.com"}
    assert "c.example.com" in zone.names


NO_PLAIN_LINES = (
    "a A 192.0.2.01", "a A 192.0.2", "a AAAA 2001:db8:::1", f"a.{'b' * 64} A 192.0.2.1", "a..b A 192.0.2.1",
    f"{'a.' * 126}b A 192.0.2.1", 'a TXT "x', "a 60 IN 60 A 192.0.2.1", "a MX 70000 m", "a SRV 0 0 65536 m",
    "a A 192.0.2.1 x", f"a NS {'a.' * 126}b",
)  # fmt: skip


@pytest.mark.parametrize("line", NO_PLAIN_LINES)
def test_what_only_looks_like_a_plain_line_is_refused_in_its_place(line: str) -> None:
    with pytest.raises(ZoneError) as caught:
        read_zone(f"{TOP}b A 192.0.2.1\n{line}\nc A 192.0.2.1\n".encode(), "example.com")
    assert caught.value.line == 7


def test_bytes_that_are_no_utf_8_count_only_where_they_stand_in_a_text() -> None:
    zone = TOP.encode() + b'; caf\xe9\n_dmarc TXT "v=DMARC1; p=reject" ; caf\xe9\n_dmarc TXT "caf\xe9" caf\xc3\xa9\n'
    assert read_zone(zone, "example.com").dmarc == {"_dmarc.example.com": ["v=DMARC1; p=reject", "caf\ufffdcaf\xe9"]}


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_neither_a_ttl_nor_a_soa_record_is_needed(mark: str, ends: str) -> None:
    zone = f"{mark}{GOOD_DMARC}{GOOD_BIMI}_dmarc TXT ( x )\n".replace("\n", ends)
    assert read_zone(zone.encode(), "example.com") == (
        {"_dmarc.example.com": [DMARC, "x"]},
        {"default._bimi.example.com": [BIMI]},
    )


def test_a_large_zone_is_read_in_seconds_and_once_for_all_its_domains() -> None:
    hosts = "".join(f"h{number} 3600 IN A 192.0.2.1\n" for number in range(250_000))
    zone = (TOP + hosts + GOOD_DMARC + GOOD_BIMI).encode()
    assert len(zone) > 6_000_000
    begin = process_time()
    found = [read_zone(bytes(bytearray(zone)), f"h{number}.example.com").dmarc for number in range(10)]
    assert process_time() - begin < 10
    assert all(one.zone is found[0].zone for one in found)
    assert found[0] == {"_dmarc.example.com": [DMARC]}


REFUSED = {
    "an origin without final dot": ("$TTL 60\n$ORIGIN example.com\n@ SOA ns h 1 2 3 4 5", 2, "means example.com.exam"),
    "a top without final dot": ("$TTL 60\n\nexample.com SOA ns h 1 2 3 4 5", 3, "final dot is missing"),
    "two tops": (f"{TOP}sub SOA ns h 1 2 3 4 5", 6, "second SOA record, at sub.example.com"),
    "no end of parentheses": (f'{TOP}_dmarc TXT ( "x"\na A 192.0.2.1\n', 6, "parentheses"),
    "no end of parentheses at all": (f"{TOP.replace(')', '')}a A 192.0.2.1\n", 3, "parentheses"),
    "no beginning of parentheses": (f'{TOP}_dmarc TXT "x" )\na A 192.0.2.1\n', 6, "parentheses"),
    "no end of quotes": (f'{TOP}_dmarc TXT "x\na A 192.0.2.1\n', 6, "isn't closed"),
    "no end of quotes at the end": (f'{TOP}_dmarc TXT "x', 6, "isn't closed"),
    "an unknown type": (f"{TOP}\na TXTT x", 7, "“TXTT”"),
    "another class": (f"{TOP}a CH TXT x", 6, "isn't IN"),
    "a text that is too long": (f'{TOP}a TXT "{"x" * 256}"', 6, "255 bytes"),
    "a CNAME beside": (f"{TOP}a CNAME b\n{GOOD_DMARC}a TXT x", 8, "CNAME"),
    "another file": (f"{TOP}$INCLUDE /etc/passwd", 6, "$INCLUDE"),
    "what no name server knows": (f"{TOP}$FOO x", 6, "$FOO"),
    "an address that is none": (f"{TOP}a A 192.0.2.256\n", 6, "can't be read (Text input is malformed.)"),
    "half a record": (f"{TOP}a IN\n", 6, "can't be read"),
    "an empty label": (f"{TOP}a..b A 192.0.2.1\n", 6, "label is empty"),
    "records without end": (f"{TOP}$GENERATE 1-99999999999 a$ A 192.0.2.1\n", 6, "more than"),
    "records that take long": (f"{TOP}" + "a TXT ( x )\n" * 20_000, 20_005, "plain lines"),
    "a record that takes long": (f"{TOP}a TXT ({' x' * 2**20} )\n", 6, "plain lines"),
    "directives without end": (TOP + "$TTL 1\n" * 300_000, 299_589, "plain lines"),
    "another encoding": ("\udcff\udcfea\0", 1, "UTF-8"),
}


@pytest.mark.parametrize(("zone", "line", "says"), REFUSED.values(), ids=REFUSED)
def test_what_name_servers_refuse_is_told_with_its_line(zone: str, line: int, says: str) -> None:
    with pytest.raises(ZoneError) as caught:
        read_zone(zone.encode("utf-8", "surrogateescape"), "example.com")
    problem = caught.value
    assert problem.line == line
    assert str(problem).startswith(f"line {line}: ")
    assert says in str(problem)
    assert problem.told("ja").startswith(f"{line}行目：")
    assert re.search("[ぁ-ん]", problem.told("ja"))


def test_a_configuration_tells_it_in_the_language_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "z").write_text("$ORIGIN example.com\n", encoding="utf-8")
    (tmp_path / "bimikit.toml").write_text("[[publications]]\ndomain='example.com'\nzone='z'", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for lang, says in (
        ("en", "line 1: $ORIGIN example.com has no final dot"),
        ("ja", "1行目：$ORIGIN example.comの末尾に"),
    ):
        done = CliRunner().invoke(main, ["check", "--lang", lang])
        assert done.exit_code == 2
        assert says in done.stderr


# what name servers answer from it

VENDOR = "x.vendor.example."
ANSWERED = {
    "an alias": (f'_dmarc CNAME d\nd TXT "{DMARC}"', "_dmarc", (DMARC,), "", "d"),
    "an alias of an alias": (f'_dmarc CNAME d\nd CNAME e\ne TXT "{DMARC}"', "_dmarc", (DMARC,), "", "e"),
    "an alias of nothing": ("_dmarc CNAME d", "_dmarc", (), "", "d"),
    "an alias out of the zone": (f"_dmarc CNAME {VENDOR}", "_dmarc", (), "alias", VENDOR),
    "an alias of itself": ("_dmarc CNAME _dmarc", "_dmarc", (), "cname", ""),
    "a circle": ("_dmarc CNAME d\nd CNAME _dmarc", "_dmarc", (), "cname", "d"),
    "too long a chain": (
        "_dmarc CNAME a0\n" + "".join(f"a{number} CNAME a{number + 1}\n" for number in range(20)), "_dmarc",
        (), "cname", "a11",
    ),
    "a long chain": (
        "_dmarc CNAME a0\n" + "".join(f"a{number} CNAME a{number + 1}\n" for number in range(11)) + "a11 TXT x",
        "_dmarc", ("x",), "", "a11",
    ),
    "a wildcard": (f'*._bimi TXT "{BIMI}"', "default._bimi", (BIMI,), "", ""),
    "a wildcard, deep below": ("* TXT x", "a.b.c", ("x",), "", ""),
    "a wildcard that is an alias": (f"*._bimi CNAME *.{VENDOR}", "default._bimi", (), "alias", f"*.{VENDOR}"),
    "a wildcard of another type": ("* A 192.0.2.1", "default._bimi", (), "", ""),
    "a wildcard above a name that exists": ("* TXT x\ndefault._bimi A 192.0.2.1", "default._bimi", (), "", ""),
    "a wildcard above a name that others are below": (
        "* TXT x\na.default._bimi A 192.0.2.1", "default._bimi", (), "", "",
    ),
    "a wildcard above the closest encloser": ("* TXT x\nspring._bimi A 192.0.2.1", "default._bimi", (), "", ""),
    "the wildcard itself": ("* TXT x", "*", ("x",), "", ""),
    "an alias of what a wildcard covers": ("_dmarc CNAME a.w\n*.w TXT x", "_dmarc", ("x",), "", "a.w"),
    "a delegation": ('news NS ns.other.example.\n_dmarc.news TXT x', "_dmarc.news", (), "delegated", ""),
    "a delegation, of the name itself": ("_dmarc NS ns.other.example.", "_dmarc", (), "delegated", ""),
    "an alias below a delegation": ("news NS ns\n_dmarc CNAME d.news\nd.news TXT x", "_dmarc", (), "delegated", "d.news"),
    "beside a delegation": ("news NS ns.other.example.\n_dmarc.anews TXT x", "_dmarc.anews", ("x",), "", ""),
    "name servers of the zone itself": ("@ NS ns.other.example.\n_dmarc TXT x", "_dmarc", ("x",), "", ""),
    "a redirection": ("news DNAME new\n_dmarc.new TXT x", "_dmarc.news", ("x",), "", "_dmarc.new"),
    "a redirection out of the zone": (f"news DNAME {VENDOR}", "_dmarc.news", (), "alias", f"_dmarc.{VENDOR}"),
    "a redirection leaves its own name": ("_dmarc TXT x\n_dmarc DNAME e", "_dmarc", ("x",), "", ""),
    "a redirection without end": ("news DNAME news.news", "_dmarc.news", (), "cname", None),
}  # fmt: skip


@pytest.mark.parametrize("top", [TOP, ""], ids=["SOA", "no SOA"])
@pytest.mark.parametrize(("records", "name", "texts", "problem", "leads"), ANSWERED.values(), ids=ANSWERED)
def test_a_zone_answers_as_its_name_servers_do(
    records: str, name: str, texts: tuple[str, ...], problem: str, leads: str | None, top: str
) -> None:
    zone = read_zone(f"{top}{records}\n".encode(), "example.com").dmarc.zone
    answer = zone.answer(f"{name}.example.com")
    assert answer.records == texts
    assert answer.failed is bool(problem)
    assert (zone.beyond(f"{name}.example.com") or answer.reason) == problem
    if leads is not None:
        assert answer.canonical == (leads[:-1] if leads.endswith(".") else f"{leads}.example.com" if leads else "")


def test_what_stands_above_the_zone_is_not_known() -> None:
    zone = TOP.replace("example.com", "news.example.com") + GOOD_DMARC + GOOD_BIMI
    report = judged(zone, "news.example.com")
    assert errors(report) == set()
    (finding,) = (one for one in report.findings if one.rule == "dmarc.not-given")
    assert "_dmarc.example.com" in finding.message
    assert "above the zone" in finding.message


def test_name_servers_at_the_first_origin_of_a_file_without_soa_are_those_of_the_zone() -> None:
    zone = f"$ORIGIN news.example.com.\n@ NS ns.other.example.\n{GOOD_DMARC}"
    assert read_zone(zone.encode(), "news.example.com").dmarc == {"_dmarc.news.example.com": [DMARC]}


def test_aliases_and_wildcards_are_judged_with_the_lines_they_lead_to() -> None:
    report = judged(f'{TOP}_dmarc CNAME d\nd TXT "{DMARC}"\n*._bimi TXT "{BIMI}"\n')
    assert errors(report) == set()
    assert report.facts["dmarc"]["rfc9989"]["policy"] == "reject"
    assert report.facts["aliases"] == {"_dmarc.example.com": "d.example.com"}
    assert report.facts["record_lines"] == {"_dmarc.example.com": [7], "default._bimi.example.com": [8]}


LEFT_TO_OTHERS = {
    "aliases": (
        f"_dmarc CNAME {VENDOR}\ndefault._bimi CNAME {VENDOR}\n", "example.com",
        "→ x.vendor.example", "CNAME record",
    ),
    "a delegation": (
        f"{GOOD_DMARC}news NS ns.other.example.\n_dmarc.news TXT v=DMARC1\ndefault._bimi.news TXT v=BIMI1\n",
        "news.example.com", "news.example.com", "NS records",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("records", "domain", "where", "why"), LEFT_TO_OTHERS.values(), ids=LEFT_TO_OTHERS)
def test_what_a_zone_leaves_to_others_is_not_judged_and_said_to_be_so(
    records: str, domain: str, where: str, why: str
) -> None:
    dmarc, record = read_zone(f"{TOP}{records}".encode(), domain)
    assert not any(domain in name for name in record)
    report = bimikit.check_publication(domain=domain, dmarc=dmarc, record=record, at=AT)
    assert errors(report) == set()
    assert report.verdicts["gmail"] == "cannot_say"
    for rule in ("dmarc.not-given", "bimi.not-given"):
        told = [one.message for one in report.findings if one.rule == rule]
        assert told
        assert all(where in one and why in one for one in told)


def test_verify_compares_what_the_zone_answers() -> None:
    plan = f'{TOP}_dmarc CNAME d\nd TXT "{DMARC}"\n*._bimi TXT "{BIMI}"\n'
    assert published_against(plan) == {}
    assert published_against(plan.replace("p=reject", "p=none")) == {"verify.dmarc-changed": "_dmarc.example.com"}
    assert published_against(f"{TOP}_dmarc CNAME {VENDOR}\n*._bimi CNAME {VENDOR}\n") == {}
    assert published_against(f"{TOP}a A 192.0.2.1\n") == {
        "verify.dmarc-unexpected": "_dmarc.example.com",
        "verify.record-unexpected": "default._bimi.example.com",
    }


def published_against(plan: str) -> dict[str, object]:
    """The names of records that aren't as a zone file plans them; published are an alias, and a wildcard."""
    dmarc, record = read_zone(plan.encode(), "example.com")
    with bimikit.testing.Zone() as zone:
        zone.add("_dmarc.example.com", "CNAME", "d.example.com")
        zone.add("d.example.com", "TXT", DMARC)
        zone.add("*._bimi.example.com", "TXT", BIMI)
        report = bimikit.verify_publication(
            domain="example.com", dmarc=dmarc, record=record, resolver=zone.resolver(), at=AT
        )
    return {one.rule: one.params["name"] for one in report.findings if one.rule.startswith("verify.")}


# what is told of records that nobody would find

MISTAKES = {
    "none": (GOOD_DMARC + GOOD_BIMI, "example.com", {}),
    "no final dot": (
        f'_dmarc.example.com IN TXT "{DMARC}"\ndefault._bimi.example.com IN TXT "{BIMI}"\n', "example.com",
        {
            "dmarc.name-doubled": {"at": "_dmarc.example.com.example.com", "name": "_dmarc.example.com", "line": 6},
            "bimi.name-doubled": {"at": "default._bimi.example.com.example.com", "line": 7},
        },
    ),
    "no final dot, of a subdomain": (
        f'{GOOD_DMARC}default._bimi.news.example.com IN TXT "{BIMI}"\nnews A 192.0.2.1\n', "news.example.com",
        {"bimi.name-doubled": {"name": "default._bimi.news.example.com", "line": 7}},
    ),
    "a misspelt selector": (
        GOOD_DMARC + GOOD_BIMI.replace("default", "defualt"), "example.com",
        {"bimi.name-other": {"at": "defualt._bimi.example.com", "name": "default._bimi.example.com", "line": 7}},
    ),
    "a misspelt _bimi": (
        GOOD_DMARC + GOOD_BIMI.replace("_bimi", "_bmi"), "example.com",
        {"bimi.name-other": {"at": "default._bmi.example.com", "line": 7}},
    ),
    "DMARC at the domain itself": (
        GOOD_DMARC.replace("_dmarc", "@") + GOOD_BIMI, "example.com",
        {"dmarc.name-other": {"at": "example.com", "name": "_dmarc.example.com", "line": 6}},
    ),
    "no quotes": (
        f"_dmarc IN TXT {DMARC}\ndefault._bimi IN TXT {BIMI}\n", "example.com",
        {"dmarc.only-version": {"name": "_dmarc.example.com"}, "bimi.only-version": {}},
    ),
    "another domain's zone": (
        GOOD_DMARC + GOOD_BIMI, "example.org", {"bimi.domain-not-in-zone": {"other": "example.com"}},
    ),
    "two records": (2 * GOOD_DMARC.replace("IN", "IN", 1) + f'_dmarc TXT "{DMARC};"\n' + GOOD_BIMI, "example.com",
        {"dmarc.record-multiple": {"count": 2}},
    ),
    "another selector of the same domain": (
        GOOD_DMARC + GOOD_BIMI.replace("default", "spring"), "example.com", {"bimi.missing": {}},
    ),
    "consent to reports on others": (
        f'example.net._report._dmarc IN TXT "v=DMARC1"\n{GOOD_BIMI}', "example.com", {"dmarc.missing": {}},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("zone", "domain", "told"), MISTAKES.values(), ids=MISTAKES)
def test_the_likely_mistake_is_told_in_place_of_a_record_to_publish(
    zone: str, domain: str, told: dict[str, dict[str, object]]
) -> None:
    report = judged(TOP + zone, domain)
    assert errors(report) == set(told)
    for rule, params in told.items():
        finding = next(one for one in report.findings if one.rule == rule)
        assert params.items() <= finding.params.items()
        for lang in ("en", "ja"):
            words = finding.wording(lang)
            assert "–" not in words.message
            if "at" in params:
                assert str(params["at"]) in words.message
                assert str(params["line"]) in words.message


@pytest.mark.parametrize("zone", ["", "; nothing yet\n", "$ORIGIN example.com.\n$TTL 60\n"])
def test_an_empty_zone_file_is_told_as_one(zone: str) -> None:
    assert errors(judged(zone)) == {"bimi.domain-zone-empty"}


NEXT_STEPS = {
    "two records": (f'{GOOD_DMARC}_dmarc TXT "{DMARC};"\n{GOOD_BIMI}', "Keep one TXT record at _dmarc.example.com"),
    "a tag twice": (
        f"{GOOD_DMARC.replace('p=', 'p=none; p=')}{GOOD_BIMI}",
        "At _dmarc.example.com, keep each tag once",
    ),
    "no final dot": (
        f"{GOOD_DMARC.replace('_dmarc', '_dmarc.example.com')}{GOOD_BIMI}",
        "In line 6 of the zone file, write the name with a final dot: _dmarc.example.com.",
    ),
    "no quotes": (f"_dmarc TXT {DMARC}\n{GOOD_BIMI}", "Put the whole text at _dmarc.example.com in quotes"),
}


@pytest.mark.parametrize(("zone", "step"), NEXT_STEPS.values(), ids=NEXT_STEPS)
def test_the_cause_is_what_blocks_and_the_next_step(zone: str, step: str) -> None:
    told = bimikit.explain(judged(TOP + zone))
    assert told.steps.texts[0].startswith(step)
    assert not any("Publish a TXT record" in text for text in told.steps.texts)
    assert len(told.blocks[0].texts) == 1 + sum("certificate" in text for text in told.blocks[0].texts)


def test_two_records_in_the_dns_are_told_as_in_a_plan() -> None:
    with bimikit.testing.Zone() as zone:
        for text in (DMARC, f"{DMARC};"):
            zone.add("_dmarc.example.com", "TXT", text)
        report = bimikit.check_domain("example.com", resolver=zone.resolver(), fetch=False, at=AT)
    assert errors(report) == {"dmarc.record-multiple", "bimi.missing"}
    assert bimikit.explain(report).steps.texts[0].startswith("Keep one TXT record at _dmarc.example.com")


# where formats point


def test_formats_point_at_the_line_of_the_zone_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dns").mkdir()
    zone = f'{TOP}{GOOD_BIMI}_dmarc TXT ( "v=DMARC1;"\n  " p=none" )\n'
    (tmp_path / "dns" / "z").write_text(zone, encoding="utf-8")
    (tmp_path / "bimikit.toml").write_text("[[publications]]\ndomain='example.com'\nzone='dns/z'", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def shown(form: str) -> str:
        options = ["--select", "dmarc.policy", "--lang", "en", "--at", "2026-12-01"]
        return CliRunner().invoke(main, ["check", "-f", form, *options]).stdout

    assert "--> dns/z:7 (_dmarc.example.com)\n" in shown("text")
    assert "::error file=dns/z,line=7,title=" in shown("github")
    assert "<code>dns/z:7</code> Record 1, column 11" in shown("html")
    assert "`dns/z:7`" in shown("markdown")
    assert "dns/z:7 " in shown("junit")
    (result,) = json.loads(shown("sarif"))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "dns/z"
    assert place["region"]["startLine"] == 7
    assert json.loads(shown("json"))["facts"]["record_lines"] == {
        "_dmarc.example.com": [7],
        "default._bimi.example.com": [6],
    }
