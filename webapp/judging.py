"""Judging what was handed in. Everything here can run in another process, and is told everything it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

import bimikit
from bimikit import BimikitError, Gathered, Report, TrustStore

from .submission import Pair, Submission, Upload

SIZES = (24, 32, 48, 64, 96)
"""Pixels at which a logo is shown, each also drawn with two for one for the screens of today."""
_DRAWN = {*SIZES, *(2 * size for size in SIZES)}


class Logo(msgspec.Struct, frozen=True):
    """A logo as the page shows it.

    Attributes:
        name: Its file's name; empty where it was fetched or taken from a certificate.
        data: Its bytes.
        appearance: What stands out in its picture; None where pictures were not asked for.
        pictures: PNG files by pixels; none where it can't be drawn.
    """

    name: str
    data: bytes
    appearance: Report | None = None
    pictures: Mapping[int, bytes] = {}


class Subject(msgspec.Struct, frozen=True):
    """One answer.

    Attributes:
        report: The verdict.
        source: The file it is about, where it is about one alone.
        logo: Its logo; None where it has none that can be read.
        files: Names of the files that were handed in for it.
        plan: The planned records by DNS name.
        published: What is published at those names now, as far as anybody asked.
    """

    report: Report
    source: bytes | None = None
    logo: Logo | None = None
    files: tuple[str, ...] = ()
    plan: Mapping[str, tuple[str, ...]] = {}
    published: Mapping[str, tuple[str, ...]] = {}


def judge_files(
    submission: Submission, *, at: datetime, trust: TrustStore | None, draw: bool = True
) -> tuple[Subject, ...]:
    """Judge a whole submission without asking the network; see `judge_pair`."""
    return tuple(judge_pair(submission, pair, at=at, trust=trust, draw=draw) for pair in submission.pairs())


def judge_pair(
    submission: Submission, pair: Pair, *, at: datetime, trust: TrustStore | None, draw: bool = True
) -> Subject:
    """Judge what was handed in, with one pair of its files, without asking the network.

    Args:
        submission: What was handed in.
        pair: A logo and a certificate of it.
        at: The moment to judge at.
        trust: Roots and logs; the built-in ones by default.
        draw: Whether the logo is drawn and its appearance is judged.
    """
    logo, certificate = pair
    lists = [file.data for file in submission.of("list")]
    report, source = _judged(submission, logo, certificate, lists, at, trust)
    # A certificate beside a logo that has an answer of its own is shown with the logo inside it.
    shown = logo_of(report, None if report.kind == "certificate" else logo)
    files = names(logo, certificate) or names(*submission.of("list"))
    subject = Subject(report, source, shown, files, submission.plan())
    return with_picture(subject, at=at) if draw else subject


def judge_gathered(
    submission: Submission, pair: Pair, gathered: Gathered, published: Gathered | None, *, trust: TrustStore | None
) -> Subject:
    """Judge what was gathered from the network for one pair of files; the logo isn't drawn yet.

    Args:
        submission: What was handed in.
        pair: A logo and a certificate of it.
        gathered: What was gathered for them.
        published: What the DNS holds now, where records are planned.
        trust: Roots and logs; the built-in ones by default.
    """
    records = published.judge(trust).facts.get("records", {}) if published else {}
    now = {name: tuple(texts) for name, texts in records.items()}
    report = gathered.judge(trust)
    return Subject(report, None, logo_of(report, pair[0]), names(*pair), submission.plan(), now)


def with_picture(subject: Subject, *, at: datetime) -> Subject:
    """An answer with its logo drawn, and looked at."""
    return subject if subject.logo is None else msgspec.structs.replace(subject, logo=drawn(subject.logo, at))


def names(*files: Upload | None) -> tuple[str, ...]:
    """Names of the files there are."""
    return tuple(file.name for file in files if file is not None)


def _judged(
    submission: Submission,
    logo: Upload | None,
    certificate: Upload | None,
    lists: Sequence[bytes],
    at: datetime,
    trust: TrustStore | None,
) -> tuple[Report, bytes | None]:
    if submission.domain:
        return (
            bimikit.check_publication(
                domain=submission.domain,
                selector=submission.selector,
                svg=logo.data if logo else None,
                certificate=certificate.data if certificate else None,
                crls=lists,
                at=at,
                trust=trust,
                dmarc=submission.dmarc,
                record=submission.record,
            ),
            None,
        )
    if certificate is not None:
        report = bimikit.check_certificate(
            certificate.data, at=at, trust=trust, crls=lists, logo=logo.data if logo else None
        )
        return msgspec.structs.replace(report, subject=certificate.name), certificate.data
    if logo is not None:
        return bimikit.check_svg(logo.data, name=logo.name, at=at), logo.data
    first = submission.of("list")[0]  # a list alone is no certificate, which is what its owner has to be told
    report = bimikit.check_certificate(first.data, at=at, trust=trust)
    return msgspec.structs.replace(report, subject=first.name), first.data


def logo_of(report: Report, upload: Upload | None) -> Logo | None:
    """The logo a report is about: the one that was handed in, was fetched, or stands in the certificate."""
    if upload is not None:
        return Logo(upload.name, upload.data)
    text = report.documents.get("indicator")
    if text is not None:
        encoding = str(report.facts.get("indicator", {}).get("encoding") or "utf-8")
        try:
            return Logo("", text.encode(encoding, "replace"))
        except LookupError:
            return Logo("", text.encode("utf-8", "replace"))
    return None if report.indicator is None else Logo("", report.indicator)


def drawn(logo: Logo, at: datetime) -> Logo:
    """A logo with its pictures, and what stands out in them."""
    try:
        appearance, pictures = bimikit.look_at_svg(logo.data, _DRAWN, at=at, name=logo.name or "logo.svg")
    except BimikitError:
        return logo
    return Logo(logo.name, logo.data, appearance, pictures)


def drawn_again(subject: Subject, *, at: datetime) -> Subject:
    """An answer that was given before, with its logo drawn anew.

    Args:
        subject: The answer, without a logo.
        at: The moment to judge the look at.
    """
    return with_picture(msgspec.structs.replace(subject, logo=_logo_again(subject, at)), at=at)


def _logo_again(subject: Subject, at: datetime) -> Logo | None:
    report, source = subject.report, subject.source
    if source is not None and report.kind == "certificate":  # a report in writing leaves the logo itself out
        report = bimikit.check_certificate(source, at=at)
    upload = Upload(report.subject, source, "logo") if source is not None and report.kind == "svg" else None
    return logo_of(report, upload)


class Repaired(msgspec.Struct, frozen=True):
    """A repair as it comes back from another process.

    Attributes:
        repair: The result, without its pictures in memory.
        before: The logo as it was, drawn; PNG, None where it couldn't be compared.
        after: The logo as it is now, likewise.
        difference: Where the two differ, likewise.
        logo: The repaired logo with its pictures; None where there is none.
    """

    repair: bimikit.Repair
    before: bytes | None
    after: bytes | None
    difference: bytes | None
    logo: Logo | None


def repair(data: bytes, name: str, options: Mapping[str, Any], *, at: datetime) -> Repaired:
    """Repair a logo.

    Args:
        data: Its bytes.
        name: What it is called.
        options: Further arguments of `bimikit.repair_svg`.
        at: The moment to judge at.

    Raises:
        ValueError: An option makes no sense.
    """
    result = bimikit.repair_svg(data, name=name, at=at, **options)
    before, after, difference = result.pictures or (None, None, None)
    logo = None if result.svg is None else drawn(Logo(name, result.svg), at)
    return Repaired(msgspec.structs.replace(result, drawn=None), before, after, difference, logo)
