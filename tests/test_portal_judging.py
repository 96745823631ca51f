"""Judging what was handed in: which answers there are, what each is about, and which logo it shows."""

from __future__ import annotations

import pickle
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from support import AT

import bimikit
from bimikit.testing import LOGO, MarkCA
from webapp.judging import SIZES, Logo, Subject, drawn, judge_files, logo_of, repair
from webapp.submission import submitted

CA = MarkCA(at=AT)
PEM = CA.issue("example.com").pem
OTHER = LOGO.replace(b"#fff", b"#ffe")
UNREPAIRED = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"><title>Acme</title>'
    b'<rect width="100" height="50" fill="#fff"/><circle cx="50" cy="25" r="20" style="fill:#1a3d8f"/></svg>'
)
DAMAGED: dict[str, bytes] = {
    "empty of meaning": b"0",
    "PNG": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "PDF": b"%PDF-1.7\n",
    "ZIP": b"PK\x03\x04" + bytes(30),
    "HTML": b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>",
    "a key": b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    "a torn chain": PEM[:700],
    "torn DER": b"\x30\x82\x01\x00" + bytes(10),
    "an endless entity": b'<!DOCTYPE svg [<!ENTITY a "&b;&b;"><!ENTITY b "&a;">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
    "broken gzip": b"\x1f\x8b\x08" + bytes(30),
    "zeros": bytes(1000),
}


def judged(files: Any = (), *, draw: bool = False, **fields: Any) -> tuple[Subject, ...]:
    subjects = judge_files(submitted(files, look_up=False, **fields), at=AT, trust=CA.trust, draw=draw)
    assert pickle.loads(pickle.dumps(subjects)) == subjects  # noqa: S301
    return subjects


def test_a_logo_is_judged_by_itself() -> None:
    (subject,) = judged([("logo.svg", LOGO)])
    assert (subject.report.kind, subject.report.subject, subject.report.ok) == ("svg", "logo.svg", True)
    assert (subject.source, subject.files, subject.logo) == (LOGO, ("logo.svg",), Logo("logo.svg", LOGO))


def test_a_certificate_is_judged_by_itself_and_shows_the_logo_inside() -> None:
    (subject,) = judged([("vmc.pem", PEM)])
    assert (subject.report.kind, subject.report.subject, subject.report.ok) == ("certificate", "vmc.pem", True)
    assert (subject.source, subject.files) == (PEM, ("vmc.pem",))
    assert subject.logo == Logo("", LOGO)


def test_a_logo_beside_a_certificate_has_a_verdict_of_its_own() -> None:
    logo, certificate = judged([("logo.svg", OTHER), ("vmc.pem", PEM), ("i.crl", CA.crl())])
    assert (logo.report.kind, logo.files, logo.report.subject) == ("svg", ("logo.svg",), "logo.svg")
    assert (certificate.report.kind, certificate.files) == ("certificate", ("logo.svg", "vmc.pem"))
    assert "match.logo-differs" in {finding.rule for finding in certificate.report.findings}
    assert logo.logo == Logo("logo.svg", OTHER)
    assert certificate.logo == Logo("", LOGO)


def test_a_domain_takes_everything_as_one_publication() -> None:
    (subject,) = judged(
        [("logo.svg", LOGO), ("vmc.pem", PEM), ("i.crl", CA.crl()), ("r.crl", CA.crl(of="root"))],
        domain="example.com",
        dmarc="v=DMARC1; p=reject",
        record="v=BIMI1; l=https://example.com/l.svg; a=https://example.com/c.pem",
    )
    assert (subject.report.kind, subject.report.subject, subject.source) == ("publication", "example.com", None)
    assert subject.report.verdicts["gmail"] == "ready"
    assert subject.report.facts["certificate"]["revocation"]["states"] == {"0": "good", "1": "good"}
    assert set(subject.plan) == {"_dmarc.example.com", "default._bimi.example.com"}
    assert subject.files == ("logo.svg", "vmc.pem")


def test_a_selector_and_a_local_part_reach_the_check() -> None:
    record = "v=BIMI1; l=https://example.com/l.svg; a=; lps=news"
    (subject,) = judged(domain="news@example.com", selector="vip", record=record)
    assert (subject.report.facts["selector"], subject.report.facts["local_part"]) == ("vip", "news")
    assert subject.report.facts["records"] == {"vip._bimi.example.com": [record]}


def test_a_list_alone_is_told_to_be_no_certificate() -> None:
    (subject,) = judged([("list.crl", CA.crl())])
    assert (subject.report.kind, subject.report.subject, subject.files) == ("certificate", "list.crl", ("list.crl",))
    assert not subject.report.ok


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize(
    "fields", [{}, {"domain": "example.com", "dmarc": "v=DMARC1; p=reject"}], ids=["alone", "domain"]
)
def test_anything_at_all_gets_an_answer(data: bytes, fields: dict[str, str]) -> None:
    for name in ("logo.svg", "vmc.pem", "list.crl"):
        for subject in judged([(name, data)], draw=True, **fields):
            rules = {finding.rule for finding in subject.report.findings}
            assert rules
            assert "bimikit.rule-crashed" not in rules
            assert subject.logo is None or not subject.logo.pictures or data.startswith(b"<!DOCTYPE svg")


def test_logos_are_drawn_as_the_page_shows_them() -> None:
    first, second = judged([("logo.svg", LOGO), ("vmc.pem", PEM)], draw=True)
    for subject in (first, second):
        assert subject.logo is not None
        assert set(subject.logo.pictures) == {*SIZES, *(2 * size for size in SIZES)}
        assert all(Image.open(BytesIO(png)).size == (size, size) for size, png in subject.logo.pictures.items())
        assert subject.logo.appearance is not None
        assert subject.logo.appearance.kind == "appearance"


def test_what_can_not_be_drawn_is_still_told() -> None:
    logo = drawn(Logo("x.svg", LOGO.replace(b"<title>", b'<image href="x.png"/><title>')), AT)
    assert logo.appearance is not None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "shift_jis"])
def test_a_fetched_logo_is_shown_in_any_encoding(encoding: str) -> None:
    text = LOGO.decode().replace("Acme", "ロゴ")
    declared = (
        f'<?xml version="1.0" encoding="{encoding}"?>' + text.partition("?>")[2]
        if text.startswith("<?xml")
        else (f'<?xml version="1.0" encoding="{encoding}"?>' + text)
    )
    report = bimikit.check_publication(domain="example.com", svg=declared.encode(encoding), at=AT)
    logo = logo_of(report, None)
    assert logo is not None
    assert bimikit.check_svg(logo.data, at=AT).facts["title"] == "ロゴ"
    assert drawn(logo, AT).pictures == drawn(Logo("", LOGO), AT).pictures


def test_a_repair_comes_with_its_pictures_cut_apart() -> None:
    repaired = repair(UNREPAIRED, "logo.svg", {"title": "Acme"}, at=AT)
    assert repaired.repair.ok
    assert repaired.repair.drawn is None
    assert repaired.logo is not None
    assert repaired.logo.pictures
    result = bimikit.repair_svg(UNREPAIRED, title="Acme", name="logo.svg", at=AT)
    assert result.drawn is not None
    pieces = [Image.open(BytesIO(png or b"")) for png in (repaired.before, repaired.after, repaired.difference)]
    assert {piece.size for piece in pieces} == {result.drawn[0].size}
    for piece, drawing in zip(pieces, result.drawn, strict=False):
        for x, y in ((128, 128), (128, 96), (64, 150), (20, 100)):
            assert drawing.getpixel((x, y))[3] == 255
            assert piece.getpixel((x, y)) == drawing.getpixel((x, y))[:3]
    assert pieces[2].getextrema() == ((128, 128),) * 3


def test_a_repair_of_what_is_no_logo_has_no_pictures() -> None:
    repaired = repair(b"%PDF-1.7", "logo.pdf", {}, at=AT)
    assert (repaired.repair.svg, repaired.before, repaired.after, repaired.difference, repaired.logo) == (None,) * 5


def test_an_option_that_makes_no_sense_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="colour"):
        repair(LOGO, "logo.svg", {"background": "none"}, at=AT)
