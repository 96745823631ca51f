"""The sample repository in examples: it passes as it stands, and whatever is broken in it fails its build by name.

Its build is what its workflow runs: ``bimikit check`` and pytest. Both are run on a copy of it for every fault.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner
from support import ROOT

import bimikit.assertions  # noqa: F401 - what is loaded only within a run of pytester is loaded anew in each
from bimikit.cli import main
from bimikit.testing import MarkCA

pytest_plugins = ["pytester"]

SAMPLE = ROOT / "examples" / "brand-repository"
MOMENT = "2026-12-01"
CA = MarkCA(at=datetime(2026, 12, 1, tzinfo=UTC), seed="brand-repository")
MARK = (SAMPLE / "brand" / "logo.svg").read_bytes()
ISSUE: dict[str, Any] = {"names": ("example.com", "news.example.com"), "logo": MARK}

LOGO, CERTIFICATE, ZONE, CONFIG = "brand/logo.svg", "brand/vmc.pem", "dns/example.com.zone", "pyproject.toml"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class Fault(NamedTuple):
    """Something that is broken in the repository.

    Attributes:
        file: Where.
        change: What is done to its bytes; None stands for its removal.
        named: What the messages must name: a rule, or a key of the configuration.
        told_at: The file that they must name, where it isn't the broken one itself.
        by: Which parts of the build notice.
    """

    file: str
    change: Callable[[bytes], bytes] | None
    named: str
    told_at: str = ""
    by: tuple[str, ...] = ("check", "pytest")


def swap(old: str, new: str, count: int = -1) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        assert old.encode() in data
        return data.replace(old.encode(), new.encode(), count)

    return change


def issued(ca: MarkCA = CA, **how: object) -> Callable[[bytes], bytes]:
    return lambda _: ca.issue(**{**ISSUE, **how}).pem


TESTS_ALONE = ("pytest",)
DMARC = "v=DMARC1; p=reject; sp=quarantine;"
RECORD_OF_NEWS = "default._bimi.news IN TXT"

FAULTS = {
    # the logo
    "a script": Fault(LOGO, swap("</desc>", "</desc><script>1</script>"), "svg.script-element"),
    "a canvas that isn't square": Fault(LOGO, swap('"0 0 256 256"', '"0 0 256 200"'), "svg.viewbox-not-square"),
    "no title": Fault(LOGO, swap("<title>Kurage Audio</title>", ""), "svg.title-missing"),
    "a raster image": Fault(
        LOGO,
        swap("</svg>", f'<image width="9" height="9" href="data:image/png;base64,{PIXEL}"/></svg>'),
        "svg.image-element",
    ),
    "a DOCTYPE": Fault(LOGO, swap("<svg ", "<!DOCTYPE svg>\n<svg ", 1), "svg.doctype"),
    "another profile of SVG": Fault(LOGO, swap("tiny-ps", "tiny"), "svg.base-profile-wrong"),
    "a file that is too large": Fault(LOGO, swap("</svg>", f"<!--{'x' * 40_000}--></svg>"), "svg.file-size"),
    "no XML": Fault(LOGO, swap("</svg>", ""), "svg.not-well-formed"),
    "a size that Gmail asks for": Fault(LOGO, swap(' width="256"', "", 1), "receiver.gmail.size-missing"),
    "another colour than certified": Fault(LOGO, swap("#123a6b", "#6b123a"), "match.logo-differs"),
    "no logo": Fault(LOGO, None, "publications[0].logo"),
    # the certificate
    "an ended certificate": Fault(CERTIFICATE, issued(days=20), "cert.expired"),
    "a certificate that ends soon": Fault(CERTIFICATE, issued(days=40), "expiry.soon"),
    "another domain": Fault(CERTIFICATE, issued(names=("example.net",)), "cert.domain-mismatch"),
    "another logo": Fault(CERTIFICATE, issued(logo=CA.issue().logo), "match.logo-differs", LOGO),
    "no chain": Fault(CERTIFICATE, issued(defect="leaf-alone"), "cert.issuer-missing"),
    "no PEM": Fault(CERTIFICATE, swap("-----BEGIN CERTIFICATE-----", "-----BEGIN-----"), "cert.not-a-certificate"),
    "a private key beside it": Fault(CERTIFICATE, issued(defect="private-key"), "cert.private-key"),
    "an unknown authority": Fault(CERTIFICATE, issued(MarkCA(at=CA.at, name="Another")), "cert.root-untrusted"),
    "no certificate": Fault(CERTIFICATE, None, "publications[0].certificate"),
    # the zone
    "p=none": Fault(ZONE, swap(DMARC, DMARC.replace("reject", "none")), "dmarc.policy-none"),
    "half of the mail": Fault(ZONE, swap(DMARC, "v=DMARC1; p=quarantine; pct=50;"), "dmarc.quarantine-partial"),
    "no policy for subdomains": Fault(ZONE, swap("sp=quarantine", "sp=none"), "dmarc.subdomain-none"),
    "a DMARC record with a comma": Fault(ZONE, swap("v=DMARC1; p", "v=DMARC1, p"), "dmarc.version"),
    "no DMARC record": Fault(ZONE, swap("_dmarc ", "_dmark "), "dmarc.name-other"),
    "a name without its final dot": Fault(ZONE, swap("_dmarc ", "_dmarc.example.com "), "dmarc.name-doubled"),
    "a text without quotes": Fault(ZONE, swap(f'"{DMARC}', DMARC), "dmarc.only-version"),
    "two DMARC records": Fault(
        ZONE, swap("_dmarc  ", '_dmarc IN TXT "v=DMARC1; p=reject"\n_dmarc  '), "dmarc.record-multiple"
    ),
    "two Assertion Records": Fault(
        ZONE, swap(RECORD_OF_NEWS, f'{RECORD_OF_NEWS} "v=BIMI1; l="\n{RECORD_OF_NEWS}'), "bimi.record-multiple"
    ),
    "a misspelt selector": Fault(ZONE, swap("default._bimi  ", "defualt._bimi  "), "bimi.name-other"),
    "an empty zone file": Fault(ZONE, lambda _: b"", "bimi.domain-zone-empty"),
    "v=BIMI": Fault(ZONE, swap("v=BIMI1", "v=BIMI", 1), "bimi.version"),
    "l= without TLS": Fault(ZONE, swap("l=https:", "l=http:", 1), "bimi.location-invalid"),
    "l= at another address": Fault(ZONE, swap("/logo.svg", "/logo-2.svg", 1), "l= in", by=TESTS_ALONE),
    "no a=": Fault(ZONE, swap("a=https://brand.example.com/vmc.pem", "", 1), "apple"),
    "no zone file": Fault(ZONE, swap("IN MX", "IN MXX", 1), "publications[0].zone"),
    # the configuration
    "a misspelt key": Fault(CONFIG, swap("days-left", "day-left", 1), "day-left"),
    "a rule that isn't": Fault(CONFIG, swap("svg.title-missing", "svg.titel-missing"), "ignores[0].rules"),
    "a provider that isn't": Fault(CONFIG, swap('"gmail"', '"gmial"', 1), "publications[0].providers"),
    "a file elsewhere": Fault(CONFIG, swap("brand/logo.svg", "brand/mark.svg", 1), "publications[0].logo"),
    "no root": Fault("ca/root.pem", None, "trust.roots[0]"),
    "an ignore that has ended": Fault(
        CONFIG, swap("until = 2027-03-31", "until = 2026-11-30"), "ignores[0]", by=TESTS_ALONE
    ),
}


@pytest.fixture
def copy(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample, in which tests are run with this process's plugin and no others."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    shutil.copytree(SAMPLE, pytester.path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return pytester.path


def run_check() -> tuple[bool, str]:
    """Whether `bimikit check` passes in the current folder, and what it says."""
    done = CliRunner().invoke(main, ["check", "--at", MOMENT, "--lang", "en"])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code == 0, done.output


def run_tests(pytester: pytest.Pytester, *options: str) -> tuple[bool, str]:
    """Whether its tests pass, and what they say."""
    done = pytester.runpytest_inprocess("-p", "bimikit.pytest_plugin", "-p", "no:cacheprovider", "--tb=short", *options)
    assert "INTERNALERROR" not in done.stdout.str()
    return done.ret == pytest.ExitCode.OK, f"{done.stdout}\n{done.stderr}"


@pytest.mark.usefixtures("copy")
def test_the_sample_passes_as_it_stands(pytester: pytest.Pytester) -> None:
    for passed, output in (run_check(), run_tests(pytester)):
        assert passed, output


@pytest.mark.parametrize("name", FAULTS)
def test_whatever_is_broken_fails_the_build_by_name(name: str, copy: Path, pytester: pytest.Pytester) -> None:
    fault = FAULTS[name]
    broken = copy / fault.file
    if fault.change is None:
        broken.unlink()
    else:
        broken.write_bytes(fault.change(broken.read_bytes()))
    for part, (passed, output) in {"check": run_check(), "pytest": run_tests(pytester)}.items():
        assert passed is (part not in fault.by), f"{part}:\n{output}"
        if not passed:
            assert fault.named in output, f"{part}:\n{output}"
            assert (fault.told_at or fault.file) in output, f"{part}:\n{output}"


def test_there_are_at_least_twenty_faults_in_every_kind_of_file() -> None:
    assert len(FAULTS) >= 20
    assert {fault.file for fault in FAULTS.values()} >= {LOGO, CERTIFICATE, ZONE, CONFIG}


def test_a_repository_on_its_own_tells_a_fault_to_whoever_runs_its_tests(copy: Path) -> None:
    logo = copy / LOGO
    logo.write_bytes(logo.read_bytes().replace(b"<title>Kurage Audio</title>", b""))
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "bimikit", "--tb=short"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "error[svg.title-missing]" in done.stdout
    assert f"--> {LOGO}:2:1" in done.stdout


@pytest.mark.usefixtures("copy")
def test_a_moment_that_is_none_is_refused_before_any_test_runs(pytester: pytest.Pytester) -> None:
    passed, output = run_tests(pytester, "--bimi-at=tomorrow")
    assert not passed
    assert "--bimi-at: " in output
    assert "tomorrow" in output


def test_the_certificate_of_the_sample_is_what_its_script_writes(copy: Path) -> None:
    made = [copy / CERTIFICATE, copy / "ca" / "root.pem", copy / "ca" / "log.pem"]
    for file in made:
        file.unlink()
    subprocess.run([sys.executable, copy / "ca" / "issue.py"], check=True)
    for file in made:
        assert file.read_bytes() == (SAMPLE / file.relative_to(copy)).read_bytes()


def annotated(*options: str) -> list[tuple[str, str]]:
    """Files (with lines where there are) and rules of the annotations of `bimikit check` in the current folder."""
    done = CliRunner().invoke(main, ["check", "--at", MOMENT, "--lang", "en", "-f", "github", *options])
    found = re.findall(r"^::\w+ file=([^,]+)(?:,line=(\d+))?.*?\(([a-z.-]+)\)::", done.stdout, re.MULTILINE)
    return [(f"{file}:{line}".rstrip(":"), rule) for file, line, rule in found if rule != "cert.revocation-not-checked"]


BROKEN = {
    LOGO: ('fill="#fff"', 'fill="#ffe"'),
    ZONE: (DMARC, DMARC.replace("reject", "none")),
}


@pytest.fixture
def broken(copy: Path) -> Path:
    """The sample with a logo that isn't the certified one, and a policy that isn't enough."""
    for name, (old, new) in BROKEN.items():
        file = copy / name
        file.write_bytes(swap(old, new, 1)(file.read_bytes()))
    return copy


TOLD = {(f"{LOGO}:6", "match.logo-differs"), (f"{ZONE}:15", "dmarc.policy-none")}


@pytest.mark.parametrize(
    "config", ["pyproject.toml", "./brand/../pyproject.toml", "{}/pyproject.toml", "{}/dns/../pyproject.toml"]
)
def test_annotations_name_files_from_the_root_however_the_configuration_is_named(broken: Path, config: str) -> None:
    assert set(annotated("--config", config.format(broken))) >= TOLD


def test_annotations_name_files_from_the_root_where_the_configuration_lies_deeper(broken: Path) -> None:
    (broken / "mail").mkdir()
    text = (broken / CONFIG).read_text(encoding="utf-8")
    moved = re.sub(r'"((?:brand|dns|ca)/)', r'"../\1', text)
    (broken / "mail" / CONFIG).write_text(moved, encoding="utf-8")
    assert set(annotated("--config", f"mail/{CONFIG}")) >= TOLD


def test_annotations_name_files_from_the_root_through_a_link_to_it(
    broken: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    link = tmp_path_factory.mktemp("elsewhere") / "link"
    link.symlink_to(broken, target_is_directory=True)
    assert set(annotated("--config", f"{link}/{CONFIG}")) >= TOLD


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("form", ["text", "markdown", "html", "junit", "sarif", "json"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_format_names_the_files_of_a_publication(form: str, lang: str) -> None:
    done = CliRunner().invoke(main, ["check", "--at", MOMENT, "--lang", lang, "-f", form])
    for file in (LOGO, ZONE, CERTIFICATE):
        assert file in done.stdout


@pytest.mark.usefixtures("broken")
def test_two_different_logos_are_told_at_the_line_of_the_file_and_name_the_certificate() -> None:
    done = CliRunner().invoke(main, ["check", "--at", MOMENT, "--lang", "en"])
    at = done.stdout.index("match.logo-differs")
    told = done.stdout[at : done.stdout.index("= why it matters", at)]
    assert f"--> {LOGO}:6:9 (" in told
    assert '<path fill="#ffe"' in told
    assert f"also at {CERTIFICATE} (certificate[0] logotype" in told


@pytest.mark.usefixtures("broken")
def test_a_report_kept_by_the_tests_names_the_files(pytester: pytest.Pytester) -> None:
    run_tests(pytester, "--bimi-report=kept")
    pages = [file.read_text(encoding="utf-8") for file in (pytester.path / "kept").glob("example-com-*.html")]
    assert pages
    for page in pages:
        assert f"<code>{LOGO}</code> Line 6, column 9" in page
        assert f"<code>{ZONE}:15</code> Record 1" in page
