"""`explain`: a report in words, by what has to be touched; what the portal and other pages are drawn from."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import AT

import bimikit
from bimikit.output.explanation import TOPICS, topic_of
from bimikit.testing import LOGO, MarkCA

ROOT = Path(__file__).parent.parent
INKSCAPE = (ROOT / "examples/exported-by-inkscape.svg").read_bytes()


def broken_publication() -> bimikit.Report:
    return bimikit.check_publication(
        domain="example.com",
        svg=INKSCAPE,
        certificate=MarkCA(at=AT).issue("example.org").pem,
        dmarc="v=DMARC1; p=none; pct=x",
        record="v=BIMI1; l=http://example.com/logo.svg; a=https://example.com/vmc.pem",
        at=AT,
    )


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_findings_come_by_what_has_to_be_touched_and_none_is_lost(lang: str) -> None:
    report = broken_publication()
    told = bimikit.explain(report, lang)
    assert [topic.name for topic in told.topics] == ["logo", "certificate", "dns"]
    rules = [finding.rule for topic in told.topics for finding in topic.findings]
    assert sorted(rules) == sorted(finding.rule for finding in report.findings)
    for topic in told.topics:
        kinds = [finding.kind for finding in topic.findings]
        assert kinds == sorted(kinds, key=["error", "undecided", "warning", "notice"].index)
        assert all(finding.message and finding.why and finding.fix and finding.kind_label for finding in topic.findings)


def test_every_rule_belongs_to_something_that_can_be_touched() -> None:
    findings = [
        bimikit.Finding(rule.id, rule.severity, bimikit.Outcome.FAIL, rule.citation, rule.applicability)
        for rule in bimikit.all_rules()
    ]
    assert {finding.rule.partition(".")[0] for finding in findings if topic_of(finding) == "other"} == {"bimikit"}
    assert {topic_of(finding) for finding in findings} == set(TOPICS)


def test_every_provider_has_its_verdict_and_reasons() -> None:
    report = broken_publication()
    told = {provider.id: provider for provider in bimikit.explain(report, "ja").providers}
    assert {name: one.state for name, one in told.items()} == dict(report.verdicts)
    assert told["gmail"].reasons
    assert told["gmail"].label == "表示されません"


def test_a_fault_is_shown_in_its_line() -> None:
    alone = bimikit.explain(bimikit.check_svg(INKSCAPE), source=INKSCAPE)
    finding = alone.topics[0].findings[0]
    assert (finding.line, finding.excerpt and finding.excerpt.marked) == (9, 'inkscape:version="1.3"')
    within = bimikit.explain(broken_publication()).topics[0].findings[0]
    assert within.excerpt == finding.excerpt
    assert bimikit.explain(bimikit.check_svg(INKSCAPE)).topics[0].findings[0].excerpt is None


def test_records_are_marked_where_they_are_wrong() -> None:
    report = broken_publication()
    records = {record.name: record.texts for record in bimikit.explain(report).records}
    (dmarc,) = records["_dmarc.example.com"]
    assert "".join(piece.text for piece in dmarc) == "v=DMARC1; p=none; pct=x"
    assert {piece.rule: piece.text for piece in dmarc if piece.rule} == {
        "dmarc.policy-none": "p=none",
        "dmarc.value-ignored": "pct=x",
    }
    (assertion,) = records["default._bimi.example.com"]
    assert [piece.text for piece in assertion if piece.rule] == ["l=http://example.com/logo.svg"]


def test_a_certificate_comes_with_its_card_and_a_logo_without() -> None:
    pem = MarkCA(at=AT).issue("example.com").pem
    card = bimikit.explain(bimikit.check_certificate(pem, at=AT)).card
    assert card is not None
    assert card.heading == "Mark Certificate: VMC · Registered Mark"
    assert len(card.chain) == 2
    assert "25 October 2026 – 25 November 2027 (366 days left)" in {row.value for row in card.rows}
    japanese = bimikit.explain(bimikit.check_certificate(pem, at=AT), "ja").card
    assert japanese is not None
    assert "2026年10月25日 – 2027年11月25日" in japanese.chain[-1]
    assert japanese.heading == "マーク証明書：VMC · 登録商標（Registered Mark）"
    rows = {row.label: row.value for row in japanese.rows}
    assert rows["登記"].startswith("民間組織（Private Organization）、")
    assert rows["有効期間"].endswith("2027年11月25日（残り366日）")
    assert japanese.chain[0].endswith("、信頼されたルートに届きません）")
    assert not [text for text in (*rows.values(), *japanese.chain) if " (" in text]
    assert bimikit.explain(bimikit.check_svg(LOGO)).card is None


def test_a_private_key_is_never_quoted() -> None:
    key = b"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n"
    told = bimikit.explain(bimikit.check_certificate(key, at=AT), source=key)
    assert "MIIEvQ" not in repr(told)


def test_bad_calls_are_told() -> None:
    with pytest.raises(TypeError):
        bimikit.explain("report")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="fr"):
        bimikit.explain(bimikit.check_svg(LOGO), "fr")


def test_a_report_is_written_as_the_command_line_does() -> None:
    report = bimikit.check_svg(INKSCAPE, name="logo.svg", at=AT)
    page = bimikit.render_report(report, "html", lang="ja", sources={"logo.svg": INKSCAPE})
    assert page.startswith("<!DOCTYPE html>")
    assert "<mark>inkscape:version=" in page
    assert bimikit.render_report([report, report], "jsonl").count("\n") == 2
    with pytest.raises(ValueError, match="pdf"):
        bimikit.render_report(report, "pdf")


def test_a_logo_is_drawn_by_itself_at_several_sizes() -> None:
    from io import BytesIO

    from PIL import Image

    drawn = bimikit.draw_svg(LOGO, [24, 96])
    assert {size: Image.open(BytesIO(png)).size for size, png in drawn.items()} == {24: (24, 24), 96: (96, 96)}
    clear = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3" fill="red"/></svg>'
    image = Image.open(BytesIO(bimikit.draw_svg(clear, [64])[64]))
    assert image.mode == "RGBA"
    assert image.getpixel((0, 0))[3] == 0
    for sizes, error in (([0], ValueError), ([9999], ValueError), (["24"], TypeError), ([True], TypeError)):
        with pytest.raises(error):
            bimikit.draw_svg(LOGO, sizes)  # type: ignore[arg-type]
    with pytest.raises(bimikit.NotDrawable):
        bimikit.draw_svg(b"nothing", [24])


def test_a_look_at_a_logo_is_what_judging_and_drawing_it_tell() -> None:
    worded = LOGO.replace(b"</svg>", b"<text>Acme</text></svg>")
    for data in (LOGO, worded):
        report, pictures = bimikit.look_at_svg(data, [24, 96], at=AT, name="logo.svg")
        assert report == bimikit.check_appearance(data, at=AT, name="logo.svg")
        assert pictures == bimikit.draw_svg(data, [24, 96])
    report, pictures = bimikit.look_at_svg(b"nothing", [24])
    assert (pictures, report.complete, report.findings[0].rule) == ({}, False, "appearance.not-drawable")
    for sizes, error in (([0], ValueError), (["24"], TypeError)):
        with pytest.raises(error):
            bimikit.look_at_svg(LOGO, sizes)  # type: ignore[arg-type]


def _drawn(body: str) -> bytes:
    head = LOGO.partition(b"<rect")[0]
    return head + body.encode() + b"</svg>"


DISC = '<circle cx="48" cy="48" r="40" fill="#1a3d8f"/>'


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ('<rect width="96" height="96" fill="#1a3d8f"/>', []),
        (DISC, ["appearance.low-contrast-dark"]),
        (DISC + '<circle cx="48" cy="48" r="30" fill="#fff"/>', ["appearance.low-contrast-dark"]),
        ("", []),
        # seen in the picture only
        ('<rect width="96" height="96" fill="#fff"/><rect width="96" height="96"/>', ["appearance.one-colour"]),
        (DISC.replace('cx="48"', 'cx="248"') + '<path d="M200 0h9v9z"/>', ["appearance.nothing-drawn"]),
    ],
    ids=["one colour", "one colour on nothing", "two colours on nothing", "nothing", "one over the other", "outside"],
)
def test_what_the_file_tells_is_not_told_of_the_picture_beside_it(body: str, left: list[str]) -> None:
    data = _drawn(body)
    looks = bimikit.check_appearance(data, at=AT)
    told = bimikit.explain(looks, beside=bimikit.check_svg(data, at=AT))
    assert [finding.rule for topic in told.topics for finding in topic.findings] == left
    alone = bimikit.explain(looks)
    assert [finding.rule for topic in alone.topics for finding in topic.findings] == [f.rule for f in looks.findings]
    assert told.verdict == alone.verdict
    assert sum(int(row.value) for row in told.counts) == len(left)


def test_only_a_report_can_stand_beside_another() -> None:
    with pytest.raises(TypeError):
        bimikit.explain(bimikit.check_svg(LOGO), beside=LOGO)  # type: ignore[arg-type]


def test_rules_that_tell_the_same_are_rules() -> None:
    from bimikit.svg.appearance_rules import TOLD_BY_FILE

    known = {rule.id for rule in bimikit.all_rules()}
    assert {*TOLD_BY_FILE, *TOLD_BY_FILE.values()} <= known
