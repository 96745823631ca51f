"""The pytest plugin as its users meet it: real runs of pytest in a repository of their own."""

from __future__ import annotations

import json
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from support import AT, ROOT

import bimikit
from bimikit.cli import main
from bimikit.testing import LOGO, MarkCA, Web, Zone
from bimikit.testing.plan import to_pem

pytest_plugins = ["pytester"]

for _module in pkgutil.walk_packages(bimikit.__path__, "bimikit."):
    if _module.name.startswith(
        ("bimikit.assertions", "bimikit.config", "bimikit.dns", "bimikit.output", "bimikit.web")
    ):
        import_module(_module.name)  # or else pytester would unload again what a run within this process loads

UNTITLED = LOGO.replace(b"<title>Acme</title>", b"")
UNKNOWN = 'bimi.publication("example.com", svg="brand/logo.svg").ready_for("gmail")'
"""Nobody can say: neither records nor a certificate are given."""
FAILING = 'bimi.svg("brand/untitled.svg").conforms()'
PASSING = 'bimi.svg("brand/logo.svg").conforms()'
PUBLISHED = """
[[publications]]
domain = "example.com"
logo = "brand/logo.svg"

[[publications]]
domain = "example.com"
selector = "b"
logo = "brand/untitled.svg"
"""


@pytest.fixture
def repository(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A repository with logos, whose pytest turns warnings into errors, in English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "FORCE_COLOR", "PY_COLORS"):
        monkeypatch.delenv(name, raising=False)
    brand = pytester.mkdir("brand")
    (brand / "logo.svg").write_bytes(LOGO)
    (brand / "untitled.svg").write_bytes(UNTITLED)
    pytester.makeini(
        "[pytest]\nfilterwarnings = error\naddopts = --strict-markers --strict-config -p no:cacheprovider\n"
    )
    return pytester


def written(repository: pytest.Pytester, *statements: str, name: str = "test_it", marks: str = "") -> None:
    tests = "".join(f"{marks}def test_{number}(bimi):\n    {one}\n" for number, one in enumerate(statements))
    repository.makepyfile(**{name: f"import pytest\n{tests}"})


def entries(folder: Path) -> list[tuple[str, str, str, str]]:
    """Subject, test, what was asked, and what came of it, of an index."""
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    return [
        (report["subject"], one["test"], one["asked"], one["outcome"])
        for report in index["reports"]
        for one in report["asked"]
    ]


# how it is loaded


def test_pytest_finds_the_plugin_by_its_entry_point() -> None:
    (point,) = entry_points(group="pytest11", name="bimikit")
    assert point.value == "bimikit.pytest_plugin"


def test_the_plugin_loads_only_pytest_and_the_standard_library() -> None:
    code = (
        "import sys, pytest; before = set(sys.modules); import bimikit.pytest_plugin; "
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["bimikit"]


def test_a_run_that_does_not_use_it_loads_no_more(repository: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.makepyfile("def test_nothing(): pass")
    repository.makeconftest(
        "import sys\ndef pytest_unconfigure():\n    print('loaded', sorted(n for n in sys.modules if 'bimikit.' in n))"
    )
    (repository.path / "bimikit.toml").write_text("selct = []", encoding="utf-8")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    result = repository.runpytest_subprocess("-p", "bimikit.pytest_plugin")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines("loaded ['bimikit.pytest_plugin']")


def test_help_markers_and_fixtures_tell_of_it(repository: pytest.Pytester) -> None:
    shown = repository.runpytest("--help").stdout.str()
    group = shown.partition("\nbimikit: ")[2].partition("\n\n")[0]
    options = set(re.findall(r"--bimi-\w+", group))
    assert options == {"--bimi-config", "--bimi-live", "--bimi-at", "--bimi-undecided", "--bimi-report"}
    assert "bimi_undecided" in shown
    guide = (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8")
    assert set(re.findall(r"--bimi-\w+", guide)) == options
    assert "@pytest.mark.bimi_live: the test may ask" in repository.runpytest("--markers").stdout.str()
    shown = repository.runpytest("--fixtures").stdout.str()
    assert "bimi [session scope]" in shown
    assert "bimi_publication" in shown


# outcomes


def test_what_is_as_asked_passes(repository: pytest.Pytester) -> None:
    written(repository, PASSING, 'bimi.svg("brand/logo.svg").looks_good().ready_for("gmail")')
    repository.runpytest().assert_outcomes(passed=2)


def test_paths_are_relative_to_the_root_folder(repository: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = repository.mkdir("deep")
    (folder / "test_deep.py").write_text(f"def test_it(bimi):\n    {PASSING}\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    repository.runpytest(f"--rootdir={repository.path}").assert_outcomes(passed=1)
    result = repository.runpytest(f"--rootdir={folder}")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(f"*can't be read: No such file or directory ({folder / 'brand' / 'logo.svg'})")


@pytest.mark.parametrize("options", [(), ("--rootdir=.",), ("--bimi-config=../bimikit.toml",)])
def test_paths_are_relative_to_the_configuration_where_there_is_one(
    repository: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    (repository.path / "pytest.ini").unlink(missing_ok=True)
    (repository.path / "tox.ini").unlink(missing_ok=True)
    (repository.path / "bimikit.toml").write_text("", encoding="utf-8")
    folder = repository.mkdir("tests")
    asked = f"def test_it(bimi):\n    {PASSING}\ndef test_missing(bimi):\n    bimi.svg('brand/x.svg').conforms()\n"
    (folder / "test_deep.py").write_text(asked, encoding="utf-8")
    monkeypatch.chdir(folder)
    result = repository.runpytest("-p", "no:cacheprovider", *options)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(f"*brand/x.svg can't be read: *({repository.path / 'brand' / 'x.svg'})")


def test_a_failure_shows_the_test_and_the_report_and_none_of_our_frames(repository: pytest.Pytester) -> None:
    written(repository, FAILING, 'bimi.svg("brand/missing.svg").looks_good()', 'bimi.publication("example.com")')
    result = repository.runpytest("-v")
    result.assert_outcomes(failed=3)
    shown = result.stdout.str()
    missing = repository.path / "brand" / "missing.svg"
    result.stdout.fnmatch_lines(
        [
            ">       bimi.svg(*untitled.svg*).conforms()",
            "E       AssertionError: brand/untitled.svg does not conform",
            "E       error[[]svg.title-missing[]] *",
            "E         --> brand/untitled.svg:1:1 (svg)",
            "E       brand/untitled.svg: not conformant (1 error)",
            "test_it.py:3: AssertionError",
            f"E       AssertionError: brand/missing.svg can't be read: No such file or directory ({missing})",
            "E       ValueError: there is no configuration that could say what example.com publishes: *",
        ]
    )
    assert (
        f"(looked for bimikit.toml, or pyproject.toml with a table [tool.bimikit], in pytest's rootdir {repository.path} and"
        in shown
    )
    assert set(re.findall(r"^(\S+\.py):\d+: \w", shown, re.MULTILINE)) == {"test_it.py"}
    assert "\x1b[" not in shown


def test_colours_are_shown_where_pytest_shows_them_and_never_in_xml(repository: pytest.Pytester) -> None:
    written(repository, FAILING)
    assert "\x1b[31;1merror[svg.title-missing]" in repository.runpytest("--color=yes").stdout.str()
    repository.runpytest("--color=yes", "--junitxml=it.xml")
    assert "#x1B" not in (repository.path / "it.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("setting", "options", "outcomes", "status"),
    [
        ("", (), {"errors": 1}, 1),
        ("", ("--bimi-undecided=xfail",), {"xfailed": 1}, 0),
        ("bimi_undecided = xfail", (), {"xfailed": 1}, 0),
        ("bimi_undecided = xfail", ("--bimi-undecided=error",), {"errors": 1}, 1),
        ("bimi_undecided = xfail", ("--runxfail",), {"errors": 1}, 1),
        ("bimi_undecided = xfail\nxfail_strict = true", (), {"xfailed": 1}, 0),
        ("bimi_undecided = pass", (), {}, 4),
    ],
)
def test_what_nobody_knows_is_an_error_or_an_expected_failure(
    repository: pytest.Pytester, setting: str, options: tuple[str, ...], outcomes: dict[str, int], status: int
) -> None:
    repository.makeini(f"[pytest]\n{setting}\n")
    written(repository, UNKNOWN)
    result = repository.runpytest("-rxE", *options)
    assert result.ret == status
    if status == 4:
        result.stderr.fnmatch_lines("ERROR: bimi_undecided is 'pass'; it must be error or xfail")
        return
    result.assert_outcomes(**outcomes)
    result.stdout.fnmatch_lines("*it could not be found out whether example.com is ready for gmail*")
    if status:
        result.stdout.fnmatch_lines(["test_it.py U *", "*ERROR at call of test_0*", "UNDECIDED test_it.py::test_0*"])


def test_a_test_that_is_expected_to_fail_is_pytest_s_own_affair(repository: pytest.Pytester) -> None:
    written(repository, UNKNOWN, FAILING, marks="@pytest.mark.xfail\n")
    repository.runpytest().assert_outcomes(xfailed=2)
    written(repository, UNKNOWN, FAILING, marks="@pytest.mark.xfail(raises=AssertionError)\n")
    repository.runpytest().assert_outcomes(xfailed=1, errors=1)


def test_fixtures_of_any_scope_may_use_it(repository: pytest.Pytester) -> None:
    repository.makepyfile(
        f"""
        import pytest

        @pytest.fixture(scope="module")
        def logo(bimi):
            return {PASSING}

        @pytest.fixture(scope="session")
        def unknown(bimi):
            {UNKNOWN}

        def test_logo(logo):
            assert logo.report.ok

        def test_unknown(unknown):
            pass
        """
    )
    repository.runpytest().assert_outcomes(passed=1, errors=1)
    repository.runpytest("--bimi-undecided=xfail").assert_outcomes(passed=1, xfailed=1)


@pytest.mark.skipif(pytest.version_tuple < (9,), reason="pytest has subtests since 9.0")
def test_subtests_have_outcomes_of_their_own(repository: pytest.Pytester) -> None:
    code = "".join(f"    with subtests.test({one!r}):\n        {one}\n" for one in (PASSING, FAILING, UNKNOWN))
    repository.makepyfile(f"def test_it(bimi, subtests):\n{code}")
    result = repository.runpytest("--bimi-report=out")
    assert result.ret == 1
    result.stdout.fnmatch_lines_random(["SUBFAILED*::test_it - *", "UNDECIDED *::test_it - *"])
    assert [outcome for *_, outcome in entries(repository.path / "out")] == ["pass", "fail", "indeterminate"]


INNER = "    with subtests.test({0!r}):\n        {0}\n"


@pytest.mark.skipif(pytest.version_tuple < (9,), reason="pytest has subtests since 9.0")
@pytest.mark.parametrize("verbosity", [(), ("-v",), ("-p", "no:skipping")])
@pytest.mark.parametrize(
    ("inside", "rest", "undecided", "outcome"),
    [
        ((PASSING, UNKNOWN), "", "xfail", "XFAIL"),
        ((PASSING, UNKNOWN), FAILING, "xfail", "FAILED"),
        ((UNKNOWN, FAILING), "", "xfail", "FAILED"),
        ((PASSING,), "", "xfail", ""),
        ((PASSING, UNKNOWN), "", "error", "UNDECIDED"),
        ((UNKNOWN, FAILING), "", "error", "FAILED"),
    ],
)
def test_a_test_with_an_undecided_subtest_never_passes(
    repository: pytest.Pytester,
    inside: tuple[str, ...],
    rest: str,
    undecided: str,
    outcome: str,
    verbosity: tuple[str, ...],
) -> None:
    code = "".join(INNER.format(one) for one in inside) + (f"    {rest}\n" if rest else "")
    repository.makepyfile(test_it=f"def test_it(bimi, subtests):\n{code}\ndef test_other(bimi):\n    pass\n")
    result = repository.runpytest("-rA", f"--bimi-undecided={undecided}", *verbosity)
    assert result.ret == (outcome not in ("", "XFAIL"))
    lines = re.findall(r"^(\w+) test_it.py::test_it\b", result.stdout.str(), re.MULTILINE)
    assert set(lines) - {"SUBFAILED", "SUBXFAIL", "SUBPASSED"} >= {outcome or "PASSED"}
    assert ("PASSED" in lines) is (not outcome)
    if outcome in ("XFAIL", "UNDECIDED"):
        result.stdout.fnmatch_lines("*in a subtest: it could not be found out whether example.com is ready*")


@pytest.mark.parametrize(
    ("options", "outcomes"),
    [
        (("-p", "no:terminal"), {}),
        (("-p", "no:terminal", "--junitxml=it.xml"), {}),
        (("-p", "no:terminal", "--bimi-undecided=xfail", "-p", "no:skipping"), {}),
        (("-p", "no:skipping", "-rs"), {"passed": 1, "failed": 1, "errors": 1}),
        (("-p", "no:skipping", "-rsx", "--bimi-undecided=xfail"), {"passed": 1, "failed": 1, "xfailed": 1}),
        (("-p", "no:skipping", "-rA", "--no-fold-skipped", "--bimi-undecided=xfail"), {"passed": 1, "failed": 1}),
        (("-p", "no:junitxml", "-p", "no:warnings", "-p", "no:logging"), {"passed": 1, "failed": 1, "errors": 1}),
    ],
    ids=" ".join,
)
def test_plugins_of_pytest_may_be_left_out(
    repository: pytest.Pytester, options: tuple[str, ...], outcomes: dict[str, int]
) -> None:
    repository.makeini("[pytest]")
    written(repository, PASSING, FAILING, UNKNOWN)
    result = repository.runpytest_subprocess("--bimi-report=out", *options)
    assert result.ret == 1
    assert [outcome for *_, outcome in entries(repository.path / "out")] == ["pass", "fail", "indeterminate"]
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    assert "Traceback" not in result.stderr.str()
    if outcomes:
        found = result.parseoutcomes()
        assert {name: found.get(name) for name in outcomes} == outcomes


def test_a_run_may_be_judged_as_of_another_day(repository: pytest.Pytester) -> None:
    ca = MarkCA(at=AT)
    (repository.path / "brand" / "vmc.pem").write_bytes(ca.issue("example.com").pem)
    (repository.path / "root.pem").write_bytes(ca.root_pem)
    (repository.path / "log.pem").write_bytes(ca.log_pem)
    (repository.path / "bimikit.toml").write_text("[trust]\nroots = ['root.pem']\nct-logs = ['log.pem']", "utf-8")
    written(repository, 'bimi.certificate("brand/vmc.pem").conforms()')
    repository.runpytest(f"--bimi-at={AT.date()}").assert_outcomes(passed=1)
    result = repository.runpytest("--bimi-at=2030-01-01")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines("E       error[[]cert.expired[]]*")


SILENT = "nothing is asked of {}, so that this test passes whatever is wrong"


@pytest.mark.parametrize(
    ("statement", "subject"),
    [
        ('bimi.svg("brand/nosuch.svg")', "brand/nosuch.svg"),
        ("bimi.svg(b'<svg/>')", "the logo"),
        ('bimi.certificate("brand/nosuch.pem")', "brand/nosuch.pem"),
        ('bimi.publication("example.com")', "example.com"),
        ("bimi.publications()", "example.com, example.com (selector b)"),
        (f"{PASSING}; bimi.svg('brand/untitled.svg')", "brand/untitled.svg"),
    ],
)
def test_a_test_that_asks_nothing_of_a_subject_is_noticed(
    repository: pytest.Pytester, statement: str, subject: str
) -> None:
    (repository.path / "bimikit.toml").write_text(PUBLISHED, encoding="utf-8")
    written(repository, statement)
    told = f"*NothingAsked: {SILENT.format(subject)}*"
    result = repository.runpytest("-W", "default::bimikit.assertions.NothingAsked")
    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(told)
    result = repository.runpytest("-W", "error::bimikit.assertions.NothingAsked")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(told)


@pytest.mark.parametrize(
    "statement",
    [
        'bimi.svg("brand/untitled.svg").report',
        'bimi.publication("example.com").reports',
        "bimi.publications()[0].conforms()",
        'bimi.svg("brand/logo.svg").appearance',
        "vmc = bimi.certificate('brand/x.pem')\n    with pytest.raises(AssertionError):\n        vmc.conforms()",
    ],
)
def test_a_subject_whose_report_was_read_was_asked(repository: pytest.Pytester, statement: str) -> None:
    (repository.path / "bimikit.toml").write_text(PUBLISHED, encoding="utf-8")
    written(repository, statement)
    repository.runpytest().assert_outcomes(passed=1)


def test_of_fixtures_those_of_a_test_alone_must_be_asked_in_it(repository: pytest.Pytester) -> None:
    (repository.path / "bimikit.toml").write_text(PUBLISHED, encoding="utf-8")
    repository.makepyfile(
        """
        import pytest

        @pytest.fixture(scope="module")
        def shared(bimi):
            return bimi.svg("brand/logo.svg")

        @pytest.fixture
        def own(bimi, shared):
            return bimi.svg("brand/untitled.svg")

        def test_shared(shared):
            pass

        def test_later(shared):
            shared.conforms()

        def test_own(own):
            pass

        def test_failing(own):
            assert False

        def test_each(bimi_publication):
            pass
        """
    )
    result = repository.runpytest("-W", "default::bimikit.assertions.NothingAsked", "-p", "no:randomly")
    result.assert_outcomes(passed=5, failed=1, warnings=3)
    result.stdout.fnmatch_lines(
        [
            f"*{SILENT.format('brand/untitled.svg')}*",
            f"*{SILENT.format('example.com')}*",
            f"*{SILENT.format('example.com (selector b)')}*",
        ]
    )


def test_parametrised_tests_and_a_look_at_them_work_as_ever(repository: pytest.Pytester) -> None:
    repository.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("name", ["logo", "untitled"])
        def test_logo(bimi, name):
            bimi.svg(f"brand/{name}.svg").conforms()
        """
    )
    repository.runpytest().assert_outcomes(passed=1, failed=1)
    result = repository.runpytest("--collect-only", "-q", "--bimi-report=out")
    result.stdout.fnmatch_lines(["test_*::test_logo[[]logo[]]", "test_*::test_logo[[]untitled[]]"])
    assert not (repository.path / "out").exists()


# the network


@pytest.fixture
def live(repository: pytest.Pytester) -> Iterator[pytest.Pytester]:
    """A domain on loopback, which the repository's configuration leads to."""
    at = datetime.now(UTC)
    with Web(["www.example.com"]) as web, Zone() as zone:
        urls = [web.http_url(path) for path in ("/i.crl", "/r.crl")]
        ca = MarkCA(at=at, crl_urls=(urls[0], urls[1]))
        good = ca.issue("example.com")
        for path, body in (
            ("/logo.svg", LOGO),
            ("/vmc.pem", good.pem),
            ("/i.crl", ca.crl()),
            ("/r.crl", ca.crl(of="root")),
        ):
            web.put(path, body)
        zone.add("_dmarc.example.com", "TXT", "v=DMARC1; p=reject")
        record = f"v=BIMI1; l={web.url('/logo.svg')}; a={web.url('/vmc.pem')}"
        zone.add("default._bimi.example.com", "TXT", record)
        zone.add("www.example.com", "A", "127.0.0.1")
        (repository.path / "root.pem").write_bytes(to_pem(good.root))
        (repository.path / "log.pem").write_bytes(ca.log_pem)
        (repository.path / "bimikit.toml").write_text(
            f"[trust]\nroots = ['root.pem']\nct-logs = ['log.pem']\n[network]\nresolver = '127.0.0.1:{zone.port}'\n"
            f"allow-networks = ['127.0.0.0/8']\nca-bundle = '{web.ca_bundle}'\n",
            encoding="utf-8",
        )
        yield repository


def test_the_network_is_asked_with_leave_alone(live: pytest.Pytester) -> None:
    ask = 'bimi.domain("example.com").ready_for("gmail").not_revoked()'
    live.makepyfile(
        f"import pytest\ndef test_closed(bimi):\n    {ask}\n"
        f"@pytest.mark.bimi_live\ndef test_open(bimi):\n    {ask}\n"
        f"class TestMarked:\n    pytestmark = pytest.mark.bimi_live\n    def test_open(self, bimi):\n        {ask}\n"
    )
    result = live.runpytest("-rs")
    result.assert_outcomes(passed=2, skipped=1)
    result.stdout.fnmatch_lines("SKIPPED [[]1[]] test_*.py:3: this asks the network: run pytest with --bimi-live, *")
    live.runpytest("--bimi-live").assert_outcomes(passed=3)


SHARED = """
import pytest

@pytest.fixture(scope="session")
def domain(bimi):
    return bimi.domain("example.com")

@pytest.fixture(scope="session")
def asked(bimi):
    return bimi.domain("example.com").ready_for("gmail")

def test_closed(domain):
    domain.ready_for("gmail")

@pytest.mark.bimi_live
def test_open(domain):
    domain.ready_for("gmail")

def test_known(domain):
    assert domain.report.ok

def test_closed_fixture(asked):
    assert asked.report.ok

@pytest.mark.bimi_live
def test_open_fixture(asked):
    assert asked.report.ok
"""


def test_leave_is_that_of_the_test_that_asks_whoever_made_the_subject(live: pytest.Pytester) -> None:
    live.makepyfile(SHARED)
    result = live.runpytest("-v", "-p", "no:randomly")
    result.assert_outcomes(passed=3, skipped=2)
    result.stdout.fnmatch_lines(
        [
            "*::test_closed SKIPPED*",
            "*::test_open PASSED*",
            "*::test_known PASSED*",
            "*::test_closed_fixture SKIPPED*",
            "*::test_open_fixture PASSED*",
        ]
    )


def test_without_leave_no_packet_goes_out_for_what_a_test_with_leave_made(repository: pytest.Pytester) -> None:
    repository.makepyfile(
        """
        import dns.resolver
        import pytest
        from bimikit.testing import Zone

        @pytest.fixture(scope="module")
        def zone():
            with Zone() as zone:
                yield zone

        @pytest.fixture(scope="module")
        def domain(bimi, zone):
            resolver = dns.resolver.Resolver(configure=False)
            resolver.nameservers, resolver.port = ["127.0.0.1"], zone.port
            return bimi.domain("example.com", resolver=resolver)

        @pytest.mark.bimi_live
        def test_open(domain):
            pass

        def test_closed(domain):
            domain.report

        def test_packets(zone):
            assert not zone.queries
        """
    )
    repository.runpytest("-p", "no:randomly").assert_outcomes(passed=2, skipped=1)


@pytest.mark.parametrize(
    "code",
    [
        "one = threading.Thread(target=ask)\n    one.start()\n    one.join()",
        "with contextlib.suppress(BaseException):\n        ask()",
        "with concurrent.futures.ThreadPoolExecutor() as pool:\n        pool.submit(ask)",
    ],
    ids=["thread", "caught", "pool"],
)
def test_a_refusal_that_nobody_sees_skips_the_test_all_the_same(repository: pytest.Pytester, code: str) -> None:
    repository.makepyfile(
        "import concurrent.futures, contextlib, threading, pytest\n"
        "@pytest.mark.filterwarnings('ignore::pytest.PytestUnhandledThreadExceptionWarning')\n"
        "def test_it(bimi):\n"
        "    def ask():\n        bimi.domain('example.com').conforms()\n"
        f"    {code}\n"
        "def test_next(bimi):\n    pass\n"
    )
    result = repository.runpytest("-rs", "-p", "no:randomly")
    result.assert_outcomes(skipped=1, passed=1)
    result.stdout.fnmatch_lines("SKIPPED [[]1[]] test_*.py:*: this asks the network: *")


@pytest.mark.skipif(pytest.version_tuple < (9,), reason="pytest has subtests since 9.0")
def test_a_subtest_that_is_refused_the_network_is_skipped_alone(repository: pytest.Pytester) -> None:
    repository.makepyfile(
        f"def test_it(bimi, subtests):\n    with subtests.test('live'):\n        bimi.domain('example.com').conforms()\n"
        f"    {PASSING}\n"
    )
    result = repository.runpytest("-vv")
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["*::test_it SUBSKIPPED*live*", "*::test_it PASSED*"])


@pytest.mark.parametrize("arguments", ["False", "reason='offline'"])
def test_a_mark_takes_no_arguments(repository: pytest.Pytester, arguments: str) -> None:
    written(repository, PASSING, marks=f"@pytest.mark.bimi_live({arguments})\n")
    result = repository.runpytest()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("ERROR: test_it.py::test_0: @pytest.mark.bimi_live takes no arguments: *")


# the configuration


def test_the_nearest_configuration_counts_unless_another_is_named(repository: pytest.Pytester) -> None:
    written(repository, FAILING)
    repository.runpytest().assert_outcomes(failed=1)
    repository.makepyprojecttoml("[tool.bimikit]\nignore = ['svg.title']\n")
    repository.runpytest().assert_outcomes(passed=1)
    (repository.path / "other.toml").write_text("[tool.bimikit]\n", encoding="utf-8")
    repository.runpytest("--bimi-config=other.toml").assert_outcomes(failed=1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("selct = []", "{path}/bimikit.toml: selct: there is no such key. Did you mean select?*"),
        ("[trust]\nroots = ['x.pem']", "{path}/bimikit.toml: trust.roots?0?: x.pem can't be used: *"),
    ],
)
@pytest.mark.parametrize("test", ["def test_it(bimi): pass", "def test_it(bimi_publication): pass"])
def test_a_mistake_in_the_configuration_ends_the_run(
    repository: pytest.Pytester, text: str, says: str, test: str
) -> None:
    (repository.path / "bimikit.toml").write_text(text, encoding="utf-8")
    repository.makepyfile(test)
    result = repository.runpytest()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("ERROR: " + says.format(path=repository.path))


def test_all_mistakes_in_the_configuration_are_told(repository: pytest.Pytester) -> None:
    (repository.path / "bimikit.toml").write_text("selct = []\ncrls = 3", encoding="utf-8")
    written(repository, PASSING)
    result = repository.runpytest()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *bimikit.toml: selct: *", "ERROR: *bimikit.toml: crls: it must be a list, *"])


def test_a_revocation_list_that_is_not_there_ends_the_run(repository: pytest.Pytester) -> None:
    (repository.path / "bimikit.toml").write_text("crls = ['x.crl']", encoding="utf-8")
    written(repository, PASSING)
    result = repository.runpytest()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("ERROR: *bimikit.toml: crls?0?: x.crl can't be used: No such file or directory")


def test_a_test_runs_once_for_each_publication_of_the_configuration(repository: pytest.Pytester) -> None:
    (repository.path / "bimikit.toml").write_text(PUBLISHED, encoding="utf-8")
    repository.makepyfile(test_it="def test_each(bimi_publication):\n    bimi_publication.conforms()\n")
    result = repository.runpytest("-v")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*::test_each[[]example.com[]] PASSED*", "*::test_each[[]example.com-b[]] FAILED*"])
    repository.runpytest("-k", "com-b").assert_outcomes(failed=1, deselected=1)
    (repository.path / "bimikit.toml").write_text("", encoding="utf-8")
    result = repository.runpytest()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines("*bimikit.toml has no publications")


def test_words_are_those_of_the_configuration_or_of_the_environment(
    repository: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(repository, FAILING, 'bimi.domain("example.com").conforms()')
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    result = repository.runpytest("-rs", "--bimi-report=out")
    result.stdout.fnmatch_lines(
        [
            "E       AssertionError: brand/untitled.svgは適合していません",
            "bimikit：レポート1件を*index.htmlに書き出しました",
            "SKIPPED*このテストはネットワークに接続します*",
        ]
    )
    assert "満たしていません" in (repository.path / "out" / "index.html").read_text(encoding="utf-8")
    (repository.path / "bimikit.toml").write_text("lang = 'en'", encoding="utf-8")
    repository.runpytest().stdout.fnmatch_lines("E       AssertionError: brand/untitled.svg does not conform")


# as on the command line

TRUSTED = "[trust]\nroots = ['root.pem']\nct-logs = ['log.pem']\n"
RECORDS = (
    "dmarc = 'v=DMARC1; p={policy}'\n"
    "record = 'v=BIMI1; l=https://www.example.com/logo.svg; a=https://www.example.com/vmc.pem'\n"
)
WHOLE = "[[publications]]\ndomain = 'example.com'\nlogo = 'brand/logo.svg'\ncertificate = 'vmc.pem'\n"
WHOLE += RECORDS.format(policy="reject")
SELF_ASSERTED = (
    "[[publications]]\ndomain = 'example.com'\nlogo = 'brand/logo.svg'\ndmarc = 'v=DMARC1; p=reject'\n"
    "record = 'v=BIMI1; l=https://www.example.com/logo.svg; a='\n"
)
BAD = "[[publications]]\ndomain = 'example.com'\nlogo = 'brand/untitled.svg'\n"
IGNORING = "[[ignores]]\nfiles = ['{}']\nrules = ['svg.title']\nreason = 'x'\nuntil = {}\n"
LISTS = "require = ['revocation']\ncrls = ['issuing.crl', 'root.crl']\n"
NEITHER = "[[publications]]\ndomain = 'example.com'\n"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (TRUSTED + WHOLE, "pass"),
        (WHOLE, "fail"),
        (f"providers = ['gmail', 'apple']\n{TRUSTED}{WHOLE}", "pass"),
        (f"providers = ['gmail', 'apple']\n{TRUSTED}{WHOLE.replace('reject', 'none')}", "fail"),
        (f"providers = ['gmail']\n{TRUSTED}{SELF_ASSERTED}", "fail"),
        (f"providers = ['gmail']\n{TRUSTED}{SELF_ASSERTED}providers = []\n", "pass"),
        (f"providers = ['gmail']\n{TRUSTED}{SELF_ASSERTED}providers = ['yahoo']\n", "pass"),
        (f"providers = ['gmail']\n{BAD.replace('untitled', 'logo')}", "undecided"),
        (f"days-left = 366\n{TRUSTED}{WHOLE}", "pass"),
        (f"days-left = 367\n{TRUSTED}{WHOLE}", "fail"),
        (f"days-left = 367\n{TRUSTED}{WHOLE}days-left = 0\n", "pass"),
        (f"days-left = 9\nselect = ['svg.']\n{TRUSTED}{WHOLE}days-left = 367\n", "fail"),
        (f"require = ['revocation']\n{TRUSTED}{WHOLE}", "undecided"),
        (f"require = ['revocation']\nignore = ['cert.']\n{TRUSTED}{WHOLE}", "undecided"),
        (f"require = ['revocation']\n{TRUSTED}{SELF_ASSERTED}", "pass"),
        (f"{LISTS}{TRUSTED}{WHOLE}", "pass"),
        (f"require = ['revocation']\ndays-left = 367\n{TRUSTED}{WHOLE}", "fail"),
        (BAD, "fail"),
        (f"select = ['dmarc.']\n{BAD}", "pass"),
        (f"select = ['verify.']\n{BAD}", "fail"),
        (f"ignore = ['svg.title']\n{BAD}", "pass"),
        (IGNORING.format("brand/*.svg", "9000-01-01") + BAD, "pass"),
        (IGNORING.format("./brand/", "9000-01-01") + BAD, "pass"),
        (IGNORING.format("brand/*.svg", "2020-01-01") + BAD, "fail"),
        (IGNORING.format("brand/sub/**", "9000-01-01") + BAD.replace("brand/", "brand/sub/../"), "fail"),
        (IGNORING.format("brand/*.svg", "9000-01-01") + WHOLE + BAD + "selector = 'b'\n", "fail"),
        (f"ignore = ['svg.title']\n{TRUSTED}{SELF_ASSERTED}{BAD}selector = 'b'\n", "pass"),
        (f"require = ['revocation']\n{TRUSTED}{WHOLE}{BAD}selector = 'b'\n", "fail"),
        (NEITHER, "refused"),
        (f"{NEITHER}providers = ['gmail']\ndays-left = 3\n", "refused"),
        (f"{NEITHER}dmarc = ''\n", "fail"),
        ("", "nothing"),
    ],
)  # fmt: skip
def test_what_a_configuration_publishes_comes_out_as_on_the_command_line(
    repository: pytest.Pytester, text: str, outcome: str
) -> None:
    ca = MarkCA(at=AT)
    files = {"vmc.pem": ca.issue("example.com").pem, "issuing.crl": ca.crl(), "root.crl": ca.crl(of="root")}
    for name, data in {**files, "root.pem": ca.root_pem, "log.pem": ca.log_pem}.items():
        (repository.path / name).write_bytes(data)
    repository.mkdir("brand/sub")
    (repository.path / "bimikit.toml").write_text(text, encoding="utf-8")
    repository.makepyfile("def test_it(bimi_publication):\n    bimi_publication.conforms()\n")
    repository.makeini("[pytest]")
    shown = CliRunner().invoke(main, ["check", f"--at={AT.date()}", "--lang=en"])
    statuses = {"pass": 0, "fail": 1, "undecided": 3, "refused": 2, "nothing": 2}
    assert shown.exit_code == statuses[outcome], shown.output
    result = repository.runpytest(f"--bimi-at={AT.date()}", "-W", "ignore")
    found = result.parseoutcomes()
    if outcome in ("refused", "nothing"):
        assert (result.ret, found.get("passed")) in (
            (pytest.ExitCode.USAGE_ERROR, None),
            (pytest.ExitCode.INTERRUPTED, None),
        )
        return
    came = "fail" if found.get("failed") else "undecided" if found.get("errors") else "pass"
    assert (came, result.ret) == (outcome, int(outcome != "pass"))


# reports

REPORTED = [
    ("brand/logo.svg", "test_a.py::test_0", "conforms", "pass"),
    ("brand/logo.svg", "test_a.py::test_1", "conforms", "pass"),
    ("brand/logo.svg", "test_b.py::test_0", "conforms", "pass"),
    ("brand/untitled.svg", "test_b.py::test_1", "conforms", "fail"),
    ("example.com", "test_b.py::test_2", "is ready for gmail", "indeterminate"),
]


def reporting(repository: pytest.Pytester) -> None:
    written(repository, PASSING, PASSING, name="test_a")
    written(repository, PASSING, FAILING, UNKNOWN, name="test_b")


def test_reports_are_written_with_an_index(repository: pytest.Pytester) -> None:
    reporting(repository)
    out = repository.path / "deep" / "out"
    result = repository.runpytest("--bimi-report=deep/out")
    assert result.ret == 1
    result.stdout.fnmatch_lines(f"bimikit: 3 reports in {out / 'index.html'}")
    assert entries(out) == REPORTED
    page = (out / "index.html").read_text(encoding="utf-8")
    index = json.loads((out / "index.json").read_text(encoding="utf-8"))
    assert len(list(out.iterdir())) == 2 * 3 + 2
    for one in index["reports"]:
        report = json.loads((out / one["json"]).read_text(encoding="utf-8"))
        jsonschema.validate(report, bimikit.report_schema())
        assert bimikit.Report.from_dict(report).subject == one["subject"]
        assert one["subject"] in (out / one["html"]).read_text(encoding="utf-8")
        assert f'href="{one["html"]}"' in page
    assert "<code>test_b.py::test_2</code>: is ready for gmail – <strong>could not be found out</strong>" in page


def test_what_cannot_be_read_has_its_place_in_the_index(repository: pytest.Pytester) -> None:
    zone = "bimi.publication('example.com', zone=b'@ IN TXT (').conforms()"
    written(repository, 'bimi.svg("brand/none.svg").conforms()', zone, "bimi.publication('example.org').conforms()")
    (repository.path / "bimikit.toml").write_text(
        "[[publications]]\ndomain = 'example.org'\nlogo = 'none.svg'", "utf-8"
    )
    result = repository.runpytest("--bimi-report=out")
    result.assert_outcomes(failed=3)
    assert entries(repository.path / "out") == [
        ("brand/none.svg", "test_it.py::test_0", "can be read", "fail"),
        ("example.org", "test_it.py::test_2", "can be read", "fail"),
        ("the zone file", "test_it.py::test_1", "can be read", "fail"),
    ]


def test_an_earlier_run_s_reports_go_and_other_files_stay(repository: pytest.Pytester) -> None:
    reporting(repository)
    out = repository.mkdir("out")
    (out / "mine.html").write_text("mine", encoding="utf-8")
    found = '{"schema_version": 1, "reports": [{"json": "mine.json"}, {"json": "../x-0123456789ab.json"}]}'
    (out / "index.json").write_text(found, "utf-8")
    repository.runpytest("--bimi-report=out")
    repository.runpytest("--bimi-report=out", "test_a.py")
    assert entries(out) == REPORTED[:2]
    assert (out / "mine.html").exists()
    assert len(list(out.iterdir())) == 2 + 2 + 1


def test_a_folder_that_cannot_be_is_told_at_the_beginning(repository: pytest.Pytester) -> None:
    reporting(repository)
    result = repository.runpytest("--bimi-report=brand/logo.svg")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("ERROR: --bimi-report: brand/logo.svg can't be written to: *")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("index.html", "<h1>Acme</h1>"),
        ("index.json", '{"pages": []}'),
        ("index.json", '{"reports": []}'),
        ("index.json", '{"schema_version": 1, "reports": [1]}'),
        ("index.json", "[]"),
        ("index.json", "[" * 100_000),
        ("index.json", "\0"),
    ],
)
def test_a_website_s_own_index_is_not_overwritten(repository: pytest.Pytester, name: str, content: str) -> None:
    reporting(repository)
    site = repository.mkdir("site")
    (site / name).write_text(content, encoding="utf-8")
    result = repository.runpytest("--bimi-report=site")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(f"ERROR: --bimi-report: {site / name} was not written by bimikit*name an empty folder*")
    assert [(one.name, one.read_text(encoding="utf-8")) for one in site.iterdir()] == [(name, content)]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root alone gives files away")
def test_a_stranger_s_configuration_is_passed_over_and_told(repository: pytest.Pytester) -> None:
    written(repository, FAILING)
    (repository.path / "bimikit.toml").write_text("ignore = ['svg.title']", encoding="utf-8")
    repository.runpytest().assert_outcomes(passed=1)
    os.chown(repository.path / "bimikit.toml", 12345, -1)
    result = repository.runpytest("-W", "error")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines("bimikit: */bimikit.toml: it belongs to another user (id 12345)*")


def test_names_of_subjects_can_do_no_harm(repository: pytest.Pytester) -> None:
    name = "../<b>\\u202e/../x"
    written(repository, f'bimi.svg(b"<svg/>", name="{name}").conforms()')
    repository.runpytest("--bimi-report=out/in")
    (report,) = (repository.path / "out" / "in").glob("*x-*.html")
    assert re.fullmatch(r"[A-Za-z0-9-]+\.html", report.name)
    page = (repository.path / "out" / "in" / "index.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "\u202e" not in page
    assert [one.name for one in (repository.path / "out").iterdir()] == ["in"]


# several processes

XDIST = ("-p", "xdist", "-p", "bimikit.pytest_plugin", "-n", "2")


@pytest.fixture
def parallel(repository: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Workers that load no other plugin, which is dear."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return repository


def test_outcomes_and_reports_are_the_same_in_several_processes(parallel: pytest.Pytester) -> None:
    reporting(parallel)
    result = parallel.runpytest_subprocess(*XDIST, "--bimi-report=out")
    result.assert_outcomes(passed=3, failed=1, errors=1)
    assert entries(parallel.path / "out") == REPORTED
    result.stdout.fnmatch_lines("bimikit: 3 reports in *")


def test_a_mistake_in_the_configuration_ends_a_run_of_several_processes(parallel: pytest.Pytester) -> None:
    (parallel.path / "bimikit.toml").write_text("selct = []", encoding="utf-8")
    written(parallel, PASSING)
    result = parallel.runpytest_subprocess(*XDIST)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("ERROR: *bimikit.toml: selct: there is no such key. Did you mean select?*")


# the guide


def test_the_guide_can_be_followed(repository: pytest.Pytester) -> None:
    guide = (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8")
    fixture, parametrised, plain = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    ca = MarkCA(at=datetime.now(UTC))
    files = {"vmc.pem": ca.issue("example.com").pem, "issuing.crl": ca.crl(), "root.crl": ca.crl(of="root")}
    for name, data in {**files, "root.pem": ca.root_pem, "log.pem": ca.log_pem}.items():
        (repository.path / "brand" / name).write_bytes(data)
    (repository.path / "bimikit.toml").write_text(
        "[[publications]]\ndomain = 'example.com'\nlogo = 'brand/logo.svg'\n"
        "[trust]\nroots = ['brand/root.pem']\nct-logs = ['brand/log.pem']\n",
        encoding="utf-8",
    )
    repository.makepyfile(test_brand=fixture, test_each=parametrised)
    repository.runpytest("test_brand.py", "test_each.py").assert_outcomes(passed=4, skipped=1)
    (repository.path / "plain.py").write_text(plain, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "plain.py"], cwd=repository.path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Ran 3 tests" in done.stderr


def test_the_failure_in_the_guide_is_what_is_shown(repository: pytest.Pytester) -> None:
    guide = (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```text\n(.*?)```", guide, re.DOTALL)
    (repository.path / "brand" / "logo.svg").write_bytes(UNTITLED)
    repository.makepyfile('def test_logo(bimi):\n    bimi.svg("brand/logo.svg").conforms()\n')
    assert shown in repository.runpytest().stdout.str()
