"""`repair_svg` as its users see it: what comes out, what is told, and what is proven."""

from __future__ import annotations

import inspect
import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from repairing import assert_same_picture, logo

import bimikit
from bimikit import Applicability, Severity, check_svg, repair_svg
from bimikit.svg.repair import run
from bimikit.svg.repair.job import Job
from bimikit.svg.repair.steps import STEPS, Step
from bimikit.svg.repair.words import words

ROOT = Path(__file__).parent.parent
LOGOS = sorted((ROOT / "fixtures/svg/logos").glob("*.svg*"))
FIXTURES = sorted((ROOT / "fixtures/svg").glob("*/*.svg"))
TWO = '<rect width="100" height="100" fill="#fff3c4"/><circle cx="50" cy="50" r="30" fill="#1a3d8f"/>'


def whats(changes: object) -> list[str]:
    return [change.what for change in changes]  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", LOGOS, ids=lambda path: path.name)
def test_a_conformant_logo_passes_through_unchanged(path: Path) -> None:
    data = path.read_bytes()
    repair = repair_svg(data)
    assert not repair.changed
    assert repair.svg == data
    assert repair.ok
    assert not repair.declined


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_fixture_is_repaired_stably_and_never_made_worse(path: Path) -> None:
    data = path.read_bytes()
    repair = repair_svg(data)
    if repair.svg is None:
        assert not repair.report.ok
        return
    before = {finding.rule for finding in repair.before.findings if finding.severity is Severity.ERROR}
    after = {finding.rule for finding in repair.report.findings if finding.severity is Severity.ERROR}
    assert after - before <= {"svg.one-colour", "svg.nothing-drawn"}
    assert not repair.changed or repair.unproven or repair.difference is not None
    again = repair_svg(repair.svg)
    assert not again.changed, whats(again.changes)
    assert again.svg == repair.svg
    for change in (*repair.changes, *repair.undone, *repair.declined):
        for lang in ("en", "ja"):
            assert change.text(lang)


EXPORTS = {
    "css-classes": '<style>.a{fill:#c00}.b{fill:#00c;opacity:.5}</style><rect class="a" width="90" height="90"/><circle class="b" r="40"/>',
    "clip": '<defs><clipPath id="c"><circle cx="50" cy="50" r="40"/></clipPath></defs><g clip-path="url(#c)">' + TWO + "</g>",
    "mask": '<mask id="m" fill="#fff"><circle cx="50" cy="50" r="40"/></mask><g mask="url(#m)">' + TWO + "</g>",
    "symbol": '<symbol id="s" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4" fill="#0a0"/></symbol><rect width="100" height="100" fill="#eee"/><use xlink:href="#s" x="20" y="20" width="50" height="50"/>',
    "gradient": '<linearGradient id="g" gradientTransform="rotate(45)"><stop stop-color="#c00"/><stop offset="100%" stop-color="#00c"/></linearGradient><rect width="100" height="100" fill="url(#g)"/>',
    "radial": '<radialGradient id="g" cx="50%" cy="50%" r="50%" fx="50%" gradientTransform="matrix(1 0 0 .5 0 .25)"><stop stop-color="#fc0"/><stop offset="1" stop-color="#00c"/></radialGradient><rect width="100" height="80" fill="url(#g)"/>',
    "group-opacity": '<rect width="100" height="100" fill="#fc0"/><g opacity=".5"><rect width="60" height="60" fill="#c00"/><circle cx="60" cy="60" r="30" fill="#00c"/></g>',
    "paint-order": '<rect width="100" height="100" fill="#fff"/><circle cx="50" cy="50" r="30" fill="#c00" stroke="#00c" stroke-width="12" style="paint-order:stroke"/>',
    "switch": '<switch><foreignObject requiredExtensions="urn:x" width="1" height="1"/><g>' + TWO + "</g></switch>",
    "nested-svg": '<rect width="100" height="100" fill="#eee"/><svg x="10" y="10" width="50" height="80" viewBox="0 0 20 20"><circle cx="10" cy="10" r="14" fill="#c0c"/></svg>',
    "hidden": TWO + '<g display="none"><rect width="9" height="9"/></g><path d="M0 0h9v9z" visibility="hidden"/>',
    "colours": '<rect width="100" height="100" fill="cornflowerblue"/><rect width="50" height="50" fill="rgba(255,0,0,.5)"/>',
    "arcs": '<rect width="100" height="100" fill="#fff"/><path fill="#c00" d="M20 50a30 20 30 1 0 60 0 10 10 0 0 1 9 9z"/>',
}  # fmt: skip


@pytest.mark.parametrize("body", EXPORTS.values(), ids=EXPORTS)
def test_what_editors_export_comes_out_conformant_with_the_same_picture(body: str) -> None:
    before = logo(body)
    repair = repair_svg(before.encode(), title="Acme")
    assert repair.ok, (whats(repair.declined), whats(repair.undone), [f.rule for f in repair.remaining])
    assert repair.svg is not None
    assert check_svg(repair.svg).ok
    assert repair.difference is not None
    assert repair.difference.same
    assert_same_picture(before, repair.svg.decode(), mean=0.5)


def test_a_repair_tells_places_in_the_file_that_was_given() -> None:
    svg = logo('\n<circle\n   r="9" fill="tomato"/>' + TWO)
    (change,) = (change for change in repair_svg(svg.encode()).changes if "colours" in change.what)
    place = change.locations[0]
    assert (place.line, place.column, place.attribute) == (3, 10, "fill")
    assert place.element == "svg/circle[1]"


CONSENTS = {
    "filter": '<filter id="f"><feGaussianBlur stdDeviation="4"/></filter><g filter="url(#f)">' + TWO + "</g>",
    "mask": '<linearGradient id="g"><stop stop-color="#fff"/><stop offset="1" stop-color="#000"/></linearGradient><mask id="m"><rect width="100" height="100" fill="url(#g)"/></mask><g mask="url(#m)">' + TWO + "</g>",
    "blend": TWO + '<rect width="60" height="60" fill="#0c0" style="mix-blend-mode:multiply"/>',
    "image": TWO + '<image width="10" height="10" href="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAIklEQVR42mNkWMWAFTAx4AAsEOpMGELIZBVeHaRLMJLsKgC+BQNlYnhVxwAAAABJRU5ErkJggg=="/>',
    "animation": TWO + '<circle r="9" fill="#c00"><animate attributeName="r" to="20" dur="1s"/></circle>',
    "foreign": TWO + '<foreignObject width="9" height="9"><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
}  # fmt: skip


@pytest.mark.parametrize("kind", CONSENTS)
def test_what_changes_the_picture_is_done_with_consent_only(kind: str) -> None:
    svg = logo(CONSENTS[kind]).encode()
    refused = repair_svg(svg)
    assert not refused.ok
    assert kind in {change.needs for change in refused.declined}
    assert all(change.applicability is Applicability.SAFE for change in refused.changes)
    allowed = repair_svg(svg, allow=[kind])
    assert allowed.report.ok, (whats(allowed.declined), [f.rule for f in allowed.remaining])
    assert allowed.visible


def test_a_logo_of_one_colour_needs_a_background() -> None:
    svg = logo('<circle cx="50" cy="50" r="30"/>').encode()
    refused = repair_svg(svg)
    assert "svg.one-colour" in {finding.rule for finding in refused.remaining}
    repair = repair_svg(svg, background="white")
    assert repair.ok
    assert repair.svg is not None
    assert b'fill="#ffffff"' in repair.svg
    assert not repair_svg(repair.svg, background="white").changed


def test_a_step_that_alters_the_picture_is_taken_back_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(job: Job) -> None:
        for node in job.root.walk():
            if node.name == "circle" and job.may_touch(node) and node.attributes.get("r") == "30":
                node.attributes["r"] = "10"
                job.did("title.moved", node, title="spoilt")

    spoiling = (*STEPS, Step("test.spoil", spoil))
    monkeypatch.setattr(run, "STEPS", spoiling)
    monkeypatch.setattr("bimikit.svg.repair.proof.STEPS", spoiling)
    repair = repair_svg(logo(TWO).encode())
    assert repair.ok
    assert whats(repair.undone) == ["change.title.moved"]
    assert repair.svg is not None
    assert b'r="30"' in repair.svg


def test_a_step_that_breaks_down_loses_nothing_but_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(job: Job) -> None:
        job.root.children.clear()
        raise RuntimeError("boom")

    monkeypatch.setattr(run, "STEPS", (Step("test.broken", broken), *STEPS))
    repair = repair_svg(logo(TWO).encode(), title="Acme")
    assert repair.ok
    assert whats(repair.undone) == ["change.step-failed"]


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n", b"<svg", b"<html/>", b"<svg xmlns='http://www.w3.org/2000/svg'>"]
)
def test_what_cannot_be_read_cannot_be_repaired(data: bytes) -> None:
    repair = repair_svg(data)
    assert repair.svg is None
    assert not repair.ok
    assert whats(repair.declined) == ["declined.unreadable"]
    assert repair.remaining


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"allow": ["everything"]}, ValueError),
        ({"allow": "text"}, TypeError),
        ({"background": "no colour"}, ValueError),
        ({"background": "rgba(0,0,0,.5)"}, ValueError),
        ({"title": " "}, ValueError),
        ({"title": 5}, TypeError),
        ({"title": "a\x00b"}, ValueError),
        ({"desc": ""}, ValueError),
        ({"allow": None}, TypeError),
        ({"fonts": b"font"}, TypeError),
        ({"fonts": ["x.ttf"]}, TypeError),
    ],
    ids=str,
)
def test_bad_calls_raise(arguments: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        repair_svg(logo(TWO).encode(), **arguments)  # type: ignore[arg-type]


def test_a_result_is_data() -> None:
    repair = repair_svg(logo(EXPORTS["css-classes"]).encode(), name="logo.svg", at=None)
    told = json.loads(repair.to_json("ja"))
    assert told["kind"] == "repair"
    assert told["ok"] is True
    assert told["difference"]["same"] is True
    assert told["svg"]["size"] == len(repair.svg or b"")
    assert pickle.loads(pickle.dumps(repair)).to_dict() == repair.to_dict()  # noqa: S301
    assert repair.picture is not None
    assert repair.picture.startswith(b"\x89PNG")


def test_what_is_not_drawn_is_not_said_to_be_proven() -> None:
    repair = repair_svg(logo(TWO + '<text x="9" y="9">Acme</text>').encode(), title="Acme")
    assert repair.report.ok
    assert (repair.proven, repair.ok, repair.unproven) == (False, False, "in-part")
    assert "text" in {change.needs for change in repair.declined}


def test_a_result_tells_its_signature() -> None:
    assert "svg" in inspect.signature(bimikit.Repair).parameters


def test_a_canvas_is_not_fitted_around_what_cannot_be_measured() -> None:
    svg = logo('<rect width="20" height="20" fill="#0c0"/><text x="60" y="60">Acme</text>').encode()
    repair = repair_svg(svg, allow=["crop"])
    assert "declined.root.not-cropped" in whats(repair.declined)
    assert repair.svg is not None
    assert b'viewBox="0 0 100 100"' in repair.svg


def test_what_differs_is_told_one_by_one_and_counts_are_added_up() -> None:
    svg = logo('<rect width="100" height="100" fill="tomato"/><circle r="9" fill="gold"/><circle r="4" fill="gold"/>')
    told = {change.text(): change.count for change in repair_svg(svg.encode()).changes if "colours" in change.what}
    assert sorted(told.values()) == [1, 2]


def test_a_large_file_comes_under_the_limit_where_the_geometry_allows() -> None:
    shapes = "".join(
        f'<path fill="#{n % 4096:03x}" d="M{n % 97}.123456789 {n % 89}.987654321l1.23456789012 .98765432109 -1.1111111111 2z"/>\n      '
        for n in range(450)
    )
    svg = logo(TWO + shapes)
    assert len(svg) > 32_768
    repair = repair_svg(svg.encode(), title="Acme")
    assert repair.ok
    assert repair.svg is not None
    assert len(repair.svg) <= 32_768
    assert not repair_svg(repair.svg).changed


def test_every_note_has_words_in_both_languages() -> None:
    assert words("en").keys() == words("ja").keys()


def test_the_library_stays_light() -> None:
    code = (
        "import sys, bimikit; bimikit.repair_svg; bimikit.Repair; "
        "print([m for m in ('PIL', 'pathops', 'fontTools', 'tinycss2', 'resvg', 'vtracer') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_extra_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("bimikit.svg.repair") or name == "pathops"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pathops", None)
    with pytest.raises(bimikit.BimikitError, match=r"pip install 'bimikit\[repair\]'"):
        repair_svg(logo(TWO).encode())


MARKUP = st.sampled_from(
    [TWO, *EXPORTS.values(), *CONSENTS.values(), "<g>", "</g>", "<g opacity='.5'>", "<defs>", "</defs>", "<a>", "&amp;"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(MARKUP, max_size=4), st.booleans())
def test_any_mixture_is_repaired_stably_or_refused(pieces: list[str], cut: bool) -> None:
    text = logo("".join(pieces))
    data = text[: len(text) * 2 // 3].encode() if cut else text.encode()
    repair = repair_svg(data)
    if repair.svg is None:
        return
    again = repair_svg(repair.svg)
    assert again.svg == repair.svg, (whats(repair.changes), whats(again.changes))


def test_a_fault_of_ours_leaves_the_file_as_it_is_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_document: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(run, "read_tree", broken)
    svg = logo(TWO).encode()
    repair = repair_svg(svg)
    assert repair.svg == svg
    assert not repair.ok
    assert whats(repair.declined) == ["declined.broke-down"]


def test_a_clip_on_a_symbol_is_followed() -> None:
    clip = '<clipPath id="c" clipPathUnits="objectBoundingBox"><circle cx=".5" cy=".5" r=".4"/></clipPath>'
    symbol = '<symbol id="s" clip-path="url(#c)"><rect width="40" height="40"/></symbol>'
    repair = repair_svg(logo(TWO + clip + symbol + '<use href="#s" width="50" height="50"/>').encode())
    assert repair.ok
    assert b"M20 36" in (repair.svg or b"")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("acme_tools-logo.svg", "acme tools logo"),
        ("brand/アクメ.SVGZ", "アクメ"),
        ("acme.final.svg", "acme"),
        (".svg", "Logo"),
        ("svg", "Logo"),
        ("-", "Logo"),
        ("a\x00b.svg", "Logo"),
    ],
)
def test_a_logo_without_a_title_is_named_after_its_file_until_somebody_names_it(name: str, title: str) -> None:
    repair = repair_svg(logo(TWO).encode(), name=name)
    assert repair.svg is not None
    assert f"<title>{title}</title>" in repair.svg.decode()
    (change,) = (change for change in repair.changes if change.what.startswith("change.title."))
    assert (change.what, change.params["title"]) == ("change.title.invented", title)
    assert repair_svg(repair.svg, name="other.svg").svg == repair.svg
    assert "<title>Acme</title>" in (repair_svg(logo(TWO).encode(), name=name, title="Acme").svg or b"").decode()
