"""The copy of a result that a page carries, signed so that nobody can forge one; downloads are made from it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any

import msgspec
from itsdangerous import BadData, URLSafeSerializer

import bimikit
from bimikit import Report, render_report

from .judging import Subject
from .problems import Problem

FORMS = {
    "html": ("text/html; charset=utf-8", "html"),
    "json": ("application/json", "json"),
    "md": ("text/markdown; charset=utf-8", "markdown"),
}
"""Endings of downloads: media type, and format of `bimikit.render_report`."""
MOST_COPY = 256 * 1024
"""Characters of a copy. Where it would be longer, the texts for excerpts stay behind, the longest first."""
_MOST_TEXT = 2 * 1024 * 1024
"""Characters of texts, before they are compressed, that are worth a try."""


class Copies:
    """Makes and reads copies."""

    def __init__(self, secret_key: str) -> None:
        # A copy of another version may hold what this one has no words for.
        self._signer = URLSafeSerializer(secret_key, salt=f"bimikit-portal-report-{bimikit.__version__}")

    def write(self, subjects: Sequence[Subject]) -> str:
        """A copy of a result."""
        texts: dict[str | bytes, int] = {}
        told = []
        for subject in subjects:
            report = subject.report
            documents = {name: texts.setdefault(text, len(texts)) for name, text in report.documents.items()}
            source = None if subject.source is None else texts.setdefault(subject.source, len(texts))
            about = {"files": subject.files, "plan": subject.plan, "published": subject.published}
            told.append({"report": _plain(report), "documents": documents, "source": source, **about})
        kept: list[Any] = [text if isinstance(text, str) else [b64encode(text).decode()] for text in texts]
        by_length = [number for _text, number in sorted(texts.items(), key=lambda item: len(item[0]))]
        while sum(len(text) for text in texts if kept[texts[text]] is not None) > _MOST_TEXT:
            kept[by_length.pop()] = None
        while True:
            copy = str(self._signer.dumps({"reports": told, "texts": kept}))
            if len(copy) <= MOST_COPY or not by_length:
                return copy
            kept[by_length.pop()] = None

    def read(self, copy: str) -> list[tuple[Report, bytes | None]]:
        """What a copy holds: reports, each with its source where it has one.

        Raises:
            Problem: It isn't a copy of this portal's.
        """
        return [(subject.report, subject.source) for subject in self.subjects(copy)]

    def subjects(self, copy: str) -> list[Subject]:
        """What a copy holds: answers without their logos.

        Raises:
            Problem: It isn't a copy of this portal's.
        """
        try:
            held = self._signer.loads(copy)
            texts = [b64decode(text[0]) if isinstance(text, list) else text for text in held["texts"]]
            found = []
            for one in held["reports"]:
                documents = {name: texts[number] for name, number in one["documents"].items()}
                report = msgspec.structs.replace(
                    Report.from_dict(one["report"]),
                    documents={name: text for name, text in documents.items() if text is not None},
                )
                source = None if one["source"] is None else texts[one["source"]]
                plan, published = (
                    {name: tuple(values) for name, values in one[key].items()} for key in ("plan", "published")
                )
                found.append(Subject(report, source, None, tuple(one["files"]), plan, published))
        except (BadData, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise Problem("copy-invalid") from None
        return found


def _plain(report: Report) -> dict[str, object]:
    """A report as `Report.from_dict` takes it; the words of its findings are left out, since they are looked up."""
    told = report.to_dict()
    for finding in told["findings"]:
        for words in ("title", "message", "why"):
            del finding[words]
        del finding["fix"]["text"]
    return told


def written(found: Sequence[tuple[Report, bytes | None]], form: str, lang: str) -> str:
    """A copy as one of `FORMS`."""
    reports = [report for report, _source in found]
    sources = {report.subject: source for report, source in found if source is not None}
    return render_report(reports, FORMS[form][1], lang=lang, sources=sources)
