"""Aggregate reports by sending source: how rows are grouped, what a source seems to be, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bimikit.aggregate.feedback import Envelope, Row, Signature
from bimikit.aggregate.sources import (
    _PLACEHOLDERS,
    FEW_PER_ADDRESS,
    LARGE,
    MANY_ADDRESSES,
    MANY_NETWORKS,
    SMALL,
    Source,
    Sum,
    sources,
    sum_of,
    text,
    title,
)
from bimikit.locale import LANGUAGES, words_of

DAY = date(2026, 11, 24)
OWN = "example.com"


def message(ip: str = "192.0.2.1", count: int = 100, **more: Any) -> Sum:
    facts: dict[str, Any] = {
        "source_ip": ip, "signer": "", "envelope": "", "dkim": False, "spf": False, "disposition": "none",
        "reasons": (), "count": count, "day": DAY,
    }  # fmt: skip
    return Sum(**{**facts, **more})


def signed(ip: str = "192.0.2.1", count: int = 100, **more: Any) -> Sum:
    """Signed by the author; SPF doesn't pass."""
    return message(ip, count, **{"signer": OWN, "dkim": True, **more})


def authorised(ip: str = "192.0.2.1", count: int = 100, **more: Any) -> Sum:
    """Signed by the author, from an address in the SPF record."""
    return signed(ip, count, **{"envelope": OWN, "spf": True, **more})


def botnet(addresses: int, count: int = 2, networks: int = 10**6) -> list[Sum]:
    return [
        message(f"10.{number % networks // 256}.{number % networks % 256}.{number // networks}", count)
        for number in range(addresses)
    ]


def only(*sums: Sum, names: Mapping[str, str] | None = None) -> Source:
    found = sources(sums, OWN, names)
    assert len(found) == 1
    return found[0]


FOREIGN = {"192.0.2.1": "mx.university.example"}
SES = {"192.0.2.1": "a1.smtp-out.amazonses.com"}
OUTLOOK = {"192.0.2.1": "mail-x.outbound.protection.outlook.com"}
CASES: list[tuple[str, list[Sum], Mapping[str, str], str, str, str, str, str]] = [
    # what, sums, names; by, name, guess, set up, the first ground
    ("own servers", [authorised()], {}, "own", OWN, "legitimate", "yes", "authorised"),
    ("own servers of a name, not in the SPF record", [signed(count=5)], {"192.0.2.1": "mx.example.com"}, "own", OWN, "legitimate", "yes", "own"),
    ("own servers of a name, nothing set up", [message()], {"192.0.2.1": "mx.example.com"}, "own", OWN, "legitimate", "no", "own"),
    ("own signature, not aligned in strict mode", [message(signer="mail.example.com")], {}, "own", OWN, "legitimate", "no", "own"),
    ("own envelope, not aligned in strict mode", [message(envelope="bounce.example.com")], {}, "own", OWN, "legitimate", "no", "own"),
    ("known, set up", [signed(envelope="x.amazonses.com")], SES, "sender", "amazon-ses", "legitimate", "yes", "known"),
    ("known, not set up", [message(signer="amazonses.com", envelope="x.amazonses.com")], SES, "sender", "amazon-ses", "legitimate", "no", "known"),
    ("known, set up in part", [signed(envelope="x.amazonses.com"), message(envelope="x.amazonses.com")], SES, "sender", "amazon-ses", "legitimate", "partly", "known"),
    ("known by the name of the address only", [message(count=3)], SES, "sender", "amazon-ses", "legitimate", "no", "known"),
    ("mailboxes, not set up", [message(signer="contoso.onmicrosoft.com")], OUTLOOK, "sender", "microsoft365", "legitimate", "no", "known"),
    ("mailboxes, set up", [authorised()], OUTLOOK, "sender", "microsoft365", "legitimate", "yes", "known"),
    ("mailboxes that anybody may have", [message()], OUTLOOK, "sender", "microsoft365", "unknown", "no", "known"),
    ("mailboxes that pass on", [signed(count=5)], OUTLOOK, "sender", "microsoft365", "forwarder", "yes", "known"),
    ("mailboxes, large, not in the SPF record", [signed(count=LARGE)], OUTLOOK, "sender", "microsoft365", "legitimate", "yes", "known"),
    ("a forwarder that is known", [message()], {"192.0.2.1": "mx1.forwardemail.net"}, "sender", "forward-email", "forwarder", "no", "known"),
    ("a forwarder of a name", [signed()], FOREIGN, "ptr", "university.example", "forwarder", "yes", "signed-only"),
    ("a forwarder without a name", [signed()], {}, "network", "192.0.2.0/24", "forwarder", "yes", "signed-only"),
    ("a forwarder with an envelope of its own", [signed(envelope="srs.university.example")], {}, "domain", "university.example", "forwarder", "yes", "signed-only"),
    ("a forwarder that breaks most signatures", [signed(count=10), message(count=90)], FOREIGN, "ptr", "university.example", "forwarder", "partly", "signed-only"),
    ("replayed, or broken nearly always", [signed(count=9), message(count=91)], FOREIGN, "ptr", "university.example", "unknown", "partly", "nothing"),
    ("a server of ours that nobody knows", [signed(count=LARGE)], FOREIGN, "ptr", "university.example", "legitimate", "yes", "signed-only"),
    ("reported as forwarded", [message(reasons=("forwarded",))], FOREIGN, "ptr", "university.example", "forwarder", "no", "reported-forwarded"),
    ("a mailing list that signs", [message(signer="list.example", reasons=("mailing_list",))], {}, "domain", "list.example", "forwarder", "no", "reported-forwarded"),
    ("let in by the reporter's own rule", [message(reasons=("local_policy",))], FOREIGN, "ptr", "university.example", "unknown", "no", "nothing"),
    ("somebody who passes as himself", [message(signer="d1.service.example")], {}, "domain", "service.example", "unknown", "no", "foreign"),
    ("one network, many messages", [message(count=500)], {}, "network", "192.0.2.0/24", "unknown", "no", "nothing"),
    ("a few messages", [message(count=SMALL - 1)], {}, "network", "192.0.2.0/24", "unknown", "no", "small"),
    ("an address of IPv6", [message("2001:db8:1:2::3")], {}, "network", "2001:db8:1::/48", "unknown", "no", "nothing"),
    ("no address", [message("?")], {}, "network", "?", "unknown", "no", "nothing"),
    ("nothing counted", [message(count=0)], {}, "network", "192.0.2.0/24", "unknown", "no", "small"),
    ("all over the Internet", botnet(MANY_ADDRESSES), {}, "scattered", "", "spoof", "no", "few-each"),
    ("many addresses of one provider", [message(f"192.0.2.{n}", 2) for n in range(MANY_ADDRESSES)], {f"192.0.2.{n}": f"p{n}.isp.example" for n in range(99)}, "ptr", "isp.example", "spoof", "no", "few-each"),
    ("many addresses of one provider, a lot from each", [message(f"192.0.2.{n}", FEW_PER_ADDRESS + 1) for n in range(MANY_ADDRESSES)], {f"192.0.2.{n}": f"p{n}.isp.example" for n in range(99)}, "ptr", "isp.example", "unknown", "no", "nothing"),
    ("many addresses that pass as themselves", [message(f"192.0.2.{n}", 2, signer="service.example") for n in range(MANY_ADDRESSES)], {}, "domain", "service.example", "unknown", "no", "foreign"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sums", "names", "by", "name", "guess", "set_up", "ground"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_what_a_source_seems_to_be(
    sums: list[Sum], names: Mapping[str, str], by: str, name: str, guess: str, set_up: str, ground: str
) -> None:
    source = only(*sums, names=names)
    assert (source.by, source.name, source.guess, source.set_up, source.evidence[0].key) == (
        by,
        name,
        guess,
        set_up,
        ground,
    )
    assert source.evidence[-1].key == "volume"


def test_a_large_part_of_little_and_a_small_part_of_much_are_both_a_forwarders() -> None:
    for count, rest in ((LARGE - 1, 0), (LARGE, 10 * LARGE)):
        found = sources([signed(count=count), authorised("198.51.100.1", rest)], OWN, FOREIGN)
        assert next(source.guess for source in found if source.by == "ptr") == "forwarder"


@pytest.mark.parametrize(
    ("addresses", "networks", "scattered"),
    [
        (MANY_ADDRESSES, MANY_ADDRESSES, True),
        (MANY_ADDRESSES - 1, MANY_ADDRESSES - 1, False),
        (MANY_ADDRESSES, MANY_NETWORKS, True),
        (MANY_ADDRESSES, MANY_NETWORKS - 1, False),
    ],
)
def test_from_when_on_addresses_are_scattered(addresses: int, networks: int, scattered: bool) -> None:
    found = sources(botnet(addresses, networks=networks), OWN)
    assert {source.by for source in found} == ({"scattered"} if scattered else {"network"})
    assert sum(source.count for source in found) == 2 * addresses


def test_what_is_scattered_takes_nothing_along_that_has_something_to_show() -> None:
    others = [authorised("192.0.2.1"), signed("198.51.100.1", 2), message("203.0.113.1", 2, reasons=("forwarded",)), message("192.88.99.1", 5000)]  # fmt: skip
    found = sources([*botnet(40), *others], OWN)
    assert [(source.by, source.name, source.guess) for source in found] == [
        ("network", "192.88.99.0/24", "unknown"),
        ("own", OWN, "legitimate"),
        ("scattered", "", "spoof"),
        ("network", "198.51.100.0/24", "forwarder"),
        ("network", "203.0.113.0/24", "forwarder"),
    ]


def test_a_source_counts_what_it_should() -> None:
    later = date(2026, 11, 26)
    source = only(
        authorised("192.0.2.1", 7),
        message("192.0.2.200", 2, envelope=OWN, spf=True, day=later),
        signed("198.51.100.1", 1, day=later, disposition="reject"),
        message("192.0.2.1", 4, disposition="quarantine"),
        names={"192.0.2.1": "a.example.com", "198.51.100.1": "b.EXAMPLE.com."},
    )
    assert (source.count, source.aligned, source.dkim, source.spf) == (14, 10, 8, 9)
    assert (source.addresses, source.networks) == (3, 2)
    assert source.dispositions == {"none": 9, "quarantine": 4, "reject": 1}
    assert source.volumes == ((DAY, 11), (later, 3))


def test_the_author_may_be_a_subdomain() -> None:
    (source,) = sources(
        [message(signer="mail.example.co.jp", dkim=True, spf=True, envelope="example.co.jp")], "news.example.co.jp"
    )
    assert (source.by, source.name) == ("own", "example.co.jp")


def row(*signatures: tuple[str, str], envelopes: tuple[tuple[str, str, str], ...] = ()) -> Row:
    return Row(
        source_ip="192.0.2.1", count=3, disposition="reject", dkim="pass", spf="fail", reasons=("other",),
        header_from="news.example.com", envelope_from="",
        signatures=tuple(Signature(domain, "s1", result) for domain, result in signatures),
        envelopes=tuple(Envelope(*one) for one in envelopes),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("signatures", "signer"),
    [
        ((), ""),
        ((("example.com", "pass"),), "example.com"),
        ((("example.com", "pass"), ("other.example", "pass")), "other.example"),
        ((("example.com", "pass"), ("a.example", "pass"), ("eu.amazonses.com", "pass")), "eu.amazonses.com"),
        ((("example.com", "pass"), ("amazonses.com", "fail")), "example.com"),
        ((("amazonses.com", "fail"), ("sendgrid.net", "temperror")), ""),
    ],
)
def test_of_several_signatures_that_passed_the_one_that_tells_who_sent_is_taken(
    signatures: tuple[tuple[str, str], ...], signer: str
) -> None:
    found = sum_of(row(*signatures), DAY)
    assert found.signer == signer
    assert (found.count, found.dkim, found.spf, found.disposition, found.reasons, found.day) == (3, True, False, "reject", ("other",), DAY)  # fmt: skip


@pytest.mark.parametrize(
    ("envelopes", "envelope"),
    [
        ((), ""),
        ((("a.example", "mfrom", "pass"), ("b.example", "helo", "pass")), "a.example"),
        ((("a.example", "mfrom", "softfail"), ("b.example", "helo", "pass")), "b.example"),
        ((("a.example", "", "pass"),), "a.example"),
        ((("sendgrid.net", "mfrom", "fail"),), ""),
    ],
)
def test_only_an_envelope_that_passed_counts(envelopes: tuple[tuple[str, str, str], ...], envelope: str) -> None:
    assert sum_of(row(envelopes=envelopes), DAY).envelope == envelope


def test_a_forged_signature_and_envelope_recognise_nobody() -> None:
    forged = row(("amazonses.com", "fail"), envelopes=(("x.amazonses.com", "mfrom", "fail"),))
    assert only(sum_of(forged, DAY)).by == "network"


NAMED = (
    "",
    "mx.example.com",
    "mx.university.example",
    "x.amazonses.com",
    "y.outlook.com",
    "mx1.forwardemail.net",
    "p.isp.example",
)
SUMS = st.builds(
    Sum,
    source_ip=st.sampled_from(
        [f"10.0.{third}.{last}" for third in range(12) for last in (1, 2, 3)] + ["2001:db8::1", "x"]
    ),
    signer=st.sampled_from(("", "", "example.com", "m.example.com", "amazonses.com", "other.example", "com", "..")),
    envelope=st.sampled_from(("", "", "example.com", "b.example.com", "bmv.jp", "other.example", "co.jp")),
    dkim=st.booleans(),
    spf=st.booleans(),
    disposition=st.sampled_from(("none", "quarantine", "reject")),
    reasons=st.sampled_from(((), (), ("forwarded",), ("local_policy", "other"))),
    count=st.integers(0, 3000),
    day=st.dates(date(2026, 11, 1), date(2026, 11, 30)),
)
PTRS = st.dictionaries(st.sampled_from([f"10.0.{n}.1" for n in range(12)]), st.sampled_from(NAMED))


@given(st.lists(SUMS, max_size=60), PTRS, st.randoms())
def test_nothing_is_lost_and_the_order_of_rows_doesnt_matter(
    sums: list[Sum], names: dict[str, str], chance: Any
) -> None:
    found = sources(sums, OWN, names)
    shuffled = list(sums)
    chance.shuffle(shuffled)
    assert sources(shuffled, OWN, names) == found
    assert sum(source.count for source in found) == sum(one.count for one in sums)
    assert sum(source.aligned for source in found) == sum(one.count for one in sums if one.dkim or one.spf)
    assert sum(source.dkim for source in found) == sum(one.count for one in sums if one.dkim)
    assert sum(source.spf for source in found) == sum(one.count for one in sums if one.spf)
    assert len({(source.by, source.name) for source in found}) == len(found)
    assert [source.count for source in found] == sorted((source.count for source in found), reverse=True)
    for source in found:
        assert sum(count for _, count in source.volumes) == source.count == sum(source.dispositions.values())
        assert list(source.volumes) == sorted(source.volumes)
        assert 1 <= source.networks <= source.addresses
        assert source.aligned <= source.dkim + source.spf
        assert not (source.guess == "spoof" and (source.aligned or source.by in ("sender", "own", "domain")))
        for lang in LANGUAGES:
            assert title(source, lang)
            assert all(text(ground, lang) for ground in source.evidence)


@given(st.lists(SUMS, max_size=30), PTRS)
def test_a_row_may_as_well_be_two(sums: list[Sum], names: dict[str, str]) -> None:
    halves = [
        Sum(one.source_ip, one.signer, one.envelope, one.dkim, one.spf, one.disposition, one.reasons, count, one.day)
        for one in sums
        for count in (one.count // 2, one.count - one.count // 2)
    ]
    assert sources(halves, OWN, names) == sources(sums, OWN, names)


def test_no_messages_have_no_sources() -> None:
    assert sources([], OWN) == ()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_ground_has_its_words_and_names_what_they_name(lang: str) -> None:
    words = words_of("source_words", lang)
    assert set(words) == set(words_of("source_words", "en"))
    assert {key.partition(".")[2] for key in words if key.startswith("evidence.")} == set(_PLACEHOLDERS)
    for key, names in _PLACEHOLDERS.items():
        assert set(re.findall(r"{(\w+)", words[f"evidence.{key}"])) == set(names)


def test_grounds_are_told_in_both_languages() -> None:
    source = only(signed(count=1200), message(count=300), names=OUTLOOK)
    assert [text(ground) for ground in source.evidence] == [
        "It is Microsoft 365 and Outlook.com, recognised by outlook.com in the name of the address.",
        "With your valid DKIM signature, but without SPF for your domain: 1,200 of 1,500 messages. You signed them, and somebody else brought them.",
        "With 100% of all messages, it is too large for a forwarder; it is probably a server or a service of yours that is missing in the SPF record.",
        "Passing DMARC: 1,200 of 1,500 messages.",
        "Messages: 1,500 (100% of all); addresses: 1; networks: 1; days: 1.",
    ]
    assert (
        text(source.evidence[0], "ja")
        == "IPアドレスの逆引き名にあるoutlook.comから、Microsoft 365・Outlook.comと分かります。"
    )
    assert title(only(*botnet(30)), "ja") == "分散した多数のアドレス"
    with pytest.raises(ValueError, match="no texts in 'xx'"):
        text(source.evidence[0], "xx")
