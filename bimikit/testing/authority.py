"""A Mark Verifying Authority of one's own: root, issuing CA, Certificate Transparency log and CRLs, for tests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from ..arguments import in_utc
from ..cert import oids
from ..cert.asn1 import Undecodable, read_certificate
from ..cert.marks import GOVERNMENT, KIND_OF_MARK, MODIFIED, PRIOR_USE, REGISTERED
from ..cert.trust import CtLog, TrustStore
from . import der
from .keys import PrivateKey, algorithm, make_key, sign, spki
from .plan import Attribute, CertificatePlan, LogotypePlan, Plan, TimestampPlan, to_pem

LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 96 96" width="96" '
    b'height="96">\n<title>Acme</title>\n<desc>A white disc on blue</desc>\n'
    b'<rect width="96" height="96" fill="#1a3d8f"/>\n<circle cx="48" cy="48" r="30" fill="#fff"/>\n</svg>\n'
)
"""A conformant logo."""

PROVIDER_POLICY = "1.3.6.1.4.1.99999.1.1"
_CRL_URL = "http://crl.test-mva.example/issuing.crl"
_ROOT_CRL_URL = "http://crl.test-mva.example/root.crl"
_CPS_URL = "https://test-mva.example/cps"
_CAS_URL = "http://test-mva.example/issuing.cer"
_ROOT_URL = "http://test-mva.example/root.cer"

_BASE_SUBJECT: tuple[tuple[str, str], ...] = (
    ("2.5.4.15", "Private Organization"),
    ("1.3.6.1.4.1.311.60.2.1.3", "JP"),
    ("2.5.4.5", "0100-01-012345"),
    ("2.5.4.6", "JP"),
    ("2.5.4.8", "Tokyo"),
    ("2.5.4.7", "Chiyoda-ku"),
    ("2.5.4.9", "1-1-1 Otemachi"),
    ("2.5.4.10", "Acme K.K."),
)
_TRADEMARK = (("1.3.6.1.4.1.53087.1.3", "JP"), ("1.3.6.1.4.1.53087.1.4", "6123456"))
_OF_TYPE: dict[str, tuple[tuple[str, str], ...]] = {
    REGISTERED: _TRADEMARK,
    MODIFIED: _TRADEMARK,
    GOVERNMENT: (("1.3.6.1.4.1.53087.3.2", "JP"), ("1.3.6.1.4.1.53087.3.5", "Act No. 1 of 2001")),
    PRIOR_USE: (("1.3.6.1.4.1.53087.5.1", "https://web.archive.org/web/2024/https://acme.example/"),),
}
_COUNTRIES = frozenset({"2.5.4.6", "1.3.6.1.4.1.311.60.2.1.3", "1.3.6.1.4.1.53087.1.3", "1.3.6.1.4.1.53087.3.2"})


class Issued(msgspec.Struct, frozen=True):
    """A file that was made.

    Attributes:
        pem: The file, as it would be published.
        leaf: DER of the Mark Certificate.
        issuing: DER of the issuing CA.
        root: DER of the root.
        logo: The Indicator that was meant to be inside, uncompressed.
        rule: The rule that its defect breaks; None where it has none.
    """

    pem: bytes
    leaf: bytes
    issuing: bytes
    root: bytes
    logo: bytes
    rule: str | None = None


class MarkCA:
    """A Mark Verifying Authority for tests.

    Everything follows from the arguments: the same ones make the same certificates, byte for byte (RSA keys, which are
    new each time, apart).

    Args:
        at: The moment its certificates are meant to be judged at; must have a time zone. Now by default.
        seed: Another seed makes another authority, of the same name.
        name: The authority's organization.
        key: The kind of its root's and issuing CA's keys, one of `KEY_KINDS`; P-384 and P-256 by default.

    Raises:
        ValueError: `at` has no time zone, or there is no such kind of key.

    Attributes:
        at: The moment its certificates are meant to be judged at.
        root_key: The root's private key.
        issuing_key: The issuing CA's private key.
        log_key: The Certificate Transparency log's private key.

    Example:
        >>> from datetime import UTC, datetime
        >>> import bimikit
        >>> ca = bimikit.testing.MarkCA(at=datetime(2026, 11, 24, tzinfo=UTC))
        >>> file = ca.issue("example.com").pem
        >>> bimikit.check_certificate(file, domain="example.com", trust=ca.trust, at=ca.at).ok
        True
    """

    def __init__(
        self,
        *,
        at: datetime | None = None,
        seed: str = "",
        name: str = "Test MVA",
        key: str = "",
        crl_urls: tuple[str, str] = (_CRL_URL, _ROOT_CRL_URL),
    ) -> None:
        self.at = in_utc(at)
        self.seed = seed
        self.name = name
        self.crl_urls = crl_urls
        self.root_key = make_key(key or "p384", f"root {seed}")
        self.issuing_key = make_key(key or "p256", f"issuing {seed}")
        self.log_key = make_key("p256", f"log {seed}")

    @property
    def trust(self) -> TrustStore:
        """A store with this authority's root and log, and nothing else."""
        root = self._plan().root.make()
        return TrustStore([root], [CtLog(spki(self.log_key), "Test log")], name="test")

    @property
    def root_pem(self) -> bytes:
        """The root certificate in PEM, as ``bimikit cert --roots`` takes it."""
        return to_pem(self._plan().root.make())

    @property
    def log_pem(self) -> bytes:
        """The log's public key in PEM, as ``bimikit cert --ct-log`` takes it."""
        return to_pem(spki(self.log_key), "PUBLIC KEY")

    def issue(
        self,
        domain: str = "example.com",
        *,
        names: Iterable[str] | None = None,
        mark_type: str | None = None,
        logo: bytes = LOGO,
        key: str = "p256",
        defect: str | None = None,
        variant: str | None = None,
        days: int = 397,
        age: int = 30,
        include_root: bool = False,
    ) -> Issued:
        """Issue a Mark Certificate.

        Args:
            domain: The domain it is for.
            names: Its dNSNames; `domain` alone by default.
            mark_type: ``"Registered Mark"`` or ``"Government Mark"`` for a VMC, ``"Prior Use Mark"`` or ``"Modified
                Registered Mark"`` for a CMC. By default the first one, or one that can have the defect.
            logo: The SVG to certify, uncompressed.
            key: The kind of its key, one of `KEY_KINDS`.
            defect: What is to be wrong with it, one of `DEFECTS`; nothing by default.
            variant: How it is to be unusual, yet conformant, one of `VARIANTS`.
            days: Days of validity.
            age: Days that it is old at `at`.
            include_root: Whether the file has the root as well.

        Raises:
            ValueError: There is no such mark type, kind of key, defect or variant.
        """
        from .defects import DEFECTS
        from .variants import VARIANTS

        for kind, name, known in (("defect", defect, DEFECTS), ("variant", variant, VARIANTS)):
            if name is not None and name not in known:
                raise ValueError(f"no such {kind}: {name!r}; see bimikit.testing.{kind.upper()}S")
        spoiled = DEFECTS[defect] if defect is not None else None
        mark_type = mark_type or (spoiled.mark_type if spoiled else REGISTERED)
        plan = self._plan(domain, names, mark_type, logo, key, days, age)
        if include_root:
            plan.in_file = (*plan.in_file, "root")
        if spoiled is not None:
            spoiled.apply(plan)
        if variant is not None:
            VARIANTS[variant].apply(plan)
        made = plan.make()
        pem = plan.write(made) if plan.write else b"".join(to_pem(made[part]) for part in plan.in_file)
        return Issued(pem, made["leaf"], made["issuing"], made["root"], logo, spoiled.rule if spoiled else None)

    def crl(
        self,
        revoked: Mapping[bytes, datetime] | Iterable[bytes] = (),
        *,
        of: str = "issuing",
        age: int = 1,
        days: int = 7,
        extensions: Iterable[bytes] = (),
        key: PrivateKey | None = None,
    ) -> bytes:
        """A CRL, in DER.

        Args:
            revoked: DER of the certificates on it, with the moment of revocation; a day before `at` by default.
            of: Whose it is: ``"issuing"`` (about Mark Certificates) or ``"root"`` (about issuing CAs).
            age: Days since thisUpdate, at `at`.
            days: Days from thisUpdate to nextUpdate.
            extensions: DER of further CRL extensions.
            key: What to sign with, where that isn't the CA's key.

        Raises:
            ValueError: `revoked` isn't DER of certificates, such as `Issued.leaf`.
        """
        times = revoked if isinstance(revoked, Mapping) else dict.fromkeys(revoked, self.at - timedelta(days=1))
        plan = self._plan()
        issuer = plan.issuing if of == "issuing" else plan.root
        signer = key or issuer.key
        this = self.at - timedelta(days=age)
        entries = [
            der.sequence(der.integer(_serial_of(certificate)), der.time(when)) for certificate, when in times.items()
        ]
        number = der.sequence(der.oid("2.5.29.20"), der.octets(der.integer(7)))
        tbs = der.sequence(
            der.integer(1),
            algorithm(signer),
            der.name(issuer.subject),
            der.time(this),
            der.time(this + timedelta(days=days)),
            der.sequence(*entries) if entries else b"",
            der.explicit(0, der.sequence(number, *extensions)),
        )
        return der.sequence(tbs, algorithm(signer), der.bits(sign(signer, tbs)))

    def _plan(
        self,
        domain: str = "example.com",
        names: Iterable[str] | None = None,
        mark_type: str = REGISTERED,
        logo: bytes = LOGO,
        key: str = "p256",
        days: int = 397,
        age: int = 30,
    ) -> Plan:
        if mark_type not in _OF_TYPE:
            known = ", ".join(f"{name} ({KIND_OF_MARK[name]})" for name in _OF_TYPE)
            raise ValueError(f"no such mark type: {mark_type!r}; there are {known}")
        if days < 1:
            raise ValueError("a certificate is valid for at least one day")
        midnight = self.at.replace(hour=0, minute=0, second=0)
        issued = midnight - timedelta(days=age)
        leaf_key = make_key(key, f"leaf {self.seed}")
        root_name = _ca_name(self.name, "Test Verified Mark Root")
        issuing_name = _ca_name(self.name, "Test Verified Mark CA 1")
        root = CertificatePlan(
            root_name, root_name, self.root_key, self.root_key, midnight.replace(year=midnight.year - 5, day=1),
            midnight.replace(year=midnight.year + 20, day=1), _serial("root", self.seed), digest="sha384",
            extensions=_ca_extensions(self.root_key, None),
        )  # fmt: skip
        issuing = CertificatePlan(
            issuing_name, root_name, self.issuing_key, self.root_key, midnight.replace(year=midnight.year - 3, day=1),
            midnight.replace(year=midnight.year + 10, day=1), _serial("issuing", self.seed), digest="sha384",
            extensions=_ca_extensions(self.issuing_key, self.root_key, self.crl_urls[1]),
        )  # fmt: skip
        leaf = CertificatePlan(
            _subject(mark_type), issuing_name, leaf_key, self.issuing_key, issued,
            issued + timedelta(days=days, seconds=-1), _serial(f"leaf {domain} {mark_type}", self.seed),
            extensions=_mark_extensions(leaf_key, self.issuing_key, list(names or (domain,)), self.crl_urls[0]),
        )  # fmt: skip
        timestamp = TimestampPlan(self.log_key, issued + timedelta(hours=9))
        return Plan(self.at, domain, leaf, issuing, root, LogotypePlan(logo), [timestamp], self.log_key)


def _serial_of(certificate: bytes) -> int:
    try:
        return read_certificate(certificate).serial
    except Undecodable:
        raise ValueError("revoked must be certificates in DER form, such as Issued.leaf") from None


def _serial(label: str, seed: str) -> int:
    """Sixteen octets, the first neither zero nor negative."""
    return int.from_bytes(hashlib.sha256(f"{label} {seed}".encode()).digest()[:16], "big") >> 1 | 1 << 126


def _ca_name(organization: str, common: str) -> list[Attribute]:
    return [
        ("2.5.4.6", "JP", der.PRINTABLE),
        ("2.5.4.10", organization, der.UTF8),
        ("2.5.4.3", common, der.UTF8),
    ]


def _subject(mark_type: str) -> list[Attribute]:
    own = (*_BASE_SUBJECT, ("1.3.6.1.4.1.53087.1.13", mark_type), *_OF_TYPE[mark_type])
    return [(oid, value, der.PRINTABLE if oid in _COUNTRIES else der.UTF8) for oid, value in own]


def key_identifier(key: PrivateKey) -> bytes:
    """The identifier of a key, as RFC 5280, 4.2.1.2 suggests."""
    return hashlib.sha1(spki(key), usedforsecurity=False).digest()


def crl_points(*urls: str) -> bytes:
    """Content of cRLDistributionPoints."""
    return der.sequence(
        *(der.sequence(der.explicit(0, der.explicit(0, der.implicit(6, url.encode())))) for url in urls)
    )


def policies(*listed: tuple[str, str | None]) -> bytes:
    """Content of certificatePolicies: OIDs and CPS addresses."""
    return der.sequence(
        *(
            der.sequence(
                der.oid(policy),
                der.sequence(der.sequence(der.oid(oids.CPS_QUALIFIER), der.text(cps, der.IA5))) if cps else b"",
            )
            for policy, cps in listed
        )
    )


def purposes(*listed: str) -> bytes:
    """Content of extKeyUsage."""
    return der.sequence(*map(der.oid, listed))


def dns_names(*names: str) -> bytes:
    """Content of subjectAltName, with dNSNames."""
    return der.sequence(*(der.implicit(2, name.encode()) for name in names))


def issuer_urls(*urls: str) -> bytes:
    """Content of authorityInfoAccess, with caIssuers."""
    return der.sequence(*(der.sequence(der.oid(oids.CA_ISSUERS), der.implicit(6, url.encode())) for url in urls))


GOOD_POLICIES = policies((PROVIDER_POLICY, _CPS_URL), (oids.GENERAL_POLICY, None))


def _ca_extensions(key: PrivateKey, above: PrivateKey | None, crl_url: str = "") -> dict[str, tuple[bool, bytes]]:
    """Those of an issuing CA, or of a root where nothing is above."""
    length = der.integer(0) if above is not None else b""
    extensions = {
        oids.BASIC_CONSTRAINTS: (True, der.sequence(der.boolean(True), length)),
        oids.KEY_USAGE: (True, der.flags(5, 6)),
        oids.SUBJECT_KEY_IDENTIFIER: (False, der.octets(key_identifier(key))),
    }
    if above is not None:
        extensions |= {
            oids.AUTHORITY_KEY_IDENTIFIER: (False, der.sequence(der.implicit(0, key_identifier(above)))),
            oids.EXTENDED_KEY_USAGE: (False, purposes(oids.BIMI_PURPOSE)),
            oids.CERTIFICATE_POLICIES: (False, GOOD_POLICIES),
            oids.CRL_DISTRIBUTION_POINTS: (False, crl_points(crl_url)),
            oids.AUTHORITY_INFORMATION: (False, issuer_urls(_ROOT_URL)),
        }
    return extensions


def _mark_extensions(
    key: PrivateKey, above: PrivateKey, names: list[str], crl_url: str
) -> dict[str, tuple[bool, bytes]]:
    return {
        oids.AUTHORITY_KEY_IDENTIFIER: (False, der.sequence(der.implicit(0, key_identifier(above)))),
        oids.SUBJECT_KEY_IDENTIFIER: (False, der.octets(key_identifier(key))),
        oids.SUBJECT_ALT_NAME: (False, dns_names(*names)),
        oids.EXTENDED_KEY_USAGE: (False, purposes(oids.BIMI_PURPOSE)),
        oids.CERTIFICATE_POLICIES: (False, GOOD_POLICIES),
        oids.CRL_DISTRIBUTION_POINTS: (False, crl_points(crl_url)),
        oids.AUTHORITY_INFORMATION: (False, issuer_urls(_CAS_URL)),
        oids.BASIC_CONSTRAINTS: (True, der.sequence()),
    }
