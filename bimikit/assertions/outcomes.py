"""From reports to outcomes: what was asked is so, isn't, or could not be found out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ..findings import Outcome, Report, Severity
from ..following import as_wanted, requires_revocation
from ..selection import outcome_of, with_files

if TYPE_CHECKING:
    from .settings import Settings

__unittest = True


class Undecided(Exception):
    """Something that was asked could not be found out: neither as asked nor otherwise, and so no `AssertionError`.

    Attributes:
        reason: What could not be found out, in a line.
        reports: The reports that tell why.
    """

    __module__ = "bimikit.assertions"  # where test runners' reports say it is from

    def __init__(self, text: str, reason: str = "", reports: tuple[Report, ...] = ()) -> None:
        super().__init__(text)
        self.reason = reason or text.partition("\n")[0]
        self.reports = reports


class Part(NamedTuple):
    """Something that is judged as one.

    Attributes:
        label: Its name in headlines.
        raw: The report, with all findings.
        files: The file that findings are about (`bimikit.config.without_ignored`).
        sources: Files that were judged by themselves, by the report's subject.
        providers: Mailbox providers that must be ready where nobody says otherwise.
        days_left: Full days for which its certificate must be valid yet, likewise; None where it doesn't matter.
    """

    label: str
    raw: Report
    files: Mapping[str | None, str]
    sources: Mapping[str, bytes] = {}
    providers: tuple[str, ...] = ()
    days_left: int | None = None


class Ask(NamedTuple):
    """What is asked.

    Attributes:
        key: The end of the keys of its words, such as ``"conforms"``.
        about: What the words are about.
    """

    key: str
    about: Mapping[str, str] = {}


class Answer(NamedTuple):
    """What came of it.

    Attributes:
        part: What was asked.
        report: The report that tells why.
        outcome: PASS, FAIL or INDETERMINATE.
        reasons: Why, where no finding of the report tells.
        ended: What is no longer ignored, in words.
    """

    part: Part
    report: Report
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()


class Shown(NamedTuple):
    """A report as the configuration wants it, and what is no longer ignored, in words."""

    report: Report
    ended: tuple[str, ...] = ()


def shown(part: Part, settings: Settings, providers: tuple[str, ...] = (), *, whole: bool = False) -> Shown:
    """A part's report as the command line shows it with the same configuration.

    With `whole`, what was asked by name is judged by all rules: choosing others must not make it pass.
    """
    report = with_files(part.raw, part.files)
    config = settings.config
    report = as_wanted(
        report,
        providers=providers,
        select=() if whole or config is None else config.select,
        ignore=() if config is None else config.ignore,
        days_left=part.days_left,
        revocation=requires_revocation(config, report.kind),
    )
    if config is None or not config.ignores:
        return Shown(report)
    from ..config.ignores import ended, without_ignored

    kept = without_ignored(report, config, part.files)
    return Shown(kept.report, tuple(ended(config, one).told(settings.lang) for one in kept.ended))


def conformance(
    part: Part, settings: Settings, *, providers: Iterable[str] = (), domain: str = "", whole: bool = False
) -> Answer:
    """Whether a part conforms, and those providers are ready; with a domain, whether its certificate is for that."""
    asked = tuple(providers) or part.providers
    report, ended = shown(part, settings, asked, whole=whole)
    outcome = outcome_of(report, with_verdicts=bool(asked))
    reasons = []
    if asked and outcome is not Outcome.PASS:
        from ..output.view import not_ready

        reasons += [f"{one.provider}: {one.text}" for one in not_ready(report, settings.lang)]
    covers = part.raw.facts.get("covers")
    if domain and covers is not None and covers["how"] in ("not", None):
        reasons.append(settings.told("not-covered", domain=domain))
        outcome = Outcome.FAIL
    return Answer(part, report, outcome, tuple(reasons), ended)


def same_logo(part: Part) -> Answer:
    """Whether a certificate holds the logo it was judged with, whatever else is wrong with it."""
    found = [one for one in part.raw.findings if one.rule.startswith("match.") and one.severity is Severity.ERROR]
    if found:
        outcome = _worst(one.outcome for one in found)
    elif part.raw.facts.get("logo") in ("identical", "markup"):
        outcome = Outcome.PASS
    else:
        outcome = _unknown(part.raw)
    return Answer(part, part.raw, outcome)


def not_revoked(part: Part, settings: Settings) -> Answer:
    """Whether no certificate of a chain is revoked, whatever else is wrong with it."""
    about = part.raw.facts.get("certificate", part.raw.facts)
    known = about.get("revocation")
    if known is None:
        return Answer(part, part.raw, _unknown(part.raw))
    if not known["checked"]:
        return Answer(part, part.raw, Outcome.INDETERMINATE, (settings.told("revocation-unchecked"),))
    states = set(known["states"].values())
    outcome = Outcome.FAIL if "revoked" in states else Outcome.PASS if states == {"good"} else Outcome.INDETERMINATE
    return Answer(part, part.raw, outcome)


def _unknown(report: Report) -> Outcome:
    """The outcome where the certificate can't tell: there is something wrong with it, or nobody knows."""
    return Outcome.INDETERMINATE if report.ok else Outcome.FAIL


def _worst(outcomes: Iterable[Outcome]) -> Outcome:
    found = set(outcomes)
    return Outcome.FAIL if Outcome.FAIL in found else Outcome.INDETERMINATE


def settle(ask: Ask, answers: Iterable[Answer], settings: Settings) -> None:
    """Keep the answers, and complain about those that aren't as asked.

    Raises:
        AssertionError: Something isn't.
        Undecided: Nothing is otherwise, but something could not be found out.
    """
    __tracebackhide__ = True
    answers = tuple(answers)
    if settings.keep is not None:
        from .settings import Kept

        for one in answers:
            asked = settings.told(f"asked.{ask.key}", **ask.about)
            settings.keep(Kept(one.report, asked, one.outcome, one.part.sources))
    outcomes = {one.outcome for one in answers}
    if outcomes <= {Outcome.PASS}:
        from .settings import IgnoreEnded, IgnoreUnused

        settings.warn((text for one in answers for text in one.ended), IgnoreEnded)
        settings.warn((text for one in answers for text in settings.unused(one.part.files.values())), IgnoreUnused)
        return
    worst = _worst(outcomes)
    wrong = [one for one in answers if one.outcome is worst]
    text = "\n\n".join(_text(ask, one, settings) for one in wrong)
    if worst is Outcome.FAIL:
        raise AssertionError(text)
    reason = "; ".join(line for one in wrong for line in (_headline(ask, one, settings), *one.reasons, *one.ended))
    raise Undecided(text, reason, tuple(one.report for one in wrong))


def _headline(ask: Ask, answer: Answer, settings: Settings) -> str:
    key = "failed" if answer.outcome is Outcome.FAIL else "undecided"
    from ..output.view import one_line

    return one_line(settings.told(f"{key}.{ask.key}", subject=answer.part.label, **ask.about))


def _text(ask: Ask, answer: Answer, settings: Settings) -> str:
    """What is wrong, why, and the report as the command line prints it."""
    from ..output import render, text_of

    report = answer.report
    texts = {name: text_of(report, data) for name, data in answer.part.sources.items()}
    told = render("text", [report], lang=settings.lang, texts=texts, color=settings.color).rstrip("\n")
    reasons = "".join(f"  {reason}\n" for reason in (*answer.reasons, *answer.ended))
    return f"{_headline(ask, answer, settings)}\n{reasons}\n{told}"
