"""Pasted DNS records, in whatever form they come: bare values, lines of a zone file, a provider's table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .problems import Problem

DMARC, ASSERTION = "dmarc", "record"
MOST_CHARACTERS = 20_000
MOST_RECORDS = 40
LONGEST_STRING = 255
"""Bytes of one character-string (RFC 1035, 3.3)."""
_MOST_LINES = 50
"""Lines in brackets; more are not one record."""

_PLAIN: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "“”„‟″「」『』"), '"'),
    **dict.fromkeys(map(ord, "‘’"), "'"),
    **dict.fromkeys(map(ord, "。｡"), "."),
    **dict.fromkeys(map(ord, "\u3000\u00a0\u200b\ufeff"), " "),
}
"""Signs as a Japanese keyboard, a word processor or a web page has them; one for one, so that places stay the same."""
_BLANK = " \t\r\n\f\v\u3000\u00a0\u200b\ufeff"
_BREAK = re.compile("\r\n|[\r\n\u2028\u2029]")
_BEGIN = re.compile(r"(?<![A-Za-z0-9])v\s*=\s*(dmarc|bimi)", re.IGNORECASE)
_COMMENT = re.compile(r"\s*(?:;|#|//)")
_TXT = re.compile(r"\bTXT\b", re.IGNORECASE | re.ASCII)
_GROUP = re.compile(r"\bTXT\s*\(", re.IGNORECASE | re.ASCII)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_STRINGS_ALONE = re.compile(r'(?:\s*"(?:[^"\\]|\\.)*")+\s*(?:[;)].*)?')
_ANY_STRING = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)')
_JSON_END = re.compile(r'(?<!\\)"')
_ESCAPED = re.compile(r"\\([0-9]{3}|.)")
_LABELS = r"(?:\.(?:[A-Za-z0-9_-]+|[^\W\x00-\x7f]+))*\.?"
_NAME = re.compile(rf"(?:_dmarc|_bimi){_LABELS}", re.IGNORECASE)
_IN_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
_LONGEST_NAME = 253
_ANSWERED = re.compile(r"_dmarc\b|.*_report\._dmarc\b|[^.].*\._bimi\b")
_NAME_EQUALS = re.compile(r"\s*([\w-]+(?:\.[\w-]+)+\.?)\s*=\s*[\"']?\Z")
_TTL = r"(?:\d+[smhdw]?\s+)?"
_ELSEWHERE = re.compile(
    rf"\s*(?:(@|[\w-]+(?:\.[\w-]+)+\.?)\s+{_TTL}(?:IN\s+)?|([\w-]*[^\W\d][\w-]*\.?)\s+{_TTL}IN\s+){_TTL}TXT\s*\"?\Z",
    re.IGNORECASE,
)
"""The beginning of a zone file's line that names something else: a single label counts only with a class."""
_TAG = re.compile(r"\s*;?\s*[A-Za-z][A-Za-z0-9]{0,7}\s*=")
_PART = re.compile(r"[;=/@.%]")
_LABEL = re.compile(r"\s*[^:;=]{1,40}:(?!//)")
_COLUMN = re.compile(r"[ \t]{2,}|\t")
_CELL = re.compile(r"\s*(?:\d+[smhdw]?|auto(?:matic)?|自動|txt|in)?(?!\S)", re.IGNORECASE)


class Pasted(NamedTuple):
    """Records by DNS name, lower case and without a final dot; under an empty name what came without one.

    Attributes:
        dmarc: DMARC records.
        record: Assertion Records.
    """

    dmarc: Mapping[str, tuple[str, ...]]
    record: Mapping[str, tuple[str, ...]]


class _Entry(NamedTuple):
    """A record as it was found; `bare` where its value stands in no quotation marks, so that it may go on."""

    kind: str
    name: str
    value: str
    bare: bool


def read_records(dmarc: str, record: str) -> Pasted:
    """Read what was pasted into the two fields; a record in the wrong one is understood all the same.

    Nothing in a record's value is put right: what is wrong in it is for the check to tell.

    Args:
        dmarc: Text of the field for DMARC.
        record: Text of the field for the Assertion Record.

    Raises:
        Problem: It is too long, holds no record, or puts one at a name where nobody looks for it.
    """
    found: dict[str, dict[str, tuple[str, ...]]] = {DMARC: {}, ASSERTION: {}}
    for field, text in ((DMARC, dmarc), (ASSERTION, record)):
        if len(text) > MOST_CHARACTERS:
            raise Problem("text-too-long", field, most=MOST_CHARACTERS)
        entries = _Reader(field, text.encode("utf-8", "replace").decode()).entries()
        if text.strip(_BLANK) and not entries:
            raise Problem("record-unreadable", field)
        if len(entries) > MOST_RECORDS:
            raise Problem("too-many-records", field, most=MOST_RECORDS)
        for entry in entries:
            known = found[entry.kind]
            known[entry.name] = (*known.get(entry.name, ()), entry.value)
    return Pasted(found[DMARC], found[ASSERTION])


def split_name(name: str) -> tuple[str, str]:
    """What a record's name begins with (``_dmarc`` or ``<selector>._bimi``), and the domain after it."""
    kind = "_dmarc" if "_dmarc" in name else "_bimi"
    before, _, owner = name.partition(kind)
    return before + kind, owner.removeprefix(".")


class _Reader:
    """Reads one field's text, line by line."""

    def __init__(self, field: str, text: str) -> None:
        self._field = field
        self._text = text
        self._marked = _BEGIN.search(_plain(text)) is not None
        self._entries: list[_Entry] = []
        self._open = False  # whether the next line may go on with the last entry
        self._name = ""  # the last name that stood in front of no record
        self._origin = ""

    def entries(self) -> list[_Entry]:
        """The records."""
        for line in _lines(self._text):
            plain = _plain(line)
            if not plain.strip():
                self._open = False
            elif not self._goes_on(line, plain):
                self._begin(line, plain)
        return [entry for entry in self._entries if "_report._dmarc" not in entry.name]

    def _begin(self, line: str, plain: str) -> None:
        """A line that stands for itself."""
        self._open = False
        if _COMMENT.match(plain):
            return
        if plain.lstrip().startswith("$"):
            directive, _, rest = plain.strip().partition(" ")
            if directive.upper() == "$ORIGIN":
                self._origin = rest.strip().strip(".").lower()
            return
        begin = _BEGIN.search(plain)
        if begin is not None:
            self._marked_line(line, plain, begin)
        elif self._marked:
            self._other_line(line, plain)
        else:
            self._unmarked_line(line, plain)

    def _marked_line(self, line: str, plain: str, begin: re.Match[str]) -> None:
        kind = DMARC if begin[1].lower() == "dmarc" else ASSERTION
        before = plain[: begin.start()]
        if before.endswith('\\"'):  # a string of JSON that holds one of a zone file
            start = begin.start() - 2
            end = _JSON_END.search(plain, start)
            held = slice(start, end.start() if end else None)
            value, bare = _strings(line[held].replace('\\"', '"'), plain[held].replace('\\"', '"'), 0), False
        else:
            value, bare = _value(line, plain, begin.start())
        self._add(kind, self._name_before(kind, before), value, bare=bare)

    def _other_line(self, line: str, plain: str) -> None:
        """A line without a version tag beside others that have one: a broken record where its name says so."""
        named = _last_name(plain)
        if named is None:
            return
        name, end = named
        strings = plain.find('"', end)
        if strings >= 0 and _TXT.search(plain):
            self._add(_kind_at(name), self._full(name), _strings(line, plain, strings), bare=False)
        else:
            self._name = self._full(name)

    def _unmarked_line(self, line: str, plain: str) -> None:
        """A line of a text without any version tag: a record without one, which the check then tells."""
        name, end = _last_name(plain) or ("", 0)
        start = plain.find('"', end)
        if start >= 0:
            value = _strings(line, plain, start)
        elif name:
            value = _TXT.split(line[end:], 1)[-1].strip(_BLANK).removeprefix("=").strip(_BLANK)
        else:
            value = line.strip(_BLANK)
        if value:
            self._add(_kind_at(name) if name else self._field, self._full(name), value, bare=start < 0)
        else:
            self._name = self._full(name)

    def _goes_on(self, line: str, plain: str) -> bool:
        """Whether a line is more of the last record, which is then longer."""
        if not self._open or _BEGIN.search(plain):
            return False
        last = self._entries[-1]
        if not last.bare:
            if not _STRINGS_ALONE.fullmatch(plain):
                return False
            more = _strings(line, plain, plain.index('"'))
        else:
            ended = last.value.endswith((";", ",", "="))
            is_label = _LABEL.match(plain) and not plain.lstrip().lower().startswith("mailto:")
            if not _TAG.match(plain) and (is_label or _NAME.search(plain) or _COMMENT.match(plain)):
                return False
            if not (ended or _TAG.match(plain) or _PART.search(plain)):
                return False
            more = f" {line.strip(_BLANK)}"
        self._entries[-1] = last._replace(value=last.value + more)
        return True

    def _add(self, kind: str, name: str, value: str, *, bare: bool) -> None:
        if not name and self._name and kind == _kind_at(self._name):
            name = self._name
        self._name = ""
        self._entries.append(_Entry(kind, name, value, bare))
        self._open = True

    def _name_before(self, kind: str, before: str) -> str:
        """The name in front of a value.

        Raises:
            Problem: Nobody looks for such a record there.
        """
        named = _last_name(before)
        if named is not None:
            name = self._full(named[0])
            if kind != _kind_at(name) or not _ANSWERED.match(name):
                raise Problem("record-misplaced", self._field, name=named[0])
            return name
        equals = _NAME_EQUALS.match(before)
        if equals is not None:  # as the command line has it
            return f"{'_dmarc' if kind == DMARC else 'default._bimi'}.{_clean(equals[1])}"
        elsewhere = _ELSEWHERE.match(before)
        if elsewhere is not None:
            raise Problem("record-misplaced", self._field, name=elsewhere[1] or elsewhere[2])
        if before[:1].isspace() and _TXT.search(before) and self._entries:  # a zone file's "same name again"
            last = self._entries[-1]
            return last.name if last.kind == kind else ""
        return ""

    def _full(self, name: str) -> str:
        cleaned = _clean(name)
        return f"{cleaned}.{self._origin}" if cleaned and self._origin and not name.endswith(".") else cleaned


def _kind_at(name: str) -> str:
    return DMARC if "_dmarc" in name.lower() else ASSERTION


def _last_name(plain: str) -> tuple[str, int] | None:
    """The last name of a record in a text, and where it ends."""
    found = None
    for match in _NAME.finditer(plain):
        start = match.start()
        while start and match.start() - start < _LONGEST_NAME and plain[start - 1] in _IN_NAME:
            start -= 1
        before = plain[start : match.start()]
        found = f"{before.lstrip('.') if before.endswith('.') else ''}{match[0]}", match.end()
    return found


def _plain(text: str) -> str:
    return text.translate(_PLAIN)


def _clean(name: str) -> str:
    return name.rstrip(".").lower()


def _lines(text: str) -> Iterator[str]:
    """The lines; those in brackets, as zone files have them, are one."""
    held: list[str] = []
    for line in _BREAK.split(text):
        plain = _plain(line)
        if held and (
            _TXT.search(_ANY_STRING.sub("", plain)) or len(held) >= _MOST_LINES
        ):  # the bracket was never closed
            yield " ".join(held)
            held = []
        group = None if held or _COMMENT.match(plain) else _GROUP.search(plain)
        if not held and group is None:
            yield line
            continue
        start = group.end() if group else 0
        end, closed = _bracket(plain, start)
        held += [line[: start - 1]] if group else []
        held.append(line[start:end])
        if closed:
            yield " ".join(held)
            held = []
    if held:
        yield " ".join(held)


def _bracket(plain: str, start: int) -> tuple[int, bool]:
    """Where the part of a line that counts inside brackets ends, and whether the bracket does."""
    quoted = escaped = False
    for place in range(start, len(plain)):
        sign = plain[place]
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif sign == '"':
            quoted = not quoted
        elif not quoted and sign in ";)":
            return place, sign == ")"
    return len(plain), False


def _value(line: str, plain: str, start: int) -> tuple[str, bool]:
    """The value that begins at a place, and whether it stands in no quotation marks."""
    before = plain[:start].rstrip()
    if before.endswith('"') and before.count('"') % 2:
        return _strings(line, plain, len(before) - 1), False
    if before.endswith(("'", "`")) and (end := plain.find(before[-1], start)) >= 0:
        return line[start:end].strip(_BLANK), False
    value = line[start:]
    if "|" in before:
        value = value.partition("|")[0]
    if "\t" in before:
        cells = value.split("\t")
        value = cells[0]
        for cell in cells[1:]:
            if not _TAG.match(_plain(cell)):
                break
            value += f"\t{cell}"
    for column in _COLUMN.finditer(value):
        told = _CELL.match(value, column.end())
        if told and told[0].strip():
            value = value[: column.start()]
            break
    if before.endswith(","):
        cells = value.split(",")
        while len(cells) > 1 and _CELL.fullmatch(cells[-1].strip()):
            cells.pop()
        value = ",".join(cells)
    value = value.strip(_BLANK)
    if _TXT.search(before) and "\\;" in value:
        value = _unescaped(value)
    return value, True


def _strings(line: str, plain: str, start: int) -> str:
    """The character-strings from a place on, put together (RFC 1035, 5.1)."""
    pieces = []
    while (match := _STRING.match(plain, start)) is not None:
        pieces.append(_unescaped(line[match.start() + 1 : match.end() - 1]))
        start = match.end() + len(plain[match.end() :]) - len(plain[match.end() :].lstrip())
    if not pieces or plain.startswith('"', start):  # one that is never closed
        pieces.append(_unescaped(line[start + 1 :].strip(_BLANK)))
    return "".join(pieces)


def _unescaped(text: str) -> str:
    r"""A text without its escapes: ``\"``, and ``\DDD`` for a byte."""
    if "\\" not in text:
        return text
    data = bytearray()
    end = 0
    for escape in _ESCAPED.finditer(text):
        data += text[end : escape.start()].encode()
        code = escape[1]
        data += bytes([int(code)]) if len(code) == 3 and int(code) < 256 else code.encode()
        end = escape.end()
    return (data + text[end:].encode()).decode("utf-8", "replace")


def as_strings(value: str) -> str:
    """A value as a zone file has it: character-strings of 255 bytes at most, in quotation marks.

    What isn't printable ASCII is written byte by byte, as every reader of zone files understands it.
    """
    strings = [""]
    room = LONGEST_STRING
    for sign in value.encode("utf-8", "replace").decode():
        data = sign.encode()
        if len(data) > room:
            strings.append("")
            room = LONGEST_STRING
        room -= len(data)
        if sign in '"\\':
            strings[-1] += f"\\{sign}"
        else:
            strings[-1] += sign if " " <= sign <= "~" else "".join(f"\\{byte:03}" for byte in data)
    return " ".join(f'"{string}"' for string in strings)
