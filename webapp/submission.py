"""What somebody handed in: files told apart by what is in them, a domain, planned records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Literal, TypeAlias

import idna
import msgspec

import bimikit

from .problems import Problem
from .records import Pasted, read_records, split_name

FileKind: TypeAlias = Literal["logo", "certificate", "list"]
Planned: TypeAlias = str | dict[str, tuple[str, ...]] | None
MOST_SUBJECTS = 6
_LONGEST_NAME = 120
LONGEST_FIELD = 2_048
_BY_ENDING: Mapping[str, FileKind] = {
    **dict.fromkeys(("pem", "crt", "cer", "der", "key", "csr", "p7b", "p7c", "p12", "pfx"), "certificate"),
    "crl": "list",
}
_OF_OTHER_KINDS = (b"<", b"\x1f\x8b", b"\x89PNG", b"%PDF", b"PK\x03\x04", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%!PS")
"""Beginnings of drawings and pictures, whatever the file's name says; the check of a logo tells which."""
_MARKS = b"\xef\xbb\xbf \t\r\n"
_HEAD = 65_536
_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class Upload(msgspec.Struct, frozen=True):
    """A file.

    Attributes:
        name: Its name without folders, fit to be shown.
        data: Its bytes.
        kind: What it is taken for.
    """

    name: str
    data: bytes
    kind: FileKind


Pair: TypeAlias = tuple[Upload | None, Upload | None]
"""A logo and a certificate; None for one that there isn't."""


class Submission(msgspec.Struct, frozen=True):
    """What is to be judged together.

    Attributes:
        files: The files.
        domain: The domain as it was typed; empty for none.
        selector: The selector of the Assertion Record.
        pasted: The records that are planned.
        look_up: Whether what isn't given is looked up live.
        empty: Files with nothing in them, beside others; each is told of by itself.
    """

    files: tuple[Upload, ...]
    domain: str
    selector: str
    pasted: Pasted
    look_up: bool
    empty: tuple[Upload, ...] = ()

    @property
    def live(self) -> bool:
        """Whether anything is to be asked of the network."""
        return bool(self.domain) and (self.look_up or not (self.files or self.has_records))

    @property
    def has_records(self) -> bool:
        """Whether there are planned records."""
        return bool(self.pasted.dmarc or self.pasted.record)

    def of(self, kind: FileKind) -> tuple[Upload, ...]:
        """The files of one kind."""
        return tuple(file for file in self.files if file.kind == kind)

    def only(self, pair: Pair) -> Submission:
        """The same with the files of one pair, and the revocation lists."""
        files = (*(file for file in pair if file is not None), *self.of("list"))
        return msgspec.structs.replace(self, files=files)

    def pairs(self) -> list[Pair]:
        """Logos and certificates as they are judged together: of a domain, each logo with each certificate.

        Without a domain each logo is also judged for itself: a certificate's verdict says nothing of a logo beside it
        but whether the two are the same.
        """
        logos, certificates = self.of("logo"), self.of("certificate")
        if self.domain or not certificates:
            return list(product(logos or (None,), certificates or (None,)))
        return [*((logo, None) for logo in logos), *product(logos or (None,), certificates)]

    def alone(self) -> list[tuple[Submission, Pair]]:
        """The empty files, each as a submission of its own."""
        nothing = Pasted({}, {})
        return [
            (
                Submission((file,), "", self.selector, nothing, look_up=False),
                (None, file) if file.kind == "certificate" else (file, None),
            )
            for file in self.empty
        ]

    @property
    def dmarc(self) -> Planned:
        """The planned DMARC records as `bimikit.check_publication` takes them."""
        return _as_plan(self.named("dmarc"), f"_dmarc.{plain_domain(self.domain)}")

    @property
    def record(self) -> Planned:
        """The planned Assertion Records, likewise."""
        return _as_plan(self.named("record"), f"{self.selector}._bimi.{plain_domain(self.domain)}".lower())

    def plan(self) -> dict[str, tuple[str, ...]]:
        """All planned records by their full names."""
        return {**self.named("dmarc"), **self.named("record")} if self.domain else {}

    def named(self, kind: Literal["dmarc", "record"]) -> dict[str, tuple[str, ...]]:
        """The planned records of one kind by their full names."""
        found = self.pasted.dmarc if kind == "dmarc" else self.pasted.record
        domain, zone = plain_domain(self.domain), self._zone()
        named: dict[str, tuple[str, ...]] = {}
        for name, texts in found.items():
            head, owner = split_name(name)
            if not name:
                full = f"_dmarc.{domain}" if kind == "dmarc" else f"{self.selector}._bimi.{domain}".lower()
            elif _is_relative(owner, domain):
                full = ".".join(part for part in (head, owner, zone) if part)
            else:
                full = f"{head}.{plain_domain(owner)}"
            named[full] = (*named.get(full, ()), *texts)
        return named

    def _zone(self) -> str:
        """What short names are relative to: the domain, or the one above it where a short name spells the rest."""
        domain = plain_domain(self.domain)
        first, _, above = domain.partition(".")
        names = (*self.pasted.dmarc, *self.pasted.record)
        return above if above and any(split_name(name)[1] == first for name in names if name) else domain


def _as_plan(named: dict[str, tuple[str, ...]], own: str) -> Planned:
    """A text for the domain alone says nothing of the names above it; texts at other names are the whole plan."""
    if list(named) == [own] and len(named[own]) == 1:
        return named[own][0]
    return named or None


def _is_relative(owner: str, domain: str) -> bool:
    return "." not in owner and not domain.endswith(f".{owner}")


def plain_domain(text: str) -> str:
    """A domain as it was typed in its one form; what is no domain, which the check tells, nearly so.

    It raises nothing.
    """
    try:
        return bimikit.normal_domain(text)
    except ValueError:
        labels = text.strip().removesuffix(".").lower().split(".")
    try:
        return ".".join(label if label.isascii() else idna.encode(label, uts46=True).decode() for label in labels)
    except (idna.IDNAError, UnicodeError):
        return ".".join(labels)


def submitted(
    files: Iterable[tuple[str, bytes]],
    *,
    domain: str = "",
    selector: str = "",
    dmarc: str = "",
    record: str = "",
    logo_url: str = "",
    certificate_url: str = "",
    look_up: bool = True,
    max_files: int = 8,
) -> Submission:
    """Put a submission together.

    Args:
        files: Names and bytes; those without a name and bytes, as browsers send for a field without a file, are passed
            over.
        domain: The domain as it was typed.
        selector: The selector; ``"default"`` where it is empty.
        dmarc: Planned DMARC records as they were pasted.
        record: Planned Assertion Records as they were pasted.
        logo_url: Where the logo will be; with it a record is made where none was pasted.
        certificate_url: Where the certificate will be.
        look_up: Whether what isn't given is looked up live.
        max_files: Files at most.

    Raises:
        Problem: There is nothing to judge, or too much, or it doesn't go together.
    """
    given = [(name, data) for name, data in files if name or data]
    if len(given) > max_files:
        raise Problem("too-many-files", "files", most=max_files)
    if given and not any(data for _name, data in given):
        raise Problem("file-empty", "files", file=showable_name(given[0][0]))
    fields = {"domain": domain, "selector": selector, "logo_url": logo_url, "certificate_url": certificate_url}
    for name, text in fields.items():
        if len(text) > LONGEST_FIELD:
            raise Problem("text-too-long", name, most=LONGEST_FIELD)
    uploads = tuple(_uploads(given))
    empty = tuple(file for file in uploads if not file.data)
    uploads = tuple(file for file in uploads if file.data)
    pasted = read_records(dmarc, record)
    logo_url, certificate_url = logo_url.strip(), certificate_url.strip()
    if logo_url or certificate_url:
        if pasted.record:
            raise Problem("record-twice", "record")
        pasted = pasted._replace(record={"": (_record(logo_url, certificate_url),)})
    has_records = bool(pasted.dmarc or pasted.record)
    domain, selector = _told_by_names(domain.strip(), selector.strip(), pasted)
    if not domain and has_records:
        raise Problem("domain-needed", "domain")
    if not uploads and not domain:
        raise Problem("nothing-given")
    submission = Submission(uploads, domain, selector, pasted, look_up, empty)
    if len(submission.pairs()) + len(empty) > MOST_SUBJECTS:
        raise Problem("too-many-pairs", "files", most=MOST_SUBJECTS)
    return submission


def _uploads(given: Iterable[tuple[str, bytes]]) -> Iterator[Upload]:
    """The files, each under a name of its own."""
    taken: dict[str, int] = {}
    for name, data in given:
        shown = showable_name(name)
        taken[shown] = taken.get(shown, 0) + 1
        yield Upload(f"{shown} ({taken[shown]})" if taken[shown] > 1 else shown, data, kind_of(name, data))


def showable_name(name: str) -> str:
    """A file's name without folders, bounded, and without what can't be shown."""
    base = re.split(r"[/\\]", name)[-1]
    shown = _UNSHOWABLE.sub("\ufffd", base).strip()[-_LONGEST_NAME:].strip()
    return "file" if shown in ("", "-") else shown  # a report calls standard input "-"


def kind_of(name: str, data: bytes) -> FileKind:
    """What a file is taken for; the checks then say what it really is."""
    head = data[:_HEAD].lstrip(_MARKS)
    if head.startswith(_OF_OTHER_KINDS):
        return "logo"
    if b"-----BEGIN " in head:
        return "list" if b"-----BEGIN X509 CRL-----" in head and b" CERTIFICATE-----" not in head else "certificate"
    if data[:1] == b"\x30" and data[1:2] >= b"\x80":  # DER, longer than any text could seem to be
        return "list" if _is_der_list(data) else "certificate"
    return _BY_ENDING.get(name.rpartition(".")[2].strip().lower(), "logo")


def _is_der_list(data: bytes) -> bool:
    """Whether a sequence in DER is a revocation list of version 2, the only one with which one is used (RFC 5280, 5.1).

    A certificate has its version in brackets of its own there.
    """
    inner = _content(data, 0)
    outer = data[inner : inner + 1] == b"\x30"
    inside = _content(data, inner)
    return outer and data[inside : inside + 4] == b"\x02\x01\x01\x30"


def _content(data: bytes, start: int) -> int:
    """Where the content of an element in DER begins."""
    length = data[start + 1 : start + 2]
    return start + 2 + (length[0] & 0x7F if length >= b"\x80" else 0)


def _told_by_names(domain: str, selector: str, pasted: Pasted) -> tuple[str, str]:
    """Domain and selector, taken from the names of pasted records where nobody typed them.

    Raises:
        Problem: They are names of other domains, or of several selectors.
    """
    owners = {
        kind: {split_name(name)[1] for name in names if "." in split_name(name)[1]}
        for kind, names in (("dmarc", pasted.dmarc), ("record", pasted.record))
    }
    every = sorted(owners["dmarc"] | owners["record"])
    if every:
        named = plain_domain(domain or min(sorted(owners["record"] or owners["dmarc"]), key=len))
        related = [_are_related(plain_domain(owner), named) for owner in every]
        if not (any(related) if domain else all(related)):
            raise Problem("domains-differ", "domain", names=", ".join(every[:4]))
        domain = domain or named
    if not selector:
        selectors = sorted({split_name(name)[0].removesuffix("._bimi") for name in pasted.record if name})
        if len(selectors) > 1 and "default" not in selectors:
            raise Problem("selectors-differ", "selector", names=", ".join(selectors[:4]))
        selector = "default" if len(selectors) != 1 else selectors[0]
    return domain, selector


def _are_related(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _record(logo_url: str, certificate_url: str) -> str:
    """The record that names two addresses.

    Raises:
        Problem: One can't stand in a record.
    """
    for field, url in (("logo_url", logo_url), ("certificate_url", certificate_url)):
        if url and (not url.lower().startswith("https://") or re.search(r"[\s;,]", url)):
            raise Problem("address-not-https", field)
    if not logo_url:
        raise Problem("address-needed", "logo_url")
    return f"v=BIMI1; l={logo_url}; a={certificate_url}"
