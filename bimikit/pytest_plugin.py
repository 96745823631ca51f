"""The pytest plugin: the fixture `bimi`, whether the network may be asked, what becomes of the undecided, reports.

It is loaded in every run of pytest, so it imports nothing but pytest and the standard library until it is used.
docs/pipelines.md is the guide.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .assertions import Bimi, Kept, Publication, Settings, Subject
    from .assertions.folder import Entry, ReportFolder
    from .config import Config, ConfigError

_FIXTURES = frozenset({"bimi", "bimi_publication"})
_MARKER = "bimi_live"
_UNDECIDED = ("error", "xfail")
_REASON = "bimi_undecided"
_ENTRIES = "bimi_reports"
_WITHIN = "bimi_subtest"
"""What a test's report carries besides, between processes too: why it is undecided; what was asked in it; that it is of
a subtest."""
_PROBLEM = "bimi_problem"
"""What a worker of pytest-xdist tells of a configuration that can't be followed."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and the setting."""
    group = parser.getgroup("bimikit", "bimikit: will the logo show in the inbox?")
    group.addoption(
        "--bimi-config",
        metavar="FILE",
        help="Follow this configuration; by default the nearest bimikit.toml, or pyproject.toml with a table "
        "[tool.bimikit], from the root folder upwards.",
    )
    group.addoption(
        "--bimi-live", action="store_true", help="Let all tests ask the network (a marked test may in any case)."
    )
    group.addoption(
        "--bimi-at",
        metavar="WHEN",
        help="Judge at this date (00:00 UTC) or time with zone, where a test names no other; now by default.",
    )
    group.addoption(
        "--bimi-undecided",
        choices=_UNDECIDED,
        help="What becomes of a test when something could not be found out; by default the setting bimi_undecided, or "
        "error.",
    )
    group.addoption(
        "--bimi-report",
        metavar="DIR",
        help="Write what was judged to this folder: JSON and HTML of each report, and an index.",
    )
    parser.addini("bimi_undecided", "as --bimi-undecided: error or xfail", default=_UNDECIDED[0])


def pytest_configure(config: pytest.Config) -> None:
    """Make the plugin for this run."""
    config.addinivalue_line("markers", f"{_MARKER}: the test may ask the network through the fixture bimi.")
    config.pluginmanager.register(_Plugin(config), "bimikit-run")


@pytest.fixture(scope="session")
def bimi(request: pytest.FixtureRequest) -> Bimi:
    """Assertions on logos, certificates, publications and domains: ``bimi.svg("brand/logo.svg").conforms()``."""
    return _of(request.config).bimi


@pytest.fixture
def bimi_publication(bimi: Bimi, request: pytest.FixtureRequest) -> Publication:
    """A publication of the configuration; the test runs once for each."""
    number: int = request.param
    one = bimi.publications()[number]
    _of(request.config).expect([one])
    return one


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `bimi_publication` once for each."""
    if "bimi_publication" not in metafunc.fixturenames:
        return
    plugin = _of(metafunc.config)
    if plugin.follow():
        return
    try:
        found = plugin.bimi.publications()
    except ValueError as problem:
        raise pytest.Collector.CollectError(str(problem)) from None
    metafunc.parametrize("bimi_publication", range(len(found)), indirect=True, ids=[one.id for one in found])


def _of(config: pytest.Config) -> _Plugin:
    plugin = config.pluginmanager.get_plugin("bimikit-run")
    assert isinstance(plugin, _Plugin)  # noqa: S101 - registered above
    return plugin


class _Plugin:
    """One run of pytest."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._item: pytest.Item | None = None
        self._made: list[Sequence[Subject]] = []
        self._asked: list[Entry] = []
        self._refused: list[BaseException] = []
        self._calling = False
        self._failed_within = False
        self._undecided_within: list[str] = []
        self._entries: list[Entry] = []
        self._problem = ""
        self._passed_over: list[ConfigError] = []
        self._index: Path | None = None
        self._worker = hasattr(config, "workerinput")  # a process of pytest-xdist
        self._undecided = config.getoption("bimi_undecided") or config.getini("bimi_undecided")
        if self._undecided not in _UNDECIDED:
            raise pytest.UsageError(_told("undecided-setting", value=repr(self._undecided)))
        self._at = _moment(config.getoption("bimi_at"))
        if config.getoption("runxfail", default=False):
            self._undecided = _UNDECIDED[0]

    # the fixture, and what it follows

    @cached_property
    def _following(self) -> Config | None:
        """The configuration.

        Raises:
            BimikitError: It can't be followed.
        """
        from .config import find

        named = self._config.getoption("bimi_config")
        file = (
            self._config.invocation_params.dir / named
            if named
            else find(self._config.rootpath, self._passed_over.append)
        )
        if file is None:
            return None
        from .config import load  # dear, and not needed without a file

        config = load(file)
        if config.trust.roots or config.trust.ct_logs:
            config.trust_store()  # so that a file that isn't there is told at the beginning
        config.revocation_lists()
        return config

    @cached_property
    def _settings(self) -> Settings:
        from .assertions import Settings
        from .locale import language_of_environment

        config = self._following
        return Settings(
            config,
            folder=config.folder if config is not None else self._config.rootpath,
            searched=self._config.rootpath if config is None else None,
            lang=config.lang if config is not None and config.lang is not None else language_of_environment(),
            at=self._at,
            color=self._colored(),
            keep=self._keep if self._folder is not None else None,
            before_network=self._require_network,
            made=self._made.append,
        )

    @cached_property
    def bimi(self) -> Bimi:
        """What the fixture gives."""
        from .assertions import Bimi

        return Bimi(self._settings)

    def follow(self) -> str:
        """Read the configuration, and return why it can't be followed, if so."""
        if not self._problem:
            from .errors import BimikitError

            try:
                _ = self._following
            except BimikitError as problem:
                from .locale import language_of_environment

                self._problem = problem.told(language_of_environment())
        return self._problem

    def _colored(self) -> bool:
        """Whether what is shown has colours; XML takes none, and there may be no terminal."""
        if self._config.getoption("xmlpath", default=None) or not self._config.pluginmanager.has_plugin(
            "terminalreporter"
        ):
            return False
        return self._config.get_terminal_writer().hasmarkup

    # whether the network may be asked

    def _require_network(self) -> None:
        """Skip the test unless it may ask the network: the one that runs now, whoever made the subject."""
        __tracebackhide__ = True
        marked = self._item is not None and self._item.get_closest_marker(_MARKER) is not None
        if not marked and not self._config.getoption("bimi_live"):
            refusal = pytest.skip.Exception(self._settings.told("live"))
            self._refused.append(refusal)
            raise refusal

    def _has_refused(self, problem: BaseException | None) -> bool:
        """Whether a test was skipped for the network; what is still refused besides was raised where nobody sees it."""
        found = any(problem is one for one in self._refused)
        self._refused = [one for one in self._refused if problem is not one]
        return found

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """A configuration that can't be followed ends a run that would follow it."""
        if self._problem or any(not _FIXTURES.isdisjoint(getattr(item, "fixturenames", ())) for item in items):
            problem = self.follow() or self._misused(items)
            if not problem:
                return
            if not self._worker:
                raise pytest.UsageError(*problem.splitlines())
            self._config.workeroutput[_PROBLEM] = problem  # type: ignore[attr-defined]
            items.clear()

    def _misused(self, items: Sequence[pytest.Item]) -> str:
        """Marks with arguments, in words: nobody shall think that False closes the network."""
        found = [item.nodeid for item in items if any(one.args or one.kwargs for one in item.iter_markers(_MARKER))]
        return _told("live-arguments", test=found[0]) if found else ""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker is done: it may have found the configuration unfit."""
        problem = getattr(node, "workeroutput", {}).get(_PROBLEM)
        if problem:
            raise pytest.UsageError(*problem.splitlines())

    # what becomes of a test

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Know which test runs."""
        self._item = item
        try:
            return (yield)
        finally:
            self._item = None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Something that could not be found out is an outcome of its own."""
        report = yield
        if self._asked:
            setattr(report, _ENTRIES, self._asked)
            self._asked = []
        problem = None if call.excinfo is None else call.excinfo.value
        self._has_refused(problem)
        reason = "" if hasattr(report, "wasxfail") else _reason(problem)
        if self._calling:
            setattr(report, _WITHIN, True)
            self._failed_within = self._failed_within or (report.failed and not reason)
            self._undecided_within += [reason] * bool(reason)
        elif report.when == "call" and report.passed and not hasattr(report, "wasxfail") and not self._failed_within:
            reasons = "; ".join(dict.fromkeys(self._undecided_within))
            reason = self._settings.told("within", reasons=reasons) if reasons else ""
            report.longrepr = reason or report.longrepr
        if reason:
            setattr(report, _REASON, reason)
            if self._undecided == "xfail":
                report.outcome, report.wasxfail = "skipped", reason
            else:
                report.outcome = "failed"
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, tuple[str, dict[str, bool]] | str] | None:
        """An undecided test is an error, and no failure, or expected to fail, without pytest's plugin for that, too."""
        if not hasattr(report, _REASON):
            return None
        if not hasattr(report, "wasxfail"):
            return "error", "U", ("UNDECIDED", {"purple": True})
        return None if hasattr(report, _WITHIN) else ("xfailed", "x", "XFAIL")

    # subjects of which nothing is asked

    def expect(self, subjects: Sequence[Subject]) -> None:
        """Of those that were made last, the test is to ask these."""
        self._made[-1] = subjects

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        """Other tests may ask something of what a fixture of a wider scope makes."""
        earlier = len(self._made)
        try:
            return (yield)
        except BaseException as problem:
            if any(problem is one for one in self._refused):
                # pytest would skip all tests that take the fixture, also those that may ask
                fixturedef.finish(request)  # type: ignore[arg-type]
            raise
        finally:
            if fixturedef.scope != "function":
                del self._made[earlier:]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """A test that asks nothing of a subject would pass whatever is wrong with it: warn.

        One that was refused the network where it didn't show, such as in a thread, is skipped all the same.
        """
        self._calling = True
        try:
            result = yield
        finally:
            self._calling = False
        if self._refused:
            raise self._refused[0]
        silent = [made for made in self._made if not any(one.asked for one in made)]
        if silent:
            from .assertions import NothingAsked

            names = self._settings.told("comma").join(dict.fromkeys(str(one) for made in silent for one in made))
            item.warn(NothingAsked(self._settings.told("nothing-asked", subject=names)))
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Generator[None, object, object]:
        """Forget what earlier tests did."""
        self._made.clear()
        self._refused.clear()
        self._undecided_within.clear()
        self._failed_within = False
        return (yield)

    # reports

    @cached_property
    def _folder(self) -> ReportFolder | None:
        named = self._config.getoption("bimi_report")
        if not named:
            return None
        from .assertions.folder import ReportFolder
        from .locale import language_of_environment

        config = None if self.follow() else self._following
        lang = config.lang if config is not None and config.lang is not None else language_of_environment()
        return ReportFolder(self._config.invocation_params.dir / named, lang)

    def _keep(self, kept: Kept) -> None:
        if self._folder is not None:
            self._asked.append(self._folder.write(kept))

    def pytest_sessionstart(self) -> None:
        """Make the folder."""
        if self._worker or self._config.option.collectonly or self._folder is None:
            return
        from .assertions.folder import ForeignFolder

        try:
            self._folder.prepare()
        except ForeignFolder as problem:
            raise pytest.UsageError(_told("foreign-folder", file=problem.file)) from None
        except OSError as problem:
            folder = self._config.getoption("bimi_report")
            reason = problem.strerror or problem
            raise pytest.UsageError(_told("no-report-folder", folder=folder, reason=reason)) from None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect what was asked, of all processes."""
        if not self._worker:
            self._entries += [{**entry, "test": report.nodeid} for entry in getattr(report, _ENTRIES, ())]

    def pytest_sessionfinish(self) -> None:
        """Write the index."""
        if not self._worker and not self._config.option.collectonly and self._folder is not None:
            self._index = self._folder.index(self._entries)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say where the reports are, and which configuration was not followed."""
        for problem in self._passed_over:
            from .locale import language_of_environment

            terminalreporter.write_line(f"bimikit: {problem.told(language_of_environment())}")
        if self._index is not None:
            count = len({entry["file"] for entry in self._entries})
            terminalreporter.write_line(_told("reports-written", count=count, file=self._index))


def _reason(problem: BaseException | None) -> str:
    """What could not be found out, where a problem tells that."""
    outcomes = sys.modules.get("bimikit.assertions.outcomes")
    return problem.reason if outcomes is not None and isinstance(problem, outcomes.Undecided) else ""


def _moment(text: str | None) -> datetime | None:
    """The moment that an option names, as the command line reads it."""
    if text is None:
        return None
    from .assertions.settings import moment

    try:
        return moment(text)
    except ValueError as problem:
        raise pytest.UsageError(f"--bimi-at: {problem}") from None


def _told(key: str, **about: object) -> str:
    """The words under a key, in the language of the environment."""
    from .locale import language_of_environment, words_of

    return words_of("pytest_words", language_of_environment())[key].format_map(about)
