"""`check_spf` and `check_dkim`: whether mail that a domain sends can pass the checks that DMARC, and so BIMI, rests on.

Both take a resolver, or answers that are known already, and both have a generator beneath (`bimikit.spf.evaluation`,
`bimikit.dkim.discovery`) with which a program that asks in its own way drives them, to give the result to `spf_report`
or `dkim_report`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from .arguments import in_utc
from .dkim import discovery, key
from .dkim import judge as dkim_judge
from .dns.answers import FAILED, FOUND, NOT_GIVEN, Answer, Answers, Question
from .dns.place import Place, locate
from .domains import BadDomain, normal_domain
from .engine import Fault, findings_from, quote, run
from .findings import Report
from .sending_rules import RULES
from .spf import evaluation
from .spf import judge as spf_judge
from .spf.syntax import LOOKING_UP

TYPE_CHECKING = False  # type checkers take it for typing's, which is dear to import
if TYPE_CHECKING:
    from .dns.resolve import Rounds

KIND = "sending"
_TEXT_SHOWN = 2_000
_UNKNOWN = Answer(FAILED, reason=NOT_GIVEN)
Result = TypeVar("Result")


def check_spf(
    domain: str, *, answers: Answers | None = None, resolver: Any = None, at: datetime | None = None
) -> Report:
    """Tell whether a domain's SPF record can be evaluated, and whom it lets pass.

    Every record that it draws in is read, and what causes lookups is counted as for a message that nothing matches,
    which is the most a receiver has to do. What hangs on the message (macros) is told as not counted.

    Args:
        domain: The domain of the envelope sender (``MAIL FROM``), as people type it.
        answers: What the DNS says, by question; nobody is asked then, and what isn't in it is told as not given.
        resolver: A `dns.resolver.Resolver`; that of the system by default.
        at: The moment the report tells; must have a time zone. Now by default.

    Returns:
        The report, of kind ``"sending"``; its rules are those that begin with ``spf.``.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: `at` has no time zone.
        BimikitError: Neither answers nor a resolver were given, and the system names none.

    Source: RFC 7208.
    """
    begun = spf_begun(domain, at)
    return begun if isinstance(begun, Report) else begun.judge(_driven(begun.asking, answers, resolver))


def check_dkim(
    domain: str,
    selectors: Iterable[str] | None = None,
    *,
    answers: Answers | None = None,
    resolver: Any = None,
    at: datetime | None = None,
) -> Report:
    """Tell whether the DKIM keys at a domain's selectors can be used.

    Args:
        domain: The signing domain (``d=``), as people type it.
        selectors: The selectors (``s=``); where none are given, those that senders usually have are tried
            (`bimikit.dkim.selectors.usual_selectors`), and only what is found there is judged.
        answers: What the DNS says, by question; nobody is asked then, and what isn't in it is told as not given.
        resolver: A `dns.resolver.Resolver`; that of the system by default.
        at: The moment the report tells; must have a time zone. Now by default.

    Returns:
        The report, of kind ``"sending"``; its rules are those that begin with ``dkim.``.

    Raises:
        TypeError: An argument is of the wrong type; a text in place of several selectors is, too.
        ValueError: `at` has no time zone.
        BimikitError: Neither answers nor a resolver were given, and the system names none.

    Source: RFC 6376; RFC 8301; RFC 8463.
    """
    begun = dkim_begun(domain, selectors, at)
    return begun if isinstance(begun, Report) else begun.judge(_driven(begun.asking, answers, resolver))


class Begun(NamedTuple):
    """A check whose questions are yet to be asked.

    Attributes:
        asking: The generator that asks.
        judge: Makes the report from its result.
    """

    asking: Any
    judge: Callable[[Any], Report]


def spf_begun(domain: str, at: datetime | None) -> Begun | Report:
    """The arguments of `check_spf` in their normal form; the report at once where the domain is none."""
    moment = in_utc(at)
    name = _name(domain)
    if isinstance(name, BadDomain):
        return _no_domain(domain, name, moment, "spf.")
    return Begun(evaluation.discover(name), lambda found: spf_report(found, moment))


def dkim_begun(domain: str, selectors: Iterable[str] | None, at: datetime | None) -> Begun | Report:
    """The arguments of `check_dkim` likewise."""
    moment = in_utc(at)
    wanted = _selectors(selectors)
    name = _name(domain)
    if isinstance(name, BadDomain):
        return _no_domain(domain, name, moment, "dkim.")
    return Begun(discovery.discover(name, wanted), lambda found: dkim_report(found, moment))


def _selectors(given: Iterable[str] | None) -> list[str] | None:
    if given is None:
        return None
    wanted = [] if isinstance(given, str) else list(given)
    if isinstance(given, str) or not all(isinstance(one, str) for one in wanted):
        raise TypeError("selectors must be several str, such as a list")
    return [one.strip() for one in wanted]


def _name(domain: str) -> str | BadDomain:
    if not isinstance(domain, str):
        raise TypeError(f"domain must be a str, not {type(domain).__name__}")
    try:
        return normal_domain(domain)
    except BadDomain as problem:
        return problem


def _driven(asking: Rounds[Result], answers: Answers | None, resolver: Any) -> Result:
    if answers is not None:
        return answered(asking, answers)
    from .dns import resolve

    resolver = resolve.resolver_or_default(resolver)
    return resolve.run(asking, resolver, resolve.Deadline(resolver.lifetime))


def answered(asking: Rounds[Result], answers: Mapping[Question, Answer]) -> Result:
    """Drive a discovery from answers that are known; others are `NOT_GIVEN`."""
    try:
        questions = next(asking)
        while True:
            questions = asking.send({question: answers.get(question, _UNKNOWN) for question in questions})
    except StopIteration as end:
        result: Result = end.value
        return result


def spf_report(found: evaluation.Evaluation, at: datetime) -> Report:
    """Judge what was found about a domain's SPF record.

    Args:
        found: The result of `bimikit.spf.evaluation.discover`.
        at: The moment the report tells, in UTC.
    """
    own = found.own
    facts: dict[str, Any] = {
        "domain": found.domain,
        "scope": ["spf."],
        "spf": {
            "state": own.state,
            "record": None if own.record is None else quote(own.record.text, _TEXT_SHOWN),
            "lookups": found.lookups,
            "void_lookups": {"ipv4": found.void(4), "ipv6": found.void(6)},
            "counted": found.finished and not any(one.kind in ("uncounted", "failed") for one in found.events),
            "all": _all(found),
            "records": [
                {
                    "domain": one.domain,
                    "text": None if one.record is None else quote(one.record.text, _TEXT_SHOWN),
                    "lookups": 0
                    if one.record is None
                    else sum(term.name in LOOKING_UP for term in one.record.evaluated),
                }
                for one in found.records
            ],
        },
    }
    return _report(found, at, (spf_judge.records, spf_judge.reach, spf_judge.evaluable), facts)


def _all(found: evaluation.Evaluation) -> str | None:
    """The qualifier of the ``all`` that decides what nothing matches."""
    record = found.final.record
    return None if record is None or record.all is None else record.all.qualifier


def dkim_report(found: discovery.Keys, at: datetime) -> Report:
    """Judge what was found at a domain's selectors.

    Args:
        found: The result of `bimikit.dkim.discovery.discover`.
        at: The moment the report tells, in UTC.
    """
    facts: dict[str, Any] = {
        "domain": found.domain,
        "scope": ["dkim."],
        "dkim": {
            "guessed": found.guessed,
            "asked": found.asked,
            "selectors": [_selector(one) for one in found.selected],
        },
    }
    return _report(found, at, (dkim_judge.keys,), facts)


def _selector(one: discovery.Selected) -> dict[str, Any]:
    answer = one.answer
    texts = answer.records[: discovery.MOST_RECORDS] if answer is not None and answer.state == FOUND else ()
    return {
        "selector": quote(one.selector),
        "name": one.name or None,
        "state": None if answer is None else answer.state,
        "canonical": answer.canonical or None if answer is not None else None,
        "keys": [
            {
                "text": quote(record.text, _TEXT_SHOWN),
                "type": record.type if record.key is None else record.key.type or None,
                "bits": None if record.key is None else record.key.bits or None,
                "revoked": record.revoked,
            }
            for record in map(key.read, texts)
        ],
    }


def _report(
    found: Any, at: datetime, checks: Sequence[Callable[[Any], Iterable[Fault[Place]]]], facts: dict[str, Any]
) -> Report:
    faults: list[Fault[Place]] = []
    run(checks, found, faults)
    return Report(KIND, found.domain, at, findings_from(faults, RULES, locate), facts)


def _no_domain(domain: str, problem: BadDomain, at: datetime, scope: str) -> Report:
    fault: Fault[Place] = Fault("bimikit.domain-invalid", None, "", {"domain": quote(domain), "problem": f"@{problem}"})
    return Report(KIND, quote(domain), at, findings_from([fault], RULES, locate), {"scope": [scope]}, finished=False)
