"""The site of the documentation: complete, in both languages, without a broken link or a request to anybody else."""

from __future__ import annotations

import enum
import functools
import http.server
import inspect
import os
import re
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import click
import lxml.html
import pytest
from browsing import browser
from support import ROOT

import bimikit
from bimikit.cli import main

MODULES = ("bimikit", "bimikit.aio", "bimikit.assertions", "bimikit.config", "bimikit.planning", "bimikit.testing")
"""The modules whose names are public (docs/versioning.md)."""
NAMES = [f"{module}.{name}" for module in MODULES for name in import_module(module).__all__]
FUNCTIONS = [
    name
    for name in NAMES
    if inspect.isfunction(getattr(import_module(name.rpartition(".")[0]), name.rpartition(".")[2]))
]
CLASSES = [
    name for name in NAMES if inspect.isclass(getattr(import_module(name.rpartition(".")[0]), name.rpartition(".")[2]))
]
EXPLAINED_BY = {
    "bimikit.gather_domain": "check_domain",
    "bimikit.aio.check_dkim": "bimikit.check_dkim",
    "bimikit.aio.check_domain": "bimikit.check_domain",
    "bimikit.aio.check_spf": "bimikit.check_spf",
    "bimikit.aio.gather_domain": "bimikit.gather_domain",
}
"""Whose parameters are those of another one, which they name."""
CANT_FAIL = {
    "bimikit.all_rules",
    "bimikit.repair_schema",
    "bimikit.report_schema",
    "bimikit.config.files_of",
    "bimikit.config.unused",
    "bimikit.config.without_ignored",
    "bimikit.planning.plan_style",
    "bimikit.planning.without_secrets",
}
"""What raises nothing that a caller could cause."""
OTHERS = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])(?:https?:)?//""")


def public(name: str) -> Any:
    """What a public name stands for."""
    module, _, last = name.rpartition(".")
    return getattr(import_module(module), last)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make site` builds it."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, lxml.html.HtmlElement]:
    """The pages by their path in the site."""
    return {path.relative_to(site).as_posix(): lxml.html.parse(path).getroot() for path in sorted(site.rglob("*.html"))}


@pytest.fixture(scope="module")
def described(pages: dict[str, lxml.html.HtmlElement]) -> dict[str, lxml.html.HtmlElement]:
    """What the English pages say of each name of the API, by its id."""
    return {
        heading.get("id"): heading.getparent()
        for path, page in pages.items()
        if path.startswith("api/")
        for heading in page.xpath('//*[contains(@class, "doc-heading")][@id]')
    }


def members(name: str) -> list[str]:
    """The fields of a public class, or the values of an enumeration."""
    cls = public(name)
    if issubclass(cls, enum.Enum):
        return [one.name for one in cls]
    return list(getattr(cls, "__struct_fields__", None) or getattr(cls, "_fields", ()))


def test_every_public_name_is_on_the_pages_of_the_api_exactly_once(pages: dict[str, lxml.html.HtmlElement]) -> None:
    ids = [one for path, page in pages.items() if path.startswith("api/") for one in page.xpath("//*[@id]/@id")]
    assert {name: ids.count(name) for name in NAMES} == dict.fromkeys(NAMES, 1)


def test_other_sites_find_every_public_name_by_the_inventory(site: Path) -> None:
    data = (site / "objects.inv").read_bytes()
    header = re.match(rb"(?:#[^\n]*\n){4}", data)
    assert header is not None
    lines = zlib.decompress(data[header.end() :]).decode().splitlines()
    places = {line.split(" ")[0]: line.split(" ")[3] for line in lines}
    assert set(NAMES) <= set(places)
    assert all(place.startswith("api/") for place in places.values())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_told_with_types_parameters_what_it_raises_and_its_source(
    described: dict[str, lxml.html.HtmlElement], name: str
) -> None:
    section = described[name]
    text = section.text_content()
    signature = section.xpath('.//*[contains(@class, "doc-signature")]')[0].text_content()
    parameters = inspect.signature(public(name)).parameters.values()
    listed = {one.text_content() for one in section.xpath('.//li[contains(@class, "doc-section-item")]/b/code')}
    for parameter in parameters:
        assert re.search(rf"\b{parameter.name}: \S", signature), f"the type of {parameter.name}"
    assert re.search(r"\) -> \S", signature)
    if name in EXPLAINED_BY:
        assert EXPLAINED_BY[name] in text
    else:
        assert {parameter.name for parameter in parameters} <= listed
    assert ("Raises:" in text) is (name not in CANT_FAIL)
    assert re.search(r"Source code in bimikit/\S+\.py", text)


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_is_told_with_its_fields_and_its_source(described: dict[str, lxml.html.HtmlElement], name: str) -> None:
    section = described[name]
    told = {one.text_content() for one in section.xpath(".//li/b/code")}
    headed = {one.rpartition(".")[2] for one in section.xpath(f'.//*[starts-with(@id, "{name}.")]/@id')}
    assert set(members(name)) <= told | headed
    assert re.search(r"Source code in bimikit/\S+\.py", section.text_content())


def test_the_page_on_the_plugin_has_every_option_and_fixture(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "api" / "pytest.md").read_text(encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    shown = subprocess.run([*command, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"--bimi-[a-z]+", shown))
    assert options
    for name in {*options, "bimi", "bimi_publication", "bimi_undecided", "bimi_live"}:
        assert re.search(rf"`[^`]*{name}\b[^`]*`", page), name


def test_every_link_inside_the_site_leads_somewhere(site: Path, pages: dict[str, lxml.html.HtmlElement]) -> None:
    anchors = {path: {*page.xpath("//@id"), *page.xpath("//a/@name"), ""} for path, page in pages.items()}
    broken = []
    for path, page in pages.items():
        for target in page.xpath("//@href | //@src"):
            address = urlsplit(target)
            if address.scheme or address.netloc:
                continue
            file = (site / path).parent / unquote(address.path) if address.path else site / path
            file = (file / "index.html" if file.is_dir() and not address.path.startswith("/") else file).resolve()
            name = Path(os.path.relpath(file, site.resolve())).as_posix()
            if not file.is_file() or (name in anchors and unquote(address.fragment) not in anchors[name]):
                broken.append(f"{path}: {target}")
    assert not broken


def test_no_link_leads_to_the_placeholder_of_an_account(pages: dict[str, lxml.html.HtmlElement]) -> None:
    assert not [(path, link) for path, page in pages.items() for link in page.xpath("//@href") if "OWNER" in link]


def test_no_page_asks_anybody_else_for_anything(site: Path, pages: dict[str, lxml.html.HtmlElement]) -> None:
    asked = "//@src | //@srcset | //@data | //@poster | //@action | //link/@href | //*[local-name()='use']/@href"
    for path, page in pages.items():
        assert not [target for target in page.xpath(asked) if urlsplit(target).netloc], path
        assert not page.xpath("//meta[@http-equiv='refresh'] | //iframe | //base"), path
        assert not [style for style in page.xpath("//style/text() | //@style") if OTHERS.search(style)], path
    styles = list(site.rglob("*.css"))
    assert styles
    for style in styles:
        assert not OTHERS.search(style.read_text(encoding="utf-8")), style


def test_each_language_has_every_page_and_leads_to_the_other(pages: dict[str, lxml.html.HtmlElement]) -> None:
    english = {path for path in pages if not path.startswith("ja/")}
    assert {path for path in pages if path.startswith("ja/")} == {f"ja/{path}" for path in english}
    for path in english:
        for lang, here, there in (("ja", path, f"ja/{path}"), ("en", f"ja/{path}", path)):
            (switch,) = pages[here].xpath('//header//a[contains(@class, "site-language")]')
            assert switch.get("hreflang") == lang
            assert os.path.normpath(f"{Path(here).parent}/{switch.get('href')}") == str(Path(there).parent)
            assert pages[here].get("lang") == {"ja": "en", "en": "ja"}[lang]


def test_a_page_stands_in_the_navigation_in_the_language_of_its_text(pages: dict[str, lxml.html.HtmlElement]) -> None:
    docs = ROOT / "docs"
    for document in sorted(docs.rglob("*.md")):
        if document.name.endswith(".ja.md"):
            continue
        name = document.relative_to(docs).with_suffix("").as_posix().removesuffix("index").strip("/")
        path = f"ja/{name}/index.html".replace("//", "/")
        here = pages[path]
        assert here.xpath('//nav[contains(@class, "md-nav--primary")]//a[contains(@class, "md-nav__link--active")]'), (
            path
        )
        only_english = bool(here.xpath('//p[@class="english-only"]')) and bool(here.xpath('//article/div[@lang="en"]'))
        assert only_english is not document.with_suffix(".ja.md").exists(), path


def test_what_stands_outside_of_the_guides_is_on_the_site_too(
    site: Path, pages: dict[str, lxml.html.HtmlElement]
) -> None:
    assert bimikit.__version__ in pages["changelog/index.html"].xpath("string(//article)")
    command_line = pages["command-line/index.html"].xpath("string(//article)")
    assert "bimikit svg FILE…" in command_line
    assert "text|json|jsonl" in command_line
    assert ".md" not in command_line.partition("Every option")[0].replace("report.md", "")
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        for param in command.params:
            assert isinstance(param, click.Argument) or param.opts[-1] in command_line, (name, param.opts)
    for name in ("report-1.json", "repair-1.json"):
        assert (site / "schemas" / name).read_bytes() == (ROOT / "bimikit" / "schemas" / name).read_bytes()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The site on loopback."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def test_a_browser_asks_the_site_alone_finds_words_in_both_languages_and_fits_a_phone(site: Path) -> None:
    with served(site) as root, browser() as started:
        page = started.new_page(viewport={"width": 390, "height": 844})
        asked: list[str] = []
        missing: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("response", lambda response: missing.append(response.url) if response.status >= 400 else None)
        for path in ("", "ja/", "api/checks/", "ja/repair/", "command-line/", "providers/", "versioning/"):
            page.goto(root + path)
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        for path, words, found, japanese in (
            ("", "check_svg", "api/checks/", False),
            ("", "BIMI", "", False),
            ("ja/", "証明書", "ja/", True),
            ("ja/repair/", "BIMI", "ja/", True),
            ("ja/", "check_svg", "ja/api/checks/", True),
        ):
            page.goto(f"{root}{path}?q={words}")
            page.wait_for_selector(".md-search-result__link", state="attached")
            links = page.eval_on_selector_all(".md-search-result__link", "all => all.map(one => one.href)")
            assert any(found in link for link in links), words
            assert {link.startswith(f"{root}ja/") for link in links} == {japanese}, words
            for link in links[:3]:
                assert (site / urlsplit(link).path.strip("/") / "index.html").is_file(), link
        page.goto(f"{root}repair/")
        page.get_by_role("link", name="日本語").first.click()
        page.wait_for_url(f"{root}ja/repair/")
        assert asked
        assert not [url for url in asked if not url.startswith((root, "data:", "blob:"))]
        assert not missing
        page.set_viewport_size({"width": 1280, "height": 900})
        for path in ("command-line/", "providers/", "ja/providers/"):
            page.goto(root + path)
            page.wait_for_load_state("networkidle")
            cut = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"
            assert not page.eval_on_selector_all(".md-typeset__scrollwrap", cut), path
            wide = page.eval_on_selector_all(".md-typeset pre code", cut)
            assert all(max(map(len, code.splitlines())) > 100 for code in wide), wide


def test_the_package_carries_what_it_needs_and_no_tests(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        packed = set(opened.namelist())
    for folder in ("bimikit", "webapp"):
        kept = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert {name.replace("webapp/", "bimikit_portal/", 1) for name in kept} <= packed
    for name in ("py.typed", "schemas/report-1.json", "cert/data/roots.toml", "receivers/data/gmail.toml"):
        assert f"bimikit/{name}" in packed
    assert {name.split("/")[0] for name in packed if ".dist-info/" not in name} == {"bimikit", "bimikit_portal"}
    assert not [name for name in packed if "__pycache__" in name or name.rpartition("/")[2].startswith("test_")]
