"""`bimikit cert` as its users run it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from support import AT

from bimikit.cli import main
from bimikit.output import FORMATS
from bimikit.testing import LOGO, MarkCA
from bimikit.testing.keys import spki
from bimikit.testing.plan import to_pem

CA = MarkCA(at=AT)
Run = Callable[..., Result]
OPTIONS = ("--at", "2026-11-24", "--roots", "root.pem", "--ct-log", "log.der")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line in a folder with certificates, their root, log, CRLs and logo."""
    monkeypatch.chdir(tmp_path)
    for name in ("LANG", "LC_ALL", "LC_MESSAGES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    good = CA.issue()
    files = {
        "good.pem": good.pem,
        "bad.pem": CA.issue(defect="no-sct").pem,
        "script.pem": CA.issue(defect="logo-with-script").pem,
        "undecided.pem": CA.issue(defect="leaf-alone").pem,
        "root.pem": to_pem(good.root),
        "log.der": spki(CA.log_key),
        "log.pem": CA.log_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "issuing.crl": CA.crl(),
        "root.crl": CA.crl(of="root"),
        "logo.svg": LOGO,
        "other.svg": LOGO.replace(b"#fff", b"#ffe"),
    }
    for name, content in files.items():
        Path(name).write_bytes(content)

    def invoke(*arguments: str, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(main, ("cert", *arguments), input=stdin, catch_exceptions=False)

    return invoke


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("good.pem", *OPTIONS), 0),
        (("good.pem", *OPTIONS, "--ct-log", "log.pem"), 0),
        (("good.pem", *OPTIONS, "--domain", "example.com"), 0),
        (("good.pem", *OPTIONS, "--domain", "example.org"), 1),
        (("good.pem", *OPTIONS, "--logo", "logo.svg"), 0),
        (("good.pem", *OPTIONS, "--logo", "other.svg"), 1),
        (("good.pem", *OPTIONS, "--require", "revocation"), 3),
        (("good.pem", *OPTIONS, "--require", "revocation", "--crl", "issuing.crl", "--crl", "root.crl"), 0),
        (("good.pem", *OPTIONS, "--crl", "issuing.crl"), 3),
        (("bad.pem", *OPTIONS), 1),
        (("bad.pem", *OPTIONS, "--ignore", "cert.sct"), 0),
        (("good.pem", "bad.pem", *OPTIONS), 1),
        (("good.pem", *OPTIONS, "--for", "gmail,apple"), 0),
        (("good.pem", "--at", "2026-11-24"), 1),
        (("good.pem", *OPTIONS[2:], "--at", "2026-11-24T09:00+09:00"), 0),
        (("good.pem", *OPTIONS[2:], "--at", "2029-01-01"), 1),
        (("missing.pem", *OPTIONS), 2),
        (("good.pem", "--at", "2026-11-24T09:00"), 2),
        (("good.pem", "--at", "yesterday"), 2),
        (("good.pem", "--roots", "logo.svg"), 2),
        (("good.pem", "--ct-log", "logo.svg"), 2),
        (("good.pem", "--crl", "missing.crl"), 2),
        (("good.pem", "--selector", ""), 2),
        (("good.pem", "bad.pem", "--extract-logo", "x.svg"), 2),
        (("logo.svg", *OPTIONS, "--select", "match"), 1),
        (("good.pem", *OPTIONS, "--domain", "cnn", "--select", "cert.domain"), 1),
        (("*d.pem", *OPTIONS), 1),
        ((".", *OPTIONS), 1),
        (("*.p7b", *OPTIONS), 2),
        ((), 2),
        (("--help",), 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_exit_status(run: Run, arguments: tuple[str, ...], status: int) -> None:
    assert run(*arguments).exit_code == status


def test_the_chain_is_shown_as_a_tree_and_the_subject_readably(run: Run) -> None:
    shown = run("good.pem", *OPTIONS).output
    assert (
        "Mark Certificate: VMC · Registered Mark\n  organization  Acme K.K. · 1-1-1 Otemachi, Chiyoda-ku, Tokyo, JP\n"
        in shown
    )
    assert "  valid         2026-10-25 – 2027-11-25 (366 days left)\n" in shown
    assert "\n  Test Verified Mark Root (" in shown
    assert "\n  └─ Test Verified Mark CA 1 (" in shown
    assert "\n     └─ Acme K.K. (" in shown
    assert shown.endswith("good.pem: conformant (1 notice)\n")


def test_the_questions_asked_are_answered(run: Run) -> None:
    shown = run("good.pem", *OPTIONS, "--domain", "example.com", "--logo", "logo.svg").output
    assert "  covers        yes, example.com is named\n" in shown
    assert "  logo file     identical\n" in shown
    assert "  judged as of  2026-11-24 00:00 UTC\n" in shown


def test_how_early_an_end_is_told_can_be_chosen(run: Run) -> None:
    assert "cert.expires-soon" not in run("good.pem", *OPTIONS).output
    assert "cert.expires-soon" in run("good.pem", *OPTIONS, "--expires-within", "400").output


@pytest.mark.parametrize("name", FORMATS)
def test_a_private_key_is_never_shown(run: Run, name: str) -> None:
    key = b"-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----\n"
    for written in (key, key.replace(b"\n", b" ")):
        Path("leak.pem").write_bytes(CA.issue().pem + written)
        shown = run("leak.pem", *OPTIONS, "-f", name).output
        assert "cert.private-key" in shown
        assert "MIGHAgEA" not in shown


def test_a_fault_of_the_logo_inside_shows_the_extracted_line(run: Run) -> None:
    shown = run("script.pem", *OPTIONS).output
    assert "  --> script.pem (certificate[0] logotype 6:1 svg/script[1])\n" in shown
    assert "\n  6 | <script/></svg>\n" in shown


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_format_is_written_in_both_languages(run: Run, name: str, lang: str) -> None:
    for file in ("bad.pem", "script.pem"):
        shown = run(file, *OPTIONS, "--format", name, "--lang", lang)
        assert shown.exit_code == 1
        assert ("cert.sct-missing" if file == "bad.pem" else "svg.script-element") in shown.output


def test_places_inside_the_logo_are_no_lines_of_the_file(run: Run) -> None:
    assert "line=" not in run("script.pem", *OPTIONS, "-f", "github", "--select", "svg").output
    sarif = json.loads(run("script.pem", *OPTIONS, "-f", "sarif", "--select", "svg").output)
    (place,) = sarif["runs"][0]["results"][0]["locations"]
    assert place["physicalLocation"]["region"]["startLine"] == 1


def test_the_json_report_has_the_facts_and_fits_its_schema(run: Run) -> None:
    import jsonschema

    import bimikit

    report = json.loads(run("good.pem", *OPTIONS, "-f", "json").output)
    jsonschema.validate(report, bimikit.report_schema())
    assert report["facts"]["kind_of_mark"] == "VMC"
    assert report["kind"] == "certificate"


def test_the_logo_inside_can_be_taken_out(run: Run) -> None:
    assert run("good.pem", *OPTIONS, "--extract-logo", "out.svg").exit_code == 0
    assert Path("out.svg").read_bytes() == LOGO
    shown = run("logo.svg", *OPTIONS, "--extract-logo", "none.svg")
    assert shown.exit_code == 2
    assert "there is no logo in logo.svg" in shown.stderr
    assert run("good.pem", *OPTIONS, "--extract-logo", "no/such/folder.svg").exit_code == 2


def test_standard_input_is_judged(run: Run) -> None:
    assert run("-", *OPTIONS, stdin=CA.issue().pem).exit_code == 0


def test_what_cannot_be_read_is_said_and_is_in_the_report(run: Run) -> None:
    shown = run("missing.pem", "good.pem", *OPTIONS, "-f", "json")
    assert shown.exit_code == 2
    assert "can't read missing.pem" in shown.stderr
    assert [report["kind"] for report in json.loads(shown.stdout)["reports"]] == ["certificate", "certificate"]


def test_devices_and_impossible_names_end_in_words(run: Run) -> None:
    for option in ("--crl", "--logo", "--ct-log"):
        assert run("good.pem", *OPTIONS, option, "/dev/zero").exit_code == 2
    assert run("/dev/zero", *OPTIONS).exit_code == 2
    assert run("x" * 5_000, *OPTIONS).exit_code == 2
    assert run("good.pem", *OPTIONS[2:], "--at", "0001-01-01T00:00+09:00").exit_code == 2
