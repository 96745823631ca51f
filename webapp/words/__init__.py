"""The portal's own words, in English and Japanese; findings bring theirs from bimikit's catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import idna
from babel.dates import format_datetime
from babel.numbers import format_decimal
from flask import current_app, g, request
from werkzeug.exceptions import HTTPException

from . import en, en_api, en_repair, ja, ja_api, ja_repair

if TYPE_CHECKING:
    from ..problems import Problem

LANGUAGES: Mapping[str, Mapping[str, str]] = {
    "en": {**en.WORDS, **en_repair.WORDS, **en_api.WORDS},
    "ja": {**ja.WORDS, **ja_repair.WORDS, **ja_api.WORDS},
}
NAMES = {"en": "English", "ja": "日本語"}
_MOMENTS = {"en": "d MMMM y, HH:mm", "ja": "y年M月d日 H:mm"}
COOKIE = "lang"
"""Holds the language somebody switched to; nothing else is ever kept in a cookie."""


def language() -> str:
    """The language of the request: switched to, or else what the browser prefers of ours, or else the portal's."""
    if "lang" not in g:
        asked = request.args.get(COOKIE) or in_form() or request.cookies.get(COOKIE)
        g.lang = asked if asked in LANGUAGES else preferred()
    return str(g.lang)


def preferred() -> str:
    """The language that the request's header prefers of ours, or else the portal's own."""
    own: str = current_app.config.get("LANG", "en")
    return request.accept_languages.best_match(list(LANGUAGES), own)


def in_form() -> str | None:
    """What the form says; nothing where that is what can't be read, which has to be told in some language."""
    try:
        return request.form.get(COOKIE)
    except HTTPException:
        return None


def word(key: str, **params: Any) -> str:
    """A text in the request's language.

    Raises:
        KeyError: There is no such text.
    """
    return speaker()(key, **params)


def speaker() -> Callable[..., str]:
    """`word` for one page, on which the language is decided once."""
    texts = LANGUAGES[language()]

    def spoken(key: str, **params: Any) -> str:
        return texts[key].format(**params) if params else texts[key]

    return spoken


def problem_title(problem: Problem, *, to_program: bool = False) -> str:
    """What is wrong, in a few words."""
    return word(_fitting(f"problem.{problem.name}", problem, to_program=to_program))


def problem_what(problem: Problem, *, to_program: bool = False) -> str:
    """What to do about it."""
    params = {name: number(value) if isinstance(value, int) else value for name, value in problem.params.items()}
    return word(_fitting(f"problem.{problem.name}.what", problem, to_program=to_program), **params)


def _fitting(key: str, problem: Problem, *, to_program: bool) -> str:
    """The key of the form that says most: of what is known besides, or else for whom it is."""
    forms = [f"{key}.{form}" for form in (*problem.params, *(("program",) if to_program else ()))]
    return next((form for form in forms if form in LANGUAGES[language()]), key)


def moment(at: datetime) -> str:
    """A moment as people write it, in UTC."""
    return str(format_datetime(at.astimezone(UTC), _MOMENTS[language()], locale=language()))


def number(value: float) -> str:
    """A number as people write it."""
    return number_in(language(), value)


def number_in(lang: str, value: float) -> str:
    """The same in a language."""
    return str(format_decimal(value, locale=lang))


def size(count: int) -> str:
    """A number of bytes as people write it."""
    return size_in(language(), count)


def size_in(lang: str, count: int) -> str:
    """The same in a language."""
    unit, value = ("bytes", float(count)) if count < 1024 else ("kilobytes", count / 1024)
    if value >= 1024:
        unit, value = "megabytes", value / 1024
    return LANGUAGES[lang][f"size.{unit}"].format(count=number_in(lang, round(value, 1)))


def domain(name: str) -> str:
    """A domain name as its owner reads it, with its form in the DNS beside it where that differs."""
    try:
        shown = idna.decode(name)
    except (idna.IDNAError, UnicodeError):
        return name
    return name if shown == name else f"{shown} ({name})"


def joined(prefix: str, names: Iterable[str]) -> str:
    """Words in a row: those of each name after the prefix."""
    return word("list.comma").join(word(f"{prefix}{name}") for name in names)
