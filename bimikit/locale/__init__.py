"""The message catalogue: every text a user reads, in English and Japanese, loaded when it is shown.

A rule's texts stand under its id in `<language>/rules.py` or one of its kin; other words (kinds of files, reasons, labels) under a key in
`<language>/terms.py`. A few parameters name such a term after an ``@``, so that they are translated too.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from ..findings import Param, Wording

LANGUAGES = ("en", "ja")


def language_of_environment() -> str:
    """The language of the environment where we have it, else English."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "ja" if spoken.startswith("ja") else "en"


_TRANSLATED = frozenset({"difference", "elsewhere", "guess", "kind", "problem", "reason", "renewal"})
"""Parameters that name a term, where they begin with ``@``. None of them ever holds a piece of the input."""
_OF_SIZE = "too-large"
"""How the ids of rules end whose limit is a number of bytes."""


class Text(NamedTuple):
    """A rule's four texts; ``{name}`` stands for a parameter of the finding.

    Attributes:
        title: The fault in a few words, without parameters.
        message: What is wrong in this case.
        why: Why it matters.
        fix: What to do.
    """

    title: str
    message: str
    why: str
    fix: str


class Catalogue(NamedTuple):
    """All texts of one language."""

    rules: Mapping[str, Text]
    terms: Mapping[str, str]


def catalogue(lang: str) -> Catalogue:
    """The catalogue of a language.

    Raises:
        ValueError: There is none for it.
    """
    return Catalogue(
        {rule_id: text for module in _RULES for rule_id, text in _load(module, lang).items()}, _load("terms", lang)
    )


_RULES = (
    "rules",
    "cert_rules",
    "dns_rules",
    "web_rules",
    "appearance_rules",
    "verify_rules",
    "expiry_rules",
    "sending_rules",
)
"""Modules with the texts of rules; a run that tells of a logo needs the first only."""


@lru_cache((len(_RULES) + 4) * len(LANGUAGES))
def _load(module: str, lang: str) -> Mapping[str, Any]:
    if lang not in LANGUAGES:
        raise ValueError(f"no texts in {lang!r}; there are {', '.join(LANGUAGES)}")
    name = module.rpartition("_")[2].upper()
    found: Mapping[str, Any] = getattr(import_module(f".{lang}.{module}", __package__), name)
    return found


def words_of(module: str, lang: str) -> Mapping[str, str]:
    """The words of a part of bimikit that loads its own, such as ``"repair_words"``.

    Raises:
        ValueError: There is no catalogue for that language.
    """
    return _load(module, lang)


def system_reason(problem: BaseException, lang: str) -> str:
    """Why a file could not be read or written; in the system's words where the catalogue has none."""
    if not isinstance(problem, OSError):
        return str(problem)
    known: str | None = _load("cli_words", lang).get(f"system.{errno.errorcode.get(problem.errno or 0)}")
    return known or problem.strerror or str(problem)


def _text(rule_id: str, lang: str) -> Text:
    for module in _RULES:
        texts = _load(module, lang)
        if rule_id in texts:
            text: Text = texts[rule_id]
            return text
    raise KeyError(rule_id)


def title(rule_id: str, lang: str = "en") -> str:
    """A rule's fault in a few words.

    Raises:
        KeyError: There is no such rule.
    """
    return _text(rule_id, lang).title


def titled(rule_ids: Iterable[str], lang: str = "en") -> str:
    """Rules in words, each with its id; of one that isn't known the id alone."""
    return term("label.comma", lang).join(_titled(rule_id, lang) for rule_id in rule_ids)


def _titled(rule_id: str, lang: str) -> str:
    try:
        return f"{title(rule_id, lang)} [{rule_id}]"
    except KeyError:
        return rule_id


def term(key: str, lang: str = "en") -> str:
    """A word or label of the catalogue.

    Raises:
        KeyError: There is no such term.
    """
    word: str = _load("terms", lang)[key]
    return word


def wording(rule_id: str, params: Mapping[str, Param], lang: str = "en") -> Wording:
    """A rule's texts for one case.

    Raises:
        ValueError: There is no catalogue for that language.
        KeyError: The catalogue doesn't know the rule.
    """
    text, terms = _text(rule_id, lang), _load("terms", lang)
    values = {
        name: terms.get(value[1:], value)
        if name in _TRANSLATED and isinstance(value, str) and value[:1] == "@"
        else terms["guess.closest"].format(guess=value)
        if name == "guess"
        else _size(value, terms)
        if name == "limit" and rule_id.endswith(_OF_SIZE) and isinstance(value, int)
        else value
        for name, value in params.items()
    }
    return Wording(text.title, text.message.format_map(values).strip(), text.why, text.fix.format_map(values))


def _size(count: int, terms: Mapping[str, str]) -> str:
    """A number of bytes as people write it."""
    for unit, name in ((1024 * 1024, "MB"), (1024, "KB")):
        if count >= unit:
            return f"{round(count / unit, 1):g} {name}"
    return terms["card.bytes"].format(count=count)
