"""What the README and the guides show is what happens."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from aggregate_reports import inbox
from support import AT, ROOT

from bimikit import check_certificate, check_publication
from bimikit.cli import main
from bimikit.output import FORMATS
from bimikit.receivers.page import page_markdown
from bimikit.testing import LOGO, MarkCA
from tools.providers_page import PAGES
from tools.repair_page import SAMPLES, source
from tools.testing_page import page

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


class Example(NamedTuple):
    """A block of code in a document that is marked ``python`` or ``console``.

    Attributes:
        page: The document, as the repository names it.
        number: Which one of the document's examples it is, from 1.
        language: How it is marked.
        code: The block.
        prints: What the page says it prints; None where it says nothing.
        not_run: Why it isn't run, from the remark before it; empty where it is.
    """

    page: str
    number: int
    language: str
    code: str
    prints: str | None
    not_run: str

    def __str__(self) -> str:
        return f"{self.page}-{self.number}"


TOLD_AS_STORIES = frozenset({"docs/road.md", "docs/road.ja.md"})
"""Pages whose examples follow one another; `test_road` tells them."""
BLOCK = re.compile(
    r"(?:^<!-- not run: (?P<not_run>[^\n]+) -->\n+)?^```(?P<language>python|console)\n(?P<code>.*?)^```$"
    r"(?:\n\n(?:prints|出力：)\n\n```text\n(?P<prints>.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)
ASKS_THE_NETWORK = re.compile(
    r"bimikit (domain|verify|expiry|portal|scan)|check_domain|verify_publication|expiry_of_domain|gather_domain|assert_domain|bimi_live|--bimi-live"
)
EXAMPLES = [
    Example(
        page.relative_to(ROOT).as_posix(),
        number,
        found["language"],
        found["code"],
        found["prints"],
        found["not_run"] or "",
    )
    for page in DOCUMENTS
    for number, found in enumerate(BLOCK.finditer(page.read_text(encoding="utf-8")), 1)
]
PRINTED = {
    ("README.md", 3): "False\n",
    ("README.md", 4): "True VMC 366\n",
    ("README.md", 5): "True 0.",
    ("README.md", 6): "blocked no_bimi\nrfc9989 none False\n",
}
"""How the output begins of examples whose pages tell it in remarks."""

EMPTY_TITLE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 96 96" width="96" '
    b'height="96">\n<title></title>\n<desc>x</desc><rect width="96" height="96"/><circle r="9" fill="#fff"/></svg>\n'
)
BRAND = """
[trust]
roots = ["ca/root.pem"]
ct-logs = ["ca/log.pem"]

[[publications]]
domain = "example.com"
logo = "brand/logo.svg"
certificate = "brand/vmc.pem"
dmarc = "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
record = "v=BIMI1; l=https://www.example.com/logo.svg; a=https://www.example.com/vmc.pem"
"""


def exported_logos() -> dict[str, bytes]:
    """What the examples of repairs read."""
    return {name: source(logo) for name, logo in SAMPLES.items()}


def brand_repository() -> dict[str, bytes]:
    """A repository that has what it asks for. Its certificate is as of now, since the examples name no moment."""
    ca = MarkCA(at=datetime.now(UTC))
    return {
        "bimikit.toml": BRAND.encode(),
        "brand/logo.svg": LOGO,
        "brand/vmc.pem": ca.issue("example.com").pem,
        "brand/issuing.crl": ca.crl(),
        "brand/root.crl": ca.crl(of="root"),
        "ca/root.pem": ca.root_pem,
        "ca/log.pem": ca.log_pem,
    }


FILES: Mapping[str, Callable[[], Mapping[str, bytes]]] = {
    "README.md": lambda: {"logo.svg": EMPTY_TITLE},
    "docs/pipelines.md": brand_repository,
    "docs/repair.md": exported_logos,
    "docs/repair.ja.md": exported_logos,
    "docs/reports.md": inbox,
    "docs/reports.ja.md": inbox,
}
"""The files that a page's examples find in their folder, by page."""


def python(code: str, folder: Path, environment: Mapping[str, str]) -> str:
    """What a program prints, or tests do; it has to end well."""
    file = folder / "test_example.py"
    file.write_text(code, encoding="utf-8")
    tests = ["-m", "pytest", "-p", "no:cacheprovider"] if re.search(r"^def test_", code, re.MULTILINE) else []
    done = subprocess.run(
        [sys.executable, *tests, file], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def console(code: str, folder: Path, environment: Mapping[str, str]) -> str:
    """The commands of a session, each with what it prints."""
    session = []
    for command in re.findall(r"^\$ (.*)$", code, re.MULTILINE):
        name, *arguments = shlex.split(command)
        assert name in ("bimikit", "pytest"), f"only bimikit and pytest are run: {command}"
        done = subprocess.run(
            [sys.executable, "-m", name, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        session.append(f"$ {command}\n{done.stdout}")
    return "".join(session)


def test_every_example_is_in_the_table() -> None:
    fences = sum(
        len(
            re.findall(
                r"^\s*(?:```|~~~)\s*(?:python|py|pycon|console)\b", page.read_text(encoding="utf-8"), re.MULTILINE
            )
        )
        for page in DOCUMENTS
    )
    assert len(EXAMPLES) == fences
    assert {page for page, _ in PRINTED} | set(FILES) <= {example.page for example in EXAMPLES}


@pytest.mark.parametrize(
    "example",
    [example for example in EXAMPLES if not example.not_run and example.page not in TOLD_AS_STORIES],
    ids=str,
)
def test_an_example_runs_and_prints_what_its_page_shows(example: Example, tmp_path: Path) -> None:
    for name, data in FILES.get(example.page, dict)().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    lang = "ja_JP.UTF-8" if example.page.endswith(".ja.md") else "C.UTF-8"
    environment = {**os.environ, "LC_ALL": lang, "PYTHONUTF8": "1"}
    if example.language == "console":
        assert console(example.code, tmp_path, environment) == example.code
        return
    printed = python(example.code, tmp_path, environment)
    if example.prints is not None:
        assert printed == example.prints
    assert printed.startswith(PRINTED.get((example.page, example.number), ""))


@pytest.mark.parametrize("example", [example for example in EXAMPLES if example.not_run] or [None], ids=str)
def test_an_example_that_is_not_run_asks_the_network(example: Example | None) -> None:
    if example is not None:
        assert example.not_run == "asks the network"
        assert ASKS_THE_NETWORK.search(example.code)


def test_the_page_on_testing_is_what_make_docs_writes() -> None:
    assert (ROOT / "docs" / "testing.md").read_text(encoding="utf-8") == page()


@pytest.mark.parametrize(("lang", "name"), PAGES.items())
def test_the_page_on_providers_is_what_make_docs_writes(lang: str, name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == page_markdown(lang)


def test_every_fact_is_on_the_page_on_facts() -> None:
    written = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8")
    ca = MarkCA(at=AT)
    judged = check_certificate(ca.issue().pem, domain="example.com", logo=LOGO, trust=ca.trust, at=AT)
    for name in {*judged.facts, *judged.facts["indicator"], *judged.facts["chain"][0], *judged.facts["logotype"]}:
        assert f"`{name}`" in written, name
    planned = check_publication(domain="example.com", at=AT).facts
    for name in {*planned, *planned["dmarc"]["rfc9989"], *planned["bimi"]["rfc9989"], *planned["hosting"]}:
        assert f"`{name}`" in written, name


def test_the_readme_names_every_command_and_format() -> None:
    for name in main.list_commands(click.Context(main)):
        assert f"`bimikit {name}" in README
    assert r"\|".join(FORMATS) in README


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.relative_to(ROOT).as_posix())
def test_links_inside_the_repository_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", text):
        assert (document.parent / target).exists(), target


def test_the_demo_runs_offline_on_the_bundled_samples() -> None:
    environment = {
        "BIMIKIT": str(Path(sys.executable).with_name("bimikit")),
        "PYTHON": sys.executable,
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(
        ["/bin/sh", "examples/demo.sh"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("(exit status 1)") == 6
    assert "error[cert.issuer-missing]" in done.stdout
    assert "vmc.pem: conformant\n(exit status 0)\n" in done.stdout
    assert "  blocked\n    DMARC at the domain is not enough for BIMI" in done.stdout
    assert "  準備完了（確認できる範囲で）\n    Gmail" in done.stdout
    assert done.stdout.endswith("example.com: 適合\n(exit status 0)\n")
    assert "examples/conformant.svg: conformant\n(exit status 0)" in done.stdout
    assert "repaired, conformant\n  The picture is the same" in done.stdout
    assert "エラー[svg.editor-element]" in done.stdout
