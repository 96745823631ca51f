"""The portal's pages: each door's answer, both languages, hostile texts, and what screen readers and slow lines need."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from string import Formatter
from typing import Any

import lxml.html
import msgspec
import pytest
from cssselect2 import ElementWrapper
from flask import Flask
from support import AT, ROOT
from test_domain import World
from werkzeug.http import parse_options_header
from werkzeug.test import TestResponse

from bimikit import Limits, check_publication, explain
from bimikit.svg.content import SIZE_LIMIT
from bimikit.testing import LOGO, MarkCA, Web, Zone
from webapp import create_app, words
from webapp.problems import PROBLEMS
from webapp.samples import SAMPLES
from webapp.showing import IN_FRONT, _answer

LANGUAGES = ("en", "ja")
CA = MarkCA(at=AT)
PEM = CA.issue("example.com").pem
EXPORTED = (ROOT / "examples/exported-by-illustrator.svg").read_bytes()
BROKEN = (ROOT / "examples/exported-by-inkscape.svg").read_bytes()
DMARC = "v=DMARC1; p=reject; rua=mailto:d@example.com"
SELF_ASSERTED = "v=BIMI1; l=https://www.example.com/logo.svg; a="
FAULTY = {
    "domain": "example.com",
    "dmarc": "v=DMARC1; p=none; pct=x",
    "record": "v=BIMI1; l=http://example.com/l.svg; a=",
}
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'{{7*7}}"
SPOKEN = ("alt", "aria-label", "title", "placeholder", "content")
"""Attributes that people read or hear."""
SAME_IN_BOTH = {
    "size.kilobytes",
    "size.megabytes",
    "mail.ours.time",
    "mail.one.time",
    "provider.gmail",
    "door.domain.example",
    "api.title",
}
"""Words without Japanese letters."""
KEPT = set(
    """
    and utc svg svgz pem crl bimi dmarc dns http https url pdf api html json markdown png txt vmc cmc ocsp
    gmail google workspace apple icloud yahoo mail com aol outlook microsoft docomo kddi
    mark certificate selector default none quarantine reject cookie base
    """.split()
)
"""Names, and what stands in records and files, which Japanese writes in Latin letters too."""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with Web(("www.example.com",)) as web, Zone() as zone:
        yield World(web, zone)


@pytest.fixture(scope="module")
def app(world: World) -> Iterator[Flask]:
    settings = {
        "WORKERS": 1,
        "RATES": {"check": 0, "live": 0, "repair": 0},
        "AT": AT,
        "TRUST": world.ca.trust,
        "POLICY": world.policy,
    }
    made = create_app({**settings, "RESOLVER": f"127.0.0.1:{world.zone.port}", "SECRET_KEY": "test"})
    yield made
    made.extensions["bimikit"].close()


class Pages:
    """Asks for pages, and reads them."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def get(self, path: str = "/", lang: str = "en") -> TestResponse:
        return self.app.test_client().get(path, headers={"Accept-Language": lang})

    def post(self, path: str = "/check", lang: str = "en", files: Any = (), **fields: Any) -> TestResponse:
        data = {**fields, "files": [(BytesIO(content), name) for name, content in files]}
        return self.app.test_client().post(path, data=data, headers={"Accept-Language": lang})

    def answer(self, lang: str = "en", files: Any = (), **fields: Any) -> lxml.html.HtmlElement:
        response = self.post("/check", lang, files, **fields)
        assert response.status_code == 200, response.text[:2000]
        return read(response)


@pytest.fixture(scope="module")
def pages(app: Flask) -> Pages:
    return Pages(app)


def read(response: TestResponse) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(response.get_data())


def text(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def find(element: lxml.html.HtmlElement, selector: str) -> list[lxml.html.HtmlElement]:
    return [match.etree_element for match in ElementWrapper.from_html_root(element).query_all(selector)]


def one(page: lxml.html.HtmlElement, selector: str) -> lxml.html.HtmlElement:
    (found,) = find(page, selector)
    return found


def headline(page: lxml.html.HtmlElement) -> str:
    return text(find(page, ".verdict h2")[0])


DOORS: dict[str, dict[str, Any]] = {
    "logo": {"files": [("logo.svg", LOGO)]},
    "exported logo": {"files": [("export.svg", EXPORTED)]},
    "broken logo": {"files": [("broken.svg", BROKEN)]},
    "certificate": {"files": [("vmc.pem", PEM)]},
    "logo and certificate": {"files": [("logo.svg", LOGO), ("vmc.pem", PEM)]},
    "several": {"files": [("logo.svg", LOGO), ("export.svg", EXPORTED), ("vmc.pem", PEM)]},
    "no logo at all": {"files": [("photo.svg", b"\x89PNG\r\n\x1a\n" + bytes(100))]},
    "domain": {"domain": "example.com", "look_up": "yes"},
    "records": FAULTY,
    "publication": {**FAULTY, "files": [("export.svg", EXPORTED), ("vmc.pem", PEM)]},
    "plan laid over what is live": {"domain": "example.com", "look_up": "yes", "dmarc": "v=DMARC1; p=none"},
    "plan that is right": {
        "domain": "example.com",
        "dmarc": DMARC,
        "record": SELF_ASSERTED,
        "files": [("logo.svg", LOGO)],
    },
}


@pytest.fixture(scope="module")
def answers(pages: Pages) -> Any:
    """The page of each door in each language, made once."""

    @cache
    def answer(door: str, lang: str = "en") -> lxml.html.HtmlElement:
        return pages.answer(lang, **DOORS[door])

    return answer


@pytest.fixture(scope="module")
def every_page(pages: Pages, answers: Any) -> Any:
    """All pages in a language, by name."""

    @cache
    def every(lang: str) -> dict[str, lxml.html.HtmlElement]:
        found = {"home": read(pages.get("/", lang)), "not found": read(pages.get("/nothing", lang))}
        found |= {door: answers(door, lang) for door in DOORS}
        found["nothing given"] = read(pages.post(lang=lang))
        found["no domain at all"] = read(pages.post(lang=lang, domain="exa mple", look_up="yes"))
        found["domain needed"] = read(pages.post(lang=lang, dmarc="v=DMARC1; p=none"))
        found["address"] = read(pages.post(lang=lang, domain="example.com", logo_url="http://example.com/l.svg"))
        return found

    return every


# ---- what each door answers


@pytest.mark.parametrize(
    ("door", "expected"),
    [
        ("logo", "It meets the standard"),
        ("exported logo", "It doesn’t meet the standard"),
        ("broken logo", "It doesn’t meet the standard"),
        ("no logo at all", "It doesn’t meet the standard"),
        ("logo and certificate", "Both are right, and belong together"),
        ("domain", "Ready to show"),
        ("records", "Not yet"),
        ("publication", "Not yet"),
        ("plan laid over what is live", "Not yet"),
        ("plan that is right", "Ready for Yahoo Mail, not yet for Gmail, Apple Mail"),
    ],
)
def test_every_door_has_its_headline(answers: Any, door: str, expected: str) -> None:
    assert headline(answers(door)) == expected


def test_the_samples_answer_as_they_say(pages: Pages, world: World) -> None:
    asked = len(world.zone.queries)
    found = {name: headline(pages.answer(sample=name)) for name in SAMPLES}
    assert found == {
        "export": "It doesn’t meet the standard",
        "planned": "Not yet",
        "published": "Ready for Yahoo Mail, not yet for Gmail, Apple Mail",
    }
    assert len(world.zone.queries) == asked


def test_a_file_alone_is_no_promise_about_inboxes(answers: Any) -> None:
    page = answers("logo")
    assert find(page, ".provider") == []
    assert one(page, ".gist .first a").get("href") == "#domain"
    assert text(one(page, ".verdict .question")) == "Does this logo file meet the standard?"


def test_every_provider_is_told_once_the_major_ones_first(answers: Any) -> None:
    page = answers("records")
    names = [text(name) for name in find(page, ".provider h4")]
    assert len(names) == len(IN_FRONT)
    assert [name.split()[0] for name in names[:3]] == ["Gmail", "Apple", "Yahoo"]
    others = [text(name) for name in find(page, ".others dt")]
    assert len(others) > 10
    assert not set(names) & set(others)
    counted = [int(text(count)) for count in find(page, ".others .tally strong")]
    assert counted == [len(find(group, "dt")) for group in find(page, ".others dl")]


def test_the_findings_stand_by_what_has_to_be_touched(answers: Any) -> None:
    page = answers("publication")
    parts = {part.get("id").removeprefix("answer-1-"): part for part in find(page, "section.part")}
    assert list(parts) == ["logo", "certificate", "dns"]
    for name, rules in {"logo": ("svg.", "appearance.", "receiver."), "dns": ("dmarc.", "bimi.")}.items():
        found = [text(code) for code in find(parts[name], ".about > div:last-child code")]
        assert found
        assert all(rule.startswith(rules) for rule in found)


@pytest.mark.parametrize("door", ["exported logo", "publication", "records", "several"])
def test_the_counts_count_what_is_shown(answers: Any, door: str) -> None:
    for answer in find(answers(door), "article.answer"):
        counted = Counter(finding.get("class").split()[1] for finding in find(answer, "details.finding"))
        told = {item.get("class"): int(text(one(item, "strong"))) for item in find(answer, ".verdict .tally li")}
        assert told == counted
        summed: Counter[str] = Counter()
        for item in find(answer, ".part .tally li"):
            summed[item.get("class")] += int(text(one(item, "strong")))
        assert summed == counted


def test_only_the_first_errors_are_unfolded(answers: Any) -> None:
    findings = find(answers("exported logo"), "details.finding")
    unfolded = ["open" in finding.attrib for finding in findings]
    assert unfolded == [True, True] + [False] * (len(findings) - 2)
    assert len(findings) > 5


def test_without_errors_what_could_not_be_found_out_is_unfolded(pages: Pages, world: World) -> None:
    world.zone.fail("_dmarc.silent.example", "servfail")
    page = pages.answer(domain="silent.example", look_up="yes")
    findings = find(page, "details.finding")
    assert "undecided" in findings[0].get("class")
    assert not find(page, "details.finding.error")
    unfolded = [finding.get("class").split()[1] for finding in findings if "open" in finding.attrib]
    assert unfolded == ["undecided"] * min(2, len(find(page, "details.finding.undecided")))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("door", DOORS)
def test_the_verdict_names_cause_and_first_step_and_nothing_below_says_them_again(
    answers: Any, door: str, lang: str
) -> None:
    for answer in find(answers(door, lang), "article.answer"):
        told = [text(said) for said in find(answer, ".gist dd")]
        assert len(find(answer, ".gist .first")) == (door != "domain")  # of which everything is right
        bad = "error" in one(answer, ".verdict").get("class") or "undecided" in one(answer, ".verdict").get("class")
        assert not bad or len(find(answer, ".gist .cause")) == 1
        below = [text(said) for said in find(answer, ".summary li")]
        assert len(below) == len(set(below))
        assert not [said for said in below for gist in told if gist.startswith(said)]


def test_the_cause_leads_to_its_finding(answers: Any) -> None:
    for door in ("broken logo", "records", "plan laid over what is live"):
        page = answers(door)
        link = one(page, ".gist .cause a")
        finding = page.get_element_by_id(link.get("href")[1:])
        assert text(one(page, ".gist .cause dd")).startswith(text(one(finding, ".message")))


def test_the_cause_is_what_a_person_has_to_redraw_before_what_the_repair_does(answers: Any, pages: Pages) -> None:
    planned = {"domain": "example.com", "dmarc": DMARC, "record": SELF_ASSERTED, "files": [("l.svg", BROKEN)]}
    for page in (answers("broken logo"), pages.answer(**planned)):
        cause = text(one(page, ".gist .cause dd"))
        assert cause.startswith("Drawing stops at character")
        assert text(find(page, ".finding .message")[0]).startswith("inkscape:version")
        assert not [item for item in find(page, ".summary li") if text(item) in cause]


@pytest.mark.parametrize("fields", [{}, {"domain": "example.com", "dmarc": DMARC, "record": SELF_ASSERTED}])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_errors_that_the_repair_puts_right_are_one_cause_with_their_number(
    pages: Pages, lang: str, fields: dict[str, Any]
) -> None:
    page = pages.answer(lang, files=[("export.svg", EXPORTED)], **fields)
    errors = len(find(page, "#answer-1-logo .finding.error"))
    assert errors > 3
    with pages.app.test_request_context(headers={"Accept-Language": lang}):
        sentence = words.word("result.cause.safe", count=errors)
    cause = one(page, ".gist .cause dd")
    assert text(cause).startswith(sentence)
    assert one(cause, "a").get("href") == "#answer-1-logo"
    messages = {text(message) for message in find(page, ".finding.error .message")}
    assert not messages & {text(item) for item in find(page, ".summary li")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_with_a_domain_the_repair_is_one_step_with_its_button(pages: Pages, lang: str) -> None:
    page = pages.answer(
        lang, files=[("l.svg", BROKEN)], domain="example.com", dmarc="v=DMARC1; p=none", record=SELF_ASSERTED
    )
    steps = [one(page, ".gist .first dd"), *find(page, ".next li")]
    (repair,) = [step for step in steps if find(step, "button")]
    assert one(repair, "button").get("form") == one(page, "form[action='/repair']").get("id")
    assert steps.index(repair) > 0  # DMARC comes first
    done = {
        text(one(finding, ".fix p"))
        for finding in find(page, "#answer-1-logo .finding")
        if not find(finding, ".fix .tag") or "svg.editor" in text(finding)
    }
    assert not done & {text(step) for step in steps}
    assert len(steps) <= 5


def test_a_certified_logo_is_advised_no_repair(pages: Pages) -> None:
    certified = CA.issue("example.com", logo=EXPORTED).pem
    page = pages.answer(
        files=[("l.svg", EXPORTED), ("c.pem", certified)],
        domain="example.com",
        dmarc=DMARC,
        record=f"{SELF_ASSERTED}https://www.example.com/c.pem",
    )
    assert not find(page, ".gist button, .next button")


def test_the_first_step_repairs_at_once_where_a_repair_helps(answers: Any) -> None:
    page = answers("exported logo")
    button = one(page, ".gist .first button")
    assert button.get("form") == one(page, "form[action='/repair']").get("id")
    assert find(answers("no logo at all"), ".gist button") == []
    assert [step.get("start") for step in find(page, ".next ol")] == ["2"]


def test_what_is_not_there_has_no_part_of_its_own(pages: Pages) -> None:
    """A certificate alone, for a domain: nobody gave a logo, and somebody did look at the certificate."""
    page = pages.answer(files=[("c.pem", CA.issue("example.com", defect="no-sct").pem)], domain="example.com")
    assert [part.get("id") for part in find(page, "section.part")] == ["answer-1-certificate", "answer-1-dns"]
    assert "The certificate is not valid" in page.text_content()
    assert "Nobody has looked" not in page.text_content()
    assert find(page, ".shown-as .picture")
    assert "handed in" not in text(one(page, ".inside"))
    nothing = pages.answer(domain="example.com", dmarc=DMARC)
    assert "Nobody has looked" in nothing.text_content()


UNDRAWN = {"text": EXPORTED, "part": LOGO.replace(b"</svg>", b'<image href="x.png" width="9" height="9"/></svg>')}


@pytest.mark.parametrize("what", UNDRAWN)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_preview_lacks_is_said_beside_every_picture(pages: Pages, lang: str, what: str) -> None:
    page = pages.answer(lang, files=[("l.svg", UNDRAWN[what])])
    caveat = words.LANGUAGES[lang][f"preview.undrawn.{what}"]
    assert text(one(page, "#answer-1-logo .undrawn")) == caveat
    assert one(page, ".picture-of a").get("href") == "#answer-1-undrawn"
    if what == "text":  # embedded pictures don't outlast a repair
        repaired = read(pages.post("/repair", lang, **submitted_by(one(page, "form[action='/repair']"))))
        assert caveat in text(one(repaired, ".compared").getparent())
        assert words.LANGUAGES[lang]["repair.undrawn"] in text(one(repaired, ".take"))
        assert one(repaired, ".take button").get("formaction") == "/repair/download"
    assert find(pages.answer(lang, files=[("l.svg", LOGO)]), ".undrawn, .picture-of a") == []


def test_a_reason_of_several_providers_is_told_once(answers: Any) -> None:
    page = answers("plan laid over what is live")
    reasons = [text(reason) for reason in find(page, ".shared li")]
    assert [reason.partition(": ")[0] for reason in reasons] == [
        "Gmail (Google Workspace), Apple Mail (iCloud), Yahoo Mail (yahoo.com, AOL), au Mail (KDDI)"
    ]
    told = [text(reason) for reason in find(page, ".provider li")]
    assert len(told) == len(set(told))
    assert not [reason for reason in told if reason in reasons[0]]


def test_a_finding_has_its_reason_place_excerpt_fix_and_source(answers: Any) -> None:
    finding = find(answers("exported logo"), "details.finding")[0]
    assert text(one(finding, ".excerpt mark")) == "<svg"
    assert text(one(finding, ".fix p")).startswith("Add baseProfile")
    assert text(one(finding, ".places")).startswith("Line 4, column 1")
    assert one(finding, ".about a").get("href").startswith("https://datatracker.ietf.org/")


def test_the_records_are_marked_and_lead_to_their_findings(answers: Any) -> None:
    page = answers("records")
    marks = {text(link): link.get("href") for link in find(page, ".record a")}
    assert set(marks) >= {"p=none", "pct=x", "l=http://example.com/l.svg"}
    ids = {element.get("id") for element in find(page, ".finding-body")}
    assert {href.removeprefix("#") for href in marks.values()} <= ids


def test_records_to_publish_are_shown_only_where_they_are_right(answers: Any) -> None:
    page = answers("plan that is right")
    copied = [button.get("data-copy") for button in find(page, ".publish button")]
    assert copied[:3] == ["_dmarc.example.com", DMARC, f'_dmarc.example.com. 3600 IN TXT "{DMARC}"']
    assert SELF_ASSERTED in copied
    for door in ("records", "publication", "plan laid over what is live", "domain", "logo"):
        assert find(answers(door), ".publish, [data-copy]") == []


def test_records_that_are_published_already_are_told_as_such(pages: Pages) -> None:
    page = pages.answer(domain="example.com", look_up="yes", dmarc=DMARC)
    assert text(one(page, ".publish h4")) == "These records are published already"
    assert text(one(page, ".publish .pill")) == "Published already"


def test_what_is_planned_is_told_apart_from_what_is_live(answers: Any) -> None:
    assert "the DMARC record" in text(find(answers("plan laid over what is live"), ".said")[0])
    assert "in place of" not in text(find(answers("domain"), ".said")[0])


def test_a_repair_is_offered_only_where_it_may_help(answers: Any) -> None:
    offer = one(answers("exported logo"), "form[action='/repair']")
    assert one(offer, "[name=name]").get("value") == "export.svg"
    assert one(offer, "[name=logo]").get("value")
    assert find(answers("logo"), "form[action='/repair']") == []
    assert find(answers("domain"), "form[action='/repair']") == []


def test_several_files_have_a_table_of_contents(answers: Any) -> None:
    page = answers("several")
    links = [link.get("href") for link in find(page, ".overview a")]
    assert links == [f"#{answer.get('id')}" for answer in find(page, "article.answer")]
    assert len(links) == 2


def test_a_certificate_comes_as_a_card_before_its_logo(answers: Any) -> None:
    page = answers("certificate")
    assert [part.get("id") for part in find(page, "section.part")] == ["answer-1-certificate", "answer-1-logo"]
    assert "Acme K.K." in text(one(page, ".certificate"))


OTHER = LOGO.replace(b"#fff", b"#fed")
PAIRS: dict[str, tuple[list[tuple[str, bytes]], str, list[str]]] = {
    "both right": ([("l.svg", LOGO), ("c.pem", PEM)], "Both are right, and belong together", []),
    "another logo": ([("l.svg", OTHER), ("c.pem", PEM)], "The logo isn’t the one in the certificate", ["match."]),
    "logo wrong": ([("l.svg", EXPORTED), ("c.pem", PEM)], "The logo file isn’t right yet", ["svg.", "match."]),
    "certificate wrong": ([("l.svg", LOGO), ("c.pem", PEM[:700])], "The certificate isn’t right", ["cert."]),
    "neither right": ([("l.svg", EXPORTED), ("c.pem", PEM[:700])], "Neither is right yet", ["svg.", "cert."]),
}


@pytest.mark.parametrize(("files", "expected", "errors"), PAIRS.values(), ids=PAIRS)
def test_a_logo_and_a_certificate_have_one_answer(
    pages: Pages, files: list[tuple[str, bytes]], expected: str, errors: list[str]
) -> None:
    page = pages.answer(files=files)
    assert headline(page) == expected
    assert len(find(page, "article.answer")) == 1
    assert find(page, ".overview") == []
    parts = {part.get("id").removeprefix("answer-1-"): part for part in find(page, "section.part")}
    assert list(parts) == ["logo", "certificate"]
    assert len(find(page, ".mails")) == 2  # in light and in dark, once
    assert len(find(page, ".shown-as")) == 1
    found = {
        name: [text(rule) for rule in find(part, ".finding.error .about > div:last-child code")]
        for name, part in parts.items()
    }
    assert {rule.partition(".")[0] + "." for rules in found.values() for rule in rules} == set(errors)
    assert all(rule.startswith("svg.") for rule in found["logo"])
    assert len(find(page, ".inside")) == ("match." in errors)
    copy = one(page, "#takeaway [name=copy]").get("value")
    kinds = [report["kind"] for report in json.loads(pages.post("/report.json", copy=copy).text)["reports"]]
    assert kinds == ["svg", "certificate"]


def test_each_certificate_beside_a_logo_has_its_answer(pages: Pages) -> None:
    page = pages.answer(
        files=[("a.svg", LOGO), ("b.svg", OTHER), ("c.pem", PEM), ("d.pem", CA.issue("example.net").pem)]
    )
    named = [[text(name) for name in find(answer, ".verdict .subject bdi")] for answer in find(page, "article.answer")]
    assert named == [["c.pem", "a.svg"], ["d.pem", "a.svg"], ["c.pem", "b.svg"], ["d.pem", "b.svg"]]


# ---- pictures, and hostile texts


@pytest.mark.parametrize("door", ["logo", "exported logo", "logo and certificate", "several", "domain"])
def test_a_logo_is_only_shown_as_pictures_drawn_here_each_once(answers: Any, door: str) -> None:
    page = answers(door)
    held = {picture.get("id"): picture for picture in find(page, ".drawings image")}
    urls = [picture.get("href") for picture in held.values()]
    assert all(url.startswith("data:image/png;base64,iVBORw0KGgo") for url in urls)
    assert len(urls) == len(set(urls)) == 7 * (2 if door == "several" else 1)
    assert lxml.html.tostring(page).count(b"data:image") == len(urls)
    groups = {
        group.get("id"): [use.get("href")[1:] for use in find(group, "use")] for group in find(page, ".drawings g")
    }
    for name, (one_for_one, two_for_one) in groups.items():
        size = int(name.rpartition("-")[2])
        assert int(held[one_for_one].get("width")) == size
        assert int(held[two_for_one].get("width")) == 2 * size
    shown = find(page, "svg.picture")
    assert len(shown) >= 33
    for picture in shown:
        assert picture.get("role") == "img"
        assert picture.get("aria-label")
        assert picture.get("width") == picture.get("height")
        assert find(picture, "use")[0].get("href")[1:] in groups
        assert find(picture, "use")[0].get("href").endswith(f"-at-{picture.get('width')}")
    assert {int(picture.get("width")) for picture in shown} == {24, 32, 48, 64, 96}


@pytest.mark.parametrize("door", ["logo", "exported logo", "logo and certificate", "domain", "publication"])
def test_an_answer_is_light(pages: Pages, door: str) -> None:
    assert len(pages.post(**DOORS[door]).get_data()) < 120_000


def test_what_cannot_be_drawn_is_told(answers: Any) -> None:
    page = answers("no logo at all")
    assert find(page, "img, image, .picture") == []
    assert "can’t be drawn" in text(one(page, "section.part"))


HOSTILE_LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 9 9">'
    b"<title>&lt;script&gt;alert(1)&lt;/script&gt;\"'{{7*7}}</title>"
    b'<rect width="9" height="9" fill="&lt;script&gt;alert(1)&lt;/script&gt;"/></svg>'
)


@pytest.mark.parametrize(
    "fields",
    [
        {"files": [(f"{ATTACK}.svg", HOSTILE_LOGO)]},
        {"files": [(f"{ATTACK}.pem", b"-----BEGIN CERTIFICATE-----\n<script>alert(1)</script>\n")]},
        {"domain": ATTACK, "dmarc": f"v=DMARC1; p={ATTACK}", "record": f"v=BIMI1; l={ATTACK}; a={ATTACK}"},
        {"domain": "example.com", "dmarc": f"v=DMARC1; p={ATTACK}", "record": f"v=BIMI1; l=https://x/{ATTACK}; a="},
        {"domain": "example.com", "selector": ATTACK, "logo_url": ATTACK},
        {"domain": "example.com", "dmarc": DMARC, "files": [(f"{ATTACK}.svg", HOSTILE_LOGO), (f"{ATTACK}.pem", PEM)]},
        {"dmarc": f'{ATTACK}._dmarc.example.com TXT "v=DMARC1"'},
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_hostile_texts_stay_texts(pages: Pages, fields: dict[str, Any], lang: str) -> None:
    response = pages.post("/check", lang, **fields)
    assert response.status_code in (200, 422)
    page = read(response)
    assert [script.get("src") is not None for script in find(page, "script")] == [True]
    assert page.xpath("//@onerror | //@onload | //@style | //style | //iframe | //object | //embed") == []
    assert find(page, "img") == []
    assert all(picture.get("href").startswith("data:image/png;") for picture in find(page, "image"))
    assert all(link.get("href").startswith(("/", "#", "https://", "http://")) for link in find(page, "a"))
    assert "49" not in text(one(page, "title"))
    assert "alert(1)" in response.text  # it was shown, as text


def test_a_private_key_is_never_sent_back(pages: Pages) -> None:
    key = b"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n"
    page = pages.answer(files=[("key.pem", key)])
    shown = find(page, "#answer")[0]
    for hidden in find(shown, "input[type=hidden]"):
        hidden.drop_tree()
    assert b"MIIEvQ" not in lxml.html.tostring(shown)


# ---- problems


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"dmarc": "v=DMARC1; p=none"}, "domain"),
        ({"domain": "example.com", "logo_url": "http://example.com/l.svg"}, "logo_url"),
        ({"files": [("empty.svg", b"")]}, "files"),
        ({"files": [(f"{number}.svg", LOGO) for number in range(9)]}, "files"),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_problem_leads_to_its_field_and_keeps_what_was_typed(
    pages: Pages, fields: dict[str, Any], field: str, lang: str
) -> None:
    response = pages.post("/check", lang, **fields)
    assert response.status_code == 422
    page = read(response)
    assert one(page, ".problem a.button").get("href") == f"#{field}"
    at_fault = one(page, f"#{field}")
    assert at_fault.get("aria-invalid") == "true"
    assert f"{field}-fault" in at_fault.get("aria-describedby").split()
    assert text(one(page, f"#{field}-fault")) == text(one(page, ".problem h1"))
    assert all("open" in around.attrib for around in at_fault.iterancestors("details"))
    for name in ("domain", "dmarc", "logo_url"):
        shown = one(page, f"#{name}")
        assert (shown.get("value") or shown.text or "").strip() == fields.get(name, "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_problem_has_words(app: Flask, lang: str) -> None:
    for name in PROBLEMS:
        assert words.LANGUAGES[lang][f"problem.{name}"]
        assert words.LANGUAGES[lang][f"problem.{name}.what"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_form_tells_the_bounds_that_hold(app: Flask, lang: str) -> None:
    with app.test_request_context(headers={"Accept-Language": lang}):
        told = words.word("door.files.bounds")
        assert words.size(SIZE_LIMIT) in told
        assert words.size(Limits().max_bytes) in told


# ---- languages


def test_the_languages_have_the_same_words() -> None:
    english, japanese = (words.LANGUAGES[lang] for lang in LANGUAGES)
    assert english.keys() == japanese.keys()
    for key, phrase in english.items():
        assert phrase.strip() or key.startswith("list."), key
        assert japanese[key].strip() or key == "list.sentences", key
        assert placeholders(phrase) == placeholders(japanese[key]), key


def placeholders(phrase: str) -> set[str | None]:
    return {field for _text, field, _form, _conversion in Formatter().parse(phrase) if field is not None}


def test_japanese_is_japanese() -> None:
    latin = {
        key
        for key, phrase in words.LANGUAGES["ja"].items()
        if not re.search("[\u3040-\u30ff\u3400-\u9fff、：]", phrase)
    }
    assert latin - {key for key in latin if key == "list.sentences"} == SAME_IN_BOTH


def test_no_english_is_left_on_japanese_pages(every_page: Any) -> None:
    english = {word for phrase in words.LANGUAGES["en"].values() for word in latin_words(phrase)} - KEPT
    assert len(english) > 400
    for name, page in every_page("ja").items():
        left = {word for phrase in spoken(page) for word in latin_words(phrase)} & english
        assert not left, name
        for phrase in spoken(page, but=()):  # findings name elements and tags, but say nothing in English
            pairs = re.findall(r"(?<![<\w\"])(?=([A-Za-z’]{2,}) ([A-Za-z’]{2,}))", phrase)
            assert not [pair for pair in pairs if set(map(str.lower, pair)) <= english], name


def latin_words(phrase: str) -> list[str]:
    """Its words, but for addresses, domains, file names and pieces of records."""
    bare = re.sub(r"\{\w+\}|\S*[A-Za-z_][.=/@]+[A-Za-z]\S*", "", phrase, flags=re.ASCII)
    return [word.lower() for word in re.findall("[A-Za-z’]{3,}", bare)]


CATALOGUE = (
    ".message",
    ".fix p",
    ".about dd",
    ".summary li",
    ".gist dd",
    ".shared li",
    ".finding h4",
    ".others dl",
    ".provider h4",
    ".provider li",
)
"""What findings and verdicts say, in the words of bimikit's catalogue."""


def spoken(page: lxml.html.HtmlElement, but: tuple[str, ...] = CATALOGUE) -> Iterator[str]:
    """What a page says in its own words: no code, no quotation, nothing marked as another language."""
    page = lxml.html.document_fromstring(lxml.html.tostring(page))
    quoted = "code, pre, bdi, textarea, script, [translate=no], body [lang=en], .certificate dd, .found dd"
    for other in find(page, ", ".join((quoted, *but))):
        if other.getparent() is not None:
            other.drop_tree()
    for element in page.iter():
        if isinstance(element.tag, str):
            yield from (element.text or "", *(element.get(name, "") for name in SPOKEN if element.tag != "meta"))
        yield element.tail or ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_which_language_it_is_in(every_page: Any, lang: str) -> None:
    for page in every_page(lang).values():
        assert page.get("lang") == lang
        other = {"en": "日本語", "ja": "English"}[lang]
        switch = [item for item in find(page, ".languages a, .languages button") if text(item) == other]
        assert [item.get("lang") for item in switch] == [{"en": "ja", "ja": "en"}[lang]]


def test_the_language_is_switched_by_a_link_and_remembered(app: Flask) -> None:
    client = app.test_client()
    page = read(client.get("/"))
    link = one(page, ".languages a[lang=ja]").get("href")
    assert read(client.get(link)).get("lang") == "ja"
    assert read(client.get("/", headers={"Accept-Language": "en"})).get("lang") == "ja"
    cookie = client.get_cookie("lang")
    assert cookie is not None
    assert (cookie.value, cookie.http_only, cookie.same_site) == ("ja", True, "Lax")


@pytest.mark.parametrize("door", ["exported logo", "certificate", "publication", "plan that is right", "domain"])
def test_an_answer_is_shown_in_the_other_language_without_checking_again(
    app: Flask, answers: Any, world: World, door: str
) -> None:
    page, japanese = answers(door), answers(door, "ja")
    asked = len(world.zone.queries)
    copy = one(page, "#takeaway [name=copy]").get("value")
    client = app.test_client()
    switched = read(client.post("/answer", data={"lang": "ja", "copy": copy}))
    assert switched.get("lang") == "ja"
    assert headline(switched) == headline(japanese)
    assert [text(h4) for h4 in find(switched, "h4")] == [text(h4) for h4 in find(japanese, "h4")]
    for pictures in (".drawings image", "svg.picture"):
        assert len(find(switched, pictures)) == len(find(page, pictures))
    assert len(world.zone.queries) == asked
    assert read(client.get("/")).get("lang") == "ja"
    assert client.post("/answer", data={"lang": "ja", "copy": f"{copy}x"}).status_code == 422


# ---- structure


@pytest.mark.parametrize("lang", LANGUAGES)
def test_headings_are_in_order_and_names_are_there(every_page: Any, lang: str) -> None:
    for name, page in every_page(lang).items():
        levels = [int(heading.tag[1]) for heading in find(page, "h1, h2, h3, h4, h5")]
        assert levels[0] == 1, name
        assert levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in pairwise(levels)), name
        ids = [element.get("id") for element in page.xpath("//*[@id]")]
        assert len(ids) == len(set(ids)), name
        for reference in page.xpath("//@aria-labelledby | //@aria-describedby | //label/@for"):
            assert set(reference.split()) <= set(ids), name
        for link in page.xpath("//a[starts-with(@href, '#')]/@href"):
            assert link[1:] in ids, (name, link)
        for field in find(page, "input:not([type=hidden]), textarea"):
            labels = (
                page.xpath(f"//label[@for='{field.get('id')}']")
                if field.get("id")
                else list(field.iterancestors("label"))
            )
            assert labels, (name, field.get("name"))
            assert all(text(label) for label in labels), name
        for pressed in find(page, "button, a"):
            assert text(pressed), name
        assert len(find(page, "main, header.site, footer.site")) == 3
        assert one(page, "a.skip").get("href") == "#main"


def test_nothing_comes_from_elsewhere(every_page: Any) -> None:
    for page in every_page("en").values():
        loaded = page.xpath(
            "//link/@href | //script/@src | //img/@src | //image/@href | //form/@action | //button/@formaction"
        )
        assert all(url.startswith(("/", "data:image/png")) and not url.startswith("//") for url in loaded)
        for link in page.xpath("//a[starts-with(@href, 'http')]"):
            assert "noopener" in link.get("rel")


def test_the_first_page_is_light(pages: Pages) -> None:
    with pages.get("/") as response:
        loaded, sizes = read(response).xpath("//link/@href | //script/@src"), [len(response.get_data())]
    for url in loaded:
        with pages.get(url) as response:
            sizes.append(len(response.get_data()))
    assert len(sizes) > 3
    assert sum(sizes) < 100_000


def test_nothing_is_styled_or_run_inline() -> None:
    for template in Path(ROOT / "webapp/templates").glob("*.html"):
        source = template.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", source), template.name
        assert not re.search(
            r">[^<>{}\n]*[A-Za-z]{3,}[^<>{}\n]*<", re.sub(r"<code.*?</code>|\{#.*?#\}", "", source)
        ) or {*re.findall(r">\s*([A-Za-z][A-Za-z ]{2,}?)\s*<", re.sub(r"<code.*?</code>", "", source))} <= {
            "bimikit",
            "TXT",
            "JSON",
            "Markdown",
            "HTML",
        }, template.name


def test_a_part_of_a_page_is_just_the_answer(app: Flask) -> None:
    response = app.test_client().post("/check", data={"sample": "export"}, headers={"Accept": "application/x-ndjson"})
    *_steps, last = (json.loads(line) for line in response.text.splitlines())
    part = lxml.html.fragments_fromstring(last["html"].strip())
    assert [element.tag for element in part[:3]] == ["title", "svg", "header"]
    assert part[0].text == "It doesn’t meet the standard – exported.svg – bimikit"
    assert "<html" not in last["html"]
    assert 'id="check"' not in last["html"]


@pytest.mark.parametrize("typed", ["exmaple,com", "good example", "127.0.0.1", "localhost"])
def test_what_is_no_domain_is_told_at_its_field_and_kept(pages: Pages, typed: str) -> None:
    response = pages.post(domain=typed, look_up="yes")
    assert response.status_code == 422
    page = read(response)
    field = page.get_element_by_id("domain")
    assert field.get("value") == typed
    assert field.get("aria-invalid") == "true"
    assert page.get_element_by_id("problem-title").text_content() == "That is no domain name"


def submitted_by(form: lxml.html.HtmlElement) -> dict[str, str]:
    """What a form without files sends, as it stands."""
    return {
        field.get("name"): (field.get("value") or field.text or "").strip()
        for field in find(form, "input:not([name=lang]), textarea")
        if field.get("type") not in ("file", "color") and (field.get("type") != "checkbox" or "checked" in field.attrib)
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_script_the_repaired_logo_takes_the_place_of_the_other(pages: Pages, lang: str) -> None:
    page = pages.answer(lang, files=[("株式会社さくら_ロゴ.svg", EXPORTED)], look_up="yes", dmarc="")
    repair = read(pages.post("/repair", lang, **submitted_by(one(page, "form[action='/repair']"))))
    assert one(repair, "button[formaction='/repair/check']").get("form") == "choices"
    wished = {**submitted_by(one(repair, "#choices")), "title": "さくら"}  # typed, and not repaired with yet
    checked = read(pages.post("/repair/check", lang, **wished))
    name = "株式会社さくら_ロゴ.bimi.svg"
    assert text(one(checked, ".verdict .subject")) == name
    assert headline(checked) == words.LANGUAGES[lang]["answer.conformant"]
    form = one(checked, "#check")
    carried = submitted_by(form)
    assert carried["name"] == name
    assert "さくら" in b64decode(carried["logo"]).decode()
    assert name in text(one(form, ".carried"))
    again = pages.answer(lang, **{**carried, "domain": "example.com", "dmarc": DMARC, "look_up": ""})
    assert text(find(again, ".verdict .subject")[0]).endswith(name)
    assert submitted_by(one(again, "#check"))["name"] == name
    del carried["logo"]  # its box is cleared
    without = pages.answer(lang, **{**carried, "domain": "example.com", "dmarc": DMARC, "look_up": ""})
    assert name not in without.text_content()
    refused = read(pages.post("/check", lang, **{**submitted_by(form), "dmarc": DMARC}))
    assert submitted_by(one(refused, "#check"))["logo"] == submitted_by(form)["logo"]


def test_a_repair_keeps_what_was_typed_for_the_check_of_its_logo(pages: Pages) -> None:
    typed = {"domain": "example.com", "dmarc": DMARC, "record": SELF_ASSERTED, "selector": "default"}
    page = pages.answer(files=[("l.svg", EXPORTED)], **typed)
    repair = read(pages.post("/repair", **submitted_by(one(page, "form[action='/repair']"))))
    checked = read(pages.post("/repair/check", **submitted_by(one(repair, "#choices"))))
    form = submitted_by(one(checked, "#check"))
    assert {name: form[name] for name in typed} == typed
    assert "look_up" not in form
    assert find(checked, ".publish")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("l.svg", LOGO, "l.bimi.svg"),
        ("l.bimi.svg", LOGO, "l.bimi.svg"),
        ("l.unfinished.svg", LOGO, "l.bimi.svg"),
        ("l.svg", BROKEN, "l.unfinished.svg"),
        ("l.bimi.svg", BROKEN, "l.unfinished.svg"),
        ("logo", LOGO, "logo.bimi.svg"),
        ("株式会社さくら_ロゴ.svg", LOGO, "株式会社さくら_ロゴ.bimi.svg"),
    ],
)
def test_a_repaired_logo_is_named_after_what_it_is_wherever_it_goes(
    pages: Pages, name: str, content: bytes, expected: str
) -> None:
    fields = {"logo": b64encode(content).decode(), "name": name}
    response = pages.app.test_client().post("/repair/download", data=fields)
    assert response.status_code == 200
    told = response.headers["Content-Disposition"]
    assert told.isascii()
    assert parse_options_header(told)[1]["filename"] == expected
    checked = read(pages.post("/repair/check", **fields))
    assert text(one(checked, ".verdict .subject")) == expected
    assert submitted_by(one(checked, "#check"))["name"] == expected


def test_a_damaged_copy_is_refused_for_every_download(pages: Pages) -> None:
    for form in ("html", "json", "md"):
        assert pages.post(f"/report.{form}", copy="damaged").status_code == 422


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_file_has_an_answer_of_its_own_and_the_others_theirs(pages: Pages, lang: str) -> None:
    page = pages.answer(lang, files=[("a.svg", LOGO), ("empty.svg", b""), ("none.pem", b""), ("c.pem", PEM)])
    told = {text(find(answer, ".verdict .subject")[0]): headline(answer) for answer in find(page, "article.answer")}
    assert list(told) == ["c.pem a.svg", "empty.svg", "none.pem"]
    assert told["c.pem a.svg"] == words.LANGUAGES[lang]["answer.pair.both"]
    empty = {"en": "The file has no content.", "ja": "ファイルの中身がありません。"}[lang]
    assert empty in text(one(page, "#answer-2 .gist .cause"))


def test_an_empty_file_does_not_keep_a_domain_from_its_answer(pages: Pages) -> None:
    for fields in ({"look_up": "yes"}, {"dmarc": DMARC}):
        page = pages.answer(files=[("a.svg", LOGO), ("empty.svg", b"")], domain="example.com", **fields)
        subjects = [text(find(answer, ".verdict .subject")[0]) for answer in find(page, "article.answer")]
        assert subjects == ["example.com a.svg", "empty.svg"]


def test_ready_with_some_names_the_others_and_their_state() -> None:
    cases = {
        ("ready", "ready", "ready"): ("answer.ready", ()),
        ("ready", "ready", "cannot_say"): ("answer.ready.cannot_say", ("yahoo",)),
        ("ready", "at_risk", "cannot_say"): ("answer.ready.cannot_say", ("yahoo",)),
        ("ready", "at_risk", "at_risk"): ("answer.ready.at_risk", ("apple", "yahoo")),
        ("blocked", "ready", "cannot_say"): ("answer.ready.blocked", ("gmail",)),
        ("at_risk", "blocked", "cannot_say"): ("answer.at_risk", ()),
        ("cannot_say", "blocked", "blocked"): ("answer.cannot_say", ()),
        ("blocked", "blocked", "blocked"): ("answer.blocked", ()),
    }
    report = check_publication(domain="example.com", dmarc=DMARC, record=SELF_ASSERTED, svg=LOGO, at=AT)
    for states, expected in cases.items():
        verdicts = {**report.verdicts, **dict(zip(("gmail", "apple", "yahoo"), states, strict=True))}
        answer = _answer(explain(msgspec.structs.replace(report, verdicts=verdicts)))
        assert (answer.name, answer.others) == expected
        for lang in LANGUAGES:
            assert answer.name in words.LANGUAGES[lang]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_too_large_is_told_with_the_bound(app: Flask, lang: str) -> None:
    for path in ("/check", "/api/v1/check"):
        response = app.test_client().post(
            path,
            data=b" " * 9_500_000,
            content_type="multipart/form-data; boundary=x",
            headers={"Accept-Language": lang},
        )
        assert response.status_code == 413
        assert "8 MB" in response.text


def test_addresses_are_judged_by_the_portal_and_not_by_the_browser(every_page: Any) -> None:
    page = every_page("ja")["home"]
    for name in ("logo_url", "certificate_url"):
        field = page.get_element_by_id(name)
        assert (field.get("type"), field.get("inputmode")) == ("text", "url")


def test_a_name_keeps_its_small_letter_where_a_line_begins_with_it(answers: Any) -> None:
    tags = {text(tag) for tag in find(answers("exported logo"), ".about .tag")}
    assert "Standard" in tags
    assert not [tag for tag in tags if tag.startswith("Bimikit")]


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n0000", b"%PDF-1.7\n", b"only words"])
def test_what_is_no_drawing_is_offered_no_repair(pages: Pages, content: bytes) -> None:
    page = pages.answer(files=[("logo.svg", content)])
    assert not page.xpath("//form[@action='/repair']")
    steps = page.xpath("//section[contains(@class, 'next')]//li")
    assert steps
    assert "repaired here" not in " ".join(step.text_content() for step in steps)


def test_what_could_not_be_repaired_is_told_as_such(pages: Pages) -> None:
    from base64 import b64encode

    for content in (b"%PDF-1.7\n", b"only words"):
        response = pages.post("/repair/download", logo=b64encode(content).decode(), name="logo.svg")
        assert response.status_code == 422
        assert text(one(read(response), "h1")) == "This file can’t be repaired"


@pytest.mark.parametrize("path", ["/check", "/repair", "/answer"])
def test_an_answer_that_is_loaded_anew_is_the_first_page(app: Flask, path: str) -> None:
    response = app.test_client().get(path)
    assert (response.status_code, response.headers["Location"]) == (303, "/")


def test_a_dmarc_record_that_the_page_advises_to_change_is_not_shown_as_right(pages: Pages) -> None:
    page = pages.answer(domain="example.com", dmarc="v=DMARC1; p=reject; pct=50; rua=mailto:d@example.com")
    assert not find(page, ".publish")
    assert find(pages.answer(domain="example.com", dmarc=DMARC), ".publish")
