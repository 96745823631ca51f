"""The documents we cite: what each is, its revision, date and address."""

from __future__ import annotations

import msgspec


class Source(msgspec.Struct, frozen=True, gc=False):
    """A text that demands something.

    Attributes:
        id: Short key.
        title: Its name as people know it.
        revision: Revision or version; empty where it has none.
        date: ISO date of that revision, or of the copy that was read.
        url: Where to read it; empty for our own advice, which stands in the rule itself.
        authority: ``"standard"``, ``"provider"`` (a mailbox provider's own rule), or ``"bimikit"`` (a safety limit
            or advice of ours), so that nobody takes one for another.
    """

    id: str
    title: str
    revision: str
    date: str
    url: str
    authority: str = "standard"


class Citation(msgspec.Struct, frozen=True, gc=False):
    """The place in a source that a rule rests on."""

    source: str
    title: str
    section: str
    url: str
    authority: str = "standard"

    def __str__(self) -> str:
        """Title and section."""
        return f"{self.title}, {self.section}" if self.section else self.title


SOURCES: dict[str, Source] = {
    source.id: source
    for source in (
        Source(
            "svg-ps-schema",
            "SVG Tiny PS schema (AuthIndicators Working Group)",
            "SVG_PS-latest",
            "2026-11-24",
            "https://bimigroup.org/resources/SVG_PS-latest.rnc.txt",
        ),
        Source(
            "svg-ps",
            "draft-svg-tiny-ps-abrotman",
            "12",
            "2026-05-01",
            "https://datatracker.ietf.org/doc/html/draft-svg-tiny-ps-abrotman-12",
        ),
        Source("svgt12", "SVG Tiny 1.2", "W3C Recommendation", "2008-12-22", "https://www.w3.org/TR/SVGTiny12/"),
        Source("xml", "XML 1.0", "Fifth Edition", "2008-11-26", "https://www.w3.org/TR/xml/"),
        Source("xml-names", "Namespaces in XML 1.0", "Third Edition", "2009-12-08", "https://www.w3.org/TR/xml-names/"),
        Source("rfc1952", "RFC 1952 (GZIP)", "", "1996-05-01", "https://www.rfc-editor.org/rfc/rfc1952"),
        Source(
            "bimi",
            "draft-brand-indicators-for-message-identification",
            "14",
            "2025-11-03",
            "https://datatracker.ietf.org/doc/html/draft-brand-indicators-for-message-identification",
        ),
        Source(
            "bimi-guidance",
            "BIMI Group: Creating BIMI SVG Logo Files",
            "",
            "2026-11-24",
            "https://bimigroup.org/creating-bimi-svg-logo-files/",
        ),
        Source(
            "gmail-svg",
            "Gmail: create a BIMI SVG file",
            "",
            "2026-11-24",
            "https://knowledge.workspace.google.com/admin/security/create-a-bimi-svg-file-detailed-steps",
            "provider",
        ),
        Source(
            "gmail-logo",
            "Gmail: BIMI logo requirements",
            "",
            "2026-11-24",
            "https://support.google.com/a/answer/10911027",
            "provider",
        ),
        Source(
            "mcr",
            "Minimum Security Requirements for Issuance of Mark Certificates",
            "1.7",
            "2025-01-22",
            "https://github.com/digicert/vmc-requirements/blob/main/docs/VMC-Requirements.adoc",
        ),
        Source(
            "fetch",
            "draft-fetch-validation-vmc-wchuang",
            "11",
            "2026-05-01",
            "https://datatracker.ietf.org/doc/html/draft-fetch-validation-vmc-wchuang-11",
        ),
        Source("rfc5280", "RFC 5280 (PKIX)", "", "2008-05-01", "https://www.rfc-editor.org/rfc/rfc5280"),
        Source("rfc6170", "RFC 6170 (certificate image)", "", "2011-05-01", "https://www.rfc-editor.org/rfc/rfc6170"),
        Source(
            "rfc6962", "RFC 6962 (Certificate Transparency)", "", "2013-06-01", "https://www.rfc-editor.org/rfc/rfc6962"
        ),
        Source("rfc7468", "RFC 7468 (PEM)", "", "2015-04-01", "https://www.rfc-editor.org/rfc/rfc7468"),
        Source("rfc1035", "RFC 1035 (DNS)", "", "1987-11-01", "https://www.rfc-editor.org/rfc/rfc1035"),
        Source("rfc6376", "RFC 6376 (DKIM)", "", "2011-09-01", "https://www.rfc-editor.org/rfc/rfc6376"),
        Source("rfc7208", "RFC 7208 (SPF)", "", "2014-04-01", "https://www.rfc-editor.org/rfc/rfc7208"),
        Source(
            "rfc8301", "RFC 8301 (DKIM: keys and hashes)", "", "2018-01-01", "https://www.rfc-editor.org/rfc/rfc8301"
        ),
        Source("rfc8463", "RFC 8463 (DKIM: Ed25519)", "", "2018-09-01", "https://www.rfc-editor.org/rfc/rfc8463"),
        Source("rfc7489", "RFC 7489 (DMARC of 2015)", "", "2015-03-01", "https://www.rfc-editor.org/rfc/rfc7489"),
        Source("rfc8659", "RFC 8659 (CAA)", "", "2019-11-01", "https://www.rfc-editor.org/rfc/rfc8659"),
        Source("rfc9989", "RFC 9989 (DMARC)", "", "2026-05-01", "https://www.rfc-editor.org/rfc/rfc9989"),
        Source("rfc9399", "RFC 9399 (logotypes)", "", "2023-05-01", "https://www.rfc-editor.org/rfc/rfc9399"),
        Source(
            "apple-bimi",
            "Apple: BIMI support",
            "",
            "2026-11-24",
            "https://developer.apple.com/support/bimi/",
            "provider",
        ),
        Source("bimikit", "bimikit", "", "2026-11-24", "", "bimikit"),
    )
}


def cite(source: str, section: str = "", anchor: str = "") -> Citation:
    """A citation of `section` in one of the sources above.

    Args:
        source: Key in `SOURCES`.
        section: Section as a reader would name it.
        anchor: What to add to the source's address to land on that section.

    Raises:
        KeyError: There is no such source.
    """
    known = SOURCES[source]
    title = f"{known.title}-{known.revision}" if known.revision.isdigit() else known.title
    return Citation(known.id, title, section, known.url + anchor, known.authority)
