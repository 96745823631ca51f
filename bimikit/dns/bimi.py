"""The BIMI Assertion Record: what it says, and which one counts for a message (BIMI draft, 4.3 to 4.5 and 7.2)."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any
from urllib.parse import urlsplit

import msgspec

from .answers import ABSENT, FOUND, Answer, Question, can_exist
from .tags import Span, TagList, parse_tags

BRAND, PERSONAL = "brand", "personal"
TAGS = ("v", "l", "a", "lps", "avp")
SUFFIXES = (".svg", ".svgz")
_VERSION = re.compile(r"v[ \t]*=[ \t]*BIMI1[ \t]*(?:;|$)")
_URI = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+;=%-]+")  # RFC 3986, without the comma (BIMI draft, 4.3)
_NOT_HTTPS = "@uri.not-https"
"""What is wrong with an address that can be read all the same."""
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_AUTHORITY = re.compile(r"(?:[^@]*@)?(?:\[[^\[\]]*\]|[^\[\]]*)(?::[0-9]*)?")
"""Brackets hold the whole host, which the standard library doesn't look at (RFC 3986, 3.2.2)."""
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_PREFIX = re.compile(r"[A-Za-z0-9-]{1,63}")
_RUN = re.compile(r"[_.]+")


class Flaw(msgspec.Struct, frozen=True):
    """Something wrong with a record.

    Attributes:
        rule: A rule's id without ``bimi.``.
        span: Where in the text.
        problem: What exactly, as a term; empty where the rule says it all.
        breaks: Whether the record fails for it.
    """

    rule: str
    span: Span
    problem: str = ""
    breaks: bool = True


class Assertion(msgspec.Struct, frozen=True):
    """An Assertion Record.

    Attributes:
        name: The DNS name it stands at.
        line: Which text at that name, from 1.
        tags: Its tags.
        location: ``l``, without white space; None where it is absent.
        authority: ``a``; empty where it is absent.
        prefixes: Of ``lps``, in lower case; empty for every local-part; None where the tag is absent.
        preference: ``avp`` as it counts.
        flaws: What is wrong with it.
    """

    name: str
    line: int
    tags: TagList
    location: str | None
    authority: str
    prefixes: tuple[str, ...] | None
    preference: str
    flaws: tuple[Flaw, ...]

    @property
    def broken(self) -> bool:
        """Whether its syntax fails the record."""
        return any(flaw.breaks for flaw in self.flaws)

    @property
    def declines(self) -> bool:
        """Whether it is a declination (4.3.1)."""
        return not self.broken and self.location == "" and not self.authority

    def span(self, tag: str) -> Span:
        """Where a tag stands; the whole text where it doesn't."""
        found = self.tags.get(tag)
        return found.part if found else Span(0, self.tags.text)


def is_record(text: str) -> bool:
    """Whether a text is an Assertion Record: it begins with the version, exactly (4.3)."""
    return _VERSION.match(text) is not None


def read_assertion(name: str, line: int, text: str) -> Assertion:
    """Read the text of an Assertion Record; nothing in it is put right (4.3).

    Args:
        name: The DNS name it stands at.
        line: Which text at that name, from 1.
        text: The text.
    """
    tags = parse_tags(text, dkim=True)
    flaws = [
        Flaw("tag-duplicate" if flaw.kind == "duplicate" else "syntax", flaw.part, f"@tags.{flaw.kind}")
        for flaw in tags.flaws
    ]
    location = tags.get("l")
    authority = tags.get("a")
    lps = tags.get("lps")
    avp = tags.get("avp")
    everything = Span(0, text)
    if location is None:
        if not any(text[flaw.part.start :].startswith("l") for flaw in tags.flaws):
            flaws.append(Flaw("only-version" if tags.is_version_alone else "location-missing", everything))
    elif location.value.text:
        problem = _uri_problem(location.value.text)
        if problem:
            flaws.append(Flaw("location-invalid", location.part, problem))
        if problem in ("", _NOT_HTTPS) and not _has_known_suffix(location.value.text):
            flaws.append(Flaw("location-suffix", location.part))
    elif authority is not None and authority.value.text:
        flaws.append(Flaw("location-empty", location.part))
    if authority is not None and authority.value.text:
        problem = _uri_problem(authority.value.text, public=True)
        if problem:
            flaws.append(Flaw("authority-invalid", authority.part, problem))
    prefixes: tuple[str, ...] | None = None
    if lps is not None:
        items = [item.strip(" \t") for item in lps.value.text.split(",")] if lps.value.text else []
        if all(_PREFIX.fullmatch(item) for item in items):
            prefixes = tuple(item.lower() for item in items)
        else:
            flaws.append(Flaw("lps-invalid", lps.part))
    preference = avp.value.text if avp is not None else BRAND
    if preference not in (BRAND, PERSONAL):
        assert avp is not None  # noqa: S101 - the default is a valid one
        flaws.append(Flaw("avp-invalid", avp.part, breaks=False))
        preference = BRAND
    flaws += [
        Flaw("tag-unknown", tag.part, tag.name.text, breaks=False) for tag in tags.tags if tag.name.text not in TAGS
    ]
    return Assertion(
        name, line, tags, location.value.text if location else None, authority.value.text if authority else "",
        prefixes, preference, tuple(flaws),
    )  # fmt: skip


def _uri_problem(text: str, *, public: bool = False) -> str:
    """Why a text can't be ``l`` or ``a``, as a term; empty where it can.

    Args:
        text: The value.
        public: Whether its host must be a fully qualified domain name.
    """
    if "," in text:
        return "@uri.comma"
    if re.search(r"[ \t][ \t]*(?:a|l|lps|avp)[ \t]*=", text):
        return "@uri.semicolon"
    if any(sign in text for sign in " \t"):
        return "@uri.space"
    if not _URI.fullmatch(text) or _PERCENT.search(text):
        return "@uri.character"
    scheme, colon, rest = text.partition(":")
    if not colon or not rest.startswith("//"):
        return "@uri.not-absolute"
    try:
        split = urlsplit(text)
        host = split.hostname or ""
    except ValueError:
        return "@uri.host"
    if scheme.lower() != "https":
        return _NOT_HTTPS
    try:
        split.port  # noqa: B018 - it raises on a port that is none
    except ValueError:
        return "@uri.host"
    if not host or not _AUTHORITY.fullmatch(split.netloc):
        return "@uri.host"
    if split.username is not None:
        return "@uri.user"
    labels = host.removesuffix(".").split(".")
    if public and (":" in host or len(labels) == 1 or labels[-1].isdigit()):
        return "@uri.not-fqdn"
    if ":" not in host and not all(map(_LABEL.fullmatch, labels)):
        return "@uri.host"
    return ""


def _has_known_suffix(uri: str) -> bool:
    """Whether the file in a URI has a suffix of a supported image format, or none at all (4.3.2)."""
    file = urlsplit(uri).path.rpartition("/")[2]
    return "." not in file or file.lower().endswith(SUFFIXES)


def bimi_name(selector: str, domain: str) -> str:
    """Where the Assertion Record of a selector stands."""
    return f"{selector}._bimi.{domain}"


def bimi_question(selector: str, domain: str) -> Question | None:
    """What to ask for a record; None for a name at which none can stand."""
    name = bimi_name(selector, domain)
    return Question(name.lower()) if is_selector(selector) and can_exist(name) else None


def is_selector(text: str) -> bool:
    """Whether a text can be a selector: labels of letters, digits, hyphens, with dots between them (4.4)."""
    return all(_LABEL.fullmatch(label) for label in text.split("."))


def normalized(local_part: str) -> str:
    """The selector a local-part stands for; empty where it stands for none (4.5)."""
    name = _RUN.sub("-", local_part.partition("+")[0]).strip("-")
    return name.lower() if _PREFIX.fullmatch(name) else ""


FOUND_RECORD, DECLINED, NONE, FAIL, TEMPERROR = "found", "declined", "none", "fail", "temperror"


class Discovered(msgspec.Struct, frozen=True):
    """Which Assertion Record counts.

    Attributes:
        state: ``"found"``, ``"declined"``, ``"none"``, ``"fail"`` or ``"temperror"``.
        assertion: The record that counts, also a broken one.
        found_at: Its DNS name, also where several records stand there.
        failed: The name that could not be asked.
        several: Whether discovery failed because several records stand at one name.
        selector: The selector of the name, the local-part's where that was used.
        domain: The domain of the name.
    """

    state: str
    assertion: Assertion | None = None
    found_at: str | None = None
    failed: str = ""
    several: bool = False
    selector: str = ""
    domain: str = ""

    def facts(self, eligible: bool | None) -> dict[str, Any]:
        """The discovery as the report tells it, with what a receiver that got so far would say (7.7)."""
        one = self.assertion
        return {
            "eligible": eligible,
            "record": self.state,
            "found_at": self.found_at,
            "location": one.location if one else None,
            "authority": one.authority if one else None,
            "avatar_preference": one.preference if one else BRAND,
            "result": self.result(eligible),
        }

    def result(self, eligible: bool | None) -> str:
        """The result of the steps in the DNS: ``"skipped"`` where DMARC already bars it."""
        if eligible is False:
            return "skipped"
        if eligible is None:
            return TEMPERROR
        return "pass" if self.state == FOUND_RECORD else self.state


Asking = Generator[list[Question], dict[Question, Answer], Discovered]


def discover(domain: str, organizational: str | None, selector: str, local_part: str | None) -> Asking:
    """Find the Assertion Record that counts for mail from a domain (7.2): asks, and is answered.

    Args:
        domain: The Author Domain.
        organizational: Its Organizational Domain; None where it could not be found out.
        selector: From the message, or ``default``.
        local_part: What stands before the @ in the author's address; None where it doesn't matter.
    """
    at, answer = domain, (yield from _ask(selector, domain))
    found = _records(bimi_name(selector, at), answer)
    if not answer.failed and not found and organizational != domain:
        if organizational is None:
            return Discovered(TEMPERROR, failed=domain)
        at, answer = organizational, (yield from _ask(selector, organizational))
        found = _records(bimi_name(selector, at), answer)
    name = bimi_name(selector, at)
    if answer.failed:
        return Discovered(TEMPERROR, failed=name)
    if not found:
        return Discovered(NONE)
    if len(found) > 1:
        return Discovered(FAIL, None, name, several=True, selector=selector, domain=at)
    first = found[0]
    derived = normalized(local_part) if local_part and first.prefixes is not None and not first.broken else ""
    wanted = not first.prefixes or derived.startswith(first.prefixes)
    if derived and wanted and derived != selector.lower():
        answer = yield from _ask(derived, at)
        if answer.failed:
            return Discovered(TEMPERROR, failed=bimi_name(derived, at))
        own = _records(bimi_name(derived, at), answer)
        if len(own) == 1 and not own[0].broken:
            return _discovered(own[0], derived, at)
    return _discovered(first, selector, at)


def _discovered(one: Assertion, selector: str, domain: str) -> Discovered:
    state = FAIL if one.broken else DECLINED if one.declines else FOUND_RECORD
    return Discovered(state, one, one.name, selector=selector, domain=domain)


def _ask(selector: str, domain: str) -> Generator[list[Question], dict[Question, Answer], Answer]:
    question = bimi_question(selector, domain)
    return ABSENT if question is None else (yield [question])[question]


def _records(name: str, answer: Answer) -> list[Assertion]:
    if answer.state != FOUND:
        return []
    return [read_assertion(name, line, text) for line, text in enumerate(answer.records, 1) if is_record(text)]
