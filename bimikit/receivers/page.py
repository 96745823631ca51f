"""The page on providers for the documentation, written from the data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from .providers import Force, Provider, Status, Value, baseline, load_providers
from .words import bracketed, joint, term

_COLUMNS = ("supported", "self-asserted", "cmc", "vmc")
_NOT_SHOWN = ("looked-at", "requirement")
"""What says something of a check, and nothing of providers."""


def page_markdown(lang: str = "en") -> str:
    """Every provider in a table, and below it every value with its source."""
    providers = load_providers().values()
    blocks = [
        f"# {_say('title', lang)}",
        _say("intro", lang),
        "\n".join(_legend(lang)),
        _say("trap", lang),
        "\n".join(_table(providers, lang)),
        f"## {_say('baseline', lang)}",
        _say("baseline-note", lang),
        "\n".join(_item(value, lang) for value in baseline() if value.about not in _NOT_SHOWN),
        f"## {_say('details', lang)}",
    ]
    for provider in providers:
        blocks += [f"### {provider.name.text(lang)}", *([provider.note.text(lang)] if provider.note else [])]
        blocks.append("\n".join(_item(value, lang) for value in provider.value))
    return "\n\n".join(blocks) + "\n"


def _legend(lang: str) -> Iterator[str]:
    """What the letters and the words after them mean."""
    for group, keys in (("status", get_args(Status)), ("force", get_args(Force))):
        for key in keys:
            yield f"- **{_say(f'{group}.{key}', lang)}**{joint('colon', lang)}{_say(f'legend.{key}', lang)}"
    yield f"- {_say('dates', lang)}"


def _table(providers: Iterable[Provider], lang: str) -> Iterator[str]:
    heads = [
        _say("provider", lang),
        _say("kind", lang),
        *(term(f"receiver.about.{about}", lang) for about in _COLUMNS),
        _say("dmarc", lang),
    ]
    yield _row(heads)
    yield "|" + " --- |" * len(heads)
    for provider in providers:
        dmarc = [value for value in provider.value if value.about.startswith("dmarc-") and value.in_force(None)]
        yield _row(
            [
                f"{provider.name.text(lang)}<br>`{provider.id}`",
                _say(f"kind.{provider.kind}", lang),
                *(_cell(provider.find(about), lang) for about in _COLUMNS),
                "<br>".join(_dmarc(value, lang) for value in dmarc),
            ]
        )


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _dmarc(value: Value, lang: str) -> str:
    """A value on DMARC in the table; one that only informs has nothing but its note to say."""
    if value.force == "informs" and value.note:
        return value.note.text(lang) + _letter(value, lang)
    return f"{_about(value, lang)}{joint('colon', lang)}{_cell(value, lang)}"


def _cell(value: Value | None, lang: str) -> str:
    """What a provider makes of a trait, in a word, with who says so; the details below tell the rest."""
    return "" if value is None else _stance(value, lang) + _letter(value, lang)


def _stance(value: Value, lang: str) -> str:
    if value.force == "informs" and value.about != "supported":
        return _say("force.informs", lang)
    return _say({True: "yes", False: "no", None: "not-known"}[value.accepts], lang)


def _letter(value: Value, lang: str) -> str:
    """In parentheses: who says so."""
    return bracketed(_linked(value, lang), lang)


def _source(value: Value, lang: str) -> str:
    """In parentheses: who says so, and when."""
    when = value.published or _say("looked-at", lang).format(date=value.seen)
    return bracketed(f"{_linked(value, lang)}{joint('comma', lang)}{when}", lang)


def _linked(value: Value, lang: str) -> str:
    letter = _say(f"status.{value.status}", lang)
    return f"[{letter}]({value.url})" if value.url else letter


def _item(value: Value, lang: str) -> str:
    """A value as an item of a list."""
    # That there is a programme is all there is to say of it: nobody asks for it or accepts it.
    stance = "" if value.about == "programme" else f"{joint('colon', lang)}{_stance(value, lang)}"
    details = [f"{_about(value, lang)}{stance}{_source(value, lang)}"]
    # What is accepted, or not known, is not demanded; and that a provider has no BIMI is no demand either.
    if value.accepts is False and value.about not in ("programme", "supported"):
        details.append(_say(f"force.{value.force}", lang))
    details += [
        _say(key, lang).format(date=day)
        for key, day in (("from", value.valid_from), ("until", value.valid_to))
        if day is not None
    ]
    item = f"- {joint('comma', lang).join(details)}"
    if value.note:
        item += joint("stop", lang) + value.note.text(lang)
    for side in value.sides:
        link = f"[{side.date or _say('source', lang)}]({side.url})"
        item += f"\n  - {side.says.text(lang)}{bracketed(link, lang)}"
    return item


def _about(value: Value, lang: str) -> str:
    """The trait; one that bars BIMI bars nothing where the value only informs."""
    if value.about == "dmarc-gate" and value.force == "informs":
        return _say("dmarc", lang)
    return term(f"receiver.about.{value.about}", lang)


def _say(key: str, lang: str) -> str:
    return term(f"receiver.page.{key}", lang)
