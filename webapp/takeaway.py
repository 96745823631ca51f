"""The copy of a result that a page carries, signed so that nobody can forge one; downloads are made from it.

A download is what `bimikit.render_report` writes, with what only the portal knows beside it: the logo's picture and the
records to publish.
"""

from __future__ import annotations

import html
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any
from unicodedata import normalize

import msgspec
from itsdangerous import BadData, URLSafeSerializer

import bimikit
from bimikit import Report, render_report

from . import words
from .advice import ToPublish, to_publish
from .judging import SIZES, Logo, Subject
from .problems import Problem
from .showing import png_url, undrawn

FORMS = {"html": "text/html; charset=utf-8", "json": "application/json", "md": "text/markdown; charset=utf-8"}
"""Endings of downloads, and their media types."""
SCHEMA_VERSION = 1
"""Of answers for programs."""
_PIXELS = max(SIZES)
"""At which the logo's picture is shown; the picture itself has two for one."""
_LONGEST_SUBJECT = 40
"""Characters of what was judged in a file's name: of any script, so that no system finds it too long."""
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
        for prose in ("title", "message", "why"):
            del finding[prose]
        del finding["fix"]["text"]
    return told


def written(subjects: Sequence[Subject], form: str, lang: str) -> str:
    """Answers as one of `FORMS`; their logos' pictures are in it where they were drawn."""
    return _WRITERS[form](subjects, lang)


def file_name(subjects: Sequence[Subject], form: str) -> str:
    """What a download is called: by what was judged, and when; without signs that any system forbids."""
    first = subjects[0].report
    plain = re.sub(r"[^\w.]+", "-", normalize("NFC", first.subject))
    named = re.sub(r"[-.]{2,}", "-", plain).strip("-._")[:_LONGEST_SUBJECT].strip("-._")
    more = f"-and-{len(subjects) - 1}-more" if len(subjects) > 1 else ""
    return f"bimi-report-{named or 'file'}{more}-{first.judged_at.astimezone(UTC):%Y-%m-%d}.{form}"


def told_to_programs(subjects: Sequence[Subject], lang: str) -> dict[str, Any]:
    """Answers as a program reads them."""
    return {
        "schema_version": SCHEMA_VERSION,
        "reports": [subject.report.to_dict(lang) for subject in subjects],
        "files": [list(subject.files) for subject in subjects],
        "publish": [
            {
                "report": number,
                "name": record.name,
                "type": "TXT",
                "value": record.value,
                "zone": record.zone,
                "published": record.published,
                "first": list(record.first),
                "stricter": record.stricter,
            }
            for number, subject in enumerate(subjects)
            for record in to_publish(subject)
        ],
    }


def _rendered(subject: Subject, form: str, lang: str) -> str:
    sources = {} if subject.source is None else {subject.report.subject: subject.source}
    return render_report(subject.report, form, lang=lang, sources=sources)


def _picture(logo: Logo | None) -> bytes | None:
    return logo.pictures.get(2 * _PIXELS) if logo else None


def _written_json(subjects: Sequence[Subject], lang: str) -> str:
    pictures = [_picture(subject.logo) for subject in subjects]
    told = told_to_programs(subjects, lang) | {
        "pictures": [picture and b64encode(picture).decode() for picture in pictures]
    }
    # A lone surrogate has no bytes of its own; its escape means the same in JSON.
    return json.dumps(told, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace").decode() + "\n"


def _written_markdown(subjects: Sequence[Subject], lang: str) -> str:
    """Each answer's report, with its picture and records after its verdict."""
    text = words.LANGUAGES[lang]
    blocks: list[str] = []
    pictures: list[str] = []
    for number, subject in enumerate(subjects, 1):
        title, heading, verdict, *rest = _rendered(subject, "markdown", lang).rstrip("\n").split("\n\n")
        blocks += [*(() if blocks else (title,)), heading, verdict]
        if picture := _picture(subject.logo):
            blocks += [f"![{text['take.picture']}][logo-{number}]", *_caveat(subject.logo, text)]
            pictures.append(f"[logo-{number}]: {png_url(picture)}")
        if records := to_publish(subject):
            blocks += [f"### {_heading(records, text)}", *(part for one in records for part in _as_markdown(one, text))]
        blocks += rest
    return "\n\n".join([*blocks, *pictures]) + "\n"


def _written_html(subjects: Sequence[Subject], lang: str) -> str:
    """The page for all answers, with each one's picture and records after its verdict."""
    sources = {subject.report.subject: subject.source for subject in subjects if subject.source is not None}
    page = render_report([subject.report for subject in subjects], "html", lang=lang, sources=sources)
    # Pictures are all that may be shown beside the page's own style sheet.
    page = page.replace("; base-uri ", "; img-src data:; base-uri ", 1)
    for number, subject in enumerate(subjects, 1):
        # All texts in the page are escaped, so that these are its own tags.
        start = page.index(f'<section class="report" id="report-{number}"')
        verdict = page.index("</header>", start) + len("</header>\n")
        page = page[:verdict] + "".join(_beside(subject, words.LANGUAGES[lang])) + page[verdict:]
    return page


_WRITERS = {"html": _written_html, "json": _written_json, "md": _written_markdown}


def _beside(subject: Subject, text: Mapping[str, str]) -> Iterator[str]:
    """A logo's picture and its records, as parts of an HTML page."""
    if picture := _picture(subject.logo):
        caveat = "".join(f'<p class="quiet">{html.escape(told)}</p>\n' for told in _caveat(subject.logo, text))
        yield (
            f'<section class="card">\n<h3>{html.escape(text["take.picture"])}</h3>\n'
            f'<p><img src="{png_url(picture)}" width="{_PIXELS}" height="{_PIXELS}" alt=""></p>\n{caveat}</section>\n'
        )
    records = to_publish(subject)
    if records:
        told = "".join(_as_html(record, text) for record in records)
        yield f'<section class="card">\n<h3>{html.escape(_heading(records, text))}</h3>\n{told}</section>\n'


def _as_html(record: ToPublish, text: Mapping[str, str]) -> str:
    notes = "".join(f"<p>{html.escape(note)}</p>\n" for note in _notes(record, text))
    rows = "".join(
        f"<div><dt>{html.escape(label)}</dt><dd><code>{html.escape(value)}</code></dd></div>\n"
        for label, value in _rows(record, text)
    )
    return f"{notes}<dl>\n{rows}</dl>\n"


def _as_markdown(record: ToPublish, text: Mapping[str, str]) -> Iterator[str]:
    yield from _notes(record, text)
    yield "\n".join(f"- {label}: {_code(value)}" for label, value in _rows(record, text))


def _code(text: str) -> str:
    """A code span that its content cannot end."""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{fence} {text} {fence}" if "`" in text else f"`{text}`"


def _heading(records: Iterable[ToPublish], text: Mapping[str, str]) -> str:
    return text["publish.done" if all(record.published for record in records) else "publish.title"]


def _notes(record: ToPublish, text: Mapping[str, str]) -> Iterator[str]:
    """What to know before it is published."""
    if record.first:
        yield f"{text['publish.first']} {' '.join(record.first)}"
    if record.stricter:
        yield text["publish.caution"]
    if record.published:
        yield text["publish.published"]


def _rows(record: ToPublish, text: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield text["publish.name"], record.name
    yield text["publish.value"], record.value
    yield text["publish.zone"], record.zone


def _caveat(logo: Logo | None, text: Mapping[str, str]) -> Iterator[str]:
    """What its picture lacks."""
    missing = undrawn(logo)
    if missing:
        yield text[f"preview.undrawn.{missing}"]
