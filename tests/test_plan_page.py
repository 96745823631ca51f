"""The page of a plan: what it tells equals the plan, nothing foreign gets out of its place, and a browser shows it well."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from browsing import browser, violations
from msgspec.structs import replace
from plan_sample import DIFFERENCES, hostile, kaori_tea, many
from playwright.sync_api import Browser

from bimikit.locale import LANGUAGES, words_of
from bimikit.output import charts, plan_page
from bimikit.output.plan_page_domain import road
from bimikit.plan.model import STAGES, DomainPlan, Plan, Week
from bimikit.statement import Statement

MEGABYTE = 1024 * 1024
VOID = {"meta", "br"}
"""Elements of ours that never close."""
_LOADING = {"script", "iframe", "object", "embed", "img", "image", "use", "form", "base", "link"}
PLAN = kaori_tea()


@dataclass
class Node:
    """An element."""

    name: str
    attributes: dict[str, str]
    parent: Node | None = None
    children: list[Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self, name: str, **attributes: str) -> list[Node]:
        """Descendants of that name and those attributes; of a class where it is among theirs."""
        found = []
        for child in self.children:
            if isinstance(child, Node):
                if child.name == name and all(
                    value in child.attributes.get(key, "").split()
                    if key == "class"
                    else child.attributes.get(key) == value
                    for key, value in ((key.rstrip("_"), value) for key, value in attributes.items())
                ):
                    found.append(child)
                found += child.all(name, **attributes)
        return found

    def one(self, name: str, **attributes: str) -> Node:
        (found,) = self.all(name, **attributes)
        return found


class Tree(HTMLParser):
    """HTML as a tree; fails where elements don't close as they opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.root = self.at = Node("", {})
        self.feed(text)
        self.close()
        assert self.at is self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Node(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(made)
        if tag not in VOID:
            self.at = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.children.append(Node(tag, {name: value or "" for name, value in attrs}, self.at))

    def handle_endtag(self, tag: str) -> None:
        assert self.at.name == tag, (self.at.name, tag)
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def tree(plan: Plan, lang: str = "en", **more: Any) -> Node:
    return Tree(plan_page.body(plan, lang, **more)).root


# ---- the whole


@pytest.mark.parametrize("lang", LANGUAGES)
def test_equal_plans_make_equal_pages(lang: str) -> None:
    assert plan_page.render(kaori_tea(), lang=lang) == plan_page.render(kaori_tea(), lang=lang)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("plan", [PLAN, hostile(3)], ids=["usual", "hostile"])
def test_the_page_has_nothing_that_acts_or_loads(plan: Plan, lang: str) -> None:
    root = Tree(plan_page.render(plan, lang=lang, differences=DIFFERENCES)).root
    seen: list[Node] = [root]
    for node in seen:
        seen += [child for child in node.children if isinstance(child, Node)]
    assert not {"script", "iframe", "object", "embed", "img", "image", "use", "form", "base", "link"} & {
        n.name for n in seen
    }
    for node in seen:
        for name, value in node.attributes.items():
            assert not name.startswith(("style", "on")), (node.name, name)
            assert name not in ("href", "src", "xlink:href") or value.startswith("#"), value
            assert "url(" not in value or value.startswith("url(#plan-"), value
    ids = [node.attributes["id"] for node in seen if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    assert {node.attributes["href"][1:] for node in seen if "href" in node.attributes} <= set(ids)


def test_only_its_own_style_sheet_may_apply() -> None:
    page = plan_page.render(PLAN, lang="en")
    (style,) = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    (policy,) = re.findall('http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy.split("; ")[0] == "default-src &#x27;none&#x27;"
    assert f"sha256-{digest}" in policy
    assert not re.search(r"url\(|@import", style)


def test_both_languages_have_the_same_words() -> None:
    english, japanese = (words_of("plan_page_words", lang) for lang in LANGUAGES)
    assert list(english) == list(japanese)
    for key, text in english.items():
        given = {"month", "day", "year"} if key.startswith("date") else set(re.findall(r"\{(\w+)", text))
        assert set(re.findall(r"\{(\w+)", japanese[key])) <= given, key


def test_an_unknown_language_is_told() -> None:
    with pytest.raises(ValueError, match="de"):
        plan_page.render(PLAN, lang="de")


# ---- foreign text


def test_foreign_text_stays_text_and_keeps_its_direction() -> None:
    root = tree(hostile(2))
    assert not root.all("script")
    assert not root.all("b")
    told = root.text
    assert "<script>alert(1)</script>" in told
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", told)
    for node in root.all("a"):
        assert [child.name for child in node.children if isinstance(child, Node)] == ["bdi"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["café.example", "<b>é|\u202e</b>", "x" * 900 + "é"])
def test_a_source_of_any_name_is_told(lang: str, name: str) -> None:
    block = Statement("block.source-undecided", {"id": f"domain:{name}", "source": "", "messages": 3})
    page = plan_page.render(replace(PLAN, domains=(replace(PLAN.domains[0], blocks=(block,)),)), lang=lang)
    assert name[:4].replace("<", "&lt;").replace(">", "&gt;") in page
    assert "<b>" not in page
    assert "\u202e" not in page


def test_foreign_text_is_cut() -> None:
    long = replace(PLAN.domains[0], note="n" * 5000, owner="o" * 5000, domain=f"{'x' * 5000}.example")
    told = tree(replace(PLAN, domains=(long,))).text
    assert max(map(len, re.findall("n+|o+|x+", told))) < 600


# ---- numbers


def columns_of(chart: Node, group: str) -> list[tuple[float, float]]:
    """Each column's lower and upper end, from the axis up, in pixels."""
    found = []
    for rect in chart.one("g", class_=group).all("rect"):
        upper = float(rect.attributes["y"])
        found.append((upper + float(rect.attributes["height"]), upper))
    return found


def axis_of(chart: Node) -> tuple[float, float, float]:
    """Where the axis' lower and upper ends are, and what the upper one stands for."""
    scale = chart.one("g", class_="scale")
    ends = [float(line.attributes["y1"]) for line in scale.all("line")]
    return ends[0], ends[-1], float(scale.all("text")[-1].text.replace(",", ""))


def test_columns_are_as_high_as_the_weeks_numbers() -> None:
    chart = tree(PLAN).one("svg", id="plan-volumes")
    bottom, top, value = axis_of(chart)
    unit = (bottom - top) / value
    passed, failed = columns_of(chart, "passed"), columns_of(chart, "failed")
    assert len(passed) == len(failed) == len(PLAN.weeks)
    for week, (low, middle), (begin, high) in zip(PLAN.weeks, passed, failed, strict=True):
        assert low == pytest.approx(bottom, abs=0.02)
        assert bottom - middle == pytest.approx(week.passed * unit, abs=0.02)
        assert begin == pytest.approx(middle, abs=0.02)
        assert bottom - high == pytest.approx(week.messages * unit, abs=0.02)


def test_the_line_goes_through_the_weeks_shares() -> None:
    chart = tree(PLAN).one("svg", id="plan-shares")
    scale = chart.one("g", class_="scale")
    ends = [float(line.attributes["y1"]) for line in scale.all("line")]
    base, one = (float(scale.all("text")[place].text.rstrip("%")) / 100 for place in (0, -1))
    assert one == 1
    dots = chart.all("circle")
    assert len(dots) == len(PLAN.weeks)
    for week, dot in zip(PLAN.weeks, dots, strict=True):
        height = (ends[0] - float(dot.attributes["cy"])) / (ends[0] - ends[-1])
        assert base + height * (1 - base) == pytest.approx(week.passed / week.messages, abs=0.001)


def test_a_week_without_messages_breaks_the_line() -> None:
    weeks = tuple(replace(week, messages=0, passed=0) if place == 3 else week for place, week in enumerate(PLAN.weeks))
    chart = tree(replace(PLAN, weeks=weeks)).one("svg", id="plan-shares")
    assert len(chart.all("circle")) == len(weeks) - 1
    assert chart.one("path").attributes["d"].count("M") == 2


def test_bars_of_stages_are_as_long_as_their_numbers() -> None:
    plan = many(80)
    rows = tree(plan).one("section", class_="stages").one("tbody").all("tr")
    longest = max(sum(one.stage == stage for one in plan.domains) for stage in STAGES)
    for stage, row in zip(STAGES, rows, strict=True):
        at = [one for one in plan.domains if one.stage == stage]
        bar = row.one("svg")
        widths = {rect.attributes["class"]: float(rect.attributes["width"].rstrip("%")) for rect in bar.all("rect")}
        full = 86 / longest
        assert bar.one("text").text == f"{len(at):,}"
        assert widths.get("done", 0) == pytest.approx(full * sum(one.done for one in at), abs=0.01)
        assert sum(widths.values()) == pytest.approx(full * len(at), abs=0.02)
        assert [link.text for link in row.all("a")] == [one.domain for one in at]


def test_the_table_beside_the_charts_has_the_weeks_numbers() -> None:
    rows = tree(PLAN).one("section", class_="weeks").one("tbody").all("tr")
    assert len(rows) == len(PLAN.weeks)
    for week, row in zip(reversed(PLAN.weeks), rows, strict=True):
        assert row.one("time").attributes["datetime"] == week.monday.isoformat()
        messages, passed, failed, share = [cell.text for cell in row.all("td")]
        assert (messages, passed) == (f"{week.messages:,}", f"{week.passed:,}")
        assert failed == f"{week.messages - week.passed:,}"
        assert float(share.rstrip("%")) == pytest.approx(100 * week.passed / week.messages, abs=0.06)


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(0, 0, "–"), (0, 9, "0.0%"), (1, 100_000, "0.1%"), (1, 3, "33.3%"), (99_999, 100_000, "99.9%"), (7, 7, "100.0%")],
)
def test_all_and_nothing_are_told_only_of_all_and_nothing(part: int, whole: int, told: str) -> None:
    week = Week(PLAN.weeks[-1].monday, whole, part)
    root = tree(replace(PLAN, weeks=(Week(PLAN.weeks[0].monday, 1, 1), week)))
    if whole:
        assert root.one("section", class_="weeks").one("tbody").all("tr")[0].all("td")[-1].text == told
    domain = replace(PLAN.domains[0], weeks=(week,))
    row = tree(replace(PLAN, domains=(domain,), weeks=(week,))).one("table", class_="domains").one("tbody").one("tr")
    assert row.all("td", class_="number")[-1].text == told


@pytest.mark.parametrize(
    ("most", "top"), [(0, 1), (1, 1), (7, 8), (10, 10), (11, 20), (22_222, 30_000), (99_999, 100_000)]
)
def test_an_axis_ends_at_a_round_number(most: int, top: int) -> None:
    assert charts.top_of(most) == top


# ---- what is told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_of_each_domain_is_told(lang: str) -> None:
    sections = tree(PLAN, lang).all("details", class_="domain")
    assert [section.one("h3").text for section in sections] == [one.domain for one in PLAN.domains]
    for one, section in zip(PLAN.domains, sections, strict=True):
        steps = section.one("ol", class_="track").all("li")
        assert len(steps) == len(road(one))
        assert [step.attributes["class"] for step in steps if "aria-current" in step.attributes] == [
            "done" if one.done else "now"
        ]
        values = [node.one("pre").text for node in section.all("div", class_="value")]
        assert values == [record.value for when in ("now", "next") for record in one.records if record.when == when]
        instead = [pre.text for node in section.all("div", class_="instead") for pre in node.all("pre")]
        assert sorted(instead) == sorted(value for record in one.records for value in record.instead)
        if one.weighing:
            rows = section.one("table", class_="raising").one("tbody").all("tr")
            for option, row in zip(one.weighing.options, rows, strict=True):
                assert row.one("span", class_="badge").attributes["class"].split()[-1] == option.verdict
                numbers = [int(cell.text.replace(",", "")) for cell in row.all("td", class_="number")]
                assert numbers == [option.ours, option.undecided, option.passed_on, option.not_ours]
            shown = section.one("table", class_="sources").one("tbody").all("tr")
            assert len(shown) == len(one.weighing.outlooks)


def test_it_says_where_the_programme_stands_and_what_is_next() -> None:
    said = tree(PLAN).one("p", class_="standing").text
    assert said.startswith("3 of 7 domains are at their goal.")
    assert "shop.kaori-tea.example" in said


@pytest.mark.parametrize(
    ("domains", "said"),
    [
        ((), "The plan has no domains yet"),
        ((DomainPlan(domain="a.example", goal="locked", stage="locked", done=True),), "1 of 1 domain is at its goal."),
        (
            tuple(DomainPlan(domain=f"{name}.example", goal="locked", stage="locked", done=True) for name in "ab"),
            "All 2 domains are at their goal.",
        ),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_small_plans_are_told_too(domains: tuple[DomainPlan, ...], said: str, lang: str) -> None:
    root = tree(Plan(as_of=PLAN.as_of, domains=domains), lang)
    assert lang != "en" or said in root.one("p", class_="standing").text
    assert not root.all("svg", class_="chart")


def test_changes_stand_at_the_top() -> None:
    page = plan_page.render(PLAN, lang="en", differences=DIFFERENCES)
    assert page.index("What changed since the last plan") < page.index("How far the domains are")
    assert "What changed since the last plan" not in plan_page.render(PLAN, lang="en")


# ---- size


def test_few_domains_are_open_and_many_folded() -> None:
    few, lots = tree(PLAN).all("details", class_="domain"), tree(many(80)).all("details", class_="domain")
    assert all("open" in section.attributes for section in few)
    assert len(lots) == 80
    assert not any("open" in section.attributes for section in lots)


def test_500_domains_fit_in_a_page_to_send_by_mail() -> None:
    plan = many(500)
    page = plan_page.render(plan, lang="ja")
    assert len(page.encode()) < 6 * MEGABYTE
    assert len(Tree(page).root.one("table", class_="domains").one("tbody").all("tr")) == 500


def test_a_page_is_bounded_whatever_the_plan_holds() -> None:
    at_most = len(plan_page.render(hostile(plan_page.MOST_SECTIONS), lang="ja").encode())
    assert at_most < 50 * MEGABYTE
    root = tree(many(plan_page.MOST_ROWS + 500))
    assert len(root.all("details", class_="domain")) == plan_page.MOST_SECTIONS
    assert len(root.one("table", class_="domains").one("tbody").all("tr")) == plan_page.MOST_ROWS
    assert "500 more domains are left out" in root.text


# ---- in a browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.mark.parametrize(
    ("plan", "lang", "width", "scheme"),
    [
        pytest.param(PLAN, "en", 1280, "light", id="usual-en-desk"),
        pytest.param(PLAN, "en", 320, "dark", id="usual-en-phone-dark"),
        pytest.param(PLAN, "ja", 1280, "dark", id="usual-ja-desk-dark"),
        pytest.param(PLAN, "ja", 320, "light", id="usual-ja-phone"),
        pytest.param(hostile(2), "en", 320, "light", id="hostile-phone"),
        pytest.param(hostile(2), "ja", 1280, "light", id="hostile-desk"),
        pytest.param(many(plan_page.BRIEF_FROM), "ja", 320, "light", id="many-phone"),
    ],
)
def test_a_browser_shows_it_well(
    chromium: Browser, tmp_path: Path, plan: Plan, lang: str, width: int, scheme: Any
) -> None:
    file = tmp_path / "plan.html"
    file.write_text(plan_page.render(plan, lang=lang, differences=DIFFERENCES), encoding="utf-8")
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda sent: complaints.append(sent.url) if sent.url != file.as_uri() else None)
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.standing')).fontSize") != "16px"
    )  # the sheet applies
    assert violations(page) == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") in ("A", "SUMMARY")
    assert complaints == []
    context.close()


_BROKEN = """(cells) => cells.flatMap((cell) => {
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = document.createRange(), found = [];
  while (texts.nextNode()) {
    const text = texts.currentNode;
    for (const word of text.data.matchAll(/[A-Za-z0-9.,%()]+/g)) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map((one) => Math.round(one.top))).size > 1) found.push(word[0]);
    }
  }
  return found;
})"""
"""Words that stand on more than one line."""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [320, 768, 961, 1200])
def test_words_in_the_table_of_domains_are_whole(chromium: Browser, tmp_path: Path, lang: str, width: int) -> None:
    owners = ("Marketing", "Information Systems", "Communications (Yamada)")
    domains = tuple(
        replace(one, owner=owners[number % 3], policy="quarantine") for number, one in enumerate(PLAN.domains)
    )
    file = tmp_path / "plan.html"
    file.write_text(plan_page.render(replace(PLAN, domains=domains), lang=lang), encoding="utf-8")
    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.goto(file.as_uri())
    assert page.locator("table.domains :is(th, td)").evaluate_all(_BROKEN) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_it_prints_on_a4_without_losing_what_is_open(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    file.write_text(plan_page.render(PLAN, lang="en"), encoding="utf-8")
    context = chromium.new_context(viewport={"width": 688, "height": 1000})  # A4 less its margins
    page = context.new_page()
    page.goto(file.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 688
    for one in PLAN.domains:
        assert page.get_by_role("heading", name=one.domain, exact=True).is_visible()
    assert page.locator(".record .value pre").first.is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
    context.close()
