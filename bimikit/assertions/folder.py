"""A folder with the reports of a test run: JSON and HTML of each, and an index of all."""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from ..bounded import read_bounded
from ..findings import Outcome
from ..locale import term, words_of
from ..output import render_report
from ..output.html_format import page
from ..output.view import capital, one_line, verdict
from .settings import Kept

Entry: TypeAlias = dict[str, str]
"""What was asked in a test: ``subject``, ``kind``, ``verdict``, ``asked``, ``outcome``, ``file`` (without its ending)
and ``test``. Plain, so that it travels between processes."""

SCHEMA_VERSION = 1
"""Of ``index.json``."""

_INDEX = "index"
_MOST_OF_INDEX = 64 * 1024 * 1024
"""Bytes of an index: some 200,000 reports."""
_LONGEST_NAME = 60
_OURS = re.compile(r"[A-Za-z0-9._-]+-[0-9a-f]{12}")
"""The names that this module gives to files, without their ending."""
_TONES = {Outcome.PASS: "ok", Outcome.INDETERMINATE: "undecided", Outcome.FAIL: "error"}
_WORST = (Outcome.FAIL, Outcome.INDETERMINATE, Outcome.PASS)


class ForeignFolder(Exception):
    """A folder whose index was not written by this module, and would be lost.

    Attributes:
        file: That index.
    """

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.file = file


class ReportFolder:
    """The folder; several processes may write to it at once, as long as one alone calls `prepare` and `index`.

    Args:
        folder: Where it is.
        lang: The language of the reports.
    """

    def __init__(self, folder: Path, lang: str) -> None:
        self._folder, self._lang = folder, lang

    def prepare(self) -> None:
        """Make it, and remove what an earlier run left in it.

        Raises:
            OSError: It can't be written to.
            ForeignFolder: It has an index that isn't ours, such as a website's.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        for stem in self._earlier():
            for ending in ("json", "html"):
                (self._folder / f"{stem}.{ending}").unlink(missing_ok=True)
        self._write(f"{_INDEX}.json", self._as_json([]))

    def _earlier(self) -> list[str]:
        """The names of an earlier run's reports, without their ending.

        Raises:
            OSError: Its index can't be read.
            ForeignFolder: The index isn't ours.
        """
        index, page_of_it = self._folder / f"{_INDEX}.json", self._folder / f"{_INDEX}.html"
        if not os.path.lexists(index):
            if os.path.lexists(page_of_it):
                raise ForeignFolder(page_of_it)
            return []
        try:
            found = json.loads(read_bounded(index, _MOST_OF_INDEX))
            if not isinstance(found["schema_version"], int):
                raise ForeignFolder(index)
            stems = [one["json"].removesuffix(".json") for one in found["reports"]]
        except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
            raise ForeignFolder(index) from None
        return [stem for stem in stems if _OURS.fullmatch(stem)]

    def write(self, kept: Kept) -> Entry:
        """Write a report as JSON and HTML; the same report of several tests is one.

        Raises:
            OSError: It can't be written.
        """
        report = kept.report
        told = report.to_dict(self._lang)
        lasting = json.dumps({**told, "judged_at": ""}, sort_keys=True, ensure_ascii=False)  # tests run at moments
        start = re.sub(r"[^A-Za-z0-9]+", "-", report.subject)[-_LONGEST_NAME:].strip("-") or report.kind
        stem = f"{start}-{sha256(lasting.encode('utf-8', 'backslashreplace')).hexdigest()[:12]}"
        self._write(f"{stem}.json", report.to_json(self._lang) + "\n")
        self._write(f"{stem}.html", render_report(report, "html", lang=self._lang, sources=kept.sources))
        return {
            "file": stem,
            "subject": report.subject,
            "kind": report.kind,
            "verdict": verdict(report),
            "asked": kept.asked,
            "outcome": kept.outcome.value,
        }

    def index(self, entries: Iterable[Entry]) -> Path:
        """Write the index, and return where its page is.

        Raises:
            OSError: It can't be written.
        """
        by_file: dict[str, list[Entry]] = {}
        for entry in sorted(entries, key=lambda one: (one["subject"], one["kind"], one["file"], one["test"])):
            found = by_file.setdefault(entry["file"], [])
            if entry not in found:
                found.append(entry)
        rows = [
            {
                "subject": first["subject"],
                "kind": first["kind"],
                "verdict": first["verdict"],
                "json": f"{first['file']}.json",
                "html": f"{first['file']}.html",
                "asked": [{key: one[key] for key in ("test", "asked", "outcome")} for one in found],
            }
            for first, *_ in by_file.values()
            for found in [by_file[first["file"]]]
        ]
        self._write(f"{_INDEX}.json", self._as_json(rows))
        self._write(f"{_INDEX}.html", self._as_page(rows))
        return self._folder / f"{_INDEX}.html"

    def _as_json(self, rows: list[dict[str, Any]]) -> str:
        return json.dumps({"schema_version": SCHEMA_VERSION, "reports": rows}, ensure_ascii=False, indent=2) + "\n"

    def _as_page(self, rows: list[dict[str, Any]]) -> str:
        words = words_of("pytest_words", self._lang)
        cards = "".join(self._card(row, words) for row in rows) or f"<p>{html.escape(words['index.none'])}</p>\n"
        return page(words["index.title"], f"<main>\n{cards}</main>", lang=self._lang)

    def _card(self, row: Mapping[str, Any], words: Mapping[str, str]) -> str:
        outcomes = {Outcome(one["outcome"]) for one in row["asked"]}
        worst = next(one for one in _WORST if one in outcomes)
        lines = "".join(
            f'<li class="{_TONES[Outcome(one["outcome"])]}"><code>{_text(one["test"])}</code>: {_text(one["asked"])} – '
            f"<strong>{_text(words['index.' + Outcome(one['outcome']).name])}</strong></li>\n"
            for one in row["asked"]
        )
        return f"""<section class="report"><div class="verdict {_TONES[worst]}">
<p class="badge">{_text(capital(words[f"index.{worst.name}"]))}</p>
<h2><a href="{_text(row["html"])}"><bdi>{_text(row["subject"])}</bdi></a></h2>
<p>{_text(capital(term(f"label.{row['verdict']}", self._lang)))} · <a href="{_text(row["json"])}">JSON</a></p>
<ul>
{lines}</ul>
</div></section>
"""

    def _write(self, name: str, text: str) -> None:
        """Write a file at once, so that nobody reads half of what another process writes."""
        target = self._folder / name
        draft = self._folder / f".{name}.{os.getpid()}"
        draft.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        try:
            draft.replace(target)
        except PermissionError:  # on Windows, while another process writes the same
            draft.unlink()
            if not target.exists():
                raise


def _text(text: str) -> str:
    return html.escape(one_line(text))
