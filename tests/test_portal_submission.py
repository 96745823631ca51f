"""What is handed in: files told apart by what is in them, domains as people type them, records and what they name."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st
from support import AT

from bimikit.testing import LOGO, MarkCA
from webapp.problems import KINDS, Problem
from webapp.submission import MOST_SUBJECTS, Submission, kind_of, plain_domain, showable_name, submitted

CA = MarkCA(at=AT)
PEM = CA.issue("example.com").pem
CERTIFICATE = x509.load_pem_x509_certificates(PEM)[0]
LIST = CA.crl()
DMARC = "v=DMARC1; p=reject"
BIMI = "v=BIMI1; l=https://example.com/logo.svg; a="


def _crl(encoding: Encoding) -> bytes:
    read = x509.load_pem_x509_crl if LIST.startswith(b"-----") else x509.load_der_x509_crl
    return read(LIST).public_bytes(encoding)


KIND: dict[str, tuple[str, bytes, str]] = {
    "a drawing": ("logo.svg", LOGO, "logo"),
    "a drawing without an ending": ("logo", LOGO, "logo"),
    "a drawing under a wrong ending": ("vmc.pem", LOGO, "logo"),
    "a drawing with a mark and blanks before": ("vmc.pem", b"\xef\xbb\xbf\r\n " + LOGO, "logo"),
    "a drawing that speaks of certificates": ("logo.svg", LOGO.replace(b"<title>", b"<!-- -----BEGIN CERTIFICATE----- --><title>"), "logo"),
    "a drawing in UTF-16": ("logo.svg", LOGO.decode().encode("utf-16"), "logo"),
    "a compressed drawing": ("logo.svgz", gzip.compress(LOGO), "logo"),
    "a compressed drawing under a wrong ending": ("x.cer", gzip.compress(LOGO), "logo"),
    "a chain": ("vmc.pem", PEM, "certificate"),
    "a chain under a wrong ending": ("logo.svg", PEM, "certificate"),
    "a chain with a text before": ("chain.txt", b"subject=Acme\nissuer=CA\n" + PEM, "certificate"),
    "a chain with Windows line ends": ("chain.txt", PEM.replace(b"\n", b"\r\n"), "certificate"),
    "a chain with a list": ("chain.pem", PEM + _crl(Encoding.PEM), "certificate"),
    "one in DER": ("vmc", CERTIFICATE.public_bytes(Encoding.DER), "certificate"),
    "one in DER under the ending of lists": ("vmc.crl", CERTIFICATE.public_bytes(Encoding.DER), "certificate"),
    "a list in PEM": ("list.pem", _crl(Encoding.PEM), "list"),
    "a list in DER": ("list.der", _crl(Encoding.DER), "list"),
    "a list in DER without an ending": ("list", _crl(Encoding.DER), "list"),
    "a key": ("key.pem", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "certificate"),
    "a request": ("x.csr", b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n", "certificate"),
    "Base64 alone": ("vmc.cer", b"MIIB", "certificate"),
    "PNG": ("logo.png", b"\x89PNG\r\n\x1a\n", "logo"),
    "PNG under a wrong ending": ("vmc.pem", b"\x89PNG\r\n\x1a\n", "logo"),
    "PDF": ("logo.pdf", b"%PDF-1.7", "logo"),
    "ZIP": ("logo.zip", b"PK\x03\x04", "logo"),
    "HTML": ("index.html", b"<!DOCTYPE html><p>", "logo"),
    "a text": ("readme.txt", b"0123 hello", "logo"),
    "one byte": ("0", b"0", "logo"),
    "the beginning of DER": ("x", b"\x30\x82", "certificate"),
    "no ending but a dot": ("x.", b"x", "logo"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "kind"), KIND.values(), ids=KIND)
def test_a_file_is_told_by_what_is_in_it(name: str, data: bytes, kind: str) -> None:
    assert kind_of(name, data) == kind


@given(name=st.text(max_size=200), data=st.binary(max_size=40))
def test_any_file_is_taken_for_something(name: str, data: bytes) -> None:
    assert kind_of(name, data) in ("logo", "certificate", "list")
    shown = showable_name(name)
    assert 0 < len(shown) <= 120
    assert not set(shown) & set("/\\\n\x00\u202e\ud800")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("logo.svg", "logo.svg"),
        ("C:\\Users\\me\\logo.svg", "logo.svg"),
        ("../../etc/passwd", "passwd"),
        ("ロゴ.svg", "ロゴ.svg"),
        ("a\x00b\u202egvs.exe", "a\ufffdb\ufffdgvs.exe"),
        ("", "file"),
        ("-", "file"),
        ("x/", "file"),
        ("x" * 200 + ".svg", "x" * 116 + ".svg"),
    ],
)
def test_a_name_can_be_shown(name: str, shown: str) -> None:
    assert showable_name(name) == shown


def test_files_of_one_name_are_told_apart() -> None:
    files = submitted([("a/logo.svg", LOGO), ("b/logo.svg", LOGO), ("vmc.pem", PEM)]).files
    assert [file.name for file in files] == ["logo.svg", "logo.svg (2)", "vmc.pem"]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("example.com", "example.com"),
        (" Example.COM. ", "example.com"),
        ("https://www.example.com/about?x#y", "www.example.com"),
        ("example.com:8443", "example.com"),
        ("news@example.com", "example.com"),
        ("Brand <news@Example.com>", "example.com"),
        ("名前＜news＠example.com＞", "example.com"),
        ("例え．jp", "xn--r8jz45g.jp"),
        ("例え。jp", "xn--r8jz45g.jp"),
        ("", ""),
        ("exa mple", "exa mple"),
        ("☃" * 80 + ".com", "☃" * 80 + ".com"),
    ],
)
def test_a_domain_comes_in_one_form(written: str, plain: str) -> None:
    assert plain_domain(written) == plain


PLAN: dict[str, tuple[dict[str, str], Any, Any]] = {
    "texts alone speak for the domain": ({"domain": "example.com", "dmarc": DMARC, "record": BIMI}, DMARC, BIMI),
    "an address as the domain": ({"domain": "https://News@Example.com/x", "dmarc": DMARC, "record": BIMI}, DMARC, BIMI),
    "names that say the same": (
        {"domain": "Example.com", "dmarc": f"_dmarc.example.com TXT {DMARC}", "record": f"default._bimi TXT {BIMI}"},
        DMARC,
        BIMI,
    ),
    "a selector": ({"domain": "example.com", "selector": "VIP", "record": f"vip._bimi.example.com TXT {BIMI}"}, None, BIMI),
    "a selector told by the name": ({"record": f"vip._bimi.example.com TXT {BIMI}"}, None, BIMI),
    "another selector": (
        {"domain": "example.com", "selector": "default", "record": f"vip._bimi TXT {BIMI}"},
        None,
        {"vip._bimi.example.com": (BIMI,)},
    ),
    "a subdomain's own name": ({"domain": "news.example.com", "dmarc": f"_dmarc.news.example.com TXT {DMARC}"}, DMARC, None),
    "a subdomain and the domain above it": (
        {"domain": "news.example.com", "dmarc": f"_dmarc.example.com TXT {DMARC}\n_dmarc.news.example.com TXT {DMARC}"},
        {"_dmarc.example.com": (DMARC,), "_dmarc.news.example.com": (DMARC,)},
        None,
    ),
    "short names of the zone above": (
        {"domain": "news.example.com", "dmarc": f'_dmarc TXT "{DMARC}"\n_dmarc.news TXT "{DMARC}"'},
        {"_dmarc.example.com": (DMARC,), "_dmarc.news.example.com": (DMARC,)},
        None,
    ),
    "a short name below the domain": (
        {"domain": "example.com", "dmarc": f'_dmarc.news TXT "{DMARC}"'},
        {"_dmarc.news.example.com": (DMARC,)},
        None,
    ),
    "a top level is no short name": ({"domain": "example.com", "dmarc": f'_dmarc.com TXT "{DMARC}"'}, {"_dmarc.com": (DMARC,)}, None),
    "several texts": ({"domain": "example.com", "dmarc": f"{DMARC}\nv=DMARC1"}, {"_dmarc.example.com": (DMARC, "v=DMARC1")}, None),
    "one with a name and one without": (
        {"domain": "example.com", "dmarc": f"_dmarc TXT {DMARC}\n\nv=DMARC1; p=none"},
        {"_dmarc.example.com": (DMARC, "v=DMARC1; p=none")},
        None,
    ),
    "U-labels": ({"domain": "例え.jp", "dmarc": f'_dmarc.例え.jp TXT "{DMARC}"'}, DMARC, None),
    "addresses": (
        {"domain": "example.com", "logo_url": " https://example.com/l.svg ", "certificate_url": "https://example.com/c.pem"},
        None,
        "v=BIMI1; l=https://example.com/l.svg; a=https://example.com/c.pem",
    ),
    "the address of a logo": ({"domain": "example.com", "logo_url": "HTTPS://example.com/l.svg"}, None, "v=BIMI1; l=HTTPS://example.com/l.svg; a="),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "dmarc", "record"), PLAN.values(), ids=PLAN)
def test_records_are_the_plan_of_the_domain(fields: dict[str, str], dmarc: Any, record: Any) -> None:
    submission = submitted([], **fields)
    assert (submission.dmarc, submission.record) == (dmarc, record)


@pytest.mark.parametrize(
    ("dmarc", "record", "domain", "selector"),
    [
        ("_dmarc.example.com TXT v=DMARC1", "", "example.com", "default"),
        ("", "vip._bimi.example.com TXT v=BIMI1", "example.com", "vip"),
        (
            "_dmarc.example.com TXT v=DMARC1",
            "default._bimi.news.example.com TXT v=BIMI1",
            "news.example.com",
            "default",
        ),
        ("_dmarc.example.com TXT v=DMARC1\n_dmarc.news.example.com TXT v=DMARC1", "", "example.com", "default"),
        ("", "a._bimi.example.com TXT v=BIMI1\ndefault._bimi.example.com TXT v=BIMI1", "example.com", "default"),
    ],
)
def test_names_tell_the_domain_and_the_selector(dmarc: str, record: str, domain: str, selector: str) -> None:
    submission = submitted([], dmarc=dmarc, record=record)
    assert (submission.domain, submission.selector) == (domain, selector)


FILES = [("logo.svg", LOGO)]
REFUSED: dict[str, tuple[list[tuple[str, bytes]], dict[str, Any], str, str]] = {
    "nothing": ([], {}, "nothing-given", ""),
    "blanks": ([("", b"")], {"domain": " ", "dmarc": "\n"}, "nothing-given", ""),
    "an empty file": ([("logo.svg", b"")], {}, "file-empty", "files"),
    "too many files": (FILES * 9, {}, "too-many-files", "files"),
    "too many pairs": ([*FILES * 3, *[("vmc.pem", PEM)] * 3], {"domain": "example.com"}, "too-many-pairs", "files"),
    "records without a domain": (FILES, {"dmarc": DMARC}, "domain-needed", "domain"),
    "a short name without a domain": ([], {"dmarc": f"_dmarc TXT {DMARC}"}, "domain-needed", "domain"),
    "addresses without a domain": (FILES, {"logo_url": "https://example.com/l.svg"}, "domain-needed", "domain"),
    "records of other domains": ([], {"domain": "example.com", "dmarc": f"_dmarc.example.org TXT {DMARC}"}, "domains-differ", "domain"),
    "records of a domain that only ends alike": ([], {"domain": "example.com", "dmarc": f"_dmarc.badexample.com TXT {DMARC}"}, "domains-differ", "domain"),
    "records of two domains": ([], {"dmarc": f"_dmarc.example.org TXT {DMARC}\n_dmarc.example.com TXT {DMARC}"}, "domains-differ", "domain"),
    "records of two selectors": ([], {"record": f"a._bimi.example.com TXT {BIMI}\nb._bimi.example.com TXT {BIMI}"}, "selectors-differ", "selector"),
    "a record and addresses": ([], {"domain": "example.com", "record": BIMI, "logo_url": "https://example.com/l.svg"}, "record-twice", "record"),
    "an address of plain HTTP": ([], {"domain": "example.com", "logo_url": "http://example.com/l.svg"}, "address-not-https", "logo_url"),
    "an address with a semicolon": ([], {"domain": "example.com", "logo_url": "https://example.com/;l.svg"}, "address-not-https", "logo_url"),
    "an address with a line break": ([], {"domain": "example.com", "logo_url": "https://example.com/\nl.svg"}, "address-not-https", "logo_url"),
    "a bad address of a certificate": ([], {"domain": "example.com", "logo_url": "https://example.com/l.svg", "certificate_url": "x"}, "address-not-https", "certificate_url"),
    "a certificate's address alone": ([], {"domain": "example.com", "certificate_url": "https://example.com/c.pem"}, "address-needed", "logo_url"),
    "a long domain": ([], {"domain": "x" * 3000}, "text-too-long", "domain"),
    "a long record": ([], {"domain": "example.com", "record": "x" * 30_000}, "text-too-long", "record"),
    "a misplaced record": ([], {"domain": "example.com", "record": f"@ TXT {BIMI}"}, "record-misplaced", "record"),
}  # fmt: skip


def test_an_empty_file_among_others_is_judged_by_itself() -> None:
    files = [("a.svg", LOGO), ("b.svg", b""), ("c.pem", PEM), ("d.crt", b"")]
    for domain in ("", "example.com"):
        submission = submitted(files, domain=domain)
        assert [file.name for file in submission.files] == ["a.svg", "c.pem"]
        assert {file.name for pair in submission.pairs() for file in pair if file} == {"a.svg", "c.pem"}
        alone = [(part.domain, part.live, [file and file.name for file in pair]) for part, pair in submission.alone()]
        assert alone == [("", False, ["b.svg", None]), ("", False, [None, "d.crt"])]


@pytest.mark.parametrize(("files", "fields", "name", "field"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_go_together_is_told(
    files: list[tuple[str, bytes]], fields: dict[str, Any], name: str, field: str
) -> None:
    with pytest.raises(Problem) as told:
        submitted(files, **fields)
    assert (told.value.name, told.value.field) == (name, field)
    assert set(told.value.params) == set(KINDS[name].params)


@pytest.mark.parametrize(
    ("fields", "look_up", "live"),
    [
        ({"domain": "example.com"}, True, True),
        ({"domain": "example.com"}, False, True),
        ({"domain": "example.com", "dmarc": DMARC}, True, True),
        ({"domain": "example.com", "dmarc": DMARC}, False, False),
        ({}, True, False),
    ],
)
def test_the_network_is_asked_for_a_domain_alone_or_when_it_is_wished(
    fields: dict[str, str], look_up: bool, live: bool
) -> None:
    files = [] if fields else FILES
    assert submitted(files, look_up=look_up, **fields).live is live


def pairs(submission: Submission) -> list[tuple[str | None, str | None]]:
    return [(logo and logo.name, certificate and certificate.name) for logo, certificate in submission.pairs()]


L, M, C, D = ("l.svg", LOGO), ("m.svg", LOGO), ("c.pem", PEM), ("d.pem", PEM)


@pytest.mark.parametrize(
    ("files", "domain", "expected"),
    [
        ([L], "", [("l.svg", None)]),
        ([C], "", [(None, "c.pem")]),
        ([L, C], "", [("l.svg", None), ("l.svg", "c.pem")]),
        ([L, M, C], "", [("l.svg", None), ("m.svg", None), ("l.svg", "c.pem"), ("m.svg", "c.pem")]),
        ([("x.crl", _crl(Encoding.DER))], "", [(None, None)]),
        ([], "example.com", [(None, None)]),
        ([L, C], "example.com", [("l.svg", "c.pem")]),
        ([L, M, C], "example.com", [("l.svg", "c.pem"), ("m.svg", "c.pem")]),
        ([L, C, D], "example.com", [("l.svg", "c.pem"), ("l.svg", "d.pem")]),
        ([L, M, C, D], "", [("l.svg", None), ("m.svg", None), *(((a, b)) for a in ("l.svg", "m.svg") for b in ("c.pem", "d.pem"))]),
    ],
    ids=str,
)  # fmt: skip
def test_logos_and_certificates_are_judged_in_pairs(
    files: list[tuple[str, bytes]], domain: str, expected: list[tuple[str | None, str | None]]
) -> None:
    submission = submitted(files, domain=domain)
    assert pairs(submission) == expected
    assert len(expected) <= MOST_SUBJECTS


WORDS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["example.com", "news.example.com", DMARC, BIMI, f"_dmarc TXT {DMARC}", f"_dmarc.com TXT {DMARC}",
                     f"x._bimi.example.com TXT {BIMI}", "https://example.com/l.svg", "a@b.example", "_dmarc.\u00ad TXT v=DMARC1",
                     "_dmarc.ß.ẞ TXT v=DMARC1", "x._bimi.\ufeff TXT v=BIMI1"]),
)  # fmt: skip


@given(domain=WORDS, selector=WORDS, dmarc=WORDS, record=WORDS, logo_url=WORDS, certificate_url=WORDS)
def test_no_text_raises_anything_but_a_problem(**fields: str) -> None:
    try:
        submission = submitted([], **fields)
    except Problem as problem:
        told = problem
    else:
        holds(submission)
        return
    assert set(told.params) == set(KINDS[told.name].params)


def holds(submission: Submission) -> None:
    assert submission.domain
    assert submission.selector
    assert all(name for name in submission.plan())
    assert bool(submission.plan()) == submission.has_records
