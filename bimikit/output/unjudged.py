"""A run that could not be done, such as for a mistake in the configuration, in the formats that others read.

Whatever gathers the results would otherwise find nothing, or the report of an earlier run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from xml.etree import ElementTree as ET

from ..locale import term
from . import view


class Unjudged(NamedTuple):
    """What stood in the way.

    Attributes:
        lines: It in words, a line for each fault.
        file: The file to mend, relative to the current folder where it lies in there; empty for none.
    """

    lines: Sequence[str]
    file: str = ""


def render(name: str, problem: Unjudged, lang: str) -> str:
    """Tell it in a format; empty where the format has no place for it.

    The schema of reports in JSON has none, and a calendar or metrics shall keep what was known before.
    """
    write = _WRITERS.get(name)
    return "" if write is None else write(problem, lang)


def _github(problem: Unjudged, lang: str) -> str:
    from .github_format import command

    place = {"file": view.one_line(problem.file)} if problem.file else {}
    about = {**place, "title": term("label.not-run", lang)}
    return "".join(f"{command('error', about, view.one_line(line))}\n" for line in problem.lines)


def _junit(problem: Unjudged, lang: str) -> str:
    from .junit_format import document

    counts = {"tests": "1", "failures": "0", "errors": "1"}
    name = view.one_line(problem.file) or "bimikit"
    suites = ET.Element("testsuites", {"name": "bimikit", **counts})
    suite = ET.SubElement(suites, "testsuite", {"name": name, **counts})
    case = ET.SubElement(suite, "testcase", {"name": term("label.not-run", lang), "classname": name})
    lines = [view.one_line(line) for line in problem.lines]
    ET.SubElement(case, "error", {"message": lines[0], "type": "configuration"}).text = "\n".join(lines)
    return document(suites)


def _sarif(problem: Unjudged, lang: str) -> str:
    from .sarif_format import BEGINNING, artifact, literal, log

    place = {"artifactLocation": artifact(problem.file, lang), "region": BEGINNING}
    where = {"locations": [{"physicalLocation": place}]} if problem.file else {}
    told = [{"level": "error", "message": {"text": literal(line)}, **where} for line in problem.lines]
    kind = "toolConfigurationNotifications" if problem.file else "toolExecutionNotifications"
    invocation = {"executionSuccessful": False, "exitCode": 2, kind: told}
    return log({}, {"invocations": [invocation], "results": []}, lang)


def _markdown(problem: Unjudged, lang: str) -> str:
    from .markdown_format import prose

    head = f"# {prose(term('label.report', lang))}: {prose(term('label.not-run', lang))}"
    listed = "\n".join(f"- {prose(line)}" for line in problem.lines)
    return f"{head}\n\n{prose(term('label.not-run-means', lang))}\n\n{listed}\n"


def _html(problem: Unjudged, lang: str) -> str:
    from html import escape

    from .html_format import page

    report, title, means = (term(f"label.{key}", lang) for key in ("report", "not-run", "not-run-means"))
    listed = "".join(f"<li>{escape(view.one_line(line))}</li>\n" for line in problem.lines)
    body = f"""<main>
<section class="report">
<header class="verdict error">
<h2>{escape(title)}</h2>
<p>{escape(means)}</p>
<ul>
{listed}</ul>
</header>
</section>
</main>"""
    return page(report, body, lang=lang, heading=f"{title} – {report}")


_WRITERS: Mapping[str, Callable[[Unjudged, str], str]] = {
    "github": _github,
    "junit": _junit,
    "sarif": _sarif,
    "markdown": _markdown,
    "html": _html,
}
