"""The records of a zone file that BIMI rests on."""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from ..dns.answers import LONGEST_NAME, text_of
from ..dns.zone_file import ZoneFile, ZoneRecords, is_within
from ..domains import and_above, normal_domain, organizational_domain
from ..engine import quote
from ..errors import BimikitError
from ..locale import words_of

MAX_BYTES = 8 * 1024 * 1024
"""Bytes of a zone file."""
MOST_INTRICATE = 20_000
"""Records of a zone file that are more than a plain line (`_PLAIN`), and take a hundred times as long to read; a line
with ``$GENERATE`` can make any number of them."""
MOST_INTRICATE_CHARACTERS = 2 * 1024 * 1024
"""Characters of those records."""
_ZONES_KEPT = 4


class Records(NamedTuple):
    """What a zone publishes, as it is written; what its name servers answer is `ZoneFile.answer`'s to say.

    Attributes:
        dmarc: DMARC records by name.
        record: Assertion Records by name.
    """

    dmarc: ZoneRecords
    record: ZoneRecords


class ZoneError(BimikitError, ValueError):
    """A zone file that name servers wouldn't load; its text says why and where.

    Attributes:
        problem: What is wrong: a key of the words, without ``zone.``.
        line: Where, from 1; None for the file as a whole.
    """

    def __init__(self, problem: str, line: int | None = None, **about: object) -> None:
        self.problem = problem
        self.line = line
        self._about = about
        super().__init__(self.told())

    def told(self, lang: str = "en") -> str:
        """It in words.

        Raises:
            ValueError: There is no catalogue for that language.
        """
        words = words_of("config_words", lang)
        place = "" if self.line is None else words["zone.line"].format(line=self.line)
        return place + words[f"zone.{self.problem}"].format_map(self._about)


def read_zone(data: bytes, domain: str) -> Records:
    """The TXT records at names of DMARC and BIMI in a zone file (RFC 1035, 5).

    Args:
        data: The file. Names without a final dot are relative to its ``$ORIGIN``, or else to the Organizational Domain
            of `domain`; ``$INCLUDE`` is refused, so that no other file is read. A record needs no TTL. The same file is
            read once, though several domains of the zone ask for it.
        domain: A domain of the zone.

    Raises:
        ZoneError: It is no zone file (a `ValueError`, too).
    """
    if len(data) > MAX_BYTES:
        raise ZoneError("too-large", limit=MAX_BYTES)
    if data.startswith(_UTF_16):
        raise ZoneError("encoding", 1)
    name = normal_domain(domain)
    return _read_zone(data, organizational_domain(name) or name)


@lru_cache(_ZONES_KEPT)
def _read_zone(data: bytes, organization: str) -> Records:
    text = data.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n")
    noted = _Noted(organization)
    _read(_NO_UTF_8.sub(_as_escape, text), organization, noted)
    zone = noted.zone()
    of_dmarc: dict[str, list[str]] = {}
    of_bimi: dict[str, list[str]] = {}
    for owner, texts in zone.texts.items():
        is_dmarc = owner.startswith("_dmarc.")
        if (is_dmarc or "._bimi." in owner) and not zone.beyond(owner):
            (of_dmarc if is_dmarc else of_bimi)[owner] = texts
    return Records(ZoneRecords(of_dmarc, zone), ZoneRecords(of_bimi, zone))


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_NO_UTF_8 = re.compile("[\udc80-\udcff]")


def _as_escape(byte: re.Match[str]) -> str:
    """A byte that is no UTF-8 as zone files escape it (RFC 1035, 5.1): in a comment it doesn't matter."""
    return f"\\{ord(byte[0]) - 0xDC00:03d}"


class _Noted:
    """What is kept of the records as they are read: it stands in for a zone of dnspython, which keeps no lines."""

    def __init__(self, organization: str) -> None:
        self.organization = organization
        self.line = 1
        self.apex = ""
        self.origin = ""
        """The first ``$ORIGIN``: where the zone begins if it has no SOA record, and NS records stand there."""
        self.owners: dict[str, bool] = {}
        """Names, and whether a CNAME is what they have."""
        self.texts: dict[str, list[str]] = {}
        self.lines: dict[str, list[int]] = {}
        self.aliases: dict[str, str] = {}
        self.redirections: dict[str, str] = {}
        self.delegated: set[str] = set()
        self.characters = 0
        """Read by dnspython so far."""
        self._seen: set[tuple[str, tuple[bytes, ...]]] = set()
        self._intricate = 0

    def zone(self) -> ZoneFile:
        """What was read, as a whole."""
        top = self.apex or self.organization
        names: set[str] = set()
        if any(owner.startswith("*.") for owner in self.owners):
            for owner in (top, *self.owners):
                for name in and_above(owner):
                    if name in names:
                        break
                    names.add(name)
        return ZoneFile(
            self.texts,
            self.lines,
            covers=any(is_within(owner, self.organization) for owner in self.owners),
            holds=self.apex or next(iter(self.owners), ""),
            organization=self.organization,
            top=top,
            aliases=self.aliases,
            redirections=self.redirections,
            cuts=frozenset(
                owner
                for owner in self.delegated
                if owner != top and is_within(owner, top) and (self.apex or owner != self.origin)
            ),
            names=frozenset(names),
        )

    @property
    def manager(self) -> _Noted:
        return self

    def origin_information(self) -> tuple[Any, bool, Any]:
        import dns.name

        return dns.name.root, False, dns.name.root  # the root, so that names outside the zone are noted, too

    def check_put_rdataset(self, check: Callable[..., None]) -> None:
        """Nothing: the checks of dnspython need its own zone."""

    def add_unicode(self, version: str) -> None:
        """How names with other letters are meant; they are read all the same."""

    def _set_origin(self, origin: Any) -> None:
        self.origin = self.origin or _text(origin)

    def add(self, name: Any, _ttl: int, rdata: Any) -> None:
        """Note a record that dnspython read."""
        self._intricate += 1
        if self._intricate > MOST_INTRICATE:
            raise ZoneError("too-many", self.line, limit=MOST_INTRICATE)
        rdtype = int(rdata.rdtype)
        said = rdata.strings if rdtype == _TXT else _text(rdata.target) if rdtype in _LEADING else ""
        self.note(_text(name), rdtype, said)

    def note(self, owner: str, rdtype: int, said: tuple[bytes, ...] | str) -> None:
        """Note a record.

        Args:
            owner: Its name, in lower case, without final dot.
            rdtype: Its type.
            said: What it says: the strings of a TXT record, the name of a CNAME, DNAME or NS record.
        """
        if rdtype == _SOA:
            self._start(owner)
        if rdtype not in _BESIDE_CNAME:
            is_alias = rdtype == _CNAME
            if self.owners.setdefault(owner, is_alias) is not is_alias:
                raise ZoneError("cname", self.line, name=owner)
        if rdtype == _NS:
            self.delegated.add(owner)
        elif isinstance(said, str):
            if rdtype in _LEADING:
                (self.aliases if rdtype == _CNAME else self.redirections)[owner] = said
        elif (owner, said) not in self._seen:
            self._seen.add((owner, said))  # a name has each record once (RFC 2181, 5)
            self.texts.setdefault(owner, []).append(text_of(said))
            self.lines.setdefault(owner, []).append(self.line)

    def _start(self, owner: str) -> None:
        """Note the SOA record, which a zone has one of, at its top (RFC 1035, 5.2)."""
        if f".{owner}".endswith(f".{self.organization}.{self.organization}"):
            raise ZoneError("soa-doubled", self.line, name=owner)
        if self.apex and self.apex != owner:
            raise ZoneError("soa-not-top", self.line, name=owner, top=self.apex)
        self.apex = owner


def _text(name: Any) -> str:
    """A name of dnspython as text; that of the root is empty."""
    text: str = name.to_text(omit_final_dot=True).lower()
    return text.rstrip(".") if text == "." else text


_NS, _CNAME, _SOA, _TXT, _DNAME = 2, 5, 6, 16, 39
_LEADING = frozenset({_NS, _CNAME, _DNAME})
_BESIDE_CNAME = frozenset({46, 47, 25})
"""RRSIG, NSEC and KEY, the types that may stand beside a CNAME (RFC 4035, 2.5)."""
_PROBLEMS = {
    "unbalanced parentheses": "parentheses",
    "newline in quoted string": "quote",
    "RR class is not zone's class": "class",
    "string too long": "string",
}
"""What dnspython says of the commonest mistakes, and our words for it."""
_LABEL = r"[a-z0-9_*-]{1,63}"
_NAME = rf"{_LABEL}(?:\.{_LABEL})*+\.?"
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_STRING = r'"[ !#-\[\]-~]{0,255}"'
_PORT = r"[1-5]?\d{1,4}"
_SIGNED, _SIGNED_LINES = r'[^\n"();\\]', r'[^"();\\]'
_PLAIN = re.compile(
    rf"""
    (?P<nothing>(?:[ \t]*+(?:;[^\n]*+)?\n){{1,1000}}+)
    |(?P<owner>{_NAME}|@|)[ \t]++(?:\d{{1,9}}[ \t]++(?:in[ \t]++)?|in[ \t]++(?:\d{{1,9}}[ \t]++)?)?
    (?:
        a[ \t]++(?:{_OCTET}\.){{3}}{_OCTET}
        |aaaa[ \t]++(?P<aaaa>[0-9a-f:]{{2,39}})
        |(?P<txt>txt)[ \t]++(?P<strings>{_STRING}(?:[ \t]++{_STRING})*+)
        |(?:(?P<leading>cname|ns)|ptr|mx[ \t]++{_PORT}|srv(?:[ \t]++{_PORT}){{3}})[ \t]++(?P<name>{_NAME}|@)
        |(?P<signed>rrsig|nsec3?|dnskey)[ \t]++{_SIGNED}++(?:\({_SIGNED_LINES}++\){_SIGNED}*+)?
    )
    [ \t]*+(?:;[^\n]*+)?(?:\n|\Z)
    """,
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)
"""Lines that are read without dnspython, as it would: a zone is mostly made of them. Signatures and their like, which
tools write, may span lines, and aren't looked into."""
_TYPES = {"txt": _TXT, "cname": _CNAME, "ns": _NS, "rrsig": 46, "nsec": 47}
_OTHER_TYPE = 1
"""Stands for every type that nothing is read from."""
_QUOTED_STRING = re.compile('"([^"]*)"')
_PLACE = re.compile(r"^zone:(\d+): ")
_QUOTED = re.compile("'(.*)'")
_ORIGIN = re.compile(r"^\$ORIGIN[ \t]+([^\s;]+)", re.IGNORECASE | re.MULTILINE)


def _read(text: str, organization: str, noted: _Noted) -> None:
    """Read a zone file into `noted`.

    Raises:
        ZoneError: It is none.
    """
    import dns.exception
    import dns.name
    import dns.rdataclass
    import dns.tokenizer
    from dns.zonefile import Reader

    for found in _ORIGIN.finditer(text):
        if is_within(found[1].lower(), organization):
            number = text.count("\n", 0, found.start()) + 1
            raise ZoneError("origin-relative", number, name=found[1], meant=f"{found[1]}.{organization}")

    file = io.StringIO(text)

    class Lines(dns.tokenizer.Tokenizer):
        """A tokenizer that leaves out plain lines, which are noted without it."""

        left_out = 0
        """Where the last of them ended."""

        def get(self, want_leading: bool = False, want_comment: bool = False) -> dns.tokenizer.Token:
            at_start = want_leading and want_comment  # of a line: only there the reader asks for both
            if at_start and self.ungotten_token is None and self.ungotten_char is None:
                self._leave_out()
            if self.exhausted:
                raise dns.exception.SyntaxError  # as ours would be taken for a mistake in the record
            return super().get(want_leading, want_comment)

        @property
        def exhausted(self) -> bool:
            return noted.characters + file.tell() - self.left_out > MOST_INTRICATE_CHARACTERS

        def _leave_out(self) -> None:
            position = file.tell()
            noted.characters += position - self.left_out
            plain = _PlainLines(noted, reader.current_origin, reader.last_name)
            while (match := _PLAIN.match(text, position)) and position < len(text):
                noted.line = self.line_number
                if not plain.note(match):
                    break
                position = match.end()
                self.line_number += 1 if match["owner"] and not match["signed"] else match[0].count("\n")
            file.seek(position)
            self.left_out = position
            if plain.owner is not None:
                reader.last_name = dns.name.from_text(f"{plain.owner}.")

    class Reading(Reader):
        """A reader that notes the line on which each record begins, and tells mistakes there."""

        def _noting(self, read: Callable[[], None]) -> None:
            noted.line = self.tok.where()[1]
            try:
                read()
            except ZoneError:
                raise
            except (dns.exception.DNSException, ValueError) as problem:
                raise told(problem, noted.line) from None

        def _rr_line(self) -> None:
            self._noting(super()._rr_line)

        def _generate_line(self) -> None:
            self._noting(super()._generate_line)

    def told(problem: Exception, line: int | None = None) -> ZoneError:
        if tokens.exhausted:
            return ZoneError("too-many", tokens.where()[1] if line is None else line, limit=MOST_INTRICATE)
        return _problem(problem, tokens, text, line)

    tokens = Lines(file, "zone")
    transaction: Any = noted  # what a reader needs of one
    reader = Reading(tokens, dns.rdataclass.IN, transaction, default_ttl=0)
    reader.current_origin = reader.last_name = dns.name.from_text(organization)
    try:
        reader.read()
    except ZoneError:
        raise
    except (dns.exception.DNSException, ValueError) as problem:
        raise told(problem) from None


class _PlainLines:
    """Notes lines of the form `_PLAIN`."""

    def __init__(self, noted: _Noted, origin: Any, last: Any) -> None:
        self.owner: str | None = None
        """The last name that a line began with."""
        self._noted = noted
        self._origin = _text(origin)
        self._last = last

    def note(self, line: re.Match[str]) -> bool:
        """Note a line, unless there is something in it that dnspython has to judge."""
        if line["nothing"]:
            return True
        owner = self._full(line["owner"]) if line["owner"] else self.owner or _text(self._last)
        target = self._full(line["name"]) if line["name"] else ""
        if not owner or (line["name"] and not target) or (line["aaaa"] and not _is_ipv6(line["aaaa"])):
            return False
        rdtype = _TYPES.get((line["txt"] or line["leading"] or line["signed"] or "").lower(), _OTHER_TYPE)
        said = tuple(one.encode() for one in _QUOTED_STRING.findall(line["strings"])) if line["txt"] else target
        self._noted.note(owner, rdtype, said)
        if line["owner"]:
            self.owner = owner
        return True

    def _full(self, name: str) -> str:
        """A name with what it is relative to; empty where that is too long, or the root."""
        if name == "@":
            return self._origin
        full = name[:-1] if name.endswith(".") else f"{name}.{self._origin}" if self._origin else name
        return full.lower() if len(full) <= LONGEST_NAME else ""


def _is_ipv6(address: str) -> bool:
    try:
        socket.inet_pton(socket.AF_INET6, address)
    except OSError:
        return False
    return True


def _problem(problem: Exception, tokens: Any, text: str, line: int | None = None) -> ZoneError:
    """What keeps a file from being read, in our words where we have them, else in those of dnspython."""
    import dns.exception

    said = str(problem) or type(problem).__name__
    at = _PLACE.match(said)
    if at:
        said = said[at.end() :]
    line = tokens.where()[1] if line is None else line
    known = _PROBLEMS.get(said)
    quoted = _QUOTED.search(said)
    lines = text.split("\n")
    written = lines[line - 1] if line <= len(lines) else ""
    never_closed = tokens.multiline > 0 and said.startswith("expected EOL")
    if not known and (never_closed or written.count(")") > written.count("(")):
        known = "parentheses"
    if isinstance(problem, dns.exception.UnexpectedEnd) and not known:
        known = "quote"
    if known:
        return ZoneError(known, line)
    if quoted and said.startswith("unknown rdatatype"):
        return ZoneError("type", line, word=quote(quoted[1], 40))
    if quoted and said.startswith("zone file directive"):
        return ZoneError("directive", line, word=quote(quoted[1], 40))
    return ZoneError("record", line, reason=quote(said, 200))
