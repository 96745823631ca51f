"""Aggregate reports: what is taken, what is refused and where, and what holds them."""

from __future__ import annotations

import gzip
import io
import pickle
import random
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bimikit.aggregate import reading
from bimikit.aggregate.containers import ContainerLimits, Document, Problem, documents
from bimikit.aggregate.elements import Limits
from bimikit.aggregate.feedback import REASONS, Envelope, Feedback, FeedbackError, Head, Policy, Row, Signature
from bimikit.aggregate.reading import read_feedback
from bimikit.locale import words_of
from bimikit.testing.reports import feedback, report, rows, xml

DIALECTS = ["rfc7489", "rfc9990"]
HEAD = """<report_metadata><org_name>Receiver</org_name><email>dmarc@receiver.example</email>
<report_id>r1</report_id><date_range><begin>1793491200</begin><end>1793577599</end></date_range></report_metadata>
"""
POLICY = "<policy_published><domain>brand.example</domain><p>none</p></policy_published>\n"
RECORD = """<record><row><source_ip>192.0.2.1</source_ip><count>3</count>
<policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>
<identifiers><header_from>brand.example</header_from></identifiers>
<auth_results><dkim><domain>brand.example</domain><selector>s1</selector><result>pass</result></dkim>
<spf><domain>other.example</domain><result>softfail</result></spf></auth_results></record>
"""
PLAIN = f"<feedback>{HEAD}{POLICY}{RECORD}</feedback>"
ROW = Row(
    source_ip="192.0.2.1",
    count=3,
    disposition="none",
    dkim="pass",
    spf="fail",
    reasons=(),
    header_from="brand.example",
    envelope_from="",
    signatures=(Signature("brand.example", "s1", "pass"),),
    envelopes=(Envelope("other.example", "", "softfail"),),
)


def read(text: str | bytes, limits: Limits | None = None) -> tuple[Head, list[Row]]:
    found = read_feedback(text.encode() if isinstance(text, str) else text, limits)
    return found.head, list(found.rows)


def changed(*changes: tuple[str, str]) -> str:
    text = PLAIN
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_generated_report_reads_as_it_was_made(dialect: str) -> None:
    made = feedback(500, seed=3, dialect=dialect)
    assert read(report(500, seed=3, dialect=dialect)) == (made.head, list(made.rows))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_totals_equal_an_independent_count(dialect: str) -> None:
    data = report(2_000, seed=5, dialect=dialect)
    root = ElementTree.fromstring(data)  # noqa: S314 - our own
    counts = [int(element.text or "") for element in root.iter() if element.tag.rpartition("}")[2] == "count"]
    found = read(data)[1]
    assert (len(found), sum(row.count for row in found)) == (len(counts), sum(counts))


TAKEN = {
    "as it should be": ([], {}),
    "RFC 9990's namespace": ([("<feedback>", '<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">')], {}),
    "a namespace of its own": ([("<feedback>", '<feedback xmlns="urn:receiver.example">')], {}),
    "prefixes": (
        [
            ("<feedback>", '<d:feedback xmlns:d="urn:d">'),
            ("</", "</d:"),
            ("<", "<d:"),
            ("<d:/d:", "</d:"),
            ("<d:d:", "<d:"),
        ],
        {},
    ),
    "upper case": ([("<dkim>pass", "<dkim>PASS"), ("<disposition>none", "<disposition>None")], {}),
    "blanks": ([("<count>3", "<count>\n 3 "), ("192.0.2.1", " 192.0.2.1\n")], {}),
    "a count as a float": ([("<count>3", "<count>3.0")], {}),
    "unknown elements": ([("<row>", "<row><more><count>9</count></more>"), ("</record>", "<x/></record><y>9</y>")], {}),
    "an extension that looks like a row": (
        [("</record>", '<e:row xmlns:e="urn:e"><e:count>9</e:count></e:row></record>')],
        {},
    ),
    "comments and CDATA": ([("<count>3", "<!-- <count>9</count></record> --><count><![CDATA[3]]>")], {}),
    "hardfail": ([("softfail", "hardfail")], {"envelopes": (Envelope("other.example", "", "fail"),)}),
    "SPF's old words": ([("softfail", "unknown")], {"envelopes": (Envelope("other.example", "", "permerror"),)}),
    "no results at all": (
        [(RECORD[RECORD.index("<auth_results>") : RECORD.index("</record>")], "")],
        {"signatures": (), "envelopes": ()},
    ),
    "an empty domain": ([("other.example", "")], {"envelopes": (Envelope("", "", "softfail"),)}),
    "no author": ([("<header_from>brand.example</header_from>", "")], {}),
    "an author's address": ([("<header_from>brand.example", "<header_from>Brand &lt;news@Brand.Example&gt;")], {}),
    "a dot at the end": ([("other.example", "Other.Example.")], {}),
    "U-labels": (
        [("other.example", "例え.example")],
        {"envelopes": (Envelope("xn--r8jz45g.example", "", "softfail"),)},
    ),
    "an aligned softfail": ([("<spf>fail", "<spf>softfail")], {}),
    "nothing said of DKIM": ([("<dkim>pass</dkim>", "")], {}),
    "IPv6": ([("192.0.2.1", "2001:0DB8:0:0:0:0:0:1")], {"source_ip": "2001:db8::1"}),
    "IPv6 in brackets": ([("192.0.2.1", "[2001:db8::1%eth0]")], {"source_ip": "2001:db8::1"}),
    "IPv6 with a tag": ([("192.0.2.1", "IPv6:2001:db8::1")], {"source_ip": "2001:db8::1"}),
    "IPv4 in IPv6": ([("192.0.2.1", "::ffff:192.0.2.1")], {}),
    "a reason": (
        [("</spf></policy", "</spf><reason><type>Forwarded</type><comment>arc=pass</comment></reason></policy")],
        {"reasons": ("forwarded",), "comments": ("arc=pass",)},
    ),
    "two reasons": (
        [("</spf></policy", "</spf><reason><type>a</type></reason><reason><type>b</type></reason></policy")],
        {"reasons": ("a", "b")},
    ),
    "the policy behind the rows": ([(POLICY, ""), ("</record>", f"</record>{POLICY}")], {}),
    "the same count twice": ([("<count>3</count>", "<count>3</count><count> 3</count>")], {}),
    "blanks before the declaration": ([("<feedback>", '\n <?xml version="1.0"?><feedback>')], {}),
}


@pytest.mark.parametrize(("changes", "fields"), TAKEN.values(), ids=TAKEN)
def test_what_means_one_thing_only_is_taken(changes: list[tuple[str, str]], fields: dict[str, object]) -> None:
    expected = {name: getattr(ROW, name) for name in Row.__struct_fields__} | fields
    assert read(changed(*changes))[1] == [Row(**expected)]


HEADS = {
    "floats": ("1793491200", "1793491200.0", {}),
    "milliseconds": ("1793491200", "1793491200000", {}),
    "ISO 8601": ("1793491200", "2026-11-01T09:00:00+09:00", {}),
    "ISO 8601 without offset": ("1793491200", "2026-11-01 00:00:00", {}),
    "no name": ("<org_name>Receiver</org_name>", "", {"reporter": "receiver.example"}),
    "errors": (
        "</report_metadata>",
        "<error lang='en'>a</error><error/><error>b</error></report_metadata>",
        {"errors": ("a", "b")},
    ),
    "a moment only": ("1793577599", "1793491200", {"end": datetime(2026, 11, 1, tzinfo=UTC)}),
    "no policy": ("<p>none</p>", "", {}),
    "RFC 9990": (
        "<p>none</p>",
        "<p>NONE</p><np>Reject</np><testing>Y</testing><discovery_method>treewalk</discovery_method><pct>x</pct>",
        {"policy": Policy("brand.example", "none", np="reject", testing="y", discovery="treewalk")},
    ),
}


@pytest.mark.parametrize(("old", "new", "fields"), HEADS.values(), ids=HEADS)
def test_heads_that_differ_from_the_schema(old: str, new: str, fields: dict[str, object]) -> None:
    expected = {
        "reporter": "Receiver",
        "email": "dmarc@receiver.example",
        "report_id": "r1",
        "begin": datetime(2026, 11, 1, tzinfo=UTC),
        "end": datetime(2026, 11, 1, 23, 59, 59, tzinfo=UTC),
        "policy": Policy("brand.example", "none"),
    }
    assert read(changed((old, new)))[0] == Head(**expected | fields)


REFUSED = {
    "nothing": ("", "truncated", 1),
    "no XML": ("{}", "not-xml", 1),
    "another root": ("<html><body/></html>", "not-report", 1),
    "no policy": (changed((POLICY, "")), "missing", 0),
    "no metadata": (changed((HEAD, "")), "missing", 0),
    "no report_id": (changed(("<report_id>r1</report_id>", "")), "missing", 1),
    "a date in words": (changed(("1793491200", "yesterday")), "date", 1),
    "an end before the beginning": (changed(("1793577599", "1")), "date", 1),
    "a date beyond all": (changed(("1793577599", "9" * 15)), "date", 1),
    "an unknown policy": (changed(("<p>none", "<p>monitor")), "value", 3),
    "another policy": (changed(("</feedback>", POLICY.replace("none", "reject") + "</feedback>")), "twice", 9),
    "no count": (changed(("<count>3</count>", "")), "missing", 4),
    "a negative count": (changed(("<count>3", "<count>-3")), "count", 4),
    "a count in words": (changed(("<count>3", "<count>three")), "count", 4),
    "a count in thousands": (changed(("<count>3", "<count>1,234")), "count", 4),
    "half a message": (changed(("<count>3", "<count>0.5")), "count", 4),
    "two counts": (changed(("<count>3</count>", "<count>3</count><count>4</count>")), "twice", 4),
    "two rows": (changed(("<row>", "<row><count>1</count></row><row>")), "twice", 4),
    "no address": (changed(("192.0.2.1", "")), "missing", 4),
    "no such address": (changed(("192.0.2.1", "192.0.2.256")), "address", 4),
    "an octal address": (changed(("192.0.2.1", "192.0.2.010")), "address", 4),
    "no disposition": (changed(("<disposition>none</disposition>", "")), "missing", 4),
    "an unknown disposition": (changed(("<disposition>none", "<disposition>delivered")), "value", 4),
    "an unknown result": (changed(("softfail", "perhaps")), "value", 4),
    "cut": (PLAIN[:-30], "truncated", 8),
    "a tag that doesn't fit": (changed(("</row>", "</raw>")), "not-xml", 5),
    "something behind": (PLAIN + "<feedback/>", "not-xml", 9),
    "a DOCTYPE": ("<!DOCTYPE feedback>" + PLAIN, "doctype", 1),
    "an encoding that isn't read": ('<?xml version="1.0" encoding="x-user"?>' + PLAIN, "encoding", 1),
    "an encoding that it isn't in": (
        b'<?xml version="1.0" encoding="euc-jp"?>' + PLAIN.encode() + b"\xff",
        "encoding",
        0,
    ),
    "bytes that aren't UTF-8": (PLAIN.replace("Receiver", "Empf\xe4nger").encode("latin-1"), "not-xml", 1),
}


@pytest.mark.parametrize(("text", "reason", "line"), REFUSED.values(), ids=REFUSED)
def test_what_could_mean_anything_is_refused_with_its_place(text: str | bytes, reason: str, line: int) -> None:
    with pytest.raises(FeedbackError) as problem:
        read(text)
    assert (problem.value.reason, problem.value.line) == (reason, line), str(problem.value)


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        ('<?xml version="1.0" encoding="UTF-16"?>' + PLAIN).encode("utf-16-be"),
        ('<?xml version="1.0" encoding="UTF-16"?>' + PLAIN).encode(),
        ("<?xml version='1.0' encoding='windows-1252'?>" + PLAIN).encode(),
        ("<?xml version='1.0' encoding='Shift_JIS'?>" + PLAIN.replace("<p>", "<!-- 表示 --><p>")).encode("shift_jis"),
        gzip.compress(PLAIN.encode()),
    ],
)
def test_encodings(data: bytes) -> None:
    assert read(data)[1] == [ROW]


@pytest.mark.parametrize("number", [2, 3, 200])
def test_the_line_of_a_bad_row_is_told_behind_rows_that_were_not_parsed(number: int) -> None:
    lines = report(300, seed=1).split(b"\n")
    places = [place for place, line in enumerate(lines) if b"<count>" in line]
    start = max(place for place, line in enumerate(lines) if b"<record>" in line and place < places[number])
    lines[places[number]] = b"<count>none</count>"
    with pytest.raises(FeedbackError) as problem:
        read(b"\n".join(lines))
    assert (problem.value.reason, problem.value.line) == ("count", start + 1)


def test_a_refusal_is_told_in_both_languages_and_has_nothing_in_it_that_cannot_be_printed() -> None:
    english, japanese = words_of("feedback_words", "en"), words_of("feedback_words", "ja")
    assert set(english) == set(japanese) == {"place", "line", *REASONS}
    with pytest.raises(FeedbackError) as problem:
        read(changed(("<count>3", "<count>\u202e" + "9" * 500)))
    told = problem.value.told("en", "a.xml")
    assert told.startswith("a.xml: line 4: this is no number of messages: \N{REPLACEMENT CHARACTER}99")
    assert len(told) < 300
    assert pickle.loads(pickle.dumps(problem.value)).told("en", "a.xml") == told  # noqa: S301 - our own
    assert problem.value.told("ja", "a.xml").startswith("a.xml：4行目：")


def test_rows_before_a_bad_one_are_had() -> None:
    found = read_feedback((PLAIN.removesuffix("</feedback>") + RECORD.replace(">3<", ">x<") + "</feedback>").encode())
    assert next(found.rows) == ROW
    with pytest.raises(FeedbackError, match="count"):
        next(found.rows)


# what a form of rows is learnt from can be anything, and must not change what is read

TRICKS = [
    RECORD,
    RECORD.replace("192.0.2.1", "198.51.100.9").replace(">3<", ">77<"),
    RECORD.replace("<count>3", "<!-- x --><count>3"),
    RECORD.replace("<count>3</count>", "<!-- <count>5</count> --><count>4</count>"),
    RECORD.replace("<count>3</count>", "<count><![CDATA[6]]></count>"),
    RECORD.replace("<count>3</count>", "<count>&#55;</count>"),
    RECORD.replace("<count>3</count>", "<more>@1@</more><count>9</count>"),
    RECORD.replace("<count>3</count>", "<more> @1@</more><count>9</count>"),
    RECORD.replace("<count>3</count>", "<more>&#64;1@</more><count>9</count>"),
    RECORD.replace("<count>3</count>", "<count>1<x>0</x></count>"),
    RECORD.replace("<count>3</count>", "<count a='>5'>2</count>"),
    RECORD.replace("<count>3</count>", "<count>2</count><more>a > b</more>"),
    RECORD.replace("brand.example", "bränd.example"),
    "<extension><record>9</record></extension>" + RECORD,
    "<!-- </record> -->" + RECORD,
    RECORD.replace("</record>", "</record >"),
    "<?go </record>?>" + RECORD,
    "text" + RECORD,
]


class _NoForms(reading.Forms):
    """Everything is parsed."""

    def read(self, piece: bytes) -> Row | None:
        return None


@given(st.lists(st.sampled_from(TRICKS), max_size=12), st.booleans())
def test_a_form_that_is_known_reads_as_one_that_is_parsed(records: list[str], again: bool) -> None:
    data = f"<feedback>{HEAD}{POLICY}{''.join(records * (1 + again))}</feedback>".encode()
    found = read(data)[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "Forms", _NoForms)
        assert read(data)[1] == found


_names = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?(\.[a-z]{2,5}){1,2}", fullmatch=True)
_text = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Zs", "Zl", "Zp", "Cf")), max_size=12
)
_some = _text.filter(bool)
_results = st.sampled_from(["pass", "fail", "none", "neutral", "temperror", "permerror"])
_rows = st.builds(
    Row,
    source_ip=st.one_of(
        st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).filter(lambda ip: not ip.ipv4_mapped).map(str)
    ),
    count=st.integers(0, 10**12),
    disposition=st.sampled_from(["none", "pass", "quarantine", "reject"]),
    dkim=st.sampled_from(["pass", "fail"]),
    spf=st.sampled_from(["pass", "fail"]),
    reasons=st.lists(st.sampled_from(["forwarded", "local_policy", "other"]), max_size=2).map(tuple),
    header_from=_names,
    envelope_from=st.one_of(st.just(""), _names),
    signatures=st.lists(st.builds(Signature, _names, _text, _results), max_size=3).map(tuple),
    envelopes=st.lists(st.builds(Envelope, _names, st.sampled_from(["", "mfrom", "helo"]), _results), max_size=2).map(
        tuple
    ),
    envelope_to=st.one_of(st.just(""), _names),
)
_moments = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(lambda d: d.replace(microsecond=0, tzinfo=UTC))
_heads = st.builds(
    lambda begin, **fields: Head(begin=begin, end=begin + timedelta(days=1), **fields),
    begin=_moments,
    reporter=_some,
    email=_text,
    report_id=_some,
    policy=st.builds(
        Policy,
        _names,
        st.sampled_from(["none", "quarantine", "reject"]),
        sp=st.sampled_from(["", "none", "reject"]),
        np=st.sampled_from(["", "quarantine"]),
        adkim=st.sampled_from(["", "r", "s"]),
        pct=st.integers(0, 100).map(str),
        testing=st.sampled_from(["", "y", "n"]),
    ),
    errors=st.lists(_some, max_size=2).map(tuple),
    contact=_text,
    generator=_text,
)


@given(_heads, st.lists(_rows, max_size=6), st.sampled_from(DIALECTS))
def test_whatever_is_written_reads_the_same(head: Head, made: list[Row], dialect: str) -> None:
    data = b"".join(xml(Feedback(head, iter(made)), dialect=dialect))
    assert read(data) == (head, made)


@given(st.binary(max_size=200), st.integers(0, 2_000), st.integers(0, 40))
def test_damage_never_ends_in_anything_but_a_refusal(noise: bytes, place: int, cut: int) -> None:
    data = report(3)
    with suppress(FeedbackError):
        read(data[:place] + noise + data[place + cut :])


# hostile


def _refusal(data: bytes, limits: Limits | None = None) -> str:
    began = time.process_time()
    with pytest.raises(FeedbackError) as problem:
        read(data, limits)
    assert time.process_time() - began < 5
    return problem.value.reason


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
START = f"<feedback>{HEAD}{POLICY}"
HOSTILE = {
    "billion laughs": (f"<!DOCTYPE feedback [{LAUGHS}]>{changed(('r1', '&l11;'))}", "doctype"),
    "quadratic blow-up": (
        f'<!DOCTYPE feedback [<!ENTITY a "{"a" * 50_000}">]>{changed(("r1", "&a;" * 50_000))}',
        "doctype",
    ),
    "external entity": (f'<!DOCTYPE f [<!ENTITY a SYSTEM "file:///etc/passwd">]>{changed(("r1", "&a;"))}', "doctype"),
    "external DTD": (f'<!DOCTYPE f SYSTEM "http://127.0.0.1:9/x.dtd">{PLAIN}', "doctype"),
    "an entity of nowhere": (changed(("r1", "&a;")), "not-xml"),
    "a million levels": (START + "<a>" * 1_000_000, "too-deep"),
    "a million elements in a row": (START + "<record>" + "<a/>" * 1_000_000, "too-many-elements"),
    "a million names": (START + "".join(f"<a{n}/>" for n in range(1_000_000)), "too-many-elements"),
    "a huge text": (START + "<record>" + "a" * 30_000_000, "too-large"),
    "a huge comment": (START + "<!--" + "a" * 30_000_000, "too-large"),
    "blanks without end": (START + "\n" * 30_000_000, "too-large"),
    "a huge attribute": (START + "<record a='" + "a" * 30_000_000, "too-large"),
    "a huge tag in front": ("<" + "a" * 30_000_000, "too-large"),
    "many attributes": (START + "<record " + " ".join(f"a{n}=''" for n in range(1_000_000)), "too-large"),
    "text in pieces": (START + "<record>" + "a<!---->" * 3_000_000, "too-large"),
    "a long name": (changed(("r1", "r" * 10_000)), "too-long"),
    "a long domain": (changed(("other.example", "o" * 10_000)), "too-long"),
    "policies without end": (START.replace("none", "reject") + POLICY * 100, "twice"),
}


@pytest.mark.parametrize(("text", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_xml_is_refused_at_once(text: str, reason: str) -> None:
    assert _refusal(text.encode()) == reason


def test_rows_that_wait_for_their_policy_are_bounded() -> None:
    text = f"<feedback>{HEAD}{RECORD * 2_000}{POLICY}</feedback>"
    assert len(read(text)[1]) == 2_000
    assert _refusal(text.encode(), Limits(max_early_bytes=500_000)) == "late-policy"


class Stream:
    """A report that is never there as a whole."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int, /) -> bytes:
        while len(self._rest) < size:
            piece = next(self._pieces, b"")
            if not piece:
                break
            self._rest += piece
        data, self._rest = self._rest[:size], self._rest[size:]
        return data


def test_memory_does_not_grow_with_rows() -> None:
    peaks = []
    for count in (2_000, 20_000):
        tracemalloc.start()
        found = read_feedback(Stream(xml(feedback(count))))
        assert sum(1 for _ in found.rows) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0] + 3_000_000, peaks


# containers


def zipped(*entries: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return file.getvalue()


def message(*attachments: tuple[str, str, bytes]) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@receiver.example", "d@brand.example", "Report Domain: brand.example"
    mail.set_content("This is an aggregate report.\n\nFrom here on it is attached.\n")
    for kind, name, data in attachments:
        main, _, sub = kind.partition("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return mail


def opened(source: bytes | str | Path, limits: ContainerLimits | None = None) -> list[tuple[str, str]]:
    """Each name with the report's ID, or why there is none."""
    found = []
    for one in documents(source, limits):
        if isinstance(one, Problem):
            found.append((one.name, one.error.reason))
            continue
        try:
            read_one = read_feedback(one.stream)
            list(read_one.rows)
            found.append((one.name, read_one.head.report_id))
        except FeedbackError as problem:
            found.append((one.name, problem.reason))
    return found


XML = PLAIN.encode()
GZ = gzip.compress(XML)
forwarded = EmailMessage()
forwarded.set_content("See below.")
forwarded.add_attachment(message(("application/octet-stream", "x.dat", GZ)))
html = message(("text/html", "page.html", b"<html><p>report</p></html>"), ("application/gzip", "r.gz", GZ))
MBOX = b"".join(
    b"From a@b.example Mon Nov 30 00:00:00 2026\n" + mail.as_bytes() + b"\n"
    for mail in (
        message(("application/zip", "a.zip", zipped(("a.xml", XML)))),
        message(),
        message(("text/xml", "a", XML)),
    )
)
KINDS = {
    "XML": (XML, [("-", "r1")]),
    "gzip": (GZ, [("-", "r1")]),
    "gzip of several members": (gzip.compress(XML[:100]) + gzip.compress(XML[100:]), [("-", "r1")]),
    "gzip with something behind": (GZ + b"\0" * 512, [("-", "r1")]),
    "zip": (zipped(("a.xml", XML), ("b.xml", XML)), [("-:a.xml", "r1"), ("-:b.xml", "r1")]),
    "gzip in zip": (zipped(("a.xml.gz", GZ)), [("-:a.xml.gz", "r1")]),
    "paths in zip": (zipped(("../../etc/\x07x", XML)), [("-:../../etc/\N{REPLACEMENT CHARACTER}x", "r1")]),
    "message": (message(("application/gzip", "r.xml.gz", GZ)).as_bytes(), [("-:r.xml.gz", "r1")]),
    "message by content": (message(("text/plain", "r.txt", XML)).as_bytes(), [("-:r.txt", "r1")]),
    "message within a message": (forwarded.as_bytes(), [("-:x.dat", "r1")]),
    "message with HTML": (html.as_bytes(), [("-:r.gz", "r1")]),
    "mailbox": (MBOX, [("-:1:a.zip:a.xml", "r1"), ("-:2", "no-report"), ("-:3:a", "r1")]),
    "mailbox with CRLF": (MBOX.replace(b"\n", b"\r\n"), [("-:1:a.zip:a.xml", "r1"), ("-:2", "no-report"), ("-:3:a", "r1")]),
    "mailbox in gzip": (gzip.compress(MBOX), [("-:1:a.zip:a.xml", "r1"), ("-:2", "no-report"), ("-:3:a", "r1")]),
    "messages in zip": (zipped(("1.eml", message(("application/zip", "a.zip", zipped(("a", XML)))).as_bytes())), [("-:1.eml:a.zip:a", "r1")]),
    "nothing": (b"", [("-", "not-report")]),
    "noise": (b"\x89PNG\r\n", [("-", "not-report")]),
    "message without": (message().as_bytes(), [("-", "no-report")]),
    "cut gzip": (GZ[:-20], [("-", "truncated")]),
    "broken gzip": (GZ[:60] + b"\xff" * 60 + GZ[120:], [("-", "gzip")]),
    "cut zip": (zipped(("a.xml", XML))[:-30], [("-", "zip")]),
    "zip in zip": (zipped(("a.zip", zipped(("a.xml", XML))), ("b.xml", XML)), [("-:a.zip", "nested"), ("-:b.xml", "r1")]),
    "zip in gzip": (gzip.compress(zipped(("a.xml", XML))), [("-", "nested")]),
    "gzip in gzip for ever": (gzip.compress(gzip.compress(gzip.compress(gzip.compress(gzip.compress(GZ))))), [("-", "nested")]),
}  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), KINDS.values(), ids=KINDS)
def test_containers_are_told_by_their_content(data: bytes, expected: list[tuple[str, str]]) -> None:
    assert opened(data) == expected


def test_a_folder_is_read_in_order_and_a_bad_file_loses_no_other(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name, data in {
        "b.xml": XML,
        "a.gz": GZ[:-9],
        "sub/c.eml": message(("application/gzip", "r", GZ)).as_bytes(),
    }.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "gone.xml").symlink_to(tmp_path / "nowhere")
    found = opened(tmp_path)
    assert found == [
        (f"{tmp_path}/a.gz", "truncated"),
        (f"{tmp_path}/b.xml", "r1"),
        (f"{tmp_path}/gone.xml", "unreadable"),
        (f"{tmp_path}/sub/c.eml:r", "r1"),
    ]
    assert opened(tmp_path / "b.xml") == [(f"{tmp_path}/b.xml", "r1")]
    assert opened(tmp_path / "no such") == [(f"{tmp_path}/no such", "unreadable")]


def encrypted() -> bytes:
    data = bytearray(zipped(("a.xml", XML)))
    directory = data.index(b"PK\x01\x02")
    data[6] |= 1
    data[directory + 8] |= 1
    return bytes(data)


def bad_sum() -> bytes:
    data = bytearray(zipped(("a.xml", XML)))
    for at in (14, data.index(b"PK\x01\x02") + 16):
        data[at] ^= 0xFF
    return bytes(data)


def endless_directory() -> bytes:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    entries = entry * 300_000
    return b"PK\x03\x04" + entries + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entries), 0, 0)


BLANKS = START.encode() + RECORD.encode() * 100_000 + b"</feedback>"
FEW = ContainerLimits(max_content_bytes=1_000_000, max_entries=3, max_message_bytes=100_000)
BOMBS = {
    "ratio, gzip": (lambda: gzip.compress(BLANKS), ContainerLimits(max_ratio=20), [("-", "ratio")]),
    "ratio, zip": (lambda: zipped(("a", BLANKS)), ContainerLimits(max_ratio=20), [("-:a", "ratio")]),
    "size, gzip": (lambda: gzip.compress(BLANKS), FEW, [("-", "too-large")]),
    "size in all": (lambda: zipped(*[(n, BLANKS[:600_000]) for n in "ab"]), FEW, [("-:a", "truncated"), ("-:b", "too-large")]),
    "entries": (lambda: zipped(*[(n, XML) for n in "abcd"]), FEW, [("-", "too-many-entries")]),
    "directory": (endless_directory, ContainerLimits(), [("-", "too-many-entries")]),
    "encrypted": (encrypted, ContainerLimits(), [("-:a.xml", "encrypted")]),
    "checksum": (bad_sum, ContainerLimits(), [("-:a.xml", "zip")]),
    "zeros": (lambda: gzip.compress(bytes(300_000_000), 1), ContainerLimits(), [("-", "not-report")]),
    "large message": (lambda: message(("text/xml", "a", BLANKS[:200_000])).as_bytes(), FEW, [("-", "too-large")]),
    "parts": (lambda: message(*[("text/xml", n, XML) for n in "abcd"]).as_bytes(), FEW, [("-:a", "r1"), ("-:b", "r1"), ("-", "too-many-entries")]),
    "boundaries": (lambda: b"A: b\n" + b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 200, ContainerLimits(), [("-", "too-many-entries")]),
    "messages within": (lambda: b"A: b\n" + b"Content-Type: message/rfc822\n\n" * 200_000, ContainerLimits(), [("-", "nested")]),
    "lines": (lambda: b"A: b\n\n" + b"\n" * 1_500_000, ContainerLimits(), [("-", "too-many-entries")]),
}  # fmt: skip


@pytest.mark.parametrize(("make", "limits", "expected"), BOMBS.values(), ids=BOMBS)
def test_hostile_containers_are_bounded(make: object, limits: ContainerLimits, expected: list[tuple[str, str]]) -> None:
    data = make()  # type: ignore[operator]
    began = time.process_time()
    assert opened(data, limits) == expected
    assert time.process_time() - began < 5


def test_a_message_that_is_too_large_costs_a_mailbox_nothing_else(tmp_path: Path) -> None:
    start = b"From a@b.example Mon Nov 30 00:00:00 2026\n"
    good = start + message(("application/gzip", "r", GZ)).as_bytes() + b"\n"
    path = tmp_path / "box"
    path.write_bytes(good + start + b"A: b\n\n" + b"line\n" * 400_000 + b"\n" + good)
    assert opened(path, ContainerLimits(max_message_bytes=200_000)) == [
        (f"{path}:1:r", "r1"),
        (f"{path}:2", "too-large"),
        (f"{path}:3:r", "r1"),
    ]


@pytest.mark.parametrize("seed", range(20))
def test_a_mailbox_is_cut_the_same_wherever_its_pieces_end(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bimikit.aggregate.containers._CHUNK", random.Random(seed).randrange(1, 300))  # noqa: S311
    assert [name for name, _ in opened(MBOX)] == ["-:1:a.zip:a.xml", "-:2", "-:3:a"]


@given(
    st.binary(max_size=60), st.integers(0, 2_000), st.integers(0, 40), st.sampled_from([GZ, zipped(("a", XML)), MBOX])
)
def test_damaged_containers_end_in_problems(noise: bytes, place: int, cut: int, data: bytes) -> None:
    for one in documents(data[:place] + noise + data[place + cut :]):
        if isinstance(one, Document):
            with suppress(FeedbackError):
                list(read_feedback(one.stream).rows)


def test_generated_rows_are_the_same_for_the_same_seed() -> None:
    assert report(50, seed=4) == report(50, seed=4) != report(50, seed=5)
    assert next(rows(seed=4)) == next(rows(seed=4))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_another_parser_reads_the_same(dialect: str) -> None:
    parsedmarc = pytest.importorskip("parsedmarc")
    data = report(60, seed=2, dialect=dialect)
    other = parsedmarc.parse_aggregate_report_xml(data, offline=True, always_use_local_files=True)
    ours = [
        (
            row.source_ip,
            row.count,
            row.dkim,
            row.spf,
            row.header_from,
            [(s.domain, s.selector, s.result) for s in row.signatures],
        )
        for row in read(data)[1]
    ]
    theirs = [
        (
            record["source"]["ip_address"],
            record["count"],
            record["policy_evaluated"]["dkim"],
            record["policy_evaluated"]["spf"],
            record["identifiers"]["header_from"],
            [(s["domain"], s["selector"], s["result"]) for s in record["auth_results"]["dkim"]],
        )
        for record in other["records"]
    ]
    assert ours == theirs
