"""What repairs did: as text for people at a terminal, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..findings import Location
from ..locale import term
from ..schemas import REPAIR_VERSION
from ..svg.repair.result import Change, Repair
from ..svg.repair.words import wording
from . import view
from .command_line import COMMAND_LINE, REPAIR, Surroundings, option_for, with_option
from .json_format import dumps
from .text_format import hanging, paint

_STYLES = {
    "repaired": "32;1",
    "unchanged": "32;1",
    "unproven": "35;1",
    "not-yet": "31;1",
    "refused": "31;1",
    "unread": "31;1",
}


def state_of(repair: Repair) -> str:
    """What came of it, in a word: a key of the catalogue (``fix.<state>``)."""
    if repair.svg is None:
        return (
            "unread" if any(finding.rule == "bimikit.unreadable" for finding in repair.before.findings) else "refused"
        )
    if not repair.report.ok:
        return "not-yet"
    if not repair.changed:
        return "unchanged"
    return "repaired" if repair.ok else "unproven"


class Account(NamedTuple):
    """What there is to tell of one file.

    Attributes:
        repair: The repair.
        written: Names of the files that were written.
        failed: Whether a file could not be written.
    """

    repair: Repair
    written: tuple[str, ...] = ()
    failed: bool = False


def render(accounts: Sequence[Account], lang: str, color: bool, *, where: Surroundings = COMMAND_LINE) -> str:
    """Repairs in words: what came of each, what was changed, what was not and why, and what remains.

    Args:
        accounts: What there is to tell; several end in a summary.
        lang: ``"en"`` or ``"ja"``.
        color: Whether to colour it for a terminal.
        where: Where it is read.
    """
    blocks = ["\n".join(_lines(account, lang, color, where)) for account in accounts]
    if len(accounts) > 1:
        blocks.append(_summary([account.repair for account in accounts], lang, color))
    return "\n\n".join(blocks) + "\n"


def render_json(repairs: Sequence[Repair], lang: str) -> str:
    """One repair as it is, several in an envelope; the schema is `bimikit.repair_schema()`."""
    written = [repair.to_dict(lang) for repair in repairs]
    if len(written) == 1:
        return dumps(written[0], indent=2) + "\n"
    return dumps({"schema_version": REPAIR_VERSION, "repairs": written}, indent=2) + "\n"


def _summary(repairs: Sequence[Repair], lang: str, color: bool) -> str:
    """How many files came out how."""
    counts = Counter(map(state_of, repairs))
    parts = [
        paint(wording(f"fix.count.{state}", {"count": counts[state]}, lang), style, color)
        for state, style in _STYLES.items()
        if counts[state]
    ]
    files = term("count.files", lang).format(count=len(repairs))
    return f"{files}{term('label.colon', lang)}{term('label.comma', lang).join(parts)}"


def _lines(account: Account, lang: str, color: bool, where: Surroundings) -> Iterator[str]:
    repair, written, failed = account

    def say(key: str, **params: str) -> str:
        option = option_for(REPAIR, key, lang, where)
        return wording(key, {"option": option, **params}, lang)

    state = state_of(repair)
    yield f"{view.subject_name(repair.before, lang)}: {paint(say(f'fix.{state}'), _STYLES[state], color)}"
    if repair.changed:
        yield from hanging("  ", about_the_picture(repair, lang))
    for name in written:
        yield from hanging("  ", say("fix.written", file=name))
    if state == "not-yet" and (written or not failed):
        lost = not written and (REPAIR, "fix.not-written") in where.options
        yield from hanging("  ", say("fix.not-written" if lost else "fix.unfinished"))
    for key, changes in (
        ("fix.changes", repair.changes),
        ("fix.undone", repair.undone),
        ("fix.declined", repair.declined),
    ):
        if changes:
            yield ""
            yield paint(say(key), "1", color)
            for change in changes:
                yield from _change(change, lang, where)
    remaining = repair.remaining if repair.svg is not None else repair.remaining[:1]  # the others may be made of it
    placeholder = _placeholder(repair)
    if remaining or placeholder:
        yield ""
        yield paint(say("fix.remaining"), "1", color)
    if placeholder:
        yield from hanging("  - ", say("fix.title-placeholder", title=placeholder))
    for finding in remaining:
        words = finding.wording(lang)
        severity = term(f"kind-of-finding.{finding.severity.value}", lang)
        yield from hanging("  - ", f"{severity}[{finding.rule}] {view.one_line(words.message)}")
        option = option_for(REPAIR, finding.rule, lang, where)
        hint = f" {say('fix.option', option=option)}" if option and repair.svg is not None else ""
        yield from hanging("      ", words.fix + hint)


def _placeholder(repair: Repair) -> str:
    """A title that stands in for one that nobody gave, and that no finding calls a placeholder; empty for none."""
    if any(finding.rule == "svg.title-placeholder" for finding in repair.remaining):
        return ""
    return next((str(one.params["title"]) for one in repair.changes if one.what == "change.title.invented"), "")


def about_the_picture(repair: Repair, lang: str) -> str:
    """How the pictures before and after compare, in words."""
    if repair.difference is None or repair.unproven:
        return wording("fix.picture-unknown", {"reason": term(f"unproven.{repair.unproven}", lang)}, lang)
    sizes = term("label.comma", lang).join(map(str, repair.difference.sizes))
    numbers = {
        "mean": f"{repair.difference.mean:.2f}",
        "block": f"{repair.difference.block:.2f}",
        "maximum": f"{repair.difference.maximum:.1f}",
        "sizes": sizes,
    }
    same = repair.difference.same
    laid = any(change.what == "change.background.laid" for change in repair.changes)
    if same:
        key = "fix.picture-same-but" if laid else "fix.picture-same"
    else:
        key = "fix.picture-changed" if repair.visible else "fix.picture-differs"
    return wording(key, numbers, lang)


def _change(change: Change, lang: str, surroundings: Surroundings) -> Iterator[str]:
    places = where(change.locations, change.count, lang)
    text = change.text(lang) + (wording("fix.where", {"where": places}, lang) if places else "")
    text = with_option(text, REPAIR, change.what, lang, surroundings)
    if change.needs:
        option = option_for(REPAIR, "fix.needs", lang, surroundings).format(kind=change.needs)
        text += " " + wording("fix.needs", {"option": option}, lang)
    yield from hanging("  - ", text)


def where(places: Sequence[Location], count: int, lang: str) -> str:
    """Lines in words, and how often; empty where there is nothing to say."""
    lines = [str(line) for line in sorted({place.line for place in places if place.line is not None})]
    if not lines:
        return wording("fix.times", {"count": count}, lang) if count > 1 else ""
    shown = wording("fix.lines", {"lines": term("label.comma", lang).join(lines)}, lang)
    if count < 2:
        return shown
    return f"{shown}{term('label.semicolon', lang)}{wording('fix.times', {'count': count}, lang)}"
