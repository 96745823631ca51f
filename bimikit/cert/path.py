"""The path from the Mark Certificate to a trusted root: RFC 5280, section 6.1; FETCH 5.1.

Every fault is found and laid at the door of the certificate that has it. OpenSSL's own validation is asked as well
(`openssl`), and nothing passes unless both agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
from OpenSSL import crypto

from ..engine import Fault, quote, to_the_minute
from ..findings import Param
from .asn1 import Certificate
from .bundle import Entry
from .extensions import read_extensions
from .memo import MEMORABLE, Memo
from .oids import BIMI_PURPOSE, KNOWN_CRITICAL, NAME_CONSTRAINTS
from .place import Place
from .signatures import signature_algorithm, verifies
from .subject import common_name, issuer_of, self_issued, subject_of
from .trust import Root, TrustStore

_LONGEST = 8
"""Certificates of a chain that are followed."""
_MOST_SIGNATURES = 120
"""Signatures that are verified on the way; a real file takes two or three."""

KEY_CERT_SIGN, CRL_SIGN = 5, 6
"""Bits of keyUsage (RFC 5280, 4.2.1.3)."""


class Link(msgspec.Struct, frozen=True):
    """A certificate of the chain.

    Attributes:
        certificate: The certificate.
        line: Line of the file; None where it came from the trust store.
        signed: Whether the next one's key made its signature; None where there is no next.
    """

    certificate: Certificate
    line: int | None
    signed: bool | None = None


class Chain(msgspec.Struct, frozen=True):
    """A path upwards from the Mark Certificate.

    Attributes:
        links: The Mark Certificate first.
        root: The trusted root it ends in; None where it ends in none.
    """

    links: tuple[Link, ...]
    root: Root | None

    @property
    def unbroken(self) -> bool:
        """Whether it leads to a trusted root and every signature is right."""
        return self.root is not None and all(link.signed is not False for link in self.links)

    def is_root(self, index: int) -> bool:
        """Whether a certificate is the root: the trusted one, or one at the end that signed itself."""
        certificate = self.links[index].certificate
        if index == 0 or index != len(self.links) - 1 or not self_issued(certificate):
            return False
        return self.root is not None or _signed(certificate, certificate)

    @property
    def issuer(self) -> Certificate | None:
        """The certificate above the Mark Certificate."""
        return self.links[1].certificate if len(self.links) > 1 else None


def build(leaf: Entry, others: list[Entry], trust: TrustStore, at: datetime) -> Chain:
    """The best path at a moment: to a trusted root, with every signature right and every certificate valid, if any."""
    return _Search(others, trust, at).extend((Link(leaf.certificate, leaf.line),))


class _Search:
    """A search upwards, within a budget of signatures: a stranger's file can hold many CAs of one name."""

    def __init__(self, others: list[Entry], trust: TrustStore, at: datetime) -> None:
        self._others = others
        self._lines = {entry.certificate.der: entry.line for entry in others}
        self._trust = trust
        self._at = at
        self._budget = _MOST_SIGNATURES

    def extend(self, links: tuple[Link, ...]) -> Chain:
        """The best chain that begins so."""
        last = links[-1].certificate
        root = self._trust.root(last) if len(links) > 1 else None
        if root is not None or len(links) == _LONGEST or (self_issued(last) and self._signed(last, last)):
            return Chain(links, root)
        rated = [(self._signed(last, link.certificate), link) for link in self._candidates(links)]
        signed = [link for is_signed, link in rated if is_signed]
        best: Chain | None = None
        # one that didn't sign is followed only where none did, to tell what else is wrong
        for link in signed or [link for _, link in rated[:1]]:
            below = msgspec.structs.replace(links[-1], signed=bool(signed))
            chain = self.extend((*links[:-1], below, link))
            if chain.unbroken and all(self._is_valid(one.certificate) for one in chain.links):
                return chain
            if best is None or (chain.unbroken and not best.unbroken):
                best = chain
        return best or Chain(links, None)

    def _candidates(self, links: tuple[Link, ...]) -> list[Link]:
        """Certificates of the issuer's name, the likeliest first: those with the right key, valid, and trusted."""
        last = links[-1].certificate
        found = [Link(root.certificate, self._lines.get(root.der)) for root in self._trust.named(issuer_of(last))]
        found += [
            Link(entry.certificate, entry.line)
            for entry in self._others
            if subject_of(entry.certificate) == issuer_of(last)
        ]
        used = {link.certificate.der for link in links}
        unused: dict[bytes, Link] = {}
        for link in found:
            if link.certificate.der not in used:
                unused.setdefault(link.certificate.der, link)
        if len(unused) < 2:
            return list(unused.values())
        wanted = read_extensions(last).authority_key

        def unlikely(link: Link) -> tuple[bool, bool, int]:
            there = read_extensions(link.certificate).subject_key
            return wanted != there, not self._is_valid(link.certificate), _flaws(link.certificate)

        return sorted(unused.values(), key=unlikely)

    def _is_valid(self, certificate: Certificate) -> bool:
        return certificate.not_before <= self._at <= certificate.not_after

    def _signed(self, certificate: Certificate, issuer: Certificate) -> bool:
        if self._budget == 0:
            return False
        self._budget -= 1
        return _signed(certificate, issuer)


def _flaws(certificate: Certificate) -> int:
    """How many things speak against a certificate as an issuing CA, where another of its name and key is at hand."""
    extensions = read_extensions(certificate)
    return sum(
        (
            not extensions.ca,
            extensions.key_usage is not None and KEY_CERT_SIGN not in extensions.key_usage,
            extensions.purposes != (BIMI_PURPOSE,),
            certificate.extension(NAME_CONSTRAINTS) is not None,
            *(one.critical and one.oid not in KNOWN_CRITICAL for one in certificate.extensions),
        )
    )


_signatures: Memo[tuple[bytes, bytes], bool] = Memo(256)


def _signed(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether the issuer's key made the certificate's signature; of a CA's it is remembered."""

    def verify() -> bool:
        return verifies(issuer.spki, signature_algorithm(certificate.algorithm), certificate.signature, certificate.tbs)

    if read_extensions(certificate).ca and len(certificate.der) + len(issuer.spki) <= MEMORABLE:
        return _signatures.get((certificate.der, issuer.spki), verify)
    return verify()


def judge(chain: Chain, trust: TrustStore, at: datetime) -> Iterator[Fault[Place]]:
    """Everything wrong with the path."""
    yield from _ending(chain, trust)
    for index, link in enumerate(chain.links):
        yield from _validity(index, link.certificate, at, is_root=chain.is_root(index))
        yield from _signature(index, link)
        if index:
            yield from _authority(chain, index)


def _ending(chain: Chain, trust: TrustStore) -> Iterator[Fault[Place]]:
    if chain.root is not None:
        return
    index = len(chain.links) - 1
    last = chain.links[index].certificate
    place = Place(index, "issuer")
    params = {"issuer": quote(common_name(last.issuer)), "store": trust.describe()["date"] or trust.name}
    if index == 0 and not self_issued(last):
        url = next((name.text for name in read_extensions(last).issuers or ()), "–")
        yield Fault("cert.issuer-missing", place, "", {**params, "url": quote(url)})
    elif trust.named(issuer_of(last)) and self_issued(last):
        yield Fault("cert.root-impostor", place, "", params)
    elif trust.knows_roots_of(chain.links[0].certificate.not_before):
        yield Fault("cert.root-untrusted", place, "", params)
    else:
        yield Fault("cert.root-unknown", place, "", params)


def _validity(index: int, certificate: Certificate, at: datetime, *, is_root: bool) -> Iterator[Fault[Place]]:
    if certificate.not_before <= at <= certificate.not_after:
        return
    kind = "" if index == 0 else "root-" if is_root else "ca-"
    params = {
        "from": to_the_minute(certificate.not_before),
        "until": to_the_minute(certificate.not_after),
    }
    if certificate.not_before > certificate.not_after:
        yield Fault("cert.validity-reversed", Place(index, "validity"), str(index), params)
    elif at > certificate.not_after:
        yield Fault(f"cert.{kind}expired", Place(index, "notAfter"), str(index), params)
    elif at < certificate.not_before:
        yield Fault(f"cert.{kind}not-yet-valid", Place(index, "notBefore"), str(index), params)


def _signature(index: int, link: Link) -> Iterator[Fault[Place]]:
    certificate = link.certificate
    algorithm = signature_algorithm(certificate.algorithm)
    place = Place(index, "signature")
    if certificate.algorithm != certificate.inner_algorithm:
        yield Fault("cert.signature-algorithm-mismatch", place, str(index))
    if not algorithm.allowed:
        yield Fault("cert.signature-algorithm", place, str(index), {"algorithm": algorithm.name})
    if link.signed is False:
        yield Fault("cert.signature-invalid", place, str(index), {"issuer": quote(common_name(certificate.issuer))})


def _authority(chain: Chain, index: int) -> Iterator[Fault[Place]]:
    """What RFC 5280 demands of a certificate that issued another."""
    certificate = chain.links[index].certificate
    extensions = read_extensions(certificate)

    def fault(rule: str, place: Place, **details: Param) -> Fault[Place]:
        return Fault(rule, place, str(index), {"subject": quote(common_name(certificate.subject)), **details})

    if not extensions.ca:
        yield fault("cert.ca-not-a-ca", Place(index, "basicConstraints"))
    elif extensions.path_length is not None:
        below = sum(not self_issued(link.certificate) for link in chain.links[1:index])
        if below > extensions.path_length:
            constraints = Place(index, "basicConstraints")
            yield fault("cert.path-length", constraints, allowed=extensions.path_length, found=below)
    if extensions.key_usage is not None and KEY_CERT_SIGN not in extensions.key_usage:
        yield fault("cert.ca-key-usage", Place(index, "keyUsage"))
    wanted = read_extensions(chain.links[index - 1].certificate).authority_key
    if wanted is not None and extensions.subject_key is not None and wanted != extensions.subject_key:
        yield fault("cert.key-identifier", Place(index - 1, "authorityKeyIdentifier"))


def openssl_refuses(chain: Chain, at: datetime) -> str:
    """What OpenSSL has against the path; empty for nothing.

    Unknown critical extensions are left to our own list, because trusted Mark Certificates carry the pilot identifier
    as critical. That OpenSSL accepts an issuing CA under its root is remembered; the Mark Certificate is then judged
    under that CA alone.
    """
    certificates = [link.certificate for link in chain.links]
    try:
        if len(certificates) == 3 and _may_remember(certificates[1], certificates[2], at):
            _leaf, issuing, root = certificates
            moment = max(issuing.not_before, root.not_before)
            refusal = _accepted.get((issuing.der, root.der), lambda: _refusal([issuing, root], moment) or "accepted")
            if refusal != "accepted":
                return refusal
            return _refusal(certificates[:2], at)
        return _refusal(certificates, at)
    except crypto.Error as problem:
        return _reason(problem)


_accepted: Memo[tuple[bytes, bytes], str] = Memo(64)


def _may_remember(issuing: Certificate, root: Certificate, at: datetime) -> bool:
    """Whether nothing about the root depends on what is below the issuing CA, or on the moment."""
    return (
        len(issuing.der) + len(root.der) <= 2 * MEMORABLE
        and read_extensions(root).path_length is None
        and all(one.not_before <= at <= one.not_after for one in (issuing, root))
        and max(issuing.not_before, root.not_before) <= min(issuing.not_after, root.not_after)
    )


def _refusal(certificates: list[Certificate], at: datetime) -> str:
    """What OpenSSL has against the first certificate, the last being trusted; empty for nothing."""
    first, *between = map(_loaded, certificates[:-1])
    try:
        crypto.X509StoreContext(_store(certificates[-1], at), first, between).verify_certificate()
    except crypto.X509StoreContextError as problem:
        return str(problem)
    return ""


def _store(trusted: Certificate, at: datetime) -> crypto.X509Store:
    """A store with one certificate for one moment, which can be set only once; the last one is kept."""
    kept: tuple[datetime, crypto.X509Store] | None = trusted.notes.get("store")
    if kept is not None and kept[0] == at:
        return kept[1]
    store = crypto.X509Store()
    store.set_flags(crypto.X509StoreFlags.IGNORE_CRITICAL | crypto.X509StoreFlags.PARTIAL_CHAIN)
    store.set_time(at)
    store.add_cert(_loaded(trusted))
    trusted.notes["store"] = at, store
    return store


def _loaded(certificate: Certificate) -> crypto.X509:
    return certificate.once("openssl", _load)


def _load(certificate: Certificate) -> crypto.X509:
    return crypto.load_certificate(crypto.FILETYPE_ASN1, certificate.der)


def _reason(problem: Exception) -> str:
    details = problem.args[0] if problem.args else ()
    return "; ".join(str(detail[-1]) for detail in details) or repr(problem)


def file_order(chain: Chain, others: list[Entry]) -> Iterator[Fault[Place]]:
    """Certificates out of order, or beside the chain (FETCH 3.3)."""
    in_file = [link for link in chain.links if link.line is not None]
    as_written = sorted(in_file, key=lambda link: link.line or 0)
    if as_written != in_file:
        names = " → ".join(common_name(link.certificate.subject) for link in as_written)
        wrong = next(written for written, wanted in zip(as_written, in_file, strict=True) if written is not wanted)
        yield Fault("cert.order", Place(line=wrong.line), "", {"found": quote(names, 300)})
    used = {link.certificate.der for link in chain.links}
    for entry in others:
        if entry.certificate.der not in used:
            yield Fault(
                "cert.unrelated", Place(line=entry.line), "", {"subject": quote(common_name(entry.certificate.subject))}
            )
