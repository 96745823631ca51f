"""What the README and the guides show is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from support import AT, ROOT

from bimikit import check_certificate, check_publication
from bimikit.cli import main
from bimikit.output import FORMATS
from bimikit.receivers.page import page_markdown
from bimikit.testing import LOGO, MarkCA
from tools.providers_page import PAGES
from tools.readme_examples import EXAMPLE, shown
from tools.testing_page import page

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_examples_of_the_readme_run() -> None:
    logo, certificate, repair, domain = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    expected = (
        (logo, "False\n"),
        (certificate, "True VMC 366\n"),
        (repair, "True 0."),
        (domain, "blocked no_bimi\nrfc9989 none False\n"),
    )
    for code, start in expected:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(start)


def test_the_console_example_of_the_readme_is_what_is_printed(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```console\n\$ bimikit svg logo.svg\n(.*?)```", README, re.DOTALL)
    (tmp_path / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 96 96" width="96" '
        'height="96">\n<title></title>\n<desc>x</desc><rect width="96" height="96"/>'
        '<circle r="9" fill="#fff"/></svg>\n'
    )
    command = [sys.executable, "-c", "from bimikit.cli import main; main()", "svg", "logo.svg", "--lang", "en"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == shown


def test_the_console_example_on_a_planned_publication_is_what_is_printed() -> None:
    example = EXAMPLE.search(README)
    assert example is not None
    assert example[3] == shown(example[2])


def test_the_page_on_testing_is_what_make_docs_writes_and_its_example_runs() -> None:
    written = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    assert written == page()
    examples = re.findall(r"```python\n(.*?)```", written, re.DOTALL)
    assert len(examples) == 2
    for code in examples:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


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


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "docs/development.md",
        "docs/facts.md",
        "docs/repair.ja.md",
        "docs/repair.md",
        "docs/testing.md",
        "docs/verdicts.md",
    ],
)
def test_links_inside_the_repository_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert ((ROOT / page).parent / target).exists(), target


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
