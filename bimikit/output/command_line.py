"""What the command line can do about a finding, for those who read it there: no other format tells of options."""

from __future__ import annotations

from ..locale import term

_LISTS = (
    "cert.crl-unreadable cert.crl-unrelated cert.crl-signature cert.crl-from-the-future cert.crl-stale cert.crl-scope "
    "cert.revocation-unknown cert.revocation-not-checked card.revocation.unchecked"
)
_CERTIFIED = "certificate publication domain"
_NEWER = "pip install --upgrade bimikit"
REPAIR = "repair"
"""Stands for `bimikit fix` where the others are kinds of reports."""

_ROWS = (
    # kinds of reports, what it is about (rules, and other keys of the catalogue), and what helps there
    ("certificate publication", _LISTS, "--crl FILE"),
    ("domain", f"{_LISTS} web.crl-unreachable", "bimikit cert FILE --crl FILE"),
    (_CERTIFIED, "cert.root-untrusted", "--roots PEM"),
    (_CERTIFIED, "cert.root-unknown", _NEWER, "--roots PEM"),
    (_CERTIFIED, "cert.sct-log-unknown", "--ct-log FILE"),
    (_CERTIFIED, "cert.sct-log-undecided", _NEWER, "--ct-log FILE"),
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
    (REPAIR, "svg.title-placeholder svg.title-long declined.title.long", "--title TEXT"),
    (REPAIR, "svg.file-size", "--allow simplify"),
    (REPAIR, "change.text.outlined-otherwise declined.text.font-missing declined.text.font-not-given", "--font FILE"),
)
OPTIONS = {
    (kind, about): options for kinds, keys, *options in _ROWS for kind in kinds.split() for about in keys.split()
}
"""What helps, by kind of report and what it is about: options of the command that was run, or whole commands."""


def option_for(kind: str, about: str, lang: str) -> str:
    """What helps on the command line.

    Args:
        kind: The report's kind, or `REPAIR`.
        about: A rule's id, or another key of the catalogue.
        lang: ``"en"`` or ``"ja"``.

    Returns:
        An option, a command or several; empty where nothing helps.
    """
    return term("label.or", lang).join(OPTIONS.get((kind, about), ()))


def with_option(text: str, kind: str, about: str, lang: str) -> str:
    """A text, followed by what helps on the command line, where anything does."""
    option = option_for(kind, about, lang)
    return term("label.with-option", lang).format(text=text, option=option) if option else text
