"""Hooks of MkDocs (mkdocs.yml): what the site takes from outside of docs/, and how its two languages meet.

The changelog, the README's section on the command line with every command's options, and the JSON Schemas are part of
the site as well. It is built
one language after the other, and a page that is there in English alone stands among the Japanese ones too. Guides link
to their twins in the other language by file name, as they have to where they are read in the repository; no such file
exists in the language that is being built, so these links are written anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

from bimikit.cli import main

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
_SECTION = re.compile(r"^## On the command line\n(.*?)^## ", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[([^\]]+)\]\(([\w-]+)(\.ja)?\.md\)")
_ROW = re.compile(r"^\|.*\\\|.*$", re.MULTILINE)
_CODE = re.compile(r"`[^`]*`")
_SIGNS = re.compile(r"[\\`*_\[\]]")
_ALTERNATE = re.compile(r'<link rel="alternate" href="[^"]*" hreflang="[^"]*">\s*')
_BASE = re.compile(r'(<script id="__config"[^>]*>\{[^<]*?"base": ")([^"]*)(")')


def changelog() -> str:
    """The changelog."""
    return (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def command_line() -> str:
    """The README's section on the command line, as a page.

    Raises:
        ValueError: The README has no such section any more.
    """
    found = _SECTION.search((ROOT / "README.md").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError("README.md has no section “On the command line”, which is a page of the site")
    guide = f"# Command line\n{found[1]}".replace("](docs/", "](")
    return "\n\n".join((guide.rstrip(), "## Every option", *_options())) + "\n"


def _options() -> Iterator[str]:
    """The options of each command, as its help tells them."""
    with click.Context(main, info_name="bimikit") as above:
        for name in main.list_commands(above):
            command = main.get_command(above, name)
            assert command is not None
            ctx = click.Context(command, info_name=name, parent=above)
            usage = " ".join((ctx.command_path, *command.collect_usage_pieces(ctx)))
            told = [param.get_help_record(ctx) for param in command.params if isinstance(param, click.Option)]
            rows = [f"| `{_piped(option)}` | {_piped(_plain(text))} |" for option, text in filter(None, told)]
            yield "\n".join(
                (f"### bimikit {name}", "", f"`{usage}`", "", "| option | meaning |", "| --- | --- |", *rows)
            )


def _piped(text: str) -> str:
    """A text of a table's cell, as GitHub wants it."""
    return text.replace("|", r"\|")


def _plain(text: str) -> str:
    """A text that shows as it is."""
    return _SIGNS.sub(r"\\\g<0>", " ".join(text.split())).replace("<", "&lt;")


_ELSEWHERE: dict[str, Callable[[], str]] = {"changelog.md": changelog, "command-line.md": command_line}


def on_config(config: MkDocsConfig) -> None:
    """Leave the inventory, by which other sites link to the API, to the language that is the API's own."""
    plugins: Any = config.plugins
    if plugins["i18n"].current_language == "ja":
        plugins["mkdocstrings"].config.enable_inventory = False


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the JSON Schemas."""
    package = ROOT / "bimikit"
    for schema in sorted(package.glob("schemas/*.json")):
        name = schema.relative_to(package).as_posix()
        files.append(File(name, str(package), config.site_dir, use_directory_urls=True))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """The text of a page, taken from where it is kept, as Python-Markdown reads it and with links between languages."""
    name = page.file.src_uri
    if name in _ELSEWHERE:
        markdown = _ELSEWHERE[name]()
    markdown = markdown.replace("](../bimikit/schemas/", "](schemas/")
    # GitHub wants a pipe in a cell's code escaped, Python-Markdown shows the backslash.
    markdown = _ROW.sub(lambda row: _CODE.sub(lambda code: code[0].replace(r"\|", "|"), row[0]), markdown)
    stem = name.split(".")[0]
    to_root = "../" * page.url.count("/") or "./"
    in_japanese = page.url.startswith("ja/")

    def linked(link: re.Match[str]) -> str:
        text, target, suffix = link.groups()
        if bool(suffix) == in_japanese or (in_japanese and target != stem):
            return link[0]
        folder = "ja/" if suffix else ""
        address = folder if target == "index" else f"{folder}{target}/"
        return f'<a href="{to_root}{address}">{text}</a>'

    return _LINK.sub(linked, markdown)


def on_page_context(context: dict[str, Any], *, page: Page, config: MkDocsConfig, nav: Navigation) -> None:
    """Lead from each page to its twin, wherever the site is put; the plugin takes the start pages to be at a root."""
    name = page.url.removeprefix("ja/").removeprefix("./")
    alternates: Any = config.extra
    for language in alternates.alternate:
        language["link"] = (f"ja/{name}" if language["lang"] == "ja" else name) or "."


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """A page as the theme's script is to read it.

    The script looks for a sitemap, whose addresses have to be whole, at every alternate of the head; a site that may be
    put anywhere has none, and the link to the other language stands in the body. The words that are searched are those
    of one language, so that Japanese pages have a root of their own (`on_post_build`).
    """
    output = _ALTERNATE.sub("", output)
    if not page.url.startswith("ja/"):
        return output
    return _BASE.sub(lambda base: base[1] + (base[2].removesuffix("..").removesuffix("/") or ".") + base[3], output)


@event_priority(-200)  # after the plugin for languages, which writes what is searched of all of them
def on_post_build(*, config: MkDocsConfig) -> None:
    """Leave out the page for what isn't there: its addresses would be those of a site at the root of its host.

    And part the words to search by language.
    """
    site = Path(config.site_dir)
    (site / "404.html").unlink(missing_ok=True)
    file = site / "search" / "search_index.json"
    index = json.loads(file.read_text(encoding="utf-8"))
    japanese = [
        {**one, "location": one["location"].removeprefix("ja/")}
        for one in index["docs"]
        if one["location"].startswith("ja/")
    ]
    if japanese:
        english = [one for one in index["docs"] if not one["location"].startswith("ja/")]
        for folder, docs in ((site, english), (site / "ja", japanese)):
            to = folder / "search" / file.name
            to.parent.mkdir(exist_ok=True)
            to.write_text(json.dumps({**index, "docs": docs}, ensure_ascii=False), encoding="utf-8")


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A page that is there in English alone says so among Japanese ones, to people and to what reads aloud."""
    if not page.url.startswith("ja/") or page.file.src_uri.endswith(".ja.md"):
        return html
    return f'<p class="english-only">このページは英語版のみです。</p>\n<div lang="en">\n{html}\n</div>'
