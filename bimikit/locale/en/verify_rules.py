"""The texts of the rules on what is published in place of what was planned, in English."""

from __future__ import annotations

from .. import Text

_DECIDE = (
    "Decide which of the two is right. If the plan is, {mend}; if what is published is, put it into your repository."
)
_RECORD = _DECIDE.replace("{mend}", "edit the TXT record at {name} where your DNS is managed")
_FILE = _DECIDE.replace("{mend}", "upload the planned file to {url} and empty the caches before it")
_ADD = "Create the TXT record at {name} where your DNS is managed, as planned: “{planned}”. If it was created just now, wait until the DNS has spread it, and ask again."
_SPREAD = "What was changed in the DNS just now may take until the old record's time to live (TTL) is over to be seen everywhere."
_REWRITTEN = "Receivers read both in the same way. A program that compares texts does not."
_SAME_TEXT = "Nothing has to be done. To have both the same, write the record at {name} as planned: “{planned}”."

RULES: dict[str, Text] = {
    # records in the DNS
    "verify.dmarc-changed": Text(
        "Another DMARC record than planned",
        "The DMARC record at {name} is not the planned one. First difference: published “{published}”, planned “{expected}”.",
        f"Receivers follow what is published. {_SPREAD}",
        _RECORD,
    ),
    "verify.dmarc-missing": Text(
        "Planned DMARC record not published",
        "The planned DMARC record is not published at {name}.",
        f"Without its DMARC record a domain gets no logo. {_SPREAD}",
        _ADD,
    ),
    "verify.dmarc-unexpected": Text(
        "DMARC record that nobody planned",
        "There is a DMARC record at {name} that is not in the plan: “{published}”.",
        "Receivers follow what is published; of several DMARC records at one name they use none.",
        "Delete the record at {name} where your DNS is managed, or put it into your repository.",
    ),
    "verify.dmarc-rewritten": Text(
        "DMARC record written otherwise than planned",
        "The DMARC record at {name} says what was planned, in another spelling (spaces, order, semicolons).",
        _REWRITTEN,
        _SAME_TEXT,
    ),
    "verify.record-changed": Text(
        "Another Assertion Record than planned",
        "The Assertion Record at {name} is not the planned one. First difference: published “{published}”, planned “{expected}”.",
        f"Receivers follow what is published. {_SPREAD}",
        _RECORD,
    ),
    "verify.record-missing": Text(
        "Planned Assertion Record not published",
        "The planned Assertion Record is not published at {name}.",
        f"Without an Assertion Record nobody finds the logo. {_SPREAD}",
        _ADD,
    ),
    "verify.record-unexpected": Text(
        "Assertion Record that nobody planned",
        "There is an Assertion Record at {name} that is not in the plan: “{published}”.",
        "Receivers follow what is published; of several Assertion Records at one name they use none.",
        "Delete the record at {name} where your DNS is managed, or put it into your repository.",
    ),
    "verify.record-rewritten": Text(
        "Assertion Record written otherwise than planned",
        "The Assertion Record at {name} says what was planned, in another spelling (spaces, order, semicolons).",
        _REWRITTEN,
        _SAME_TEXT,
    ),
    # files on the web
    "verify.not-published": Text(
        "Planned file not published",
        "{kind} is planned, but the published Assertion Record names no address for it that can be used.",
        "Receivers fetch only what the published record names.",
        "Add the address to the Assertion Record where your DNS is managed: of the logo as l=, of the certificate as a=.",
    ),
    "verify.logo-changed": Text(
        "Another logo than planned",
        "The logo at {url} is not the planned file: {problem}. They differ from byte {byte} on: published “{published}”, planned “{expected}”.",
        "Receivers take the hosted bytes. A program that “optimizes” pictures on their way, or an old copy in a cache, changes them without anybody noticing, and then they are not those in the certificate either.",
        _FILE,
    ),
    "verify.certificate-changed": Text(
        "Another certificate file than planned",
        "The certificate file at {url} is not the planned one: {problem}. They differ from byte {byte} on. Published: {published}; planned: {expected}.",
        "Receivers judge the hosted file. If it is an old one, the logo ends with it, whatever the repository holds.",
        _FILE,
    ),
    "verify.certificate-unreadable": Text(
        "No logo in the certificate file",
        "The file at {url} holds no Mark Certificate with a logo inside, so the hosted logo can't be compared with it.",
        "A receiver that asks for a certificate shows the logo only if it is the one in the certificate.",
        "Publish the certificate file as the authority delivered it, in PEM form, at exactly this URL.",
    ),
    # what could not be found out
    "verify.dns-undecided": Text(
        "Record could not be looked up",
        "{kind} at {name} could not be looked up ({reason}), so nobody knows whether it is the planned one.",
        "Until the record can be looked up, a change would go unnoticed. This is no sign of one: the name servers, or the way to them, have a problem that may pass.",
        "Ask again in a few minutes. If it stays so, have the name servers of {name} looked at.",
    ),
    "verify.nothing-planned": Text(
        "Nothing to compare",
        "Neither files nor records are planned for this publication, so nothing was compared.",
        "A comparison that compares nothing must not pass for a good one.",
        "Name the logo, the certificate and the records (or the zone file) of the publication in the configuration.",
    ),
}
