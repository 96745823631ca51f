"""The rules explained: one at a time for `bimikit rules`, all together for docs/rules.md."""

from __future__ import annotations

from collections.abc import Sequence

from .findings import Outcome, Severity
from .locale import catalogue, term
from .output.excerpt import width
from .output.text_format import COLUMNS, wrap
from .output.view import about_the_picture, source, with_note
from .rules import Rule
from .svg.examples import EXAMPLES, Example

_INDENT = "    "


def overview(rules: Sequence[Rule], lang: str) -> str:
    """A line per rule: id, severity, title, source."""
    texts = catalogue(lang).rules
    rows = [
        (
            rule.id,
            term(f"kind-of-finding.{rule.severity.value}", lang),
            texts[rule.id].title,
            source(rule.citation, lang),
        )
        for rule in rules
    ]
    widths = [max(width(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=False)) + "  " + row[3]
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def explain(rule: Rule, lang: str) -> str:
    """Everything about one rule."""
    text = catalogue(lang).rules[rule.id]
    lines = [
        with_note(rule.id, term(f"kind-of-finding.{rule.severity.value}", lang), lang),
        f"{_INDENT}{text.title}",
        "",
    ]
    for key, content in (
        ("label.what", _generic(text.message, lang)),
        ("label.why", text.why),
        ("label.fix", with_note(_generic(text.fix, lang), _picture(rule, lang), lang)),
        ("label.source", with_note(source(rule.citation, lang), term(f"label.{rule.citation.authority}", lang), lang)),
    ):
        lines.append(f"{term(key, lang)}:")
        lines += [_INDENT + line for line in wrap(content, COLUMNS - len(_INDENT))]
    if rule.citation.url:
        lines.append(f"{_INDENT}{rule.citation.url}")
    example = EXAMPLES.get(rule.id)
    if example is not None:
        for key, code in (("label.bad", example.bad), ("label.good", example.good)):
            lines.append(f"{term(key, lang)}:")
            lines += [_INDENT + line for line in _code(code, lang)]
    return "\n".join(lines) + "\n"


def overview_markdown(rules: Sequence[Rule], lang: str) -> str:
    """A Markdown page on these rules."""
    texts = catalogue(lang).rules
    counts = term("label.comma", lang).join(
        term(f"count.{severity.value}{'.one' if number == 1 else ''}", lang).format(count=number)
        for severity in Severity
        if (number := sum(rule.severity is severity for rule in rules))
    )
    parts = [f"# {term('label.rules', lang)}", term("label.rules-intro", lang).format(counts=counts)]
    for rule in rules:
        text = texts[rule.id]
        severity = term(f"kind-of-finding.{rule.severity.value}", lang)
        citation = _linked(rule, lang)
        authority = term(f"label.{rule.citation.authority}", lang)
        parts += [
            f"## {rule.id}",
            with_note(f"**{text.title}**", term("label.comma", lang).join((severity, citation, authority)), lang),
            _escape(_generic(text.message, lang)),
            f"*{term('label.why', lang)}:* {_escape(text.why)}",
            f"*{term('label.fix', lang)}:* {with_note(_escape(_generic(text.fix, lang)), _picture(rule, lang), lang)}",
        ]
        parts += _markdown_examples(EXAMPLES.get(rule.id), lang)
    return "\n\n".join(parts) + "\n"


def _picture(rule: Rule, lang: str) -> str:
    return about_the_picture(rule.id, rule.applicability, lang)


def _linked(rule: Rule, lang: str) -> str:
    cited = source(rule.citation, lang)
    return f"[{cited}]({rule.citation.url})" if rule.citation.url else cited


def table_markdown(rules: Sequence[Rule], lang: str) -> str:
    """A Markdown table of these rules: what each asks, how strong it is, by which text, and from when on."""
    texts = catalogue(lang).rules
    heads = [term(f"label.table-{name}", lang) for name in ("rule", "about", "strength", "source", "since")]
    lines = [f"# {term('label.table', lang)}", "", term("label.table-intro", lang), ""]
    lines += [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    for rule in rules:
        citation = _linked(rule, lang)
        strength = rule.severity.value if rule.outcome is Outcome.FAIL else f"outcome.{rule.outcome.value}"
        cells = (
            f"`{rule.id}`",
            _escape(texts[rule.id].title),
            term(f"kind-of-finding.{strength}" if "." not in strength else strength, lang),
            citation,
            rule.since.isoformat() if rule.since else "",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _markdown_examples(example: Example | None, lang: str) -> list[str]:
    if example is None:
        return []
    return [
        f"{term(key, lang)}:\n\n```xml\n" + "\n".join(_code(code, lang)) + "\n```"
        for key, code in (("label.bad", example.bad), ("label.good", example.good))
    ]


def _code(code: str, lang: str) -> list[str]:
    if not code:
        return [term("label.empty-example", lang)]
    lines = code.rstrip("\n").split("\n")
    return [line if len(line) <= 400 else line[:400] + " …" for line in lines]


_CASES = {"{renewal}": [(f"expiry.role-{role}", f"expiry.renew-{role}") for role in ("mark", "issuing-ca", "root")]}
"""Parameters that stand for one of a few sentences: the terms that tell when, and the sentence."""


def _generic(text: str, lang: str) -> str:
    """A message before its parameters are known: ``{attribute}`` shows as ‹attribute›, a choice as all its cases."""
    for name, cases in _CASES.items():
        if name in text:
            told = [term("label.colon", lang).join(term(key, lang) for key in case) for case in cases]
            text = text.replace(name, term("label.sentences", lang).join(told))
    return text.replace(" {elsewhere}", "").replace("{elsewhere}", "").replace("{", "‹").replace("}", "›")


def _escape(text: str) -> str:
    return text.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")
