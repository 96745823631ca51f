"""What this repository must hold at any time. What is asked of it besides stands in pyproject.toml."""

from pathlib import Path

import pytest

LOGO = "brand/logo.svg"
CERTIFICATE = "brand/vmc.pem"
HOSTED_AT = "https://brand.example.com"

ROOT = Path(__file__).parent.parent
ALL_LOGOS = sorted(file.relative_to(ROOT).as_posix() for file in ROOT.glob("brand/**/*.svg"))


@pytest.mark.parametrize("logo", ALL_LOGOS)
def test_a_logo_conforms(bimi, logo):
    bimi.svg(logo).conforms()


def test_the_certificate_is_for_our_domains_and_lasts(bimi):
    certificate = bimi.certificate(CERTIFICATE).matches(LOGO)
    certificate.valid_for("example.com").valid_for("news.example.com")


def test_what_is_published_is_ready(bimi_publication):
    bimi_publication.ready_for()


def test_records_name_the_addresses_that_deployment_writes_to(bimi_publication):
    record = bimi_publication.report.facts["bimi"]["rfc9989"]
    assert record["location"] == f"{HOSTED_AT}/logo.svg", "l= in dns/example.com.zone"
    assert record["authority"] == f"{HOSTED_AT}/vmc.pem", "a= in dns/example.com.zone"
