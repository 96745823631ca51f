"""The portal in the distribution's Chromium: each door, both languages, with and without JavaScript, keyboard, phone, axe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from browsing import World, browser, violations, world
from flask import Flask
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, BrowserContext, Page, expect
from support import AT

from bimikit import look_at_svg
from bimikit.testing import LOGO
from webapp import words
from webapp.judging import SIZES

ROOT = Path(__file__).parent.parent
SHADOW = ROOT / "fixtures/repair/figma-shadow.svg"
FRAME = ROOT / "fixtures/repair/figma-frame.svg"
GOOD = ROOT / "examples/conformant.svg"
EXPORTED = ROOT / "examples/exported-by-inkscape.svg"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
LOCALES = {"en": "en-US", "ja": "ja-JP"}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def portal(chromium: Browser) -> Iterator[World]:
    with world() as made:
        yield made


@pytest.fixture
def context(chromium: Browser, portal: World) -> Iterator[BrowserContext]:
    opened = chromium.new_context(locale="en-US", viewport=DESK)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, portal: World) -> Iterator[Page]:
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    opened.on("request", lambda sent: complaints.append(sent.url) if not _own(sent.url, portal) else None)
    opened.goto(portal.url)
    yield opened
    assert complaints == []


def _own(url: str, portal: World) -> bool:
    return url.startswith((portal.url, "data:", "blob:"))


def answered(page: Page) -> None:
    """Wait for the answer; it takes the focus."""
    page.wait_for_selector("#answer [data-focus]:focus", timeout=30_000)


def check(page: Page, file: Path) -> None:
    """Hand in a file, and wait for the answer."""
    page.set_input_files("#files", file)
    page.get_by_role("button", name="Check").click()
    answered(page)


def open_repair(page: Page) -> None:
    """Have the answer's logo repaired, and wait for the page on it."""
    page.locator("form[action='/repair'] button").first.click()
    page.wait_for_selector(".repair h1:focus", timeout=30_000)


def test_a_logo_is_judged_without_a_reload(page: Page) -> None:
    page.evaluate("window.kept = true")
    page.set_input_files("#files", EXPORTED)
    expect(page.locator("[data-files] li")).to_have_count(1)
    page.get_by_role("button", name="Check").click()
    answered(page)
    assert page.evaluate("window.kept")
    assert page.locator("details.finding.error").count() >= 5
    expect(page.locator("#answer")).to_contain_text('inkscape:version="1.3"')
    assert page.locator("#answer svg.picture").count() >= 20
    assert all(
        href.startswith("data:image/png")
        for href in page.locator("#answer image").evaluate_all("all => all.map(one => one.href.baseVal)")
    )


@pytest.mark.parametrize("scale", [1, 2])
def test_each_preview_shows_the_picture_drawn_for_its_size(chromium: Browser, portal: World, scale: int) -> None:
    opened = chromium.new_context(locale="en-US", viewport=DESK, device_scale_factor=scale, java_script_enabled=False)
    page = opened.new_page()
    page.goto(portal.url)
    page.set_input_files("#files", GOOD)
    page.get_by_role("button", name="Check").click()
    page.locator(".all-sizes summary").click()
    for pixels in SIZES:
        shown = page.locator(f".ground.light td svg.square[width='{pixels}']")
        drawn = look_at_svg(GOOD.read_bytes(), {pixels * scale}, at=AT)[1][pixels * scale]
        with Image.open(BytesIO(shown.screenshot())) as seen, Image.open(BytesIO(drawn)) as expected:
            # Where the place begins between pixels, the screenshot has one row and column more at its start.
            place = seen.width - expected.width, seen.height - expected.height, seen.width, seen.height
            difference = ImageChops.difference(seen.convert("RGB").crop(place), expected.convert("RGB"))
        assert max(ImageStat.Stat(difference).mean) < 1, pixels
    opened.close()


def test_rounds_are_round_without_a_script(chromium: Browser, portal: World) -> None:
    opened = chromium.new_context(locale="en-US", viewport=DESK, java_script_enabled=False)
    page = opened.new_page()
    page.goto(portal.url)
    page.set_input_files("#files", GOOD)
    page.get_by_role("button", name="Check").click()
    corners = {}
    page.locator(".all-sizes summary").click()
    for shape in ("circle", "rounded", "square"):
        with Image.open(BytesIO(page.locator(f".ground.dark td svg.{shape}[width='96']").screenshot())) as seen:
            size = seen.size[0]
            corners[shape] = [seen.convert("RGB").getpixel((at, at)) for at in (2, size // 10)]
    ground, logo = (0x20, 0x21, 0x24), corners["square"][0]
    assert logo != ground
    assert corners == {"circle": [ground, ground], "rounded": [ground, logo], "square": [logo, logo]}
    opened.close()


# ---- back and forward


def test_back_returns_to_the_form_as_it_was_and_forward_to_the_answer(page: Page) -> None:
    first = page.title()
    page.evaluate("window.kept = true")
    page.fill("#domain", "example.com")
    page.uncheck("[name=look_up]")
    check(page, EXPORTED)
    told = page.title()
    assert told == "Not yet – example.com – bimikit"
    page.locator("details.finding:not([open]) summary").first.click()
    unfolded = page.locator("details.finding[open]").count()
    page.fill("#domain", "example.net")
    page.get_by_role("button", name="Remove exported-by-inkscape.svg").click()
    page.go_back()
    assert page.title() == first
    assert page.locator("#answer > *").count() == 0
    expect(page.locator(".hero h1")).to_be_visible()
    assert (page.input_value("#domain"), page.is_checked("[name=look_up]")) == ("example.com", False)
    expect(page.locator("[data-files] li bdi")).to_have_text(["exported-by-inkscape.svg"])
    page.go_forward()
    assert page.title() == told
    assert page.locator("details.finding[open]").count() == unfolded
    assert page.input_value("#domain") == "example.net"
    assert page.locator("[data-files] li").count() == 0
    assert page.evaluate("window.kept")
    expect(page.locator("#answer [data-focus]")).to_be_focused()


def test_each_answer_and_each_repair_is_a_step_back(page: Page) -> None:
    check(page, FRAME)
    judged = page.title()
    open_repair(page)
    repaired = page.title()
    page.get_by_label("Title (the brand’s name)").fill("Kurage Audio")
    page.get_by_role("button", name="Repair again").click()
    expect(page.locator(".changes.changes")).to_contain_text(["Kurage Audio"])
    page.go_back()
    assert page.title() == repaired == "The repaired logo – figma-frame.svg – bimikit"
    expect(page.get_by_label("Title (the brand’s name)")).to_have_value("Kurage Audio")
    page.go_back()
    assert page.title() == judged
    expect(page.locator("article.answer")).to_be_visible()
    page.get_by_role("button", name="Check", exact=True).click()  # what was ahead is gone, as in any history
    answered(page)
    page.go_back()
    assert page.title() == judged
    page.go_back()
    assert page.locator("#answer > *").count() == 0


def test_links_within_an_answer_are_steps_within_it(page: Page) -> None:
    check(page, EXPORTED)
    told = page.title()
    page.locator(".gist .cause a").click()
    assert "#answer-1-" in page.url
    page.go_back()
    assert page.title() == told
    expect(page.locator("article.answer")).to_be_visible()
    page.go_back()
    assert page.locator("#answer > *").count() == 0
    page.go_forward()
    page.go_forward()
    assert page.title() == told
    expect(page.locator("article.answer")).to_be_visible()


def test_problems_in_a_row_are_one_step_back(context: BrowserContext, portal: World) -> None:
    page = context.new_page()
    page.goto(portal.url)
    for _ in range(2):
        page.get_by_role("button", name="Check", exact=True).click()
        answered(page)
        page.evaluate("document.activeElement.blur()")
    assert page.title().startswith("There is nothing to check")
    page.go_back()
    assert page.locator("#answer > *").count() == 0
    assert page.title() == "Will your logo show in the inbox? – bimikit"


def test_a_reload_shows_the_first_page_and_so_does_every_step_from_there(page: Page) -> None:
    first = page.title()
    check(page, EXPORTED)
    page.reload()
    assert page.title() == first
    assert page.locator("#answer > *").count() == 0
    page.go_back()
    assert page.title() == first
    check(page, GOOD)
    page.go_back()
    page.go_forward()
    expect(page.locator("article.answer")).to_contain_text("conformant.svg")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert "conformant" not in page.evaluate("JSON.stringify(history.state)")


def record_steps(page: Page) -> None:
    """Keep, in the page, what its note on progress tells from now on."""
    page.evaluate(
        """() => {
            window.told = [];
            const note = (all) => window.told.push(...all.flatMap((one) => [...one.addedNodes].map((item) => item.textContent)));
            new MutationObserver(note).observe(document.querySelector("[data-steps]"), {childList: true});
        }"""
    )


def test_a_domain_is_checked_step_by_step(page: Page) -> None:
    record_steps(page)
    page.fill("#domain", "example.com")
    page.get_by_role("button", name="Check").click()
    answered(page)
    assert page.evaluate("window.told")[:4] == [
        "Asking the DNS",
        "Fetching logo and certificate",
        "Fetching revocation lists",
        "Judging",
    ]
    expect(page.locator("#answer h2").first).to_have_text("Ready to show")
    expect(page.locator("#answer")).to_contain_text("Acme")


def test_planned_records_are_judged_and_marked(page: Page) -> None:
    page.locator("#door-plan").click()
    page.fill("#dmarc", '_dmarc.example.com. 3600 IN TXT "v=DMARC1; p=none; rua=mailto:d@example.com"')
    page.fill("#record", "v=BIMI1; l=http://example.com/logo.svg")
    page.uncheck("[name=look_up]")
    page.get_by_role("button", name="Check").click()
    answered(page)
    assert page.locator("#answer mark").all_text_contents().count("p=none") >= 1
    expect(page.locator("#answer")).to_contain_text("_dmarc.example.com")


def test_everything_is_judged_together_and_the_records_can_be_copied(page: Page, portal: World, tmp_path: Path) -> None:
    pem = tmp_path / "vmc.pem"
    pem.write_bytes(portal.certificate)
    logo = tmp_path / "logo.svg"
    logo.write_bytes(LOGO)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.set_input_files("#files", [logo, pem])
    page.fill("#domain", "example.com")
    page.locator("#door-plan").click()
    page.fill("#logo_url", portal.web.url("/logo.svg"))
    page.fill("#certificate_url", portal.web.url("/vmc.pem"))
    page.get_by_role("button", name="Check").click()
    answered(page)
    copy = page.locator("[data-copy]").first
    copy.click()
    expect(copy).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "default._bimi" in copied or copied.startswith("v=BIMI1; l=")


def test_files_can_be_dropped_anywhere_and_taken_out_again(page: Page) -> None:
    page.evaluate(
        """() => {
            const held = new DataTransfer();
            held.items.add(new File(['<svg xmlns="http://www.w3.org/2000/svg"/>'], "dropped.svg"));
            held.items.add(new File(["x"], "other.svg"));
            for (const kind of ["dragenter", "dragover", "drop"])
                document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: held, bubbles: true, cancelable: true}));
        }"""
    )
    expect(page.locator("[data-files] li")).to_have_count(2)
    page.get_by_role("button", name="Remove other.svg").click()
    expect(page.locator("[data-files] li")).to_have_count(1)
    page.get_by_role("button", name="Check").click()
    answered(page)
    expect(page.locator("#answer")).to_contain_text("dropped.svg")


@pytest.mark.parametrize("lang", LOCALES)
@pytest.mark.parametrize("count", [1, 1023, 1024, 1280, 34_500, 1_310_720])
def test_the_size_of_a_file_is_told_as_the_server_tells_it(page: Page, portal: World, lang: str, count: int) -> None:
    page.goto(f"{portal.url}?lang={lang}")
    page.set_input_files("#files", {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": b" " * count})
    with Flask(__name__).test_request_context(headers={"Accept-Language": lang}):
        expect(page.locator("[data-files] .quiet")).to_have_text(words.size(count))


def test_the_note_on_progress_leaves_the_answer_free_once_it_is_there(page: Page) -> None:
    check(page, EXPORTED)
    note = page.locator("[data-status]")
    expect(note.get_by_role("listitem")).to_have_text("Done. The answer is below.")
    expect(note).to_have_role("status")
    assert note.bounding_box()["width"] <= 64
    assert page.evaluate("getComputedStyle(document.querySelector('[data-status]')).clipPath") == "inset(50%)"
    page.get_by_role("button", name="Check").first.click()
    expect(note).not_to_have_class(re.compile(r"\bunseen\b"))


def test_a_logo_is_repaired_and_taken_home(page: Page) -> None:
    check(page, FRAME)
    open_repair(page)
    expect(page.locator(".compared img")).to_have_count(3)
    page.get_by_label("Title (the brand’s name)").fill("Kurage Audio")
    page.get_by_label("Description").fill("A blue jellyfish")
    page.get_by_role("button", name="Repair again").click()
    expect(page.locator(".repair h1")).to_contain_text("Repaired, conformant")
    expect(page.locator(".changes.changes")).to_contain_text(["Kurage Audio"])
    with page.expect_download() as told:
        page.get_by_role("button", name="Download").click()
    assert told.value.suggested_filename == "figma-frame.bimi.svg"
    text = Path(told.value.path()).read_text()
    assert "<title>Kurage Audio</title>" in text
    import bimikit

    assert bimikit.check_svg(text.encode()).ok


def test_the_repaired_logo_takes_the_place_of_the_other_in_the_form(page: Page, portal: World, tmp_path: Path) -> None:
    pem = tmp_path / "vmc.pem"
    pem.write_bytes(portal.certificate)
    page.set_input_files("#files", [FRAME, pem])
    page.get_by_role("button", name="Check").click()
    answered(page)
    open_repair(page)
    page.get_by_label("Title (the brand’s name)").fill("Kurage Audio")  # and no new repair
    page.get_by_role("button", name="Check the repaired logo").click()
    page.wait_for_selector("article.answer h2:has-text('The logo isn’t the one in the certificate')", timeout=30_000)
    chosen = page.locator("[data-files] li bdi")
    expect(chosen).to_have_text(["figma-frame.bimi.svg", "vmc.pem"])
    expect(page.locator(".carried")).to_have_count(0)
    held = page.evaluate("document.getElementById('files').files[0].text()")
    assert "<title>Kurage Audio</title>" in held
    page.fill("#domain", "example.com")
    page.uncheck("#check [name=look_up]")
    page.get_by_role("button", name="Check", exact=True).click()
    page.wait_for_selector(".verdict .subject:has-text('example.com')", timeout=30_000)
    expect(page.locator(".verdict .file bdi")).to_have_text(["figma-frame.bimi.svg", "vmc.pem"])
    page.go_back()
    page.go_back()
    page.go_back()
    expect(chosen).to_have_text(["figma-frame.svg", "vmc.pem"])


def test_without_a_script_the_repaired_logo_is_carried_along_until_it_is_left_out(
    chromium: Browser, portal: World
) -> None:
    opened = chromium.new_context(locale="ja-JP", viewport=PHONE, java_script_enabled=False)
    page = opened.new_page()
    page.goto(portal.url)
    page.set_input_files("#files", FRAME)
    page.get_by_role("button", name="確認する").click()
    page.locator("form[action='/repair'] button").click()
    page.get_by_label("タイトル（ブランド名）").fill("くらげ")
    page.get_by_role("button", name="修復したロゴを確認する").click()
    expect(page.locator(".verdict .subject")).to_contain_text("figma-frame.bimi.svg")
    carried = page.get_by_role("checkbox", name="figma-frame.bimi.svg")
    expect(carried).to_be_checked()
    page.fill("#domain", "example.com")
    page.get_by_role("button", name="確認する", exact=True).click()
    expect(page.locator(".verdict .subject")).to_contain_text("figma-frame.bimi.svg")
    carried.uncheck()
    page.get_by_role("button", name="確認する", exact=True).click()
    expect(page.locator(".verdict .subject")).to_have_text("example.com")
    expect(page.locator(".carried")).to_have_count(0)
    opened.close()


def test_the_row_of_a_chosen_file_breaks_no_word_on_a_phone(chromium: Browser, portal: World) -> None:
    opened = chromium.new_context(locale="ja-JP", viewport=PHONE)
    page = opened.new_page()
    page.goto(portal.url)
    long = "とても長い名前のロゴファイル" * 3 + ".svg"
    page.set_input_files("#files", {"name": long, "mimeType": "image/svg+xml", "buffer": b" " * 858})
    for part in (".quiet", ".remove"):
        told = page.locator(f"[data-files] {part}")
        lines = told.evaluate(
            "one => { const all = document.createRange(); all.selectNodeContents(one); return new Set([...all.getClientRects()].map(box => box.top)).size }"
        )
        assert lines == 1, told.text_content()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    opened.close()


def test_a_change_of_the_picture_takes_a_tick(page: Page) -> None:
    check(page, SHADOW)
    open_repair(page)
    expect(page.locator(".repair h1")).to_have_text("Not conformant yet")
    page.locator(".asked input[value=filter]").check()
    page.get_by_role("button", name="Repair again").click()
    expect(page.locator(".repair h1")).to_have_text("Repaired, conformant")
    expect(page.locator(".repair")).to_contain_text("as you allowed")


@pytest.mark.parametrize(("name", "ending"), [("HTML", "html"), ("JSON", "json"), ("Markdown", "md")])
def test_the_answer_can_be_taken_away(page: Page, name: str, ending: str) -> None:
    check(page, GOOD)
    with page.expect_download() as told:
        page.get_by_role("button", name=re.compile(name)).click()
    assert told.value.suggested_filename == f"bimi-report-conformant.svg-2026-11-24.{ending}"
    assert "conformant.svg" in Path(told.value.path()).read_text()


def test_on_paper_only_what_is_small_is_kept_together(page: Page) -> None:
    """Whatever is as high as half a page would leave half a page empty."""
    check(page, EXPORTED)
    page.emulate_media(media="print")
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    heights = page.evaluate(
        """() => [...document.querySelectorAll("#answer *")]
            .filter((one) => getComputedStyle(one).breakInside === "avoid" && one.getBoundingClientRect().height)
            .map((one) => [one.className, one.getBoundingClientRect().height])"""
    )
    assert len(heights) > 20
    assert max(height for _name, height in heights) < 500, max(heights, key=lambda one: one[1])


def test_the_answer_can_be_printed(page: Page) -> None:
    check(page, EXPORTED)
    with page.context.expect_page() as told:
        page.get_by_role("button", name=re.compile("PDF")).click()
    printed = told.value
    printed.wait_for_load_state()
    expect(printed.locator("h2").first).to_contain_text("exported-by-inkscape.svg")
    background = printed.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert background != "rgba(0, 0, 0, 0)", "its style sheet doesn't apply"


@pytest.mark.parametrize(
    ("lang", "theme", "size"),
    [("en", "light", DESK), ("ja", "dark", DESK), ("ja", "light", PHONE), ("en", "dark", PHONE)],
    ids=["en-light-desk", "ja-dark-desk", "ja-light-phone", "en-dark-phone"],
)
def test_every_page_is_accessible(
    chromium: Browser, portal: World, lang: str, theme: str, size: dict[str, int]
) -> None:
    opened = chromium.new_context(locale=LOCALES[lang], color_scheme=theme, viewport=size)  # type: ignore[arg-type]
    page = opened.new_page()
    page.goto(portal.url)
    assert page.locator("html").get_attribute("lang") == lang
    assert violations(page) == []
    page.set_input_files("#files", SHADOW)
    page.fill("#domain", "example.com")
    page.locator("button.primary").first.click()
    answered(page)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    open_repair(page)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.goto(portal.url)
    logos = [{"name": f"{n}.svg", "mimeType": "image/svg+xml", "buffer": LOGO + b" " * n} for n in range(2)]
    certificate = {"name": "vmc.pem", "mimeType": "application/x-pem-file", "buffer": portal.certificate}
    page.set_input_files("#files", [*logos, certificate])  # type: ignore[arg-type]
    page.locator("button.primary").first.click()
    answered(page)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.locator("article.answer").count() == 2
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    for path in ("/api", "/nowhere"):
        page.goto(portal.url + path)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    opened.close()


def test_it_all_works_without_javascript(chromium: Browser, portal: World) -> None:
    opened = chromium.new_context(locale="ja-JP", java_script_enabled=False, viewport=DESK)
    page = opened.new_page()
    page.goto(portal.url)
    page.set_input_files("#files", FRAME)
    page.fill("#domain", "example.com")
    page.locator("button.primary").first.click()
    page.wait_for_load_state()
    assert "表示" in page.locator("#answer h2").first.inner_text()
    page.locator("form[action='/repair'] button").first.click()
    page.wait_for_load_state()
    page.locator("input[name=title]").fill("クラゲ音響")
    page.locator(".actions button").first.click()
    page.wait_for_load_state()
    assert "適合" in page.locator(".repair h1").inner_text()
    with page.expect_download() as told:
        page.locator("button[formaction$=download]").click()
    assert "クラゲ音響" in Path(told.value.path()).read_text()
    page.goto(portal.url)
    page.locator("button.primary").first.click()  # nothing given: told, and the form is still there
    page.wait_for_load_state()
    assert page.locator("form#check").count() == 1
    opened.close()


def test_the_language_can_be_switched_and_stays(page: Page, portal: World) -> None:
    page.get_by_role("link", name="日本語").click()
    assert page.locator("html").get_attribute("lang") == "ja"
    page.goto(portal.url)
    assert page.locator("html").get_attribute("lang") == "ja"
    record_steps(page)
    page.fill("#domain", "example.com")
    page.locator("button.primary").first.click()
    answered(page)
    assert "DNSに問い合わせています" in page.evaluate("window.told")


def test_an_answer_is_kept_when_the_language_is_switched(page: Page) -> None:
    check(page, EXPORTED)
    page.get_by_role("navigation", name="Language").get_by_role("link", name="日本語").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.locator("#answer .verdict")).to_contain_text("適合していません")


def test_the_keyboard_is_enough(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_class("skip")
    page.keyboard.press("Enter")
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.id || document.activeElement.textContent.trim().slice(0, 20)")
        )
        if page.evaluate("document.activeElement.id") == "domain":
            page.keyboard.type("example.com")
        if page.evaluate("document.activeElement.matches('button.primary')"):
            break
    assert "files" in reached, reached
    page.keyboard.press("Enter")
    answered(page)
    page.keyboard.press("Tab")
    seen = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert seen == "solid", "the focus must be seen"


def test_the_first_page_is_light_and_does_not_shift(chromium: Browser, portal: World) -> None:
    opened = chromium.new_context(locale="ja-JP", viewport=PHONE)
    page = opened.new_page()
    weight = []
    page.on("response", lambda got: weight.append(len(got.body())))
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const one of list.getEntries()) window.shift += one.value })"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(portal.url, wait_until="networkidle")
    assert sum(weight) < 150_000, weight
    assert page.evaluate("window.shift") == 0
    opened.close()


def test_a_hostile_upload_shows_nothing_but_words(page: Page, tmp_path: Path) -> None:
    evil = tmp_path / "evil.svg"
    evil.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=\'owned\'"><title>&lt;img src=x onerror=alert(1)></title>'
        '<script>document.title="owned"</script><image href="http://192.0.2.1/x.png" width="9" height="9"/></svg>'
    )
    named = tmp_path / "<img src=x onerror=document.title='owned'>.svg"
    named.write_bytes(evil.read_bytes())
    page.set_input_files("#files", [evil, named])
    page.get_by_role("button", name="Check").click()
    answered(page)
    assert "owned" not in page.title()
    assert page.locator("#answer script, #answer [onerror], #answer [onload]").count() == 0
    assert page.locator("#answer image:not([href^='data:image/png;base64,'])").count() == 0


def test_what_takes_long_can_be_stopped(page: Page, portal: World) -> None:
    portal.zone.fail("_dmarc.slow.example", "silent")
    page.fill("#domain", "slow.example")
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("[data-steps]")).to_contain_text("Stopped.")
    expect(page.locator("button.primary").first).to_be_enabled()
