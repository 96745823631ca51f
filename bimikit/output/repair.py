"""What a repair did, as text for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..findings import Location
from ..locale import term
from ..svg.repair.result import Change, Repair
from ..svg.repair.words import wording
from . import view
from .text_format import hanging, paint

_STYLES = {"repaired": "32;1", "unchanged": "32;1", "unproven": "35;1", "not-yet": "31;1", "refused": "31;1"}


def state_of(repair: Repair) -> str:
    """What came of it, in a word: a key of the catalogue (``fix.<state>``)."""
    if repair.svg is None:
        return "refused"
    if not repair.report.ok:
        return "not-yet"
    if not repair.changed:
        return "unchanged"
    return "repaired" if repair.ok else "unproven"


def render(repair: Repair, written: Sequence[str], lang: str, color: bool, *, guessed_title: str = "") -> str:
    """The repair in words: what came of it, what was changed, what was not and why, and what remains.

    Args:
        repair: The repair.
        written: Names of the files that were written.
        lang: ``"en"`` or ``"ja"``.
        color: Whether to colour it for a terminal.
        guessed_title: A title that nobody gave, taken from the file's name.
    """
    return "\n".join(_lines(repair, written, lang, color, guessed_title)) + "\n"


def _lines(repair: Repair, written: Sequence[str], lang: str, color: bool, guessed_title: str) -> Iterator[str]:
    def say(key: str, **params: str) -> str:
        return wording(key, params, lang)

    state = state_of(repair)
    yield f"{view.subject_name(repair.before, lang)}: {paint(say(f'fix.{state}'), _STYLES[state], color)}"
    if repair.changed:
        yield from hanging("  ", _about_the_picture(repair, lang))
    for name in written:
        yield from hanging("  ", say("fix.written", file=name))
    if not written and state == "not-yet":
        yield from hanging("  ", say("fix.not-written"))
    for key, changes in (
        ("fix.changes", repair.changes),
        ("fix.undone", repair.undone),
        ("fix.declined", repair.declined),
    ):
        if changes:
            yield ""
            yield paint(say(key), "1", color)
            for change in changes:
                yield from _change(change, lang)
    remaining = repair.remaining if repair.svg is not None else repair.remaining[:1]  # the others may be made of it
    if remaining or guessed_title:
        yield ""
        yield paint(say("fix.remaining"), "1", color)
    if guessed_title and repair.svg is not None:
        yield from hanging("  - ", say("fix.title-guessed", title=guessed_title))
    for finding in remaining:
        words = finding.wording(lang)
        severity = term(f"kind-of-finding.{finding.severity.value}", lang)
        yield from hanging("  - ", f"{severity}[{finding.rule}] {view.one_line(words.message)}")
        option = _OPTIONS.get(finding.rule)
        hint = f" {say('fix.option', option=option)}" if option and repair.svg is not None else ""
        yield from hanging("      ", words.fix + hint)


_OPTIONS = {
    "svg.one-colour": "--background COLOR",
    "receiver.gmail.background": "--background COLOR",
    "receiver.gmail.desc-missing": "--desc TEXT",
    "receiver.gmail.text": "--allow text --font FILE",
    "svg.title-placeholder": "--title TEXT",
    "svg.title-long": "--title TEXT",
    "svg.file-size": "--allow simplify",
}
"""What the command can do about a finding, where the owner says how."""


def _about_the_picture(repair: Repair, lang: str) -> str:
    if repair.difference is None or repair.unproven:
        return wording("fix.picture-unknown", {"reason": term(f"unproven.{repair.unproven}", lang)}, lang)
    sizes = ", ".join(map(str, repair.difference.sizes))
    numbers = {
        "mean": f"{repair.difference.mean:.2f}",
        "block": f"{repair.difference.block:.2f}",
        "maximum": f"{repair.difference.maximum:.1f}",
        "sizes": sizes,
    }
    same = repair.difference.same
    key = "fix.picture-same" if same else "fix.picture-changed" if repair.visible else "fix.picture-differs"
    return wording(key, numbers, lang)


def _change(change: Change, lang: str) -> Iterator[str]:
    where = _where(change.locations, change.count, lang)
    text = change.text(lang) + (wording("fix.where", {"where": where}, lang) if where else "")
    if change.needs:
        text += " " + wording("fix.needs", {"kind": change.needs}, lang)
    yield from hanging("  - ", text)


def _where(places: Sequence[Location], count: int, lang: str) -> str:
    lines = [str(line) for line in sorted({place.line for place in places if place.line is not None})]
    if not lines:
        return wording("fix.times", {"count": count}, lang) if count > 1 else ""
    shown = wording("fix.lines", {"lines": ", ".join(lines)}, lang)
    return f"{shown}; {wording('fix.times', {'count': count}, lang)}" if count > 1 else shown
