"""Full validations of a Mark Certificate per second, beside their floor and checkdmarc's check, in the same run.

The floor is what nobody can do without: load and parse the three certificates (names, keys, extensions), verify the
chain's signatures, rebuild the precertificate and verify its SCT, all with `cryptography`. `check_certificate` does all
of that with every rule on, the logo inside, and OpenSSL's path validation as a second opinion. checkdmarc's check
judges at the present time, so that it does the same work and reports what has expired.

What is judged: forty files of a test authority with RSA keys of the sizes that real ones have, each with a logo of its
own; the same with EC keys; and files named on the command line, such as real certificates, thirty days after each was
issued. Rounds are interleaved; the best round counts.

Usage: python -m benchmarks.cert [FILE.pem …]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from statistics import mean

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from bimikit import TrustStore, check_certificate
from bimikit.testing import MarkCA
from fixtures.logos import likely

ROUNDS = 25


def floor(data: bytes, trust: TrustStore) -> None:
    """Load, parse, verify the chain, verify the SCT."""
    chain = x509.load_pem_x509_certificates(data)
    issuers = (x509.load_der_x509_certificate(root.der) for root in trust.roots)
    chain = [*chain[:2], next(root for root in issuers if root.subject == chain[1].issuer)]
    parsed = [(one.subject.rdns, one.serial_number, one.public_key(), list(one.extensions)) for one in chain]
    chain[0].verify_directly_issued_by(chain[1])
    chain[1].verify_directly_issued_by(chain[2])
    (sct,) = next(
        extension.value
        for extension in parsed[0][3]
        if isinstance(extension.value, x509.PrecertificateSignedCertificateTimestamps)
    )
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


def race(label: str, files: Sequence[bytes], trust: TrustStore, at: Sequence[datetime]) -> None:
    """Run everybody over the files in turn and print a table."""
    runners: dict[str, Callable[[bytes, datetime], object]] = {
        "floor": lambda data, _moment: floor(data, trust),
        "bimikit check_certificate": lambda data, moment: check_certificate(data, trust=trust, at=moment),
    }
    try:
        from checkdmarc.bimi import get_certificate_metadata
    except ImportError:
        print("checkdmarc is not installed: left out (make bench installs it)")
    else:
        runners["checkdmarc certificate check"] = lambda data, _moment: get_certificate_metadata(data)
    best = dict.fromkeys(runners, float("inf"))
    for _ in range(ROUNDS):
        for name, run in runners.items():
            started = time.perf_counter()
            for data, moment in zip(files, at, strict=True):
                run(data, moment)
            best[name] = min(best[name], (time.perf_counter() - started) / len(files))
    print(f"{label}: {len(files)} files, mean {mean(map(len, files)):,.0f} bytes")
    for name, seconds in best.items():
        share = best["floor"] / seconds
        print(f"  {name:28} {1 / seconds:9,.0f} /s {seconds * 1e6:10,.0f} µs   {share:6.2f} of the floor")


def main() -> None:
    """Print all tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("files", nargs="*", type=Path, metavar="FILE.pem")
    chosen = options.parse_args()
    logos = [likely(seed, 1_500).encode() for seed in range(40)]
    for label, ca_key, key in (("RSA keys (CA 4096, leaf 2048 bits)", "rsa4096", "rsa2048"), ("EC keys", "", "p256")):
        ca = MarkCA(at=datetime(2026, 11, 24, tzinfo=UTC), key=ca_key)
        issued = [ca.issue(f"brand{number}.example", logo=logo, key=key).pem for number, logo in enumerate(logos)]
        race(label, issued, ca.trust, [ca.at] * len(issued))
    if chosen.files:
        files = [path.read_bytes() for path in chosen.files]
        at = [x509.load_pem_x509_certificate(data).not_valid_before_utc + timedelta(days=30) for data in files]
        for path, data, moment in zip(chosen.files, files, at, strict=True):
            assert check_certificate(data, at=moment).ok, path
        race("named files", files, TrustStore.builtin(), at)


if __name__ == "__main__":
    main()
