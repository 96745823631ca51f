"""What can go wrong with a request, each by a name that words and programs know it by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import NamedTuple

from bimikit import Report


class Kind(NamedTuple):
    """A kind of problem.

    Attributes:
        status: Its HTTP status.
        params: What its words are about, besides the field.
    """

    status: HTTPStatus
    params: tuple[str, ...] = ()


_NOT_TO_DO = HTTPStatus.UNPROCESSABLE_ENTITY
KINDS: Mapping[str, Kind] = {
    "nothing-given": Kind(_NOT_TO_DO),
    "domain-needed": Kind(_NOT_TO_DO),
    "domain-invalid": Kind(_NOT_TO_DO, ("why",)),
    "domains-differ": Kind(_NOT_TO_DO, ("names",)),
    "selectors-differ": Kind(_NOT_TO_DO, ("names",)),
    "file-empty": Kind(_NOT_TO_DO, ("file",)),
    "too-many-files": Kind(_NOT_TO_DO, ("most",)),
    "too-many-pairs": Kind(_NOT_TO_DO, ("most",)),
    "too-many-records": Kind(_NOT_TO_DO, ("most",)),
    "text-too-long": Kind(_NOT_TO_DO, ("most",)),
    "record-unreadable": Kind(_NOT_TO_DO),
    "record-misplaced": Kind(_NOT_TO_DO, ("name",)),
    "record-twice": Kind(_NOT_TO_DO),
    "address-not-https": Kind(_NOT_TO_DO),
    "address-needed": Kind(_NOT_TO_DO),
    "option-invalid": Kind(_NOT_TO_DO),
    "background-invalid": Kind(_NOT_TO_DO),
    "text-unprintable": Kind(_NOT_TO_DO, ("wrong",)),
    "field-unknown": Kind(_NOT_TO_DO, ("wrong", "known")),
    "field-twice": Kind(_NOT_TO_DO, ("wrong",)),
    "text-expected": Kind(_NOT_TO_DO, ("wrong",)),
    "flag-expected": Kind(_NOT_TO_DO, ("wrong",)),
    "choice-expected": Kind(_NOT_TO_DO, ("wrong", "known")),
    "choices-expected": Kind(_NOT_TO_DO, ("wrong", "known")),
    "file-expected": Kind(_NOT_TO_DO, ("wrong",)),
    "files-expected": Kind(_NOT_TO_DO, ("wrong",)),
    "logo-missing": Kind(_NOT_TO_DO),
    "not-repaired": Kind(_NOT_TO_DO),
    "copy-invalid": Kind(_NOT_TO_DO),
    "too-slow": Kind(_NOT_TO_DO),
    "malformed": Kind(HTTPStatus.BAD_REQUEST),
    "cross-site": Kind(HTTPStatus.FORBIDDEN),
    "forbidden": Kind(HTTPStatus.FORBIDDEN),
    "plan-token": Kind(HTTPStatus.UNAUTHORIZED),
    "plan-local": Kind(HTTPStatus.FORBIDDEN),
    "plan-unmade": Kind(HTTPStatus.SERVICE_UNAVAILABLE, ("why",)),
    "plan-too-large": Kind(HTTPStatus.SERVICE_UNAVAILABLE),
    "plan-coming": Kind(HTTPStatus.SERVICE_UNAVAILABLE, ("seconds",)),
    "not-found": Kind(HTTPStatus.NOT_FOUND),
    "method": Kind(HTTPStatus.METHOD_NOT_ALLOWED),
    "media-type": Kind(HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    "too-large": Kind(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, ("most",)),
    "too-often": Kind(HTTPStatus.TOO_MANY_REQUESTS, ("seconds",)),
    "failed": Kind(HTTPStatus.INTERNAL_SERVER_ERROR),
    "live-off": Kind(HTTPStatus.NOT_IMPLEMENTED),
    "no-resolver": Kind(HTTPStatus.BAD_GATEWAY),
    "busy": Kind(HTTPStatus.SERVICE_UNAVAILABLE, ("seconds",)),
}
"""What there is, by name. The words are ``problem.<name>`` and ``problem.<name>.what`` (what to do); either may have a
further form that is for programs (``.program``), or for when more is known (the name of that param)."""

PROBLEMS: Mapping[str, HTTPStatus] = {name: kind.status for name, kind in KINDS.items()}
"""The HTTP status of each."""


class Problem(Exception):
    """A request that can't be answered.

    Attributes:
        name: A key of `KINDS`.
        field: The field of the request it is about; empty for none.
        params: What the words are about.
    """

    def __init__(self, name: str, field: str = "", /, **params: str | int) -> None:
        super().__init__(name)
        self.name = name
        self.field = field
        self.params = params

    def __reduce__(self) -> tuple[object, ...]:  # it may come from another process
        return _again, (self.name, self.field, self.params)

    @property
    def status(self) -> HTTPStatus:
        """Its HTTP status."""
        return PROBLEMS[self.name]

    @property
    def retry_after(self) -> int | None:
        """Seconds after which it makes sense to try again; None where that wouldn't help."""
        seconds = self.params.get("seconds")
        return seconds if isinstance(seconds, int) else None


def refuse_no_domain(reports: Iterable[Report], lang: str) -> None:
    """Answer nothing about what was typed for a domain and is none.

    Args:
        reports: What was judged.
        lang: The language in which to say why.

    Raises:
        Problem: It is none.
    """
    for report in reports:
        for finding in report.findings:
            if finding.rule == "bimikit.domain-invalid":
                raise Problem("domain-invalid", "domain", why=finding.wording(lang).message)


def document(name: str, status: int, title: str, detail: str) -> dict[str, str | int]:
    """A problem as a program reads it (RFC 9457).

    Args:
        name: A key of `KINDS`.
        status: The HTTP status it is answered with.
        title: What is wrong, in a few words.
        detail: What to do.
    """
    return {"type": f"/api#{name}", "title": title, "status": status, "detail": detail, "problem": name}


def _again(name: str, field: str, params: Mapping[str, str | int]) -> Problem:
    return Problem(name, field, **params)
