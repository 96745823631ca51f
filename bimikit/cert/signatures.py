"""Signatures and keys: verified with `cryptography`, named for people. Sources: RFC 3279, 4055, 5758; MCR 6.1.5."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, TypeAlias

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_der_public_key

from .asn1 import Undecodable, decode

Hash: TypeAlias = hashes.HashAlgorithm

HASHES: dict[str, Hash] = {
    "1.2.840.113549.2.5": hashes.MD5(),
    "1.3.14.3.2.26": hashes.SHA1(),
    "2.16.840.1.101.3.4.2.4": hashes.SHA224(),
    "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
"""Digest algorithms by OID; which of them are allowed is another question."""
ALLOWED_HASHES = frozenset({"sha256", "sha384", "sha512"})
"""MCR 6.1.5."""

_SIGNATURES: dict[str, tuple[str, Hash]] = {
    "1.2.840.113549.1.1.4": ("rsa", hashes.MD5()),
    "1.2.840.113549.1.1.5": ("rsa", hashes.SHA1()),
    "1.2.840.113549.1.1.14": ("rsa", hashes.SHA224()),
    "1.2.840.113549.1.1.11": ("rsa", hashes.SHA256()),
    "1.2.840.113549.1.1.12": ("rsa", hashes.SHA384()),
    "1.2.840.113549.1.1.13": ("rsa", hashes.SHA512()),
    "1.2.840.10045.4.1": ("ecdsa", hashes.SHA1()),
    "1.2.840.10045.4.3.1": ("ecdsa", hashes.SHA224()),
    "1.2.840.10045.4.3.2": ("ecdsa", hashes.SHA256()),
    "1.2.840.10045.4.3.3": ("ecdsa", hashes.SHA384()),
    "1.2.840.10045.4.3.4": ("ecdsa", hashes.SHA512()),
}
_PSS = "1.2.840.113549.1.1.10"
_OTHER_NAMES = {"1.3.101.112": "Ed25519", "1.3.101.113": "Ed448", "1.2.840.10040.4.3": "DSA-SHA1"}


@asn1.sequence
class _Algorithm:
    oid: x509.ObjectIdentifier


@asn1.sequence
class _AlgorithmWithParameters:
    oid: x509.ObjectIdentifier
    parameters: asn1.TLV


@asn1.sequence
class _AlgorithmOnly:
    oid: x509.ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class _PssParameters:
    """RFC 4055, 3.1."""

    digest: Annotated[_AlgorithmWithParameters | None, asn1.Explicit(0)]
    mask: Annotated[_AlgorithmWithParameters | None, asn1.Explicit(1)]
    salt_length: Annotated[int | None, asn1.Explicit(2)]
    trailer: Annotated[int | None, asn1.Explicit(3)]


class SignatureAlgorithm(msgspec.Struct, frozen=True):
    """How something was signed.

    Attributes:
        scheme: ``"rsa"``, ``"pss"``, ``"ecdsa"``, or empty where it isn't one we verify.
        digest: The hash; None where it isn't known.
        name: Name for people.
        salt_length: Bytes of salt, for ``"pss"``.
        mask: The hash of the mask generation, for ``"pss"``.
    """

    scheme: str
    digest: Hash | None
    name: str
    salt_length: int = 0
    mask: Hash | None = None

    @property
    def allowed(self) -> bool:
        """Whether MCR 6.1.5 allows it."""
        return bool(self.scheme) and self.digest is not None and self.digest.name in ALLOWED_HASHES


def signature_algorithm(der: bytes) -> SignatureAlgorithm:
    """Read an AlgorithmIdentifier."""
    return _remembered_algorithm(der) if len(der) <= _MEMORABLE else SignatureAlgorithm("", None, "?")


_MEMORABLE = 2048
"""Bytes: longer algorithms are none, and longer keys aren't remembered."""


@lru_cache(16)
def _remembered_algorithm(der: bytes) -> SignatureAlgorithm:
    try:
        oid, parameters = _algorithm(der)
    except Undecodable:
        return SignatureAlgorithm("", None, "?")
    if oid in _SIGNATURES:
        scheme, digest = _SIGNATURES[oid]
        return SignatureAlgorithm(scheme, digest, f"{scheme.upper()}-{digest.name.upper()}")
    if oid == _PSS and parameters is not None:
        return _pss(parameters)
    return SignatureAlgorithm("", None, _OTHER_NAMES.get(oid, oid))


def _algorithm(der: bytes) -> tuple[str, asn1.TLV | None]:
    try:
        with_parameters = decode(_AlgorithmWithParameters, der)
    except Undecodable:
        return decode(_Algorithm, der).oid.dotted_string, None
    return with_parameters.oid.dotted_string, with_parameters.parameters


def _pss(parameters: asn1.TLV) -> SignatureAlgorithm:
    unknown = SignatureAlgorithm("", None, "RSA-PSS")
    try:
        read: _PssParameters = parameters.parse(_PssParameters)
    except ValueError:
        return unknown
    try:
        digest = HASHES.get(read.digest.oid.dotted_string) if read.digest else hashes.SHA1()
        inner: _AlgorithmOnly | None = read.mask.parameters.parse(_AlgorithmOnly) if read.mask else None
    except ValueError:
        return unknown
    mask = HASHES.get(inner.oid.dotted_string) if inner else hashes.SHA1()
    salt = 20 if read.salt_length is None else read.salt_length
    if digest is None or mask is None or not 0 <= salt <= _LONGEST_SALT:
        return unknown
    return SignatureAlgorithm("pss", digest, f"RSA-PSS-{digest.name.upper()}", salt, mask)


_LONGEST_SALT = 512


class Key(msgspec.Struct, frozen=True):
    """A public key.

    Attributes:
        kind: ``"RSA"``, ``"EC"`` or another name.
        size: Bits.
        curve: Name of the curve, for ``"EC"``.
        key: The key itself; None where it can't be loaded.
    """

    kind: str
    size: int
    curve: str
    key: PublicKeyTypes | None

    @property
    def name(self) -> str:
        """Name for people."""
        return f"{self.kind} {self.curve or self.size or ''}".strip()

    @property
    def allowed(self) -> bool:
        """Whether MCR 6.1.5 allows it."""
        return (self.kind == "RSA" and self.size >= 2048) or (self.kind == "EC" and self.curve in _CURVES)


_CURVES = frozenset({"secp256r1", "secp384r1", "secp521r1"})


LARGEST_RSA = 8192
"""Bits; a larger key is named, and nothing is verified with it, because that would take long."""


def read_key(spki: bytes) -> Key:
    """Load a SubjectPublicKeyInfo."""
    return _remembered_key(spki) if len(spki) <= _MEMORABLE else _read_key(spki)


def _read_key(spki: bytes) -> Key:
    try:
        key = load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm, TypeError, OverflowError):
        return Key("?", 0, "", None)
    if isinstance(key, rsa.RSAPublicKey):
        return Key("RSA", key.key_size, "", key if key.key_size <= LARGEST_RSA else None)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return Key("EC", key.curve.key_size, key.curve.name, key)
    return Key(type(key).__name__.removeprefix("_").removesuffix("PublicKey"), 0, "", key)


_remembered_key = lru_cache(16)(_read_key)


def verifies(spki: bytes, algorithm: SignatureAlgorithm, signature: bytes, data: bytes) -> bool:
    """Whether a key made a signature over some data; False for what can't be verified at all."""
    key = read_key(spki).key
    if algorithm.digest is None:
        return False
    try:
        if algorithm.scheme == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(algorithm.digest))
        elif algorithm.scheme == "rsa" and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), algorithm.digest)
        elif algorithm.scheme == "pss" and isinstance(key, rsa.RSAPublicKey):
            mask = padding.MGF1(algorithm.mask or algorithm.digest)
            key.verify(signature, data, padding.PSS(mask, algorithm.salt_length), algorithm.digest)
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, OverflowError):
        return False
    return True
