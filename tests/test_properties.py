"""What the fuzz targets found once, each as a case: no parser raises anything but what it says, and none is fooled."""

from __future__ import annotations

import warnings
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from support import AT

from bimikit import Report
from bimikit.cert.revocation import read_crls
from bimikit.config import ConfigError, load
from bimikit.dns.bimi import read_assertion
from bimikit.svg import profile
from bimikit.svg.repair.css_colours import read_css_colour

NUMBERS = tuple(
    {kind.name: kind for one in profile.ELEMENTS.values() for kind in one.attributes.values()}[name]
    for name in ("coordinate", "length", "opacity", "font-size", "offset", "number", "size")
)


@pytest.mark.parametrize("kind", NUMBERS, ids=lambda kind: kind.name)
@pytest.mark.parametrize(
    ("value", "fine"), [("9" * 38, True), ("9" * 39, False), ("1e39", False), ("0" * 50 + "1", True)]
)
def test_a_number_beyond_what_renderers_hold_is_told_however_it_is_written(
    kind: profile.Kind, value: str, fine: bool
) -> None:
    assert kind.fine([value]) is fine
    assert (not list(kind.walk(value))) is fine


@pytest.mark.parametrize("text", ["color(", "color()", "lab(", "rgb()", "hwb( )"])
def test_a_colour_function_without_anything_in_it_is_no_colour(text: str) -> None:
    assert read_css_colour(text) is None


@pytest.mark.parametrize(
    ("text", "rgba"),
    [
        ("hsl(0,-1%,50%)", (128, 128, 128, 255)),
        ("hsl(0,200%,50%)", (255, 0, 0, 255)),
        ("hsl(0,100%,555%)", (255, 255, 255, 255)),
        ("hsl(120 100% -5%)", (0, 0, 0, 255)),
        ("hsla(480,100%,25%,.5)", (0, 128, 0, 128)),
        ("hsl(none 100% 50%)", (255, 0, 0, 255)),
    ],
)
def test_shares_beyond_their_bounds_are_taken_for_the_bounds(text: str, rgba: tuple[int, ...]) -> None:
    assert read_css_colour(text) == rgba


@pytest.mark.parametrize("name", ["bimikit.toml", "pyproject.toml"])
def test_a_number_of_thousands_of_digits_is_no_configuration(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(f"[tool.bimikit]\ndays-left = {'9' * 5_000}\n")
    with pytest.raises(ConfigError) as caught:
        load(file)
    assert caught.value.problem == "no-toml"


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("https://[2001:db8::1]/x.svg", ""),
        ("https://[2001:db8::1]:443/x.svg", ""),
        ("https://[::]x/x.svg", "@uri.host"),
        ("https://x[::1]/x.svg", "@uri.host"),
        ("https://[::1]]/x.svg", "@uri.host"),
        ("https:/example.com/x.svg", "@uri.not-absolute"),
        ("https:example.com/x.svg", "@uri.not-absolute"),
        ("//example.com/x.svg", "@uri.not-absolute"),
        ("http://example.com/x.svg", "@uri.not-https"),
        ("https:///x.svg", "@uri.host"),
        ("http://]/x.svg", "@uri.host"),
        ("http://example.com:x/x.svg", "@uri.not-https"),
        ("https://user@example.com/x.svg", "@uri.user"),
        ("https://example.com:x/x.svg", "@uri.host"),
    ],
)
def test_the_address_of_a_logo_has_one_host(address: str, problem: str) -> None:
    one = read_assertion("default._bimi.example.com", 1, f"v=BIMI1; l={address}")
    assert [flaw.problem for flaw in one.flaws if flaw.rule == "location-invalid"] == [problem] * bool(problem)


def test_brackets_without_end_are_no_report() -> None:
    for text in ("[" * 100_000, '{"a":' * 100_000):
        with pytest.raises(ValueError, match="not a bimikit report"):
            Report.from_json(text)


def test_odd_names_in_a_list_of_revoked_certificates_warn_nobody() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        country = x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "USA", _validate=False)
    unsigned = x509.CertificateRevocationListBuilder(x509.Name([country]), AT, AT + timedelta(days=7))
    crl = unsigned.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256()).public_bytes(Encoding.DER)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        given = read_crls([crl])
    assert len(given.readable) == 1
    assert not caught
