"""An SPF record taken apart (RFC 7208, section 12). Nothing is repaired, and every term keeps its place in the text."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

import msgspec

from ..dns.tags import Span

LONGEST_TEXT = 10_000
"""Characters of a record that are read; published ones have a few hundred."""
MOST_TERMS = 300
"""Terms that are read."""
MOST_FLAWS = 20
"""Flaws after which nothing more is read: the record is invalid by the first."""

_RECORD = re.compile(r"v=spf1(?: |\Z)", re.IGNORECASE)
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9\-_.]*)=(.*)", re.DOTALL)
_MECHANISM = re.compile(r"([-+?~]?)([A-Za-z][A-Za-z0-9\-_.]*)((?:[:/].*)?)", re.DOTALL)
_CIDR = re.compile(r"(?:/(?P<four>[0-9]+))?(?://(?P<six>[0-9]+))?\Z")
_MACRO = re.compile(r"%\{([slodiphcrtvSLODIPHCRTV])([0-9]*)([rR]?)([.\-+,/_=]*)\}|%([%_-])")
_PLAIN = re.compile(r"[!-~]*")
_LETTERS = "slodiphv"
"""Macro letters outside of ``exp=`` texts (section 7.2)."""
_TOP_LABEL = re.compile(r"(?=.*[A-Za-z-])[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")

ALL, INCLUDE, A, MX, PTR, IP4, IP6, EXISTS = "all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"
REDIRECT, EXP = "redirect", "exp"
MECHANISMS = (ALL, INCLUDE, A, MX, PTR, IP4, IP6, EXISTS)
MODIFIERS = (REDIRECT, EXP)
LOOKING_UP = frozenset({INCLUDE, A, MX, PTR, EXISTS, REDIRECT})
"""Terms that count against the limit of lookups (section 4.6.4)."""
_NEEDS_VALUE = frozenset({INCLUDE, IP4, IP6, EXISTS})
_WITH_CIDR = frozenset({A, MX})


class Term(msgspec.Struct, frozen=True, gc=False):
    """One mechanism or modifier.

    Attributes:
        name: Its name in lower case.
        value: What stands after the colon or the equals sign, without the prefix lengths of ``a`` and ``mx``.
        span: The whole term.
        modifier: Whether it is a modifier.
        qualifier: ``"+"``, ``"-"``, ``"~"`` or ``"?"`` of a mechanism; empty for a modifier.
        four: Prefix length for IPv4, where one is written.
        six: Prefix length for IPv6, likewise.
    """

    name: str
    value: str
    span: Span
    modifier: bool = False
    qualifier: str = ""
    four: int | None = None
    six: int | None = None

    def __str__(self) -> str:
        """The term written plainly."""
        if self.modifier:
            return f"{self.name}={self.value}"
        cidr = "" if self.four is None or self.name in (IP4, IP6) else f"/{self.four}"
        cidr += "" if self.six is None or self.name in (IP4, IP6) else f"//{self.six}"
        value = f":{self.value}" if self.value else ""
        length = {IP4: self.four, IP6: self.six}.get(self.name)
        return f"{self.qualifier}{self.name}{value}{cidr}" + ("" if length is None else f"/{length}")


class Flaw(msgspec.Struct, frozen=True, gc=False):
    """What makes a record invalid as a whole.

    Attributes:
        kind: Why, as the last part of the term ``spf.<kind>`` in the catalogue.
        span: Where.
        guess: The name that was probably meant; empty for none.
    """

    kind: str
    span: Span
    guess: str = ""


class Record(msgspec.Struct, frozen=True, gc=False):
    """A record taken apart.

    Attributes:
        text: The text, unchanged.
        terms: In order.
        flaws: In order; where there are any, receivers answer ``permerror``.
    """

    text: str
    terms: tuple[Term, ...]
    flaws: tuple[Flaw, ...]

    def modifier(self, name: str) -> Term | None:
        """The first modifier of that name."""
        return next((term for term in self.terms if term.modifier and term.name == name), None)

    @property
    def all(self) -> Term | None:
        """The first ``all``, after which no mechanism counts."""
        return next((term for term in self.terms if term.name == ALL and not term.modifier), None)

    @property
    def redirect(self) -> Term | None:
        """The ``redirect`` that counts: none where there is an ``all`` (section 6.1)."""
        return self.modifier(REDIRECT) if self.all is None else None

    @property
    def evaluated(self) -> tuple[Term, ...]:
        """What a receiver goes through until nothing matched: mechanisms up to ``all``, then ``redirect``."""
        found: list[Term] = []
        for term in self.terms:
            if term.modifier:
                continue
            found.append(term)
            if term.name == ALL:
                break
        return (*found, self.redirect) if self.redirect is not None else tuple(found)

    def __str__(self) -> str:
        """The terms written plainly; reading that gives the same terms."""
        return " ".join(("v=spf1", *map(str, self.terms)))


def is_record(text: str) -> bool:
    """Whether a text is an SPF record at all (section 4.5)."""
    return _RECORD.match(text) is not None


def parse(text: str) -> Record:
    """Take a record apart; never raises.

    Args:
        text: A text for which `is_record` holds; the character-strings of the TXT record joined with nothing between.
    """
    terms: list[Term] = []
    flaws: list[Flaw] = []
    if len(text) > LONGEST_TEXT:
        flaws.append(Flaw("too-long", Span(LONGEST_TEXT, "")))
    for number, found in enumerate(re.finditer("[^ ]+", text[len("v=spf1") : LONGEST_TEXT])):
        span = Span(found.start() + len("v=spf1"), found.group())
        if len(flaws) >= MOST_FLAWS:
            break
        if number >= MOST_TERMS:
            flaws.append(Flaw("too-long", span))
            break
        term = _term(span)
        if isinstance(term, Flaw):
            flaws.append(term)
            continue
        if term.name in MODIFIERS and any(one.name == term.name for one in terms):
            flaws.append(Flaw("twice", span))
        terms.append(term)
    return Record(text, tuple(terms), tuple(flaws))


def _term(span: Span) -> Term | Flaw:
    modifier = _MODIFIER.fullmatch(span.text)
    if modifier is not None:
        return _modifier(modifier[1].lower(), modifier[2], span)
    mechanism = _MECHANISM.fullmatch(span.text)
    if mechanism is None:
        return Flaw("character" if not _PLAIN.fullmatch(span.text) else "no-term", span)
    qualifier, name, rest = mechanism[1] or "+", mechanism[2].lower(), mechanism[3]
    if name not in MECHANISMS:
        return Flaw("unknown", span, _meant(name))
    cidr = None
    if name in _WITH_CIDR:
        cidr = _CIDR.search(rest)
        assert cidr is not None  # noqa: S101 - it matches nothing, too
        rest = rest[: cidr.start()]
    if rest[:1] == "/" and name not in (IP4, IP6):
        return Flaw("prefix", span)
    value = rest.removeprefix(":")
    if (name in _NEEDS_VALUE or rest == ":") and not value:
        return Flaw("empty", span)
    if name == ALL and rest:
        return Flaw("all-value", span)
    if name in (IP4, IP6):
        return _network(qualifier, name, value, span)
    problem = _domain_problem(value) if value else ""
    if problem:
        return Flaw(problem, span)
    four, six = (_length(cidr[which]) for which in ("four", "six")) if cidr is not None else (None, None)
    if not (_fits(four, 32, least=0) and _fits(six, 128, least=0)):
        return Flaw("prefix", span)
    return Term(name, value, span, False, qualifier, four, six)


def _modifier(name: str, value: str, span: Span) -> Term | Flaw:
    problem = _domain_problem(value) if name in MODIFIERS else _macro_problem(value)
    if name in MODIFIERS and not value:
        problem = "empty"
    return Flaw(problem, span) if problem else Term(name, value, span, True)


_WRITTEN_SO = {"ipv4": IP4, "ipv6": IP6, "ip": IP4, "inc": INCLUDE, "domain": INCLUDE}


def _meant(name: str) -> str:
    import difflib

    if name in _WRITTEN_SO:
        return _WRITTEN_SO[name]
    if name in MODIFIERS:
        return f"{name}="
    close = difflib.get_close_matches(name, (*MECHANISMS, *MODIFIERS), n=1, cutoff=0.7)
    return "".join(f"{one}=" if one in MODIFIERS else one for one in close)


def meant_by_modifier(name: str) -> str:
    """The mechanism or modifier that an unknown modifier was probably meant for; empty for none."""
    return f"{name}:" if name in MECHANISMS else _meant(name)


def _length(digits: str | None) -> int | None:
    """A prefix length; -1 for one that can't be (a leading zero, too many digits)."""
    if digits is None:
        return None
    return int(digits) if len(digits) <= 3 and (digits == "0" or digits[0] != "0") else -1


def _fits(length: int | None, most: int, *, least: int) -> bool:
    return length is None or least <= length <= most


def _network(qualifier: str, name: str, value: str, span: Span) -> Term | Flaw:
    address, slash, digits = value.partition("/")
    if slash and not (digits.isascii() and digits.isdigit()):
        return Flaw("prefix", span)
    length = _length(digits) if slash else None
    try:
        IPv4Address(address) if name == IP4 else IPv6Address(address)
    except AddressValueError:
        return Flaw("address", span)
    if "%" in address:  # a zone index, which Python's class takes
        return Flaw("address", span)
    if not _fits(length, 32 if name == IP4 else 128, least=0):
        return Flaw("prefix", span)
    return Term(name, address, span, False, qualifier, *((length, None) if name == IP4 else (None, length)))


def _macro_problem(text: str) -> str:
    rest = _MACRO.sub("", text)
    if not _PLAIN.fullmatch(text):
        return "character"
    found = list(_MACRO.finditer(text))
    wrong = any(one[1] and (one[1].lower() not in _LETTERS or (one[2] and not int(one[2][:9]))) for one in found)
    return "macro" if "%" in rest or wrong else ""


def _domain_problem(text: str) -> str:
    problem = _macro_problem(text)
    if problem:
        return problem
    found = list(_MACRO.finditer(text))
    if found and found[-1].end() == len(text) and found[-1][1]:
        return ""
    last = text.removesuffix(".").rpartition(".")
    return "" if last[1] and _TOP_LABEL.fullmatch(last[2]) else "domain"


def has_macro(text: str) -> bool:
    """Whether a text hangs on more than its own characters."""
    return "%" in text


def expanded(text: str, current: str, sender: str) -> str | None:
    """A domain-spec with its macros expanded, in lower case without a final dot.

    Args:
        text: The domain-spec.
        current: The domain whose record it stands in (``%{d}``).
        sender: The domain of the sender (``%{o}``).

    Returns:
        None where it hangs on the message or the connection.

    Source: RFC 7208, section 7.
    """
    unknown = False

    def value(found: re.Match[str]) -> str:
        nonlocal unknown
        if found[5]:
            return {"%": "%", "_": " ", "-": "%20"}[found[5]]
        domain = {"d": current, "o": sender}.get(found[1].lower())
        if domain is None:
            unknown = True
            return ""
        parts = re.split(f"[{re.escape(found[4] or '.')}]", domain)
        if found[3]:
            parts.reverse()
        return ".".join(parts[-min(int(found[2][:9]), len(parts)) :] if found[2] else parts)

    name = _MACRO.sub(value, text)
    return None if unknown else name.lower().removesuffix(".")
