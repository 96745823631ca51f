"""What can be done about a finding where it is read: on the command line, or with the tools of an assistant.

The text format alone tells of it; no other format knows where it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from ..findings import Report
from ..locale import term

_LISTS = (
    "cert.crl-unreadable cert.crl-unrelated cert.crl-signature cert.crl-from-the-future cert.crl-stale cert.crl-scope "
    "cert.revocation-unknown cert.revocation-not-checked cert.revocation-required card.revocation.unchecked"
)
_CERTIFIED = "certificate publication domain"
REPAIR = "repair"
"""Stands for `bimikit fix` where the others are kinds of reports."""

_ROWS = (
    # kinds of reports, what it is about (rules, and other keys of the catalogue), and what helps there
    ("certificate publication", _LISTS, "--crl FILE"),
    ("domain", f"{_LISTS} web.crl-unreachable", "bimikit cert FILE --crl FILE"),
    (_CERTIFIED, "cert.root-untrusted cert.root-unknown", "--roots PEM"),
    (_CERTIFIED, "cert.sct-log-unknown cert.sct-log-undecided", "--ct-log FILE"),
    (_CERTIFIED, "match.logo-differs match.logo-markup", "bimikit cert FILE --extract-logo logo.svg"),
    (f"{_CERTIFIED} appearance", "match.logo-unreadable appearance.not-drawable", "bimikit svg FILE"),
    ("publication", "dmarc.not-given", "--dmarc TEXT"),
    ("publication", "bimi.not-given", "--record TEXT"),
    ("publication", "web.not-fetched", "--svg FILE", "--cert FILE"),
    ("domain", "web.not-fetched", "bimikit domain DOMAIN"),
    ("domain verification", "web.address-forbidden", "--allow-network CIDR"),
    ("domain verification", "web.tls-untrusted", "--ca-bundle PEM"),
    ("verification", "verify.record-missing verify.record-changed", "--wait DURATION"),
    ("verification", "verify.dmarc-missing verify.dmarc-changed verify.dns-undecided", "--wait DURATION"),
    ("verification", "match.logo-differs match.logo-markup", "bimikit cert FILE --extract-logo logo.svg"),
    (REPAIR, "svg.one-colour receiver.gmail.background", "--background COLOR"),
    (REPAIR, "receiver.gmail.desc-missing", "--desc TEXT"),
    (REPAIR, "receiver.gmail.text", "--allow text --font FILE"),
    (REPAIR, "svg.title-placeholder svg.title-long declined.title.long fix.title-placeholder", "--title TEXT"),
    (REPAIR, "fix.needs", "--allow {kind}"),
    (REPAIR, "fix.not-written", "-o FILE"),
    (REPAIR, "svg.file-size", "--allow simplify"),
    (REPAIR, "change.text.outlined-otherwise declined.text.font-missing declined.text.font-not-given", "--font FILE"),
)
_ROOTS, _LOGS = "[trust] roots", "[trust] ct-logs"
"""Keys of a configuration."""
_TOOL_ROWS = (
    ("certificate publication", _LISTS, "crls"),
    ("domain", f"{_LISTS} web.crl-unreachable", "check_certificate: crls"),
    (_CERTIFIED, "cert.root-untrusted cert.root-unknown", _ROOTS),
    (_CERTIFIED, "cert.sct-log-unknown cert.sct-log-undecided", _LOGS),
    (f"{_CERTIFIED} appearance", "match.logo-unreadable appearance.not-drawable", "check_svg"),
    ("publication", "dmarc.not-given", "dmarc"),
    ("publication", "bimi.not-given", "record"),
    ("publication", "web.not-fetched", "logo", "certificate"),
    ("domain", "web.not-fetched", "fetch=true"),
    ("domain verification", "web.address-forbidden", "[network] allow-networks"),
    ("domain verification", "web.tls-untrusted", "[network] ca-bundle"),
    (REPAIR, "svg.one-colour receiver.gmail.background", "background"),
    (REPAIR, "receiver.gmail.desc-missing", "desc"),
    (REPAIR, "receiver.gmail.text", 'allow=["text"], fonts'),
    (REPAIR, "svg.title-placeholder svg.title-long declined.title.long fix.title-placeholder", "title"),
    (REPAIR, "fix.needs", 'allow=["{kind}"]'),
    (REPAIR, "svg.file-size", 'allow=["simplify"]'),
    (REPAIR, "change.text.outlined-otherwise declined.text.font-missing declined.text.font-not-given", "fonts"),
)
_KEY_ROWS = (
    ("publication", _LISTS, 'crls = ["FILE"]'),
    ("publication", "cert.root-untrusted", f'{_ROOTS} = ["FILE"]'),
    ("publication", "cert.sct-log-unknown", f'{_LOGS} = ["FILE"]'),
    ("publication", "dmarc.not-given", 'zone = "FILE"', 'dmarc = "TEXT"'),
    ("publication", "bimi.not-given", 'zone = "FILE"', 'record = "TEXT"'),
    ("publication", "web.not-fetched", 'logo = "FILE"', 'certificate = "FILE"'),
)
_Options: TypeAlias = Mapping[tuple[str, str], tuple[str, ...]]


def _by_key(rows: tuple[tuple[str, ...], ...]) -> _Options:
    return {
        (kind, about): tuple(options)
        for kinds, keys, *options in rows
        for kind in kinds.split()
        for about in keys.split()
    }


OPTIONS = _by_key(_ROWS)
"""What helps, by kind of report and what it is about: options of the command that was run, or whole commands."""
PARAMETERS = _by_key(_TOOL_ROWS)
"""The same for the tools of `bimikit mcp`: parameters of the tool that was called, other tools, or keys of the
configuration, each with its table."""
KEYS = _by_key(_KEY_ROWS)
"""The same for a publication that a configuration names: keys of that."""


class Surroundings(NamedTuple):
    """Where a text is read.

    Attributes:
        options: What helps there.
        label: The term that names them.
        behind: The term that puts what helps behind a text.
    """

    options: _Options
    label: str
    behind: str


COMMAND_LINE = Surroundings(OPTIONS, "label.option", "label.with-option")
CONFIGURATION = Surroundings(KEYS, "label.key", "label.with-key")
TOOLS = Surroundings(PARAMETERS, "label.parameter", "label.with-parameter")


def written_at(report: Report, about: str, where: Surroundings) -> Surroundings:
    """Where that belongs which helps: into the configuration, if that names the publication and has a key for it.

    Args:
        report: The report.
        about: A rule's id, or another key of the catalogue.
        where: Where the report is read.
    """
    named = where is COMMAND_LINE and "publication" in report.facts
    return CONFIGURATION if named and (report.kind, about) in KEYS else where


def option_for(kind: str, about: str, lang: str, where: Surroundings = COMMAND_LINE) -> str:
    """What helps.

    Args:
        kind: The report's kind, or `REPAIR`.
        about: A rule's id, or another key of the catalogue.
        lang: ``"en"`` or ``"ja"``.
        where: Where it is read.

    Returns:
        An option, a command or several; empty where nothing helps.
    """
    return term("label.or", lang).join(where.options.get((kind, about), ()))


def with_option(text: str, kind: str, about: str, lang: str, where: Surroundings = COMMAND_LINE) -> str:
    """A text, followed by what helps where it is read, if anything does."""
    option = option_for(kind, about, lang, where)
    return term(where.behind, lang).format(text=text, option=option) if option else text
