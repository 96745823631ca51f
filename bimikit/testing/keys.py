"""Keys for tests. Those on elliptic curves follow from a seed, so that what is made with them is the same each time."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TypeAlias

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from . import der

PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

_CURVES: dict[str, type[ec.EllipticCurve]] = {
    "p256": ec.SECP256R1,
    "p384": ec.SECP384R1,
    "p521": ec.SECP521R1,
    "secp256k1": ec.SECP256K1,
}
KINDS = (*_CURVES, "rsa1024", "rsa2048", "rsa3072", "rsa4096", "ed25519")
"""Kinds of keys, by name."""

_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_ECDSA = {
    "sha1": "1.2.840.10045.4.1",
    "sha256": "1.2.840.10045.4.3.2",
    "sha384": "1.2.840.10045.4.3.3",
    "sha512": "1.2.840.10045.4.3.4",
}
_RSA = {
    "sha1": "1.2.840.113549.1.1.5",
    "sha256": "1.2.840.113549.1.1.11",
    "sha384": "1.2.840.113549.1.1.12",
    "sha512": "1.2.840.113549.1.1.13",
}


@lru_cache(64)
def make_key(kind: str, seed: str) -> PrivateKey:
    """A key of some kind; the same for the same seed, but RSA keys are new in each process.

    Raises:
        ValueError: There is no such kind.
    """
    if kind in _CURVES:
        number = int.from_bytes(hashlib.sha256(f"{kind} {seed}".encode()).digest(), "big")
        return ec.derive_private_key(number % (1 << 250) + 1, _CURVES[kind]())
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())
    if kind in KINDS:
        return rsa.generate_private_key(65537, int(kind.removeprefix("rsa")))
    raise ValueError(f"no such kind of key: {kind!r}; there are {', '.join(KINDS)}")


def spki(key: PrivateKey) -> bytes:
    """The public half, as SubjectPublicKeyInfo DER."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def private_pem(key: PrivateKey) -> bytes:
    """The private half, as PEM."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def algorithm(key: PrivateKey, digest: str = "sha256") -> bytes:
    """The AlgorithmIdentifier of a signature made with a key."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return der.sequence(der.oid(_ECDSA[digest]))
    if isinstance(key, rsa.RSAPrivateKey):
        return der.sequence(der.oid(_RSA[digest]), der.tlv(0x05))
    return der.sequence(der.oid("1.3.101.112"))


def sign(key: PrivateKey, data: bytes, digest: str = "sha256") -> bytes:
    """A signature."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(_HASHES[digest](), deterministic_signing=True))
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), _HASHES[digest]())
    return key.sign(data)
