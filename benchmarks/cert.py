"""Full validations of a Mark Certificate per second, beside their floor and checkdmarc's check, in the same run.

The floor is what nobody can do without: load and parse every certificate, verify the chain's signatures, rebuild the
precertificate and verify its SCT, all with `cryptography`. `check_certificate` does all of that with every rule on, the
logo inside, and OpenSSL's path validation as a second opinion. checkdmarc's check needs PEM of a certificate it trusts
and judges at the present time, so that it does the same work but reports an expired or unknown certificate.

What is judged: a file of the test authority (EC keys), and files named on the command line, such as real certificates
(RSA keys), each judged thirty days after it was issued. Rounds are interleaved; the best round counts.

Usage: python -m benchmarks.cert [FILE.pem …]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from bimikit import TrustStore, check_certificate
from bimikit.testing import MarkCA

ROUNDS, REPEATS = 25, 40
Contestant = Callable[[], object]


def floor(data: bytes, trust: TrustStore) -> None:
    """Load, verify the chain, verify the SCT."""
    chain = x509.load_pem_x509_certificates(data)
    root = next(
        found for root in trust.roots if (found := x509.load_der_x509_certificate(root.der)).subject == chain[1].issuer
    )
    chain[0].verify_directly_issued_by(chain[1])
    chain[1].verify_directly_issued_by(root)
    extensions = chain[0].extensions
    (sct,) = extensions.get_extension_for_class(x509.PrecertificateSignedCertificateTimestamps).value
    tbs = chain[0].tbs_precertificate_bytes
    issuer = chain[1].public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    log = trust.log(sct.log_id)
    assert log is not None
    milliseconds = round(sct.timestamp.replace(tzinfo=UTC).timestamp() * 1000)
    signed = b"\0\0" + milliseconds.to_bytes(8, "big") + b"\0\1" + sha256(issuer).digest()
    signed += len(tbs).to_bytes(3, "big") + tbs + b"\0\0"
    key = load_der_public_key(log.key)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(sct.signature, signed, ec.ECDSA(hashes.SHA256()))


def race(label: str, runners: dict[str, Contestant]) -> None:
    """Run everybody in turn and print a table."""
    best = dict.fromkeys(runners, float("inf"))
    for _ in range(ROUNDS):
        for name, run in runners.items():
            started = time.perf_counter()
            for _ in range(REPEATS):
                run()
            best[name] = min(best[name], (time.perf_counter() - started) / REPEATS)
    print(label)
    for name, seconds in best.items():
        share = best["floor"] / seconds
        print(f"  {name:26} {1 / seconds:9,.0f} /s {seconds * 1e6:10,.0f} µs   {share:6.2f} of the floor")


def contestants(data: bytes, trust: TrustStore, at: datetime) -> dict[str, Contestant]:
    """Who takes part."""
    found: dict[str, Contestant] = {
        "floor": lambda: floor(data, trust),
        "bimikit check_certificate": lambda: check_certificate(data, trust=trust, at=at),
    }
    try:
        from checkdmarc.bimi import get_certificate_metadata
    except ImportError:
        print("checkdmarc is not installed: left out (make bench installs it)")
    else:
        found["checkdmarc certificate check"] = lambda: get_certificate_metadata(data)
    return found


def main() -> None:
    """Print all tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("files", nargs="*", type=Path, metavar="FILE.pem")
    ca = MarkCA(at=datetime(2026, 11, 24, tzinfo=UTC))
    race("test authority, EC keys", contestants(ca.issue().pem, ca.trust, ca.at))
    for path in options.parse_args().files:
        data = path.read_bytes()
        at = x509.load_pem_x509_certificate(data).not_valid_before_utc + timedelta(days=30)
        assert check_certificate(data, at=at).ok, path
        race(path.name, contestants(data, TrustStore.builtin(), at))


if __name__ == "__main__":
    main()
